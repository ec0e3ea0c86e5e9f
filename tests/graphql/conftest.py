"""The world of the order tests, as programs see it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from portal import clock
from portal.graphql import PortalGraphQLView
from tests.matrix.realm import Realm, realm_fixture
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


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[Realm]:
    yield from realm_fixture(django_db_blocker)


@pytest.fixture
def realm(made: Realm, db: None) -> Realm:
    return made
