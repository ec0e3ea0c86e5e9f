"""Fit of many parts on many machines, read from bills and application lists."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import EquipmentModel, Part
from catalog.models.fitment import FitVerdict
from catalog.selectors.fit import Fit, fits_for
from tests.factories import make_assembly, make_callout, make_fitment, make_model, make_part, make_supersession

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


def fit(part: Part, model: EquipmentModel, sequence: int | None) -> Fit:
    pair = (part.pk, model.pk, sequence)
    return fits_for([pair], TODAY)[pair]


def test_a_serial_break_refuses_the_early_part_and_names_the_late_one():
    model, early, late = make_model(), make_part(), make_part()
    figure = make_assembly(model, quantity=2, name="Boom cylinder")
    make_callout(figure, early, label="7", quantity=3, last=1000)
    make_callout(figure, late, label="7", quantity=4, first=1001)
    assert fit(early, model, 1000) == Fit(FitVerdict.FITS, "7", "Boom cylinder", 6)
    assert fit(early, model, 1001) == Fit(FitVerdict.DOES_NOT_FIT, "7", "Boom cylinder", None, late)
    assert fit(late, model, 1001) == Fit(FitVerdict.FITS, "7", "Boom cylinder", 8)
    assert fit(late, model, 1) == Fit(FitVerdict.DOES_NOT_FIT, "7", "Boom cylinder", None, early)


def test_what_is_named_instead_is_named_by_its_current_number():
    model, early, late, latest = make_model(), make_part(), make_part(), make_part()
    make_supersession(late, latest)
    figure = make_assembly(model)
    make_callout(figure, early, last=10)
    make_callout(figure, late, first=11)
    assert fit(early, model, 11).instead_use == latest
    assert fit(latest, model, 11).verdict == "FITS"


def test_another_model_or_a_part_on_no_bill_is_unknown():
    model, other, part = make_model(), make_model(), make_part()
    make_callout(make_assembly(model), part)
    assert fit(part, other, 5) == Fit(FitVerdict.UNKNOWN)
    assert fit(make_part(), model, 5) == Fit(FitVerdict.UNKNOWN)


def test_an_application_list_fits_excludes_and_names_instead():
    model, good, bad = make_model(), make_part(), make_part()
    make_fitment(good, model, quantity=2)
    make_fitment(bad, model, fits=False, first=100, instead=good)
    assert fit(good, model, 5) == Fit(FitVerdict.FITS, quantity=2)
    assert fit(bad, model, 100) == Fit(FitVerdict.DOES_NOT_FIT, instead_use=good)
    assert fit(bad, model, 99) == Fit(FitVerdict.UNKNOWN)


def test_an_old_part_fits_its_successors_place_only_where_the_way_back_is_open():
    model, old, new, strict = make_model(), make_part(), make_part(), make_part()
    make_supersession(old, new, direction="BOTH")
    make_supersession(strict, new)
    make_callout(make_assembly(model), new)
    assert fit(old, model, 5).verdict == "FITS"
    assert fit(strict, model, 5).verdict == "UNKNOWN"


def test_a_page_of_parts_that_all_fit_is_one_question():
    model, parts = make_model(), [make_part() for _ in range(24)]
    figure = make_assembly(model)
    for index, part in enumerate(parts):
        make_callout(figure, part, label=str(index))
    with CaptureQueriesContext(connection) as queries:
        found = fits_for([(part.pk, model.pk, 7) for part in parts], TODAY)
    assert len(queries) == 1
    assert {row.verdict for row in found.values()} == {"FITS"}


def test_a_fit_tells_whose_place_the_part_may_take():
    model, old, mid, new = make_model(), make_part(), make_part(), make_part()
    make_supersession(old, mid, direction="BOTH")
    make_supersession(mid, new)
    assert [fit(part, model, 1).stands_for for part in (old, mid, new)] == [{mid.pk}, {old.pk}, {old.pk, mid.pk}]


def test_two_hundred_pairs_take_as_few_queries_as_one_misfit():
    model, parts = make_model(), [make_part() for _ in range(100)]
    figure = make_assembly(model)
    for index, part in enumerate(parts):
        make_callout(figure, part, label=str(index // 2), first=index % 2 * 50 + 1, last=index % 2 * 50 + 50)
    pairs = [(part.pk, model.pk, sequence) for part in parts for sequence in (20, 70)]
    with CaptureQueriesContext(connection) as queries:
        found = fits_for(pairs, TODAY)
    assert len(queries) == 2
    assert sum(row.verdict == "FITS" for row in found.values()) == 100
    assert all(row.instead_use for row in found.values() if row.verdict == "DOES_NOT_FIT")
