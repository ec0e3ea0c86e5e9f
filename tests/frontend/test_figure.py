"""A figure of the parts book: drawing and bill, each leading to the other."""

from __future__ import annotations

import re
from datetime import date

from catalog.models import Callout, Drawing, Part
from tests import factories as make
from tests.frontend.conftest import browser, text
from tests.orders.world import World
from warranty.models import NoteKind


def drawn(part: Part) -> int:
    """Give the part's figure a drawing; answers the figure."""
    drawing = Drawing.objects.create(
        code="D", width=100, height=80, art='<g class="piece" data-callout="7"><path class="ink" d="M0 0L9 9"/></g>'
    )
    callout = Callout.objects.get(part=part)
    drawing.spots.create(label=callout.label, x=20, y=10, to_x=30, to_y=40)
    callout.assembly.drawing = drawing
    callout.assembly.save()
    return callout.assembly_id


def test_balloon_and_line_lead_to_each_other(world: World, part: Part):
    machine = world.machine(part)
    path = f"/machines/{machine.normalised}/figures/{drawn(part)}/"
    page = text(browser(world.people.customer).get(path))
    label = Callout.objects.get(part=part).label
    for mark in (
        f'href="#line-{label}" id="spot-{label}"',
        f'id="line-{label}"',
        f'href="#spot-{label}"',
        "data-callout",
        "₩10,000",
    ):
        assert mark in page


def test_a_free_part_says_who_pays_and_a_press_puts_it_into_the_cart_for_this_machine(world: World, part: Part):
    make.make_warranty_term(months=24)
    machine = world.machine(part)
    client, path = browser(world.people.customer), f"/machines/{machine.normalised}/figures/{drawn(part)}/"
    page = text(client.get(path))
    assert ">free of charge</span>" in page
    fields = dict(re.findall(r'<input type="hidden" name="(part_number|serial|quantity|next)" value="([^"]*)"', page))
    assert client.post("/cart/add/", fields)["Location"].startswith(path)
    assert machine.serial in text(client.get("/cart/"))


def test_a_part_whose_cover_a_person_has_to_decide_is_not_called_free(world: World, part: Part):
    make.make_warranty_term(months=24)
    machine = world.machine(part)
    machine.notes.create(kind=NoteKind.MISUSE, recorded_on=date(2026, 11, 1), note="dropped")
    page = text(browser(world.people.customer).get(f"/machines/{machine.normalised}/figures/{drawn(part)}/"))
    assert "to be reviewed" in page
    assert ">free of charge</span>" not in page


def test_a_figure_without_a_drawing_shows_its_bill(world: World, part: Part):
    machine = world.machine(part)
    page = text(
        browser(world.people.customer).get(
            f"/machines/{machine.normalised}/figures/{Callout.objects.get(part=part).assembly_id}/"
        )
    )
    assert "There is no drawing" in page
    assert part.number in page
    assert "<svg viewBox" not in page


def test_a_figure_of_another_model_is_not_there(world: World, part: Part):
    machine = world.machine(part)
    other = make.make_assembly(make.make_model())
    assert browser(world.people.customer).get(f"/machines/{machine.normalised}/figures/{other.pk}/").status_code == 404
