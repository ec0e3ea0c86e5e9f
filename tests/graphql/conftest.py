"""The world of the order tests, as programs see it."""

from __future__ import annotations

import pytest

from portal import clock
from portal.graphql import PortalGraphQLView
from tests.orders.world import World, world_make


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    made = world_make()
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


@pytest.fixture
def no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for more at once than the limits let through."""
    monkeypatch.setattr(PortalGraphQLView, "validation_rules", ())
