"""The nine stories with Saleor behind the portal, in a demo of their own; then both books, through both APIs, and the sweep."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from tests.saleor.books import books_differ
from tests.stories.demo import fresh_demo
from tests.stories.telling import Teller
from tests.stories.world import World

OF_THE_TESTS = ("PORTAL_TESTS", "PORTAL_TESTS_TEMPLATE", "DATABASE_URL", "SECRET_KEY", "CELERY_BROKER_URL", "EMAIL_URL", "PORTAL_URL", "PORTAL_INTERNAL_URL", "HTTPS")  # fmt: skip


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A demo with this Saleor behind it; answers its demo.json."""
    for name in OF_THE_TESTS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "portal.settings")
    monkeypatch.setenv("COMMERCE_ENGINE", "orders.engines.saleor.SaleorEngine")
    data = tmp_path / "data"
    monkeypatch.setenv("PORTAL_DATA", str(data))
    monkeypatch.setenv("DEMO", "1")
    with fresh_demo(data, Console(stderr=True)):
        yield data / "demo.json"


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """A command beside the demo, with all it said."""
    return subprocess.run([sys.executable, "-m", *command], env=os.environ, capture_output=True, text=True, check=False)


@pytest.mark.timeout(3000)
def test_the_stories_are_true_with_saleor_and_both_books_end_equal(demo: Path):
    told = run("tests.stories", "--quiet", "--demo", str(demo))
    assert told.returncode == 0, told.stdout + told.stderr
    swept = run("portal", "saleor_sweep")
    assert (swept.returncode, swept.stdout.split(", ")[-1].strip()) == (0, "0 differences"), swept.stdout + swept.stderr
    world = World.of(json.loads(demo.read_text()), Teller(Console(quiet=True)), seed="books")
    compared, differ = books_differ(world)
    assert differ == []
    assert compared > 10
