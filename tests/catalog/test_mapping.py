"""A maker's own spreadsheet comes in by a saved mapping."""

import csv
import gzip
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.admin.sites import site
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from catalog.imports.mappings import mapping_delete, mapping_get, mapping_preview, mapping_save, mapping_suggest
from catalog.imports.read import ReadOptions, UnreadableError, table_of
from catalog.imports.translate.delivery import delivery_open
from catalog.models import ImportMapping, Part, Price
from portal.accounts.models import User
from portal.errors import PortalError
from tests.catalog.files import book, text
from tests.catalog.folder import NOW, bring_in, left_out, write
from tests.catalog.real import DATA
from tests.people import everybody

pytestmark = pytest.mark.django_db

LIST = {"market": "KR", "currency": "USD", "kind": "DEALER", "valid_from": "2026-01-01"}
TABLES: dict[str, dict] = {
    "parts": {
        "columns": {"part_number": "Sach-Nr.", "name": "Benennung", "status": "Status"},
        "constants": {"maker": "ACME"},
        "values": {"status": {"entfallen": "retired"}},
    },
    "prices": {
        "columns": {"part_number": "Sach-Nr.", "amount": "Preis", "valid_from": "gültig ab"},
        "constants": {"maker": "ACME", **{name: LIST[name] for name in ("market", "currency", "kind")}},
        "price_per": "exact",
    },
}
SHEET = (
    "Preisliste 2026;;;;\n;;;;\nSach-Nr.;Benennung;Status;Preis;gültig ab\n"
    "A-1;Ölfilter;;1.234,50;01.02.2026\nA-2;Schraube;entfallen;0,004285;01.02.2026\nA-3;Kühler;;auf Anfrage;01.02.2026\n"
)


@pytest.fixture
def saved() -> ImportMapping:
    given = {"pattern": "preisliste*", "header_row": 3, "decimal_comma": True, "date_format": "%d.%m.%Y"}
    return mapping_save(name="acme", actor=everybody().manager, now=NOW, tables=TABLES, **given)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "delivery"
    made.mkdir()
    text(made / "preisliste_2026.csv", SHEET, "cp1252")
    write(made, "xref", "part_number,maker,other_catalogue,other_number", "A-1,ACME,OEM,9")
    return made


def test_one_file_of_theirs_makes_several_tables_of_ours(saved: ImportMapping, folder: Path, tmp_path: Path):
    opened = delivery_open(folder, into=tmp_path / "var", mapping=mapping_get("acme"))
    reports = bring_in(opened)
    assert set(Part.objects.values_list("number", "maker", "status")) == {
        ("A-1", "ACME", "ACTIVE"),
        ("A-2", "ACME", "RETIRED"),
        ("A-3", "ACME", "ACTIVE"),
    }
    assert set(Price.objects.values_list("part__number", "amount", "per_quantity")) == {
        ("A-1", Decimal("1234.500"), 1),
        ("A-2", Decimal("4.285"), 1000),
    }
    # Rejections name the line of the delivered file.
    assert left_out(reports["prices@preisliste_2026"]) == [(6, "amount", "not_an_amount")]
    assert reports["xref"].added == 1
    again = bring_in(delivery_open(folder, into=tmp_path / "var", mapping=mapping_get("acme")))
    assert [(stem, one.added, one.changed) for stem, one in again.items() if one.added or one.changed] == []


def test_the_same_delivery_and_mapping_give_the_same_files(saved: ImportMapping, folder: Path, tmp_path: Path):
    first = delivery_open(folder, into=tmp_path / "var", mapping=mapping_get("acme"))
    assert delivery_open(folder, into=tmp_path / "var", mapping=mapping_get("acme")) == first
    mapping_save(name="acme", actor=everybody().manager, now=NOW, decimal_comma=False)
    assert delivery_open(folder, into=tmp_path / "var", mapping=mapping_get("acme")) != first


def test_what_a_file_lacks_or_a_folder_has_twice_is_told_and_nothing_is_left_behind(
    saved: ImportMapping, folder: Path, tmp_path: Path
):
    into = tmp_path / "var"
    text(folder / "preisliste_2026.csv", SHEET.replace("Preis;", "Netto;"), "utf-8")
    with pytest.raises(UnreadableError) as lacking:
        delivery_open(folder, into=into, mapping=mapping_get("acme"))
    assert (lacking.value.reason, lacking.value.value) == ("title_missing", "preisliste_2026.csv: Preis")
    text(folder / "preisliste_2025.csv", SHEET)
    with pytest.raises(UnreadableError) as several:
        delivery_open(folder, into=into, mapping=mapping_get("acme"))
    assert several.value.reason == "mapping_files"
    assert list(into.iterdir()) == []


def test_a_price_that_the_chosen_quantity_would_round_is_left_out(saved: ImportMapping, folder: Path, tmp_path: Path):
    tables = TABLES | {"prices": TABLES["prices"] | {"price_per": "10"}}
    mapping_save(name="acme", actor=everybody().manager, now=NOW, tables=tables)
    reports = bring_in(delivery_open(folder, into=tmp_path / "var", mapping=mapping_get("acme")))
    assert left_out(reports["prices@preisliste_2026"])[0] == (5, "amount", "price_not_exact")
    assert [(one.amount, one.per_quantity) for one in Price.objects.all()] == [(Decimal(12345), 10)]


def test_a_mapping_is_tried_on_a_sample(saved: ImportMapping, folder: Path):
    shown = mapping_preview(folder / "preisliste_2026.csv", mapping_get("acme"), rows=3)
    assert [(row.line, row.cells["part_number"]) for row in shown["parts"]] == [(4, "A-1"), (5, "A-2"), (6, "A-3")]
    assert [row.wrong for row in shown["prices"]] == [[], [], [("amount", "This is not an amount.")]]
    assert shown["prices"][1].cells["per_quantity"] == "1000"
    assert not Part.objects.exists()


def test_columns_are_suggested_from_a_file(tmp_path: Path):
    path = book(tmp_path / "x.xlsx", [["note"], ["Part No.", "Description", "Unit price"], ["A", "b", 1]])
    assert mapping_suggest(path, "parts", ReadOptions(header_row=2)) == {
        "part_number": "Part No.",
        "name": "Description",
    }


def test_only_parts_managers_keep_mappings(saved: ImportMapping):
    people = everybody()
    for actor in (people.customer, people.dealer, people.desk):
        with pytest.raises(PortalError, match="NOT_ALLOWED"):
            mapping_save(name="acme", actor=actor, now=NOW, decimal_comma=False)
        with pytest.raises(PortalError, match="NOT_ALLOWED"):
            mapping_delete(name="acme", actor=actor)
    mapping_delete(name="acme", actor=people.manager)
    with pytest.raises(PortalError, match="NOT_FOUND"):
        mapping_get("acme")


def test_a_mapping_that_cannot_be_used_is_not_saved(saved: ImportMapping):
    with pytest.raises(PortalError) as refused:
        mapping_save(
            name="acme", actor=everybody().manager, now=NOW, tables={"parts": {"columns": {"colour": "x"}}}, pattern=" "
        )
    assert [(one.field, one.message) for one in refused.value.problems] == [
        ("pattern", "Say which files the mapping is for, as pricelist*.xlsx."),
        ("tables.parts.colour", "This table has no column colour."),
        ("tables.parts.part_number", "part_number is needed: name its column, or write what it is everywhere."),
    ]
    assert ImportMapping.objects.get().tables == TABLES


def test_staff_write_mappings_in_the_admin(client: Client):
    client.force_login(User.objects.create_superuser("boss@example.com", "secret"))
    assert ImportMapping in site._registry
    form = {"name": "acme", "pattern": "x*", "header_row": 1, "tables": '{"parts": {"columns": {"colour": "x"}}}'}
    page = client.post("/admin/catalog/importmapping/add/", form)
    assert b"This table has no column colour." in page.content
    form["tables"] = '{"parts": {"columns": {"part_number": "x"}}}'
    assert client.post("/admin/catalog/importmapping/add/", form).status_code == 302
    assert mapping_get("acme").tables[0].columns == {"part_number": "x"}


def test_the_command_takes_a_mapping_by_name(saved: ImportMapping, folder: Path, settings: Settings):
    settings.PORTAL_DATA = folder.parent / "data"
    with pytest.raises(CommandError, match="no mapping nobody"):
        call_command("import_catalogue", folder, "--mapping", "nobody")
    call_command("import_catalogue", folder, "--mapping", "acme")
    assert Part.objects.count() == 3


@pytest.mark.long
@pytest.mark.skipif(not (DATA / "large").is_dir(), reason="the real price list is not here")
def test_no_price_of_the_real_list_becomes_free_or_another_price(tmp_path: Path):
    """All 299,802 rows through the mapping: 40,443 unit prices lie under half a cent."""
    constants = {"maker": "JLC", **LIST}
    tables = {
        "prices": {"columns": {"part_number": "sku", "amount": "price1"}, "constants": constants, "price_per": "exact"}
    }
    mapping_save(name="big", actor=everybody().manager, now=NOW, pattern="electronics_300k*", tables=tables)
    opened = delivery_open(DATA / "large", into=tmp_path / "var", mapping=mapping_get("big"))
    made = table_of(next(opened.glob("prices@*")))
    small = seen = 0
    with gzip.open(DATA / "large" / "electronics_300k.csv.gz", "rt", encoding="utf-8") as file:
        for theirs, (_, ours, fault) in zip(csv.DictReader(file), made.cells(), strict=True):
            price = Decimal(theirs["price1"] or 0)
            if price <= 0:
                continue
            seen += 1
            small += price < Decimal("0.005")
            assert fault is None
            kept = round(Decimal(ours["amount"]), 3)
            assert kept > 0
            assert kept == price * int(ours["per_quantity"])
    assert small == 40_443
    assert seen > 250_000
