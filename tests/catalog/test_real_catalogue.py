"""Numbers, fit and search on the real catalogue, held against the files themselves."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from catalog.models import EquipmentModel, Part
from catalog.search import search_parts
from catalog.selectors.fit import fits_for
from catalog.selectors.parts import parts_resolve
from tests.catalog.folder import bring_in
from tests.catalog.real import CATALOGUE, needs_catalogue, table, undone_after

pytestmark = [pytest.mark.long, needs_catalogue]
TODAY = date(2026, 6, 1)


@pytest.fixture(scope="module", autouse=True)
def catalogue(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The catalogue, brought in once for this file."""
    for _ in undone_after(django_db_blocker):
        bring_in(CATALOGUE)
        yield


def test_every_superseded_number_leads_to_the_end_of_its_chain():
    listed = {row["part_number"] for row in table("catalogue/parts")}
    steps = {row["old"]: row["new"] for row in table("catalogue/supersession") if row["new"] in listed}
    found = parts_resolve(steps, on=TODAY)
    for old, new in steps.items():
        while new in steps:
            new = steps[new]  # noqa: PLW2901  walking the chain by hand
        part = found[old].part
        assert (part and part.number, found[old].found_as) == (new, "OLD"), old


def test_two_thousand_numbers_in_odd_dress_are_resolved_in_four_queries():
    numbers = [row["part_number"] for row in table("catalogue/parts")[:40000:20]]
    dressed = {f" {number[:2]}-{number[2:].upper()}": number for number in numbers}
    with CaptureQueriesContext(connection) as queries:
        found = parts_resolve(dressed, on=TODAY)
    assert (len(dressed), len(queries) <= 4) == (2000, True)
    for asked, number in dressed.items():
        means = found[asked].asked_part or found[asked].part
        assert found[asked].candidates or (means and means.number.upper() == number.upper()), asked


def test_numbers_that_normalise_alike_are_ambiguous_and_their_exact_forms_are_not():
    found = parts_resolve(["3005 7", "3005-7", "30057", "3005.5"], on=TODAY)
    assert {part.number for part in found["3005 7"].candidates} == {"3005-7", "30057"}
    assert {part.number for part in found["3005.5"].candidates} == {"3005-5", "30055"}
    for number in ("3005-7", "30057"):
        means = found[number].asked_part or found[number].part
        assert means is not None
        assert means.number == number


def test_a_foreign_number_that_is_an_own_number_means_the_own_part():
    own = {row["part_number"] for row in table("catalogue/parts")}
    clashes = [row["other_number"] for row in table("catalogue/xref") if row["other_number"] in own]
    assert len(clashes) > 300
    found = parts_resolve(clashes, on=TODAY)
    for number in clashes:
        means = found[number].asked_part or found[number].part
        assert means is not None
        assert means.number == number


def test_every_part_of_a_bill_fits_its_model_with_the_pieces_of_the_bill():
    held: dict[tuple[str, str], int] = defaultdict(int)
    for row in table("catalogue/bom"):
        held[row["set_num"], row["part_number"]] += int(row["qty"]) * int(row["assembly_qty"])
    drawn = random.Random(7).sample(sorted(held), 300)
    models = dict(EquipmentModel.objects.filter(code__in={code for code, _ in drawn}).values_list("code", "pk"))
    parts = dict(Part.objects.filter(number__in={number for _, number in drawn}, maker="").values_list("number", "pk"))
    with CaptureQueriesContext(connection) as queries:
        found = fits_for([(parts[number], models[code], 500) for code, number in drawn], TODAY)
    assert len(queries) <= 7
    pieces = [(code, number, found[parts[number], models[code], 500]) for code, number in drawn]
    assert [(code, number) for code, number, fit in pieces if fit.verdict != "FITS"] == []
    # A bill may hold a part and what replaced it; then more than the file's own count fits.
    assert [(code, number) for code, number, fit in pieces if (fit.quantity or 0) < held[code, number]] == []


def test_a_part_of_another_model_is_unknown_and_not_refused():
    pairs = [
        (Part.objects.get(number="3010", maker="").pk, model.pk, 5)
        for model in EquipmentModel.objects.order_by("code")[:300]
    ]
    assert "DOES_NOT_FIT" not in {fit.verdict for fit in fits_for(pairs, TODAY).values()}


def test_old_and_foreign_numbers_are_found_by_search():
    rows = [row for row in table("search/dev") if row["kind"] != "other_title"]
    numbers = dict(Part.objects.values_list("pk", "number"))
    missed = []
    for row in rows:
        hits = [numbers[hit.part_id] for hit in search_parts(row["query"], actor_market=None, limit=10).hits]
        if row["part_num"] not in hits or (row["kind"] == "old_number" and hits[0] != row["part_num"]):
            missed.append((row["query"], row["part_num"]))
    assert len(missed) <= len(rows) * 0.01, missed


def test_titles_of_another_community_find_the_part_within_ten_for_most():
    rows = random.Random(7).sample([row for row in table("search/dev") if row["kind"] == "other_title"], 300)
    numbers = dict(Part.objects.values_list("pk", "number"))
    found = sum(
        row["part_num"]
        in {numbers[hit.part_id] for hit in search_parts(row["query"], actor_market=None, limit=10).hits}
        for row in rows
    )
    assert found >= 190


def test_a_number_with_two_signs_swapped_is_found():
    numbers = [row["part_number"] for row in table("catalogue/parts") if len(row["part_number"]) >= 6]
    names = dict(Part.objects.values_list("pk", "number"))
    found = tried = 0
    for number in random.Random(7).sample(numbers, 200):
        at = len(number) // 2
        swapped = number[: at - 1] + number[at] + number[at - 1] + number[at + 1 :]
        hits = search_parts(swapped, actor_market=None, limit=24)
        if swapped != number and hits.hits and hits.hits[0].found_as == "NEAR":
            tried += 1
            found += number in {names[hit.part_id] for hit in hits.hits}
    assert tried > 50
    assert found == tried
