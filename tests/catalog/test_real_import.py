"""The whole real catalogue comes in, every row told, and a second run changes nothing."""

import pytest
from django.db import connection

from catalog.models import Callout, Part, Supersession
from tests.catalog.folder import Report, bring_in
from tests.catalog.real import CATALOGUE, needs_catalogue, table

pytestmark = [pytest.mark.django_db, needs_catalogue, pytest.mark.timeout(600)]  # a busy machine is slow, not wrong


def test_the_real_catalogue_comes_in_once_with_every_bad_row_told():
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # a planner that saw the tables empty once made the import take minutes
    first = bring_in(CATALOGUE)
    assert not [report.failure for report in first.values() if report.failure]
    reasons = {stem: {one.reason for one in report.rejections} for stem, report in first.items() if report.rejections}
    assert reasons == {
        "supersession": {"unknown_part"},
        "relationships": {"unknown_part"},
        "vehicle_fitment": {"repeated"},
    }

    listed = {row["part_number"] for row in table("catalogue/parts")}
    dangling = sorted(row["new"] for row in table("catalogue/supersession") if row["new"] not in listed)
    assert sorted(one.value for one in first["supersession"].rejections) == dangling
    assert set(Part.objects.filter(maker="").values_list("number", flat=True)) == listed
    assert Callout.objects.count() == len(table("catalogue/bom"))
    assert Supersession.objects.filter(old__maker="").count() == len(table("catalogue/supersession")) - len(dangling)

    second = bring_in(CATALOGUE)
    assert [
        (stem, report.added, report.changed) for stem, report in second.items() if report.added or report.changed
    ] == []
    assert left_out(second) == left_out(first)


def left_out(reports: dict[str, Report]) -> dict[str, list[tuple[int, str, str, str]]]:
    """What each file's report lists."""
    return {
        stem: [(one.line, one.column, one.value, one.reason) for one in report.rejections]
        for stem, report in reports.items()
    }
