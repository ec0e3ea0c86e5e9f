"""A hand-over that did not happen: goods on their shelf and held again, promises running on, nothing billed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from catalog.models import Part
from orders.models import Order, OrderEvent, Paper, Return
from orders.selectors.ledger import order_account
from orders.selectors.ledger_check import ledger_disagreements
from orders.selectors.papers import invoice_rows
from orders.services.cancelling import order_cancel
from orders.services.returning import ReturnLine, return_create, return_receive
from orders.services.shipping import shipment_deliver
from orders.services.undoing import shipment_track, shipment_undo
from tests import factories as make
from tests.orders.world import World, level, line, lines_of, promise, refused, seoul, won


@pytest.fixture
def order(world: World, part: Part) -> Order:
    """Four pieces, paid."""
    return world.paid(line(part, 4))


def undo(world: World, order: Order, **given: Any) -> None:
    """Undo the order's last hand-over."""
    shipment = order.shipments.order_by("-pk")[0]
    told: dict[str, Any] = {"actor": world.people.manager, "reason": "still on the dock", "now": world.now} | given
    shipment_undo(shipment_id=shipment.pk, **told)
    order.refresh_from_db()


def papers_sum(order: Order) -> Decimal:
    """What its invoices ask, less what its credit notes give back."""
    sums = dict(Paper.objects.filter(order=order).values_list("kind").annotate(sum=Sum("total")))
    return Decimal(sums["INVOICE"] - sums.get("CREDIT_NOTE", 0))


def test_goods_lie_on_their_shelf_again_held_for_their_line(world: World, part: Part, order: Order) -> None:
    world.ship(order)
    assert level(part, world.home) == (5, 0)
    undo(world, order)
    assert (level(part, world.home), order.state, lines_of(order)[0].shipped) == ((9, 4), "READY", 0)
    assert OrderEvent.objects.get(order=order, kind="unshipped").data["pieces"] == {"1": 4}


def test_nothing_is_billed_and_the_invoice_is_credited_whole(world: World, part: Part, order: Order) -> None:
    world.ship(order)
    undo(world, order)
    assert (order_account(order).billed, order.payment_state) == (won(0), "PAID")
    note = Paper.objects.get(order=order, kind="CREDIT_NOTE")
    assert note.total == Paper.objects.get(order=order, kind="INVOICE").total == won(40000)
    world.ship(order)
    assert (order_account(order).billed, ledger_disagreements()) == (won(40000), [])
    assert Paper.objects.filter(order=order, kind="INVOICE").count() == 2


def test_a_kept_promise_is_open_again_from_its_first_due_moment(world: World, order: Order) -> None:
    due = promise(order).due_at
    world.ship(order)
    assert promise(order).state == "KEPT"
    undo(world, order)
    assert (promise(order).state, promise(order).due_at) == ("RUNNING", due)
    world.go_to(seoul("11-26 09:00"))
    assert promise(order).state == "BROKEN"


def test_one_of_two_hand_overs_goes_back_alone(world: World, part: Part, order: Order) -> None:
    (first,) = lines_of(order)
    world.ship(order, (first, 1))
    world.ship(order, (first, 2))
    undo(world, order)
    assert (order.state, lines_of(order)[0].shipped, level(part, world.home)) == ("PARTLY_SHIPPED", 1, (8, 3))
    assert (order_account(order).billed, ledger_disagreements()) == (won(10000), [])


def test_papers_add_up_to_the_books_whichever_hand_over_goes_back(world: World) -> None:
    """The first carried the freight: it stays charged with what did leave."""
    make.make_tax_rate("KR", "0.10")
    make.make_freight("4000")
    part = world.part(home=9, price="1005")
    order = world.paid(line(part, 4))
    (first,) = lines_of(order)
    world.ship(order, (first, 1))
    world.ship(order, (first, 2))
    shipment = order.shipments.order_by("pk")[0]
    shipment_undo(actor=world.people.manager, shipment_id=shipment.pk, reason="still on the dock", now=world.now)
    order.refresh_from_db()
    assert papers_sum(order) == order_account(order).billed == won(4000 + 2010 + 601)
    world.ship(order)
    assert papers_sum(order) == order_account(order).billed == order.total
    assert ledger_disagreements() == []


def test_what_was_credited_is_not_paid_and_the_next_invoice_is(world: World, order: Order) -> None:
    world.ship(order)
    undo(world, order)
    world.ship(order)
    invoices = list(Paper.objects.filter(order=order, kind="INVOICE").order_by("pk"))
    assert [row.open_sum for row in invoice_rows(invoices)] == [won(0), won(0)]


def test_deposits_are_credited_with_the_goods_and_their_old_units_expected_no_more(world: World) -> None:
    part = world.part(home=9, core_charge=Decimal(4500), core_currency="KRW")
    order = world.paid(line(part, 4))
    (first,) = lines_of(order)
    world.ship(order, (first, 1))
    world.days(1)
    world.ship(order, (first, 2))
    shipment = order.shipments.order_by("pk")[0]
    shipment_undo(actor=world.people.manager, shipment_id=shipment.pk, reason="still on the dock", now=world.now)
    order.refresh_from_db()
    note = Paper.objects.get(order=order, kind="CREDIT_NOTE")
    told = [(one["core"], one["amount"]) for one in note.snapshot["lines"]]
    assert (told, note.total) == ([(False, "10000"), (True, "4500")], won(14500))
    rows = Return.objects.filter(line=first).order_by("pk")
    assert [(row.state, row.quantity) for row in rows] == [("CANCELLED", 1), ("EXPECTED", 2)]
    world.ship(order)
    assert [row.quantity for row in Return.objects.filter(line=first, state="EXPECTED")] == [2, 2]
    assert (papers_sum(order), ledger_disagreements()) == (order.total, [])


def test_goods_whose_old_unit_is_here_are_not_taken_back(world: World) -> None:
    part = world.part(home=9, core_charge=Decimal(4500), core_currency="KRW")
    order = world.paid(line(part, 2))
    world.ship(order)
    row = Return.objects.get(line__order=order)
    return_receive(actor=world.people.manager, return_id=row.pk, quantity=1, now=world.now)
    assert refused(lambda: undo(world, order)) == [("WRONG_STATE", "shipment")]


def test_a_repeat_changes_nothing(world: World, part: Part, order: Order) -> None:
    world.ship(order)
    undo(world, order)
    undo(world, order, reason="again", now=world.now + timedelta(hours=1))
    assert order.shipments.get().undone_at == world.now
    assert level(part, world.home) == (9, 4)


def test_what_was_delivered_or_sent_back_or_has_no_reason_is_refused(world: World, part: Part, order: Order) -> None:
    other = world.paid(line(part))
    (sent,) = world.ship(other)
    shipment_deliver(actor=world.people.manager, shipment_id=sent.pk, now=world.now)
    assert refused(lambda: undo(world, other)) == [("WRONG_STATE", "shipment")]
    world.ship(order)
    assert refused(lambda: undo(world, order, reason=" ")) == [("INVALID", "reason")]
    assert refused(lambda: undo(world, order, actor=world.people.customer)) == [("NOT_ALLOWED", "")]
    (row,) = return_create(
        actor=world.people.customer, order_id=order.pk, lines=[ReturnLine(lines_of(order)[0].pk, 1)], reason="UNUSED", now=world.now
    )  # fmt: skip
    return_receive(actor=world.people.manager, return_id=row.pk, now=world.now)
    assert refused(lambda: undo(world, order)) == [("WRONG_STATE", "shipment")]
    shipment_deliver(actor=world.people.manager, shipment_id=order.shipments.get().pk, now=world.now)
    assert refused(lambda: undo(world, order)) == [("WRONG_STATE", "shipment")]


def test_a_carriers_number_that_comes_later_is_written_down(world: World, order: Order) -> None:
    world.ship(order)
    shipment = order.shipments.get()
    for _ in range(2):
        shipment_track(actor=world.people.manager, shipment_id=shipment.pk, tracking_number=" T-1 ", now=world.now)
    shipment.refresh_from_db()
    assert shipment.tracking_number == "T-1"
    assert OrderEvent.objects.filter(order=order, kind="tracked").count() == 1
    long: dict[str, Any] = {"shipment_id": shipment.pk, "tracking_number": "x" * 81, "now": world.now}
    assert refused(lambda: shipment_track(actor=world.people.manager, **long)) == [("INVALID", "trackingNumber")]


def test_some_pieces_of_a_line_can_be_cancelled(world: World, part: Part, order: Order) -> None:
    (first,) = lines_of(order)
    order_cancel(
        actor=world.people.manager, order_id=order.pk, line_ids=[first.pk], pieces={first.pk: 1}, reason="one less", now=world.now
    )  # fmt: skip
    order.refresh_from_db()
    assert (lines_of(order)[0].cancelled, level(part, world.home), order.total) == (1, (9, 3), won(30000))
