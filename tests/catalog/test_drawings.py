"""Drawings: harmless whatever wrote them; the sample maker's show every callout of every figure."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction

from catalog.models import Drawing
from catalog.selectors.models import figure_open
from portal.sample.drawings.pen import Pen
from portal.sample.drawings.sheet import sheet_draw
from portal.sample.drawings.solids import SOLIDS, draw_piece
from portal.sample.fleet import MODELS, figures
from portal.sample.parts import sample_parts
from tests.factories import make_assembly, make_callout, make_model, make_part


@pytest.mark.django_db
@pytest.mark.parametrize(
    "art",
    [
        "<script>alert(1)</script>",
        '<path class="ink" onclick="alert(1)" d="M0 0"/>',
        '<path d="M0 0" style="fill:url(http://x)"/>',
        '<image href="http://x"/>',
        '<path d="M0 0"/> & more',
    ],
)
def test_art_that_could_do_anything_but_be_looked_at_is_refused(art: str):
    with pytest.raises(IntegrityError), transaction.atomic():
        Drawing.objects.create(code="D", width=10, height=10, art=art)


@pytest.mark.django_db
def test_every_kind_of_solid_is_harmless_art():
    for kind in SOLIDS:
        sheet = sheet_draw([("1", kind)])
        Drawing.objects.create(code=kind, width=sheet.width, height=sheet.height, art=sheet.shapes)


def test_a_balloon_stands_on_the_sheet_beside_its_piece_and_apart_from_others():
    from random import Random

    parts = {part.key: part for part in sample_parts(Random(1))}
    seen = set()
    for model in MODELS:
        for _code, _name, _times, bill in figures(model, parts):
            pieces = tuple({line.label: parts[line.part].kind for line in bill}.items())
            assert all(kind in SOLIDS for _, kind in pieces), pieces
            sheet = sheet_draw(pieces)
            seen.add(pieces)
            assert [spot.label for spot in sheet.spots] == [label for label, _ in pieces]
            assert all(0 < spot.x < sheet.width and 0 < spot.y < sheet.height for spot in sheet.spots)
            assert all(abs(a.x - b.x) + abs(a.y - b.y) > 40 for a, b in pairwise(sheet.spots))
    assert len(seen) >= 12


def test_no_piece_is_larger_than_its_place():
    for kind in SOLIDS:
        pen = Pen()
        draw_piece(pen, kind)
        left, top, right, bottom = pen.bounds()
        assert (right - left < 175, bottom - top < 175) == (True, True), kind


@pytest.mark.django_db
def test_a_figure_opens_with_the_balloons_of_what_the_serial_holds_and_its_neighbours():
    model, early, late = make_model(), make_part(), make_part()
    drawing = Drawing.objects.create(code="D", width=100, height=80, art='<path class="ink" d="M0 0L9 9"/>')
    for label in ("1", "2", "9"):
        drawing.spots.create(label=label, x=1, y=1, to_x=2, to_y=2)
    first, second = (make_assembly(model, position=at, drawing=drawing if at else None) for at in (0, 1))
    make_callout(first, early)
    make_callout(second, early, label="1", last=10)
    make_callout(second, late, label="2", first=11)
    sheet = figure_open(model.pk, second.pk, serial_sequence=5)
    assert sheet is not None
    assert (sheet.drawing, [spot.label for spot in sheet.spots], sheet.before, sheet.after) == (
        drawing,
        ["1"],
        first,
        None,
    )
    plain = figure_open(model.pk, first.pk, serial_sequence=11)
    assert plain is not None
    assert (plain.drawing, plain.spots, plain.after) == (None, (), second)
    assert figure_open(make_model().pk, second.pk) is None
