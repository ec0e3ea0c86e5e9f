"""Over the credit limit: the order stands, its clock does not; somebody else approves it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from catalog.models import Part
from orders.models import Order
from orders.services.cancelling import order_cancel
from orders.services.paying import order_approve
from portal.accounts.actor import Actor
from tests.orders.world import World, level, line, promise, promises, refused, seoul


@pytest.fixture
def plenty(world: World) -> Part:
    """Three hundred pieces; the dealer's limit is worth a hundred."""
    return world.part(home=300)


def on_account(world: World, part: Part, quantity: int) -> Order:
    """The dealer's order."""
    return world.place(line(part, quantity), by=world.people.dealer, payment="ACCOUNT")


def test_up_to_the_limit_an_order_is_ready_and_one_piece_more_waits(world: World, plenty: Part) -> None:
    assert on_account(world, plenty, 100).state == "READY"
    over = on_account(world, plenty, 1)
    assert (over.state, over.needs_approval, over.paid_at) == ("AWAITING_APPROVAL", True, None)
    assert set(promises(over).values()) == {"OFFERED"}
    assert level(plenty, world.home) == (300, 101)


def test_an_order_waiting_for_approval_does_not_use_up_the_limit(world: World, plenty: Part) -> None:
    on_account(world, plenty, 101)
    assert on_account(world, plenty, 100).state == "READY"


def test_a_cancelled_order_gives_its_credit_back(world: World, plenty: Part) -> None:
    first = on_account(world, plenty, 100)
    order_cancel(actor=world.people.dealer, order_id=first.pk, line_ids=None, reason="no", now=world.now)
    assert on_account(world, plenty, 100).state == "READY"


def test_approval_is_for_the_whole_order_and_starts_its_clocks(world: World, plenty: Part) -> None:
    order = on_account(world, plenty, 101)
    world.now = seoul("11-24 09:00")
    order_approve(actor=world.people.approver, order_id=order.pk, note="good payer", now=world.now)
    order.refresh_from_db()
    assert (order.state, order.paid_at) == ("READY", world.now)
    assert promises(order) == {"ship": "RUNNING", "dealer-delivery": "RUNNING"}
    assert promise(order).due_at == seoul("11-27 00:00")


def test_an_order_is_approved_once_and_never_by_who_placed_it(world: World, plenty: Part) -> None:
    order = on_account(world, plenty, 101)

    def approve(actor: Actor = world.people.approver) -> Order:
        return order_approve(actor=actor, order_id=order.pk, note="", now=world.now)

    assert order.placed_by is not None
    placer = replace(world.people.approver, user_id=order.placed_by.user_id)  # by another membership
    assert refused(lambda: approve(placer)) == [("NOT_ALLOWED", "order")]
    for actor in (world.people.dealer, world.people.technician):
        assert refused(partial(approve, actor)) == [("NOT_ALLOWED", "")]
    approve()
    assert refused(approve) == [("WRONG_STATE", "order")]


def test_a_cancelled_order_is_not_approved(world: World, plenty: Part) -> None:
    order = on_account(world, plenty, 101)
    order_cancel(actor=world.people.dealer, order_id=order.pk, line_ids=None, reason="no", now=world.now)
    found = refused(lambda: order_approve(actor=world.people.approver, order_id=order.pk, note="", now=world.now))
    assert found == [("WRONG_STATE", "order")]


def test_money_for_an_order_over_the_limit_makes_approval_needless(world: World, plenty: Part) -> None:
    order = on_account(world, plenty, 101)
    world.pay(order)
    assert (order.state, order.payment_state) == ("READY", "PAID")
