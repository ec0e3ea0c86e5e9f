"""A demo's fake Stripe: only in a demo, only without real keys, only where it is installed."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from portal import demo_stripe
from portal.supervisor import programs


def test_nobody_starts_it_outside_a_demo() -> None:
    with pytest.raises(CommandError, match="demo only"):
        call_command("demo_stripe")


@pytest.mark.parametrize(
    ("demo", "key", "installed", "there"),
    [(True, "", True, True), (False, "", True, False), (True, "sk_live", True, False), (True, "", False, False)],
)
def test_it_runs_in_a_demo_without_keys_where_it_is_installed(
    settings: Any, monkeypatch: pytest.MonkeyPatch, demo: bool, key: str, installed: bool, there: bool
) -> None:
    settings.DEMO, settings.STRIPE_SECRET_KEY = demo, key
    monkeypatch.setattr(demo_stripe, "available", lambda: installed)
    found = programs.cards_of_the_demo()
    assert (set(found) == {"DEMO_STRIPE_PORT"}) == there
    assert ("cards" in programs.commands(host="127.0.0.1", port=1, cards=bool(found))) == there
