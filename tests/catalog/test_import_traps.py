"""What real catalogues have in them that a tidy one has not; each trap small and made, and as it stands in the real one."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import F
from pytest_django import DjangoDbBlocker

from catalog.models import Callout, CrossReference, Part, Price
from catalog.rules.numbers import normalise
from catalog.selectors.parts import parts_resolve
from tests.catalog.folder import bring_in, left_out, write
from tests.catalog.real import CATALOGUE, DATA, needs_catalogue, table, undone_after

TODAY = date(2026, 6, 1)
PRICES = "part_number,maker,market,currency,kind,amount,valid_from"


@pytest.mark.django_db
def test_two_numbers_that_normalise_alike_stay_two_parts_and_are_never_guessed(tmp_path: Path):
    write(tmp_path, "parts", "part_number", "3005-7", "30057")
    write(tmp_path, "xref", "part_number,other_catalogue,other_number", "3005 7,x,1", "3005-7,x,2")
    assert left_out(bring_in(tmp_path)["xref"]) == [(2, "part_number", "ambiguous_part")]
    assert CrossReference.objects.get().part.number == "3005-7"


@pytest.mark.django_db
def test_a_foreign_number_that_is_an_own_number_means_the_own_part_and_one_of_several_parts_none(tmp_path: Path):
    write(tmp_path, "parts", "part_number", "10", "20", "30")
    write(tmp_path, "xref", "part_number,other_catalogue,other_number", "20,x,10", "20,x,99", "30,x,99")
    assert bring_in(tmp_path)["xref"].added == 3
    found = parts_resolve(["10", "99"], on=TODAY)
    assert (found["10"].part and found["10"].part.number) == "10"
    assert (found["99"].part, {part.number for part in found["99"].candidates}) == (None, {"20", "30"})


@pytest.mark.django_db
def test_a_part_marked_active_though_superseded_leads_on_and_bills_may_ask_for_it(tmp_path: Path):
    write(tmp_path, "parts", "part_number,status", "OLD,active", "NEW,active")
    write(tmp_path, "supersession", "old,new,date", "OLD,NEW,2020-01-01")
    write(tmp_path, "models", "code", "HX")
    write(tmp_path, "bom", "code,assembly,label,part_number", "HX,Boom,1,OLD")
    assert not any(report.rejections for report in bring_in(tmp_path).values())
    found = parts_resolve(["OLD"], on=TODAY)["OLD"]
    assert (found.part and found.part.number, found.found_as) == ("NEW", "OLD")
    assert Callout.objects.get().part.number == "OLD"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "amount", "per"),
    [
        ("0.004285714", "4285.714", 1_000_000),
        ("0.0042", "0.042", 10),
        ("12.3456", "123.456", 10),
        ("12.345", "12.345", 1),
        ("0.0000004", "0.004", 10_000),
    ],
)
def test_no_small_price_becomes_nothing(tmp_path: Path, told: str, amount: str, per: int):
    write(tmp_path, "parts", "part_number", "A")
    write(tmp_path, "prices", PRICES, f"A,,EU,EUR,DEALER,{told},2026-01-01")
    assert not bring_in(tmp_path)["prices"].rejections
    price = Price.objects.get()
    assert (str(price.amount), price.per_quantity) == (amount, per)
    assert not any(report.added or report.changed for report in bring_in(tmp_path).values())


@pytest.mark.django_db
def test_quantities_of_nothing_and_of_a_million_millions_are_told(tmp_path: Path):
    write(tmp_path, "parts", "part_number", "A", "B")
    write(
        tmp_path,
        "kits",
        "assembly,component,qty",
        "A,B,0",
        "A,B,1000000000000",
        "A,B,-1",
        "A,B,1.5",
        "A,B," + "9" * 5000,
    )
    assert left_out(bring_in(tmp_path)["kits"]) == [
        (2, "qty", "too_small"),
        (3, "qty", "too_great"),
        (4, "qty", "too_small"),
        (5, "qty", "not_a_number"),
        (6, "qty", "too_great"),
    ]


@pytest.fixture(scope="module")
def catalogue(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The real catalogue, brought in once for this file."""
    for _ in undone_after(django_db_blocker):
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        bring_in(CATALOGUE)
        yield


real = [pytest.mark.long, pytest.mark.django_db, needs_catalogue, pytest.mark.timeout(1800)]


class TestTheRealCatalogue:
    pytestmark = [*real, pytest.mark.usefixtures("catalogue")]

    def test_two_pairs_of_numbers_normalise_alike(self):
        alike = defaultdict(set)
        for row in table("catalogue/parts"):
            alike[normalise(row["part_number"])].add(row["part_number"])
        pairs = {bare: numbers for bare, numbers in alike.items() if len(numbers) > 1}
        assert len(pairs) == 2
        for bare, numbers in pairs.items():
            assert set(Part.objects.filter(normalised=bare, maker="").values_list("number", flat=True)) == numbers

    def test_334_foreign_numbers_are_somebodys_own_number(self):
        own = {row["part_number"] for row in table("catalogue/parts")}
        rows = table("catalogue/xref")
        clashing = [row["other_number"] for row in rows if row["other_number"] in own - {row["part_number"]}]
        assert (len(clashing), len(set(clashing))) == (334, 148)
        clashes = set(clashing)
        found = parts_resolve(clashes, on=TODAY)
        assert [one for one in clashes if (found[one].asked_part or found[one].part or Part()).number != one] == []

    def test_177_foreign_numbers_stand_for_several_parts(self):
        meant = defaultdict(set)
        for row in table("catalogue/xref"):
            meant[row["other_number"]].add(row["part_number"])
        several = {number: parts for number, parts in meant.items() if len(parts) > 1}
        assert len(several) == 177
        known = defaultdict(set)
        for number, part in CrossReference.objects.filter(number__in=several).values_list("number", "part__number"):
            known[number].add(part)
        assert known == several

    def test_151_parts_are_marked_active_though_superseded(self):
        old = {row["old"] for row in table("catalogue/supersession")}
        active = {row["part_number"] for row in table("catalogue/parts") if row["status"] == "active"} & old
        assert len(active) == 151
        found = parts_resolve(active, on=TODAY)
        listed = {row["part_number"] for row in table("catalogue/parts")}
        dangling = {row["old"] for row in table("catalogue/supersession") if row["new"] not in listed}
        assert [one for one in active - dangling if found[one].found_as != "OLD"] == []

    def test_555_bill_lines_ask_for_a_superseded_number_259_of_them_by_status(self):
        old = {row["old"] for row in table("catalogue/supersession")}
        retired = {row["part_number"] for row in table("catalogue/parts") if row["status"] == "superseded"}
        bill = [row["part_number"] for row in table("catalogue/bom")]
        assert (sum(one in old for one in bill), sum(one in retired for one in bill)) == (555, 259)
        assert Callout.objects.filter(part__number__in=old, part__maker="").count() == 555
        assert Callout.objects.filter(part__status="RETIRED", part__maker="").count() == 259


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.skipif(not (DATA / "large").is_dir(), reason="the large price list is not here")
@pytest.mark.django_db
def test_of_300_thousand_real_prices_40443_lie_below_half_a_cent_and_none_is_free(tmp_path: Path):
    rows = table("large/electronics_300k")
    with (tmp_path / "parts.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["part_number", "maker"], *([row["sku"], "X"] for row in rows)])
    with (tmp_path / "prices.csv").open("w", encoding="utf-8", newline="") as file:
        priced = ([row["sku"], "X", "EU", "USD", "DEALER", row["price1"], "2026-01-01"] for row in rows)
        csv.writer(file).writerows([PRICES.split(","), *priced])
    reports = bring_in(tmp_path)
    unpriced = [row for row in rows if not row["price1"] or Decimal(row["price1"]) <= 0]
    assert len(reports["prices"].rejections) == len(unpriced)
    assert Price.objects.count() == len(rows) - len(unpriced)
    assert Price.objects.filter(amount=0).count() == 0
    assert Price.objects.filter(amount__lt=F("per_quantity") * Decimal("0.005")).count() == 40_443
    told = {row["sku"]: Decimal(row["price1"]) for row in rows if row not in unpriced}
    kept = Price.objects.values_list("part__number", "amount", "per_quantity").iterator()
    assert [number for number, amount, per in kept if amount / per != told[number]] == []
    again = bring_in(tmp_path)
    assert [(stem, one.added, one.changed) for stem, one in again.items() if one.added or one.changed] == []
