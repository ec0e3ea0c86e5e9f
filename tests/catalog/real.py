"""The real catalogue beside the project; tests on it run where it lies and say so where it does not."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
CATALOGUE = DATA / "catalogue"

needs_catalogue = pytest.mark.skipif(
    not CATALOGUE.is_dir(), reason=f"the real catalogue is not at {CATALOGUE}; nothing of it is kept in the project"
)


def table(name: str) -> list[dict[str, str]]:
    """The rows of a real file, as `catalogue/parts`."""
    with gzip.open(DATA / f"{name}.csv.gz", "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def undone_after(blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database for many tests; what they write is undone at the end."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
