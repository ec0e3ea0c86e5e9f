"""The real catalogue beside the project; tests on it run where it lies and say so where it does not."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
CATALOGUE = DATA / "catalogue"
NAMING = (
    "part_number",
    "set_num",
    "old",
    "new",
    "child",
    "parent",
    "assembly",
    "component",
)  # columns that name things

needs_catalogue = pytest.mark.skipif(
    not CATALOGUE.is_dir(), reason=f"the real catalogue is not at {CATALOGUE}; nothing of it is kept in the project"
)


def table(name: str) -> list[dict[str, str]]:
    """The rows of a real file, as `catalogue/parts`."""
    with gzip.open(DATA / f"{name}.csv.gz", "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def slice_write(folder: Path, *, seed: int, parts: int, models: int) -> None:
    """A smaller catalogue of the same shape: drawn parts, every part of `models` drawn bills, and every number with a history.

    A row is kept when all the listed things it names are; rows that name what is listed nowhere stay, for they are the traps.
    """
    chance = Random(seed)
    listed = {row["part_number"] for row in table("catalogue/parts")}
    known = {row["set_num"] for row in table("catalogue/models")}
    bills = table("catalogue/bom")
    drawn = set(chance.sample(sorted({row["set_num"] for row in bills}), models))
    kept = set(chance.sample(sorted(listed), parts)) | {row["part_number"] for row in bills if row["set_num"] in drawn}
    kept |= {row[side] for row in table("catalogue/supersession") for side in ("old", "new")}
    left_out = (listed - kept) | (known - drawn - set(chance.sample(sorted(known), models)))
    for packed in sorted(CATALOGUE.glob("*.csv.gz")):
        stem = packed.name.removesuffix(".csv.gz")
        rows = [row for row in table(f"catalogue/{stem}") if not left_out & {row.get(name) for name in NAMING}]
        with gzip.open(folder / packed.name, "wt", encoding="utf-8", newline="", compresslevel=1) as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)


def undone_after(blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database for many tests; what they write is undone at the end."""
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
