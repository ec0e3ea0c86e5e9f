"""A delivery is judged, summed up, applied, and taken back; each on record."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from catalog.imports.run import (
    import_apply,
    import_discard,
    import_prepare,
    import_reread,
    import_resume,
    import_revert,
)
from catalog.imports.summary import rejections_of, run_summary, runs_latest
from catalog.models import (
    ImportChange,
    ImportRun,
    Part,
    PartName,
    Price,
    PriceList,
    StockLedger,
    StockLevel,
    Supersession,
)
from portal.accounts.actor import SYSTEM
from portal.errors import PortalError
from tests.catalog.folder import NOW, applied, prepared, write
from tests.factories import make_part, make_price, make_price_list, make_warehouse
from tests.people import everybody

pytestmark = pytest.mark.django_db
PRICES = "part_number,market,kind,currency,amount,valid_from"


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the catalogue's tables; what search counts is derived, what runs record is no catalogue."""
    models = [one for one in apps.get_app_config("catalog").get_models() if "import" not in one._meta.db_table]
    return {
        one.__name__: sorted(one._default_manager.values_list(), key=str)
        for one in models
        if "search" not in one._meta.db_table
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(
        tmp_path,
        "parts",
        "part_number,name,category,status",
        "A-1,pump,Pumps,",
        "A-2,hose,Hoses,",
        "A-3,seal,Seals,retired",
    )
    write(tmp_path, "supersession", "old,new,date", "A-3,A-2,2024-01-01", "OLD-1,A-1,2024-01-01")
    return tmp_path


def test_preparing_tells_what_would_happen_and_changes_nothing(folder: Path):
    before = rows()
    summary = run_summary(prepared(folder))
    assert rows() == before
    parts, supersession = summary.files
    assert [(one.name, one.new, one.changed) for one in parts.tables] == [("parts", 3, 0), ("part names", 3, 0)]
    assert (supersession.successions, supersession.new) == (2, 3)  # and the old part nobody listed


def test_a_later_delivery_tells_new_changed_retired_and_dearer(folder: Path):
    write(folder, "prices", PRICES, "A-1,EU,DEALER,EUR,10,2025-01-01", "A-2,EU,DEALER,EUR,5,2025-01-01")
    applied(folder)
    write(
        folder,
        "parts",
        "part_number,name,category,status",
        "A-1,pump,Pumps 2,",
        "A-2,hose,Hoses,retired",
        "A-4,new,,",
        "A-3,seal,Seals,retired",
    )
    write(folder, "prices", PRICES, "A-1,EU,DEALER,EUR,11,2026-01-01", "A-2,EU,DEALER,EUR,4,2025-01-01")
    summary = run_summary(prepared(folder))
    parts, _, prices = summary.files
    assert (parts.retired, parts.unchanged, parts.rows, parts.rows_that_change) == (1, 1, 4, 3)
    [table, names] = parts.tables
    assert (table.new, table.changed, table.columns) == (1, 2, {"category": 1, "status": 1})
    assert (names.new, names.changed) == (1, 0)
    assert (prices.dearer, prices.cheaper) == (1, 1)


def test_taking_back_leaves_everything_as_it_was(folder: Path):
    make_part("A-1", category="Old pumps")
    make_price(make_price_list(), Part.objects.get(), "7")
    before = rows()
    write(folder, "prices", PRICES, "A-2,EU,DEALER,EUR,10,2025-01-01", "A-2,EU,DEALER,EUR,12,2026-01-01")
    write(folder, "models", "code,name", "HX,digger")
    write(folder, "bom", "code,assembly,label,part_number", "HX,Boom,1,A-1", "HX,Boom,2,A-2")
    run = applied(folder)
    assert rows() != before
    back = import_revert(actor=SYSTEM, run_id=run.pk, now=NOW)
    assert (back.state, run_summary(back).stays) == ("REVERTED", {})
    assert rows() == before


def test_a_new_part_in_use_is_retired_instead_of_deleted(folder: Path):
    run = applied(folder)
    used = Part.objects.get(number="A-1")
    make_price(make_price_list(), used, "7")
    back = import_revert(actor=SYSTEM, run_id=run.pk, now=NOW)
    used.refresh_from_db()
    assert (used.status, set(Part.objects.values_list("number", flat=True))) == ("RETIRED", {"A-1"})
    [told] = rejections_of(back, reverting=True)
    assert (told.reason, told.value) == ("retired_instead", "A-1 (price)")


def test_what_a_later_run_or_a_person_changed_is_not_taken_back(folder: Path):
    make_part("A-1", category="Old pumps")
    first = applied(folder)
    write(folder, "parts", "part_number,category", "A-1,Newest pumps")
    applied(folder)
    Part.objects.filter(number="A-2").update(category="By hand")
    back = import_revert(actor=SYSTEM, run_id=first.pk, now=NOW)
    told = {(one.reason, one.column, one.value) for one in rejections_of(back, reverting=True)}
    assert told == {("changed_since", "part", "A-1"), ("changed_since", "part", "A-2")}
    assert set(Part.objects.values_list("number", "category")) == {("A-1", "Newest pumps"), ("A-2", "By hand")}


def test_a_row_that_cannot_become_what_it_was_is_told_and_keeps_nothing_else_back(tmp_path: Path):
    """The group of the first run is gone with it; the second run's parts cannot lie in it again."""
    write(tmp_path, "parts", "part_number,group,category", "A-1,HYD,Pumps", "A-2,,Hoses")
    first = applied(tmp_path)
    write(tmp_path, "parts", "part_number,group,category", "A-1,ELE,Pumps", "A-2,,Tubes")
    second = applied(tmp_path)
    import_revert(actor=SYSTEM, run_id=first.pk, now=NOW)
    back = import_revert(actor=SYSTEM, run_id=second.pk, now=NOW)
    assert back.state == "REVERTED"
    assert Part.objects.get(number="A-2").category == "Hoses"
    assert Part.objects.get(number="A-1").group.code == "ELE"
    assert ("A-1", "changed_since") in {(one.value, one.reason) for one in rejections_of(second, reverting=True)}


def test_prices_are_taken_back_although_a_newer_list_has_the_days(tmp_path: Path):
    make_part("A-1")
    write(tmp_path, "prices", PRICES, "A-1,EU,DEALER,EUR,10,2025-01-01")
    applied(tmp_path)
    write(tmp_path, "prices", PRICES, "A-1,EU,DEALER,EUR,11,2025-06-01")
    second = applied(tmp_path)
    write(tmp_path, "prices", PRICES, "A-1,EU,DEALER,EUR,12,2026-01-01")
    applied(tmp_path)
    back = import_revert(actor=SYSTEM, run_id=second.pk, now=NOW)
    assert back.state == "REVERTED"
    assert {one.reason for one in rejections_of(second, reverting=True)} == {"changed_since"}
    assert set(Price.objects.values_list("amount", flat=True)) == {10, 12}


def test_what_was_applied_already_keeps_its_way_back_when_it_is_to_be_read_otherwise(folder: Path):
    run = applied(folder)
    ImportRun.objects.filter(pk=run.pk).update(state="PREPARED")  # as a run is that the catalogue overtook half way
    with pytest.raises(PortalError) as refused:
        import_reread(actor=SYSTEM, run_id=run.pk)
    assert refused.value.problems[0].why == "import_unfinished"
    assert ImportChange.objects.filter(step__file__run=run).count() == run_summary(run).changes > 0


def test_opening_stock_is_posted_back_unless_it_moved(folder: Path):
    place = make_warehouse("SEL")
    write(folder, "stock", "part_number,warehouse,on_hand", "A-1,SEL,10", "A-2,SEL,4")
    run = applied(folder)
    StockLevel.objects.filter(part__number="A-1").update(held=3)
    back = import_revert(actor=SYSTEM, run_id=run.pk, now=NOW)
    assert dict(StockLevel.objects.values_list("part__number", "on_hand")) == {"A-1": 10}
    assert sorted(StockLedger.objects.filter(warehouse=place).values_list("change", flat=True)) == [-4, 4, 10]
    assert run_summary(back).stays["moved_since"] == 1
    again = applied(folder)
    assert dict(StockLevel.objects.values_list("part__number", "on_hand")) == {"A-1": 10, "A-2": 4}
    assert run_summary(again).changes


def test_a_run_taken_back_can_be_brought_again(folder: Path):
    first = applied(folder)
    after = {name: len(many) for name, many in rows().items()}
    import_revert(actor=SYSTEM, run_id=first.pk, now=NOW)
    applied(folder)
    assert {name: len(many) for name, many in rows().items()} == after
    assert [run.state for run in runs_latest()] == ["APPLIED", "REVERTED"]


def test_the_record_names_who_what_and_the_files_fingerprint(folder: Path):
    run = applied(folder)
    assert (run.started_by, run.created_at, run.applied_at) == (None, NOW, NOW)
    assert [(file.name, len(file.sha256), file.rows) for file in run.files.order_by("position")] == [
        ("parts.csv", 64, 3),
        ("supersession.csv", 64, 2),
    ]
    assert ImportChange.objects.filter(step__file__run=run).count() == run_summary(run).changes


def test_a_whole_file_retires_what_it_lacks_after_a_yes(folder: Path):
    applied(folder)
    make_part("B-1", maker="OTHER")
    write(folder, "parts", "part_number", "A-1")
    run = prepared(folder, complete=["parts"])
    summary = run_summary(run)
    assert summary.files[0].retired == 1
    assert summary.questions == [
        "1 of 2 active parts of these makers are missing from the file and would be retired. Is the file really whole?"
    ]
    with pytest.raises(PortalError, match="INVALID"):
        import_apply(actor=SYSTEM, run_id=run.pk, now=NOW)
    import_apply(actor=SYSTEM, run_id=run.pk, now=NOW, confirmed=True)
    active = set(Part.objects.filter(status="ACTIVE").values_list("number", flat=True))
    assert active == {"A-1", "B-1"}


def test_a_run_judged_before_another_was_applied_is_judged_anew(tmp_path: Path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    write(tmp_path / "one", "parts", "part_number,category", "A-1,One")
    write(tmp_path / "two", "parts", "part_number,category", "A-1,Two")
    one, _two = prepared(tmp_path / "one"), applied(tmp_path / "two")
    with pytest.raises(PortalError) as refused:
        import_apply(actor=SYSTEM, run_id=one.pk, now=NOW, judged=one.judged)
    assert refused.value.problems[0].why == "judged_anew"
    one.refresh_from_db()
    assert run_summary(one).files[0].tables[0].columns == {"category": 1}
    import_apply(actor=SYSTEM, run_id=one.pk, now=NOW, judged=one.judged)
    assert Part.objects.get().category == "One"


def test_a_part_somebody_made_meanwhile_has_the_run_judged_anew(folder: Path):
    run = prepared(folder)
    make_part("A-2")
    with pytest.raises(PortalError) as refused:  # names and successions point to a part that is another one now
        import_apply(actor=SYSTEM, run_id=run.pk, now=NOW)
    assert refused.value.problems[0].why == "judged_anew"


def test_a_row_somebody_changed_meanwhile_is_left_and_told(folder: Path):
    make_part("A-1", category="Old")
    run = prepared(folder)
    Part.objects.filter(number="A-1").update(category="By hand")
    import_apply(actor=SYSTEM, run_id=run.pk, now=NOW)
    assert Part.objects.get(number="A-1").category == "By hand"
    assert [(one.line, one.reason) for one in rejections_of(run)] == [(2, "changed_meanwhile")]


def test_a_dropped_run_cannot_be_applied(folder: Path):
    run = prepared(folder)
    import_discard(actor=SYSTEM, run_id=run.pk)
    with pytest.raises(PortalError, match="WRONG_STATE"):
        import_apply(actor=SYSTEM, run_id=run.pk, now=NOW)
    assert import_resume(actor=SYSTEM, run_id=run.pk, now=NOW).state == "DISCARDED"


def test_only_parts_managers_of_the_house_may(folder: Path):
    people = everybody()
    for actor in (people.customer, people.dealer):
        with pytest.raises(PortalError, match="NOT_ALLOWED"):
            import_prepare(actor=actor, folder=folder, now=NOW)


def test_a_circle_is_refused_line_by_line(tmp_path: Path):
    write(tmp_path, "parts", "part_number", "A", "B", "C", "D")
    write(
        tmp_path, "supersession", "old,new,date", "A,B,2020-01-01", "B,C,2021-01-01", "C,A,2022-01-01", "D,A,2020-01-01"
    )
    run = applied(tmp_path)
    assert [(one.line, one.value, one.reason) for one in rejections_of(run)] == [
        (2, "A > B", "circle"),
        (3, "B > C", "circle"),
        (4, "C > A", "circle"),
    ]
    assert Supersession.objects.get().old.number == "D"


def test_prices_below_half_a_cent_are_not_free(tmp_path: Path):
    part = make_part("A-1")
    write(tmp_path, "prices", PRICES, "A-1,EU,DEALER,EUR,0.004285714,2025-01-01")
    applied(tmp_path)
    price = Price.objects.get()
    assert (price.part, str(price.amount), price.per_quantity) == (part, "4285.714", 1_000_000)
    assert PriceList.objects.get().valid.lower == date(2025, 1, 1)
    assert not PartName.objects.exists()


def test_a_row_counts_once_whatever_tables_it_goes_into(folder: Path):
    applied(folder)
    write(
        folder, "parts", "part_number,name,name_ko,category", "A-1,pump,펌프,Pumps", "A-2,hose 2,호스,Hoses", "A-9,,,"
    )
    parts = run_summary(prepared(folder)).files[0]
    assert (parts.rows, parts.rows_that_change, parts.unchanged, parts.left_out_rows) == (3, 3, 0, 0)
    write(folder, "parts", "part_number,name", "A-1,pump", "A-2,hose 2", ",nameless", "A-3,seal")
    parts = run_summary(prepared(folder)).files[0]
    assert (parts.rows, parts.rows_that_change, parts.unchanged, parts.left_out_rows) == (4, 1, 2, 1)
