"""The world of the order tests, with the program's clock tied to it."""

from __future__ import annotations

import pytest

from catalog.models import Part
from portal import clock
from tests.orders.world import World, world_make


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> World:
    """In won, unless `parametrize("world", ["EUR"], indirect=True)` names another currency."""
    made = world_make(getattr(request, "param", "KRW"))
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


@pytest.fixture
def part(world: World) -> Part:
    """A part with nine pieces on the home shelf."""
    return world.part(home=9)
