"""Parts books of models, and where a part is used."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.selectors.models import figures_of, model_by_code, where_used
from tests.factories import make_assembly, make_callout, make_fitment, make_model, make_part

pytestmark = pytest.mark.django_db


def test_a_model_is_found_by_its_code_in_any_dress_unless_two_are_alike():
    model = make_model("HX-35")
    assert (model_by_code("HX-35"), model_by_code("hx 35"), model_by_code("HX36"), model_by_code(" -")) == (
        model,
        model,
        None,
        None,
    )
    twin = make_model("HX35")
    assert (model_by_code("HX35"), model_by_code("hx.35")) == (twin, None)


def test_the_parts_book_shows_what_a_serial_holds_in_its_own_order():
    model, early, late = make_model(), make_part(name="early seal"), make_part(name="late seal")
    late.names.create(language="ko", name="새 씰")
    second, first = make_assembly(model, position=2, name="B"), make_assembly(model, position=1, name="A")
    make_callout(first, early, last=10)
    make_callout(first, late, first=11)
    make_callout(second, early, last=10)
    with CaptureQueriesContext(connection) as queries:
        whole = figures_of(model.pk, language="ko")
    assert len(queries) == 3
    assert [(figure.assembly.name, [line.name for line in figure.lines]) for figure in whole] == [
        ("A", ["early seal", "새 씰"]),
        ("B", ["early seal"]),
    ]
    assert [[line.part for line in figure.lines] for figure in figures_of(model.pk, serial_sequence=11)] == [[late]]


def test_where_used_names_models_of_bills_and_lists_once():
    part, one, two, three = make_part(), make_model("M1"), make_model("M2"), make_model("M3")
    make_callout(make_assembly(one), part)
    make_callout(make_assembly(one), part)
    make_fitment(part, two)
    make_fitment(part, three, fits=False)
    assert list(where_used(part.pk)) == [one, two]
