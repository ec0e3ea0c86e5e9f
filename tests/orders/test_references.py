"""The caller's own reference: a repeat answers what was made, another body is refused, a refusal uses no key."""

from __future__ import annotations

from dataclasses import replace

from catalog.models import Part
from orders.models import Order
from orders.services.placing import order_place
from tests import factories as make
from tests.orders.world import World, level, line, lines_of, refused, request


def test_a_repeat_answers_the_stored_order_whatever_prices_say_now(world: World, part: Part) -> None:
    asked = request(line(part, 2))
    first = order_place(actor=world.people.customer, request=asked, now=world.now)
    world.prices.prices.update(amount=1)
    again = order_place(actor=world.people.customer, request=asked, now=world.now)
    assert (again.pk, again.total) == (first.pk, first.total)
    assert level(part, world.home) == (9, 2)


def test_the_same_reference_with_another_body_is_refused(world: World, part: Part) -> None:
    asked = request(line(part, 2))
    order_place(actor=world.people.customer, request=asked, now=world.now)
    other = replace(asked, lines=(line(part, 3),))
    found = refused(lambda: order_place(actor=world.people.customer, request=other, now=world.now))
    assert found == [("REFERENCE_REUSED", "reference")]


def test_a_refused_call_uses_no_reference(world: World) -> None:
    part = world.part(home=1)
    asked = request(line(part, 2))
    assert refused(lambda: order_place(actor=world.people.customer, request=asked, now=world.now))
    make.make_stock(part, world.home, 1)
    assert lines_of(order_place(actor=world.people.customer, request=asked, now=world.now))[0].quantity == 2


def test_a_reference_belongs_to_its_company(world: World, part: Part) -> None:
    asked = request(line(part))
    mine = order_place(actor=world.people.customer, request=asked, now=world.now)
    theirs = order_place(actor=world.people.other, request=asked, now=world.now)
    assert mine.pk != theirs.pk


def test_staff_who_order_for_a_buyer_do_not_meet_the_buyers_own_references(world: World, part: Part) -> None:
    asked = request(line(part))
    mine = order_place(actor=world.people.customer, request=asked, now=world.now)
    theirs = replace(asked, company_id=world.people.customer.company_id)
    typed = order_place(actor=world.people.desk, request=theirs, now=world.now)
    assert mine.pk != typed.pk
    assert Order.objects.filter(reference=asked.reference).count() == 2


def test_a_quote_is_not_part_of_the_body(world: World, part: Part) -> None:
    asked = request(line(part))
    first = order_place(actor=world.people.customer, request=asked, now=world.now)
    again = order_place(actor=world.people.customer, request=replace(asked, quote_id=77), now=world.now)
    assert again.pk == first.pk
