"""The real catalogue comes in, every row told, and a second run changes nothing: a drawn slice of it, and in test-long the whole."""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path

import pytest
from django.db import connection

from catalog.models import Callout, Part, Supersession
from tests.catalog.folder import Report, bring_in
from tests.catalog.real import CATALOGUE, needs_catalogue, slice_write

pytestmark = [pytest.mark.django_db, needs_catalogue, pytest.mark.timeout(600)]  # a busy machine is slow, not wrong
SEED = int(os.environ.get("REAL_SEED", "1"))


def test_a_slice_of_the_real_catalogue_comes_in_once_with_every_bad_row_told(tmp_path: Path) -> None:
    slice_write(tmp_path, seed=SEED, parts=4000, models=8)
    assert len(rows_of(tmp_path, "parts")) > 4000
    twice(tmp_path)


@pytest.mark.long
def test_the_real_catalogue_comes_in_once_with_every_bad_row_told() -> None:
    twice(CATALOGUE)


def twice(folder: Path) -> None:
    """In, with nothing left out but what is known to be wrong; and again, without a change."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # a planner that saw the tables empty once made the import take minutes
    first = bring_in(folder)
    assert not [report.failure for report in first.values() if report.failure]
    reasons = {stem: {one.reason for one in report.rejections} for stem, report in first.items() if report.rejections}
    assert reasons == {
        "supersession": {"unknown_part"},
        "relationships": {"unknown_part"},
        "vehicle_fitment": {"repeated"},
    }

    listed = {row["part_number"] for row in rows_of(folder, "parts")}
    dangling = sorted(row["new"] for row in rows_of(folder, "supersession") if row["new"] not in listed)
    assert sorted(one.value for one in first["supersession"].rejections) == dangling
    assert set(Part.objects.filter(maker="").values_list("number", flat=True)) == listed
    assert Callout.objects.count() == len(rows_of(folder, "bom"))
    assert Supersession.objects.filter(old__maker="").count() == len(rows_of(folder, "supersession")) - len(dangling)

    second = bring_in(folder)
    assert [
        (stem, report.added, report.changed) for stem, report in second.items() if report.added or report.changed
    ] == []
    assert left_out(second) == left_out(first)


def rows_of(folder: Path, stem: str) -> list[dict[str, str]]:
    """The rows of a file of the folder."""
    with gzip.open(folder / f"{stem}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def left_out(reports: dict[str, Report]) -> dict[str, list[tuple[int, str, str, str]]]:
    """What each file's report lists."""
    return {
        stem: [(one.line, one.column, one.value, one.reason) for one in report.rejections]
        for stem, report in reports.items()
    }
