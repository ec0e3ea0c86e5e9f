"""A fresh demo and a browser for all of these tests. Without a browser they are skipped, and say so."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from tests.browser.chromium import NoBrowserError, People, chromium
from tests.browser.prepared import prepare
from tests.stories.demo import demo_for

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    try:
        with chromium() as opened:
            yield opened
    except NoBrowserError as why:
        pytest.skip(str(why))


@pytest.fixture(scope="session")
def demo(browser: Browser) -> Iterator[dict[str, Any]]:
    """A demo of its own; BROWSER_DEMO names the demo.json of one that runs already (its carts and orders will change)."""
    running = os.environ.get("BROWSER_DEMO", "")
    args = argparse.Namespace(demo=Path(running) if running else None, fresh=not running, real=False)
    with demo_for(args, Console(quiet=True), seed=0) as found:
        yield found


@pytest.fixture(scope="session")
def people(browser: Browser, demo: dict[str, Any]) -> People:
    return People(browser, demo)


@pytest.fixture(scope="session")
def prepared(people: People) -> None:
    """Pages that have something to show."""
    prepare(people)
