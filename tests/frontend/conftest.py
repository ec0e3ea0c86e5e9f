"""The world of the page tests, and browsers signed in as its people."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from catalog.models import Part
from portal import clock
from portal.accounts.actor import Actor
from portal.accounts.models import User
from portal.accounts.requests import SESSION_KEY
from tests.orders.world import World, world_make

Browse = Callable[[Actor], Client]


def person(actor: Actor) -> User:
    """Who somebody is."""
    assert actor.user_id is not None
    return User.objects.get(pk=actor.user_id)


def browser(actor: Actor) -> Client:
    """A browser in which somebody is signed in, acting for that membership."""
    client = Client()
    client.force_login(person(actor), backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[SESSION_KEY] = actor.membership_id
    session.save()
    return client


def hidden(html: str, name: str) -> str:
    """The value of a hidden field."""
    field = next(tag for tag in re.findall(r"<input[^>]*>", html) if f'name="{name}"' in tag)
    found = re.search(r'value="([^"]*)"', field)
    return found[1] if found else ""


def text(answer: Any) -> str:
    """The page as it was sent."""
    return bytes(answer.content).decode()


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    made = world_make()
    monkeypatch.setattr(clock, "now", lambda: made.now)
    return made


@pytest.fixture
def part(world: World) -> Part:
    """A part with nine pieces on the home shelf."""
    return world.part(home=9, name="Seal kit")
