"""Approval inside the buyer's company: nothing is placed, held or promised before a colleague who may order so much approves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from catalog.models import Part
from orders.models import CartLine, Order, PurchaseRequest
from orders.services.carts import cart_add, cart_line_requests, cart_lines
from orders.services.placing import order_place
from orders.services.requesting import (
    cart_request,
    purchase_request_approve,
    purchase_request_make,
    purchase_request_preview,
    purchase_request_send_back,
    purchase_request_withdraw,
    wanted_order,
)
from portal.accounts.actor import Actor, actor_for
from portal.accounts.models import Membership
from portal.notices.models import Notice
from portal.promises.models import Promise
from tests import factories as make
from tests.orders.world import World, level, line, refused, request
from tests.people import company_of

LIMIT = Decimal(15_000)  # a part costs 10,000


@pytest.fixture
def buyer(world: World) -> Actor:
    """A customer's person with a limit."""
    return limited(world, LIMIT)


@pytest.fixture
def colleague(world: World) -> Actor:
    """A colleague without one."""
    return limited(world, None)


def limited(world: World, limit: Decimal | None) -> Actor:
    made = make.make_actor(company_of(world.people.customer))
    Membership.objects.filter(pk=made.membership_id).update(order_limit=limit)
    return actor_for(Membership.objects.select_related("user", "company").get(pk=made.membership_id))


def asked(world: World, buyer: Actor, part: Part, pieces: int = 2) -> PurchaseRequest:
    return purchase_request_make(actor=buyer, request=request(line(part, pieces)), now=world.now)


def test_over_the_limit_nothing_is_placed_at_once(world: World, buyer: Actor, part: Part) -> None:
    place = partial(order_place, actor=buyer, now=world.now)
    assert order_place(actor=buyer, request=request(line(part, 1)), now=world.now).total == 10_000
    assert refused(partial(place, request=request(line(part, 2)))) == [("NOT_ALLOWED", "lines")]


def test_a_request_holds_nothing_and_starts_nothing(world: World, buyer: Actor, colleague: Actor, part: Part) -> None:
    made = asked(world, buyer, part)
    assert (Order.objects.count(), Promise.objects.count(), level(part, world.home)) == (0, 0, (9, 0))
    assert made.total == 20_000
    assert {one.user_id for one in Notice.objects.filter(kind="request.made")} >= {colleague.user_id}
    assert not Notice.objects.filter(kind="request.made", user_id=buyer.user_id).exists()


def test_a_colleague_approves_and_it_is_the_buyers_order(
    world: World, buyer: Actor, colleague: Actor, part: Part
) -> None:
    made = asked(world, buyer, part)
    shown = purchase_request_preview(request=made, now=world.now).digest
    order = purchase_request_approve(actor=colleague, request_id=made.pk, shown=shown, note="fine", now=world.now)
    assert (order.placed_by_id, order.reference, order.total) == (buyer.membership_id, made.reference, 20_000)
    assert level(part, world.home) == (9, 2)
    assert order.events.get(kind="company.approved").data == {"note": "fine"}
    made.refresh_from_db()
    assert (made.state, made.order_id, made.decided_by_id) == ("APPROVED", order.pk, colleague.membership_id)
    assert Notice.objects.get(kind="request.approved").user_id == buyer.user_id


def test_nobody_approves_the_own_request_nor_above_the_own_limit(world: World, buyer: Actor, part: Part) -> None:
    made, small = asked(world, buyer, part), limited(world, Decimal(19_999))
    act = partial(purchase_request_approve, request_id=made.pk, now=world.now)
    for actor in (buyer, small):
        assert refused(partial(act, actor=actor)) == [("NOT_ALLOWED", "request")]
    assert refused(partial(act, actor=world.people.other)) == [("NOT_FOUND", "request")]
    assert refused(partial(act, actor=world.people.manager))[0][0] in ("NOT_FOUND", "NOT_ALLOWED")
    enough = limited(world, Decimal(20_000))
    assert purchase_request_approve(actor=enough, request_id=made.pk, now=world.now).total == 20_000


def test_a_limit_lowered_since_the_log_in_counts(world: World, buyer: Actor, colleague: Actor, part: Part) -> None:
    made = asked(world, buyer, part)
    Membership.objects.filter(pk=colleague.membership_id).update(order_limit=1)
    act = partial(purchase_request_approve, actor=colleague, request_id=made.pk, now=world.now)
    assert refused(act) == [("NOT_ALLOWED", "request")]
    Membership.objects.filter(pk=colleague.membership_id).update(order_limit=None, is_active=False)
    assert refused(act)[0][0] == "NOT_ALLOWED"


def test_a_limit_raised_meanwhile_lets_the_buyer_order_it(world: World, buyer: Actor, part: Part) -> None:
    made = asked(world, buyer, part)
    raised = replace(buyer, order_limit=Decimal(50_000))
    lines = purchase_request_withdraw(actor=raised, request_id=made.pk, now=world.now)
    again = request(*cart_line_requests(lines))
    assert order_place(actor=raised, request=again, now=world.now).total == 20_000


def test_prices_that_rose_since_they_were_shown_are_shown_first(
    world: World, buyer: Actor, colleague: Actor, part: Part
) -> None:
    made = asked(world, buyer, part)
    shown = purchase_request_preview(request=made, now=world.now).digest
    part.prices.update(amount=30_000)
    act = partial(purchase_request_approve, actor=colleague, request_id=made.pk, now=world.now)
    assert refused(partial(act, shown=shown)) == [("WRONG_STATE", "shown")]
    assert act().total == 60_000


def test_what_cannot_be_ordered_any_more_is_not_approved(
    world: World, buyer: Actor, colleague: Actor, part: Part
) -> None:
    made = asked(world, buyer, part)
    world.place(line(part, 9), by=world.people.other)
    assert (
        refused(partial(purchase_request_approve, actor=colleague, request_id=made.pk, now=world.now))[0][0]
        == "OUT_OF_STOCK"
    )
    made.refresh_from_db()
    assert made.state == "WAITING"


def test_sent_back_the_lines_return_to_the_cart_once(world: World, buyer: Actor, colleague: Actor, part: Part) -> None:
    cart_add(actor=buyer, lines=[line(part, 2)], now=world.now)
    made = cart_request(actor=buyer, request=request(*cart_line_requests(cart_lines(buyer))), now=world.now)
    assert cart_lines(buyer) == []
    send = partial(purchase_request_send_back, actor=colleague, request_id=made.pk, now=world.now)
    assert refused(partial(send, note=" ")) == [("INVALID", "note")]
    send(note="Too many: one will do.")
    assert Notice.objects.get(kind="request.sent_back").data["note"] == "Too many: one will do."
    back = partial(purchase_request_withdraw, request_id=made.pk, now=world.now)
    assert refused(partial(back, actor=colleague)) == [("NOT_FOUND", "request")]
    back(actor=buyer)
    assert CartLine.objects.get().quantity == 2
    assert refused(partial(back, actor=buyer)) == [("WRONG_STATE", "request")]
    assert refused(partial(send, note="again")) == [("WRONG_STATE", "request")]


def test_a_request_asked_twice_is_one_and_one_within_the_limit_is_none(world: World, buyer: Actor, part: Part) -> None:
    wanted = request(line(part, 2))
    make_it = partial(purchase_request_make, actor=buyer, request=wanted, now=world.now)
    assert make_it() == make_it()
    assert refused(partial(purchase_request_make, actor=buyer, request=request(line(part, 1)), now=world.now)) == [
        ("WRONG_STATE", "lines")
    ]
    assert (
        refused(partial(purchase_request_make, actor=buyer, request=request(line("NO")), now=world.now))[0][0]
        == "UNKNOWN_PART"
    )


def test_the_wanted_order_is_kept_word_for_word(world: World, buyer: Actor) -> None:
    part = world.part(home=9)
    address = {"name": "Yard", "street": "Road 1", "city": "Busan", "postalCode": "48000", "country": "KR"}
    wanted = request(
        line(part, 2, hours=7, failed_on=date(2026, 11, 20)), po_number="PO-1", deliver_to=address, deliver_on=date(2026, 12, 9),
    )  # fmt: skip
    made = purchase_request_make(actor=buyer, request=wanted, now=world.now)
    assert wanted_order(PurchaseRequest.objects.get(pk=made.pk)).body() == wanted.body()
