"""The search page: my machine is remembered, numbers are told as what they are, a part goes into the cart from its row."""

from __future__ import annotations

import pytest

from catalog.models import Part
from tests import factories as make
from tests.frontend.conftest import browser, text
from tests.orders.world import World
from warranty.models import Equipment


@pytest.fixture
def machine(world: World, part: Part) -> Equipment:
    return world.machine(part)


def test_my_machine_is_remembered_until_another_or_none_is_asked_for(world: World, machine: Equipment, part: Part):
    client = browser(world.people.customer)
    client.get(f"/search/?q=seal&serial={machine.serial}")
    assert "fits" in text(client.get("/search/?q=seal"))
    assert machine.serial in text(client.get(f"/parts/{part.pk}/"))
    assert "For my machine" not in text(client.get("/search/?q=seal&serial="))
    assert "For my machine" not in text(client.get("/search/?q=seal"))


def test_a_serial_that_is_not_mine_is_not_remembered(world: World, machine: Equipment):
    client = browser(world.people.customer)
    client.get(f"/search/?serial={machine.serial}")
    assert "not among your machines" in text(client.get("/search/?q=seal&serial=NOT-MINE-1"))
    assert "For my machine" in text(client.get("/search/?q=seal"))


def test_a_machine_that_is_no_longer_mine_is_forgotten(world: World, machine: Equipment):
    client = browser(world.people.customer)
    client.get(f"/search/?serial={machine.serial}")
    Equipment.objects.filter(pk=machine.pk).update(owner=None)
    assert machine.serial not in text(client.get("/search/?q=seal"))


def test_the_serial_of_a_machine_lists_its_parts_whatever_machine_was_looked_at_before(
    world: World, machine: Equipment, part: Part
):
    other = world.machine(part)
    client = browser(world.people.customer)
    client.get(f"/search/?serial={other.serial}")
    answer = client.get(f"/search/?q={machine.serial}", follow=True)
    assert answer.redirect_chain == [(f"/search/?serial={machine.normalised}", 302)]
    assert machine.serial in text(answer)
    assert part.number in text(answer)


def test_suggestions_are_links_for_the_page_and_json_for_others(world: World, part: Part):
    client = browser(world.people.customer)
    begun = part.number[:5]
    links = text(client.get(f"/search/suggest/?q={begun}", headers={"HX-Request": "true"}))
    assert f'href="/parts/{part.pk}/"' in links
    assert client.get(f"/search/suggest/?q={begun}").json()["suggestions"][0]["part"] == part.pk


def test_a_serial_being_typed_leads_to_its_machine_and_to_nobody_elses(world: World, part: Part):
    machine = world.machine(part)
    begun = machine.normalised[:4].lower()
    path, asked = f"/search/suggest/?q={begun}", {"HX-Request": "true"}
    assert f'href="/machines/{machine.normalised}/"' in text(browser(world.people.customer).get(path, headers=asked))
    assert machine.normalised not in text(browser(world.people.other).get(path, headers=asked))
    assert machine.normalised not in text(browser(world.people.customer).get(path[:-1], headers=asked))


def test_what_was_typed_cannot_break_out_of_the_suggestions(world: World, part: Part):
    links = text(
        browser(world.people.customer).get(
            f"/search/suggest/?q={part.number[:3]}%22%3E%3Cscript%3E", headers={"HX-Request": "true"}
        )
    )
    assert "<script" not in links


def test_an_old_number_says_which_part_took_its_place(world: World, part: Part):
    old = make.make_part(number="OLD-771")
    make.make_supersession(old, part)
    assert "OLD-771" in text(browser(world.people.customer).get("/search/?q=OLD-771"))


def test_a_part_goes_into_the_cart_from_its_row_and_the_reader_stays(world: World, part: Part):
    client = browser(world.people.customer)
    page = text(client.get("/search/?q=seal"))
    assert f'value="{part.number}"' in page
    here = f"/search/?q=seal#part-{part.pk}"
    assert f'<tr id="part-{part.pk}">' in page
    assert f'value="{here}"' in page
    answer = client.post("/cart/add/", {"part_number": part.number, "quantity": "1", "next": here})
    assert answer["Location"] == here


def test_who_may_not_buy_is_offered_no_button(world: World, part: Part):
    assert "/cart/add/" not in text(browser(world.people.accountant).get("/search/?q=seal"))
