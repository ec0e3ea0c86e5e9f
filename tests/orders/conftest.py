"""The world of the order tests, with the program's clock tied to it."""

from __future__ import annotations

import pytest

from catalog.models import Part
from portal import clock
from tests.orders.world import World, world_make


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    made = world_make()
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


@pytest.fixture
def part(world: World) -> Part:
    """A part with nine pieces on the home shelf."""
    return world.part(home=9)
