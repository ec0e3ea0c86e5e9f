"""Old numbers: used up, substituted with the buyer's yes at the lower price, or refused with the successor named."""

from __future__ import annotations

from orders.services.placing import order_place
from portal.errors import PortalError
from tests import factories as make
from tests.orders.world import World, details, line, lines_of, refused, request, won


def test_an_old_number_is_refused_unless_substitution_is_allowed(world: World) -> None:
    old, new = world.part(), world.part(home=5)
    make.make_supersession(old, new)
    asked = request(line(old, 2))
    assert refused(lambda: order_place(actor=world.people.customer, request=asked, now=world.now)) == [
        ("SUPERSEDED", "lines[0].partNumber")
    ]
    told = details(lambda: order_place(actor=world.people.customer, request=asked, now=world.now))
    assert told == {"successor": new.number, "successors": [{"partNumber": new.number, "quantity": 1}]}
    row = lines_of(world.place(line(old, 2), allow_substitute=True))[0]
    assert (row.part_id, row.asked_number, row.quantity) == (new.pk, old.number, 2)


def test_where_we_substitute_the_lower_price_counts(world: World) -> None:
    old, dear = world.part(price="8000"), world.part(home=5, price="10000")
    older, cheap = world.part(price="8000"), world.part(home=5, price="7000")
    make.make_supersession(old, dear)
    make.make_supersession(older, cheap)
    order = world.place(line(old), line(older), allow_substitute=True)
    assert [row.net for row in lines_of(order)] == [won(8000), won(7000)]


def test_the_old_price_is_compared_by_what_the_whole_replacement_costs(world: World) -> None:
    old, half = world.part(price="8000"), world.part(home=9, price="5000")
    make.make_supersession(old, half, quantity=2)
    order = world.place(line(old), allow_substitute=True)
    assert order.total <= won(8000)


def test_one_old_part_becomes_several_lines(world: World) -> None:
    old, ring, seal = world.part(price="1000"), world.part(home=9), world.part(home=9)
    make.make_supersession(old, ring, quantity=2)
    make.make_supersession(old, seal)
    order = world.place(line(old, 3), allow_substitute=True)
    assert [(row.part_id, row.quantity, row.position) for row in lines_of(order)] == [
        (ring.pk, 6, 1),
        (seal.pk, 3, 2),
    ]


def test_stock_of_the_old_part_is_used_up_first_and_only_as_long_as_it_lasts(world: World) -> None:
    old, new = world.part(home=3), world.part(home=9)
    make.make_supersession(old, new, mode="USE_UP")
    assert lines_of(world.place(line(old, 3)))[0].part_id == old.pk
    assert lines_of(world.place(line(old, 1), allow_substitute=True))[0].part_id == new.pk


def test_two_lines_of_the_old_part_share_what_is_left_of_it(world: World) -> None:
    old, new = world.part(home=3), world.part(home=9)
    make.make_supersession(old, new, mode="USE_UP")
    order = world.place(line(old, 2), line(old, 2), allow_substitute=True)
    assert [row.part_id for row in lines_of(order)] == [old.pk, new.pk]


def test_what_must_never_be_mixed_is_not_used_up(world: World) -> None:
    old, new = world.part(home=3), world.part(home=9)
    make.make_supersession(old, new, mode="NEVER_MIX")
    assert lines_of(world.place(line(old), allow_substitute=True))[0].part_id == new.pk


def test_a_stopped_successor_stops_the_old_number_too(world: World) -> None:
    old, new = world.part(), world.part(home=9, stop_sale=True)
    make.make_supersession(old, new)
    asked = request(line(old), allow_substitute=True)
    found = refused(lambda: order_place(actor=world.people.customer, request=asked, now=world.now))
    assert found == [("STOP_SALE", "lines[0].partNumber")]


def test_several_successors_each_short_are_told_on_the_line_that_was_typed(world: World) -> None:
    old, ring, seal = world.part(), world.part(home=1), world.part(home=1)
    for new in (ring, seal):
        make.make_supersession(old, new)
    asked = request(line(old, 2), allow_substitute=True)
    try:
        order_place(actor=world.people.customer, request=asked, now=world.now)
    except PortalError as error:
        told = [(one.code, one.field, one.details["partNumber"]) for one in error.problems]
    assert told == [("OUT_OF_STOCK", "lines[0].quantity", part.number) for part in (ring, seal)]
