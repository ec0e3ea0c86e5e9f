"""What happens to an order after placing is in Saleor's books, and what its people do there is in ours."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from orders.models import Order
from orders.selectors.ledger_check import ledger_disagreements
from orders.services.cancelling import order_cancel
from orders.services.mirroring import order_mirror
from orders.services.returning import ReturnLine, return_create, return_receive
from orders.services.spending import order_refund
from orders.services.undoing import shipment_undo
from portal.notices.models import Notice
from portal.saleor.client import SaleorClient
from portal.saleor.errors import SaleorAway
from portal.saleor.models import Difference
from tests.orders.world import World, level, line, lines_of, promise
from tests.saleor import dashboard
from tests.saleor.shop import Shop


def there(order: Order) -> dict[str, Any]:
    """The order at the Dashboard."""
    return dashboard.seen(order)


def left(order: Order) -> list[tuple[str, str, int]]:
    """(warehouse, tracking number, pieces) of every fulfilment that stands."""
    return sorted(
        (one["warehouse"]["externalReference"], one["trackingNumber"], sum(row["quantity"] for row in one["lines"]))
        for one in there(order)["fulfillments"]
        if one["status"] == "FULFILLED"
    )


def to_fulfil(order: Order) -> list[int]:
    """Open pieces by line, as Saleor counts them, fewest first."""
    return sorted(one["quantityToFulfill"] for one in there(order)["lines"])


# --- what we do is in Saleor's books -----------------------------------------------------------------------------------


def test_hand_overs_from_two_warehouses_arrive_as_fulfilments(shop: Shop, world: World):
    part, other = shop.part(home=3, away=2), shop.part(home=9)
    order = world.paid(line(part, 5), line(other, 2))
    first, second = lines_of(order)
    world.ship(order, (first, 5), (second, 1), tracking_number="TRK-1")
    shop.settle(order)
    assert left(order) == [("AWAY", "TRK-1", 2), ("HOME", "TRK-1", 4)]
    assert (there(order)["status"], there(order)["chargeStatus"]) == ("PARTIALLY_FULFILLED", "FULL")
    assert shop.stock(part) == {"HOME": (0, 0), "AWAY": (0, 0)}
    assert shop.look(order) == []


def test_a_payment_is_one_transaction_however_often_it_is_told(shop: Shop, world: World):
    order = world.place(line(shop.part(home=5), 2))
    world.pay(order, amount=Decimal(5000))
    shop.settle(order)
    world.pay(order)
    shop.settle(order)
    for _ in range(2):
        shop.look(order)
    (one,) = there(order)["transactions"]
    assert sorted(event["amount"]["amount"] for event in one["events"]) == [5000, 15000]
    assert (there(order)["totalCharged"]["amount"], there(order)["chargeStatus"]) == (20000, "FULL")


def test_on_account_nothing_is_charged_until_the_bank_says_so(shop: Shop, world: World):
    order = world.place(line(shop.part(home=5), 2), by=world.people.dealer, payment="ACCOUNT")
    world.ship(order)
    shop.settle(order)
    assert (there(order)["totalCharged"]["amount"], there(order)["status"]) == (0, "FULFILLED")
    world.pay(order)
    shop.settle(order)
    assert there(order)["chargeStatus"] == "FULL"


def test_cancelled_pieces_leave_saleors_order_and_its_stock(shop: Shop, world: World):
    part, other = shop.part(home=5), shop.part(home=5)
    order = world.paid(line(part, 4), line(other, 1))
    order_cancel(
        actor=world.people.manager, order_id=order.pk, line_ids=[lines_of(order)[1].pk], reason="no", now=world.now
    )
    shop.settle(order)
    assert (to_fulfil(order), shop.stock(other)) == ([0, 4], {"HOME": (5, 0), "AWAY": (0, 0)})
    order_refund(actor=world.people.accountant, order_id=order.pk, now=world.now)
    shop.settle(order)
    seen = there(order)
    assert (seen["totalCharged"]["amount"], seen["totalGrantedRefund"]["amount"], seen["chargeStatus"]) == (
        40000,
        10000,
        "FULL",
    )
    assert shop.look(order) == []


def test_a_cancelled_order_is_cancelled_there(shop: Shop, world: World):
    part = shop.part(home=5)
    order = world.place(line(part, 4))
    order_cancel(actor=world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=world.now)
    shop.settle(order)
    assert (there(order)["status"], shop.stock(part)["HOME"]) == ("CANCELED", (5, 0))
    assert shop.look(order) == []


def test_a_return_here_is_a_return_there(shop: Shop, world: World):
    part = shop.part(home=5)
    order = world.paid(line(part, 4))
    world.ship(order)
    shop.settle(order)
    (row,) = return_create(
        actor=world.people.customer,
        order_id=order.pk,
        lines=[ReturnLine(lines_of(order)[0].pk, 3)],
        reason="UNUSED",
        now=world.now,
    )
    return_receive(actor=world.people.manager, return_id=row.pk, now=world.now)
    shop.settle(order)
    assert there(order)["status"] == "PARTIALLY_RETURNED"
    assert left(order) == [("HOME", "", 1)]
    assert shop.look(order) == []


def test_all_of_a_shipment_returned_is_not_shipped_again(shop: Shop, world: World):
    order = world.paid(line(shop.part(home=5), 2))
    world.ship(order)
    shop.settle(order)
    rows = return_create(
        actor=world.people.customer,
        order_id=order.pk,
        lines=[ReturnLine(lines_of(order)[0].pk, 2)],
        reason="UNUSED",
        now=world.now,
    )
    return_receive(actor=world.people.manager, return_id=rows[0].pk, now=world.now)
    shop.settle(order)
    assert (there(order)["status"], shop.look(order)) == ("RETURNED", [])


def test_a_hand_over_that_did_not_happen_is_undone_there(shop: Shop, world: World):
    part = shop.part(home=5)
    order = world.paid(line(part, 2))
    (shipment,) = world.ship(order)
    shop.settle(order)
    shipment_undo(actor=world.people.manager, shipment_id=shipment.pk, reason="still on the dock", now=world.now)
    shop.settle(order)
    assert (left(order), to_fulfil(order), shop.stock(part)["HOME"]) == ([], [2], (5, 2))
    order.refresh_from_db()
    assert (order.state, level(part, world.home), promise(order).state) == ("READY", (5, 2), "RUNNING")
    world.ship(order)
    shop.settle(order)
    assert (left(order), shop.look(order), ledger_disagreements()) == ([("HOME", "", 2)], [], [])


# --- what Saleor's people do is in our books -------------------------------------------------------------------------


def test_staff_fulfil_part_of_it_from_another_warehouse(shop: Shop, world: World):
    part = shop.part(home=5, away=5)
    order = world.paid(line(part, 4))
    shop.settle(order)
    dashboard.fulfil(order, part.number, 3, shop.warehouses["AWAY"], "DHL-1")
    assert shop.look(order) == []
    order.refresh_from_db()
    (shipment,) = order.shipments.all()
    assert (order.state, shipment.warehouse.code, shipment.tracking_number) == ("PARTLY_SHIPPED", "AWAY", "DHL-1")
    assert (level(part, world.away), level(part, world.home)) == ((2, 0), (5, 1))
    dashboard.fulfil(order, part.number, 1, shop.warehouses["HOME"])
    assert shop.look(order) == []
    order.refresh_from_db()
    assert (order.state, promise(order).state) == ("SHIPPED", "KEPT")


def test_staff_edit_a_tracking_number(shop: Shop, world: World):
    part = shop.part(home=5)
    order = world.paid(line(part, 1))
    world.ship(order)
    shop.settle(order)
    fulfilment = there(order)["fulfillments"][0]["id"]
    for number in ("A-1", "B-2", "A-1"):
        dashboard.track(fulfilment, number)
        assert shop.look(order) == []
        assert order.shipments.get().tracking_number == number


def test_staff_cancel_a_fulfilment(shop: Shop, world: World):
    part = shop.part(home=5)
    order = world.paid(line(part, 3))
    world.ship(order)
    shop.settle(order)
    dashboard.unfulfil(there(order)["fulfillments"][0]["id"], shop.warehouses["HOME"])
    assert shop.look(order) == []
    order.refresh_from_db()
    assert (order.state, level(part, world.home), promise(order).state) == ("READY", (5, 3), "RUNNING")


def test_staff_cancel_the_order(shop: Shop, world: World):
    part = shop.part(home=5)
    order = world.place(line(part, 3))
    dashboard.cancel(order)
    assert shop.look(order) == []
    order.refresh_from_db()
    assert (order.state, level(part, world.home)) == ("CANCELLED", (5, 0))


def test_staff_take_goods_back_and_strike_what_never_left(shop: Shop, world: World):
    part = shop.part(home=9)
    order = world.paid(line(part, 6))
    (first,) = lines_of(order)
    world.ship(order, (first, 3))
    shop.settle(order)
    dashboard.take_back(order, part.number, 2)
    dashboard.strike(order, part.number, 1)
    assert shop.look(order) == []
    (first,) = lines_of(order)
    assert (first.shipped, first.returned, first.cancelled) == (3, 2, 1)
    assert level(part, world.home) == (6, 2)  # nobody has judged the goods: they are on no shelf


def test_a_return_the_buyer_announced_is_received_when_staff_take_it_back(shop: Shop, world: World):
    part = shop.part(home=9)
    order = world.paid(line(part, 2))
    world.ship(order)
    shop.settle(order)
    (row,) = return_create(
        actor=world.people.customer,
        order_id=order.pk,
        lines=[ReturnLine(lines_of(order)[0].pk, 2)],
        reason="UNUSED",
        now=world.now,
    )
    dashboard.take_back(order, part.number, 2)
    assert shop.look(order) == []
    row.refresh_from_db()
    assert (row.state, order.shipments.count()) == ("RECEIVED", 1)


def test_staff_mark_as_paid(shop: Shop, world: World):
    order = world.place(line(shop.part(home=5), 2))
    dashboard.mark_as_paid(order)
    assert shop.look(order) == []
    order.refresh_from_db()
    assert (order.state, order.payment_state, promise(order).state) == ("READY", "PAID", "RUNNING")
    assert shop.look(order) == []
    assert order.payments.count() == 1


def test_staff_enter_a_payment_and_a_refund_by_hand(shop: Shop, world: World):
    order = world.place(line(shop.part(home=5), 2))
    dashboard.enter(order, charged="20000")
    assert shop.look(order) == []
    dashboard.enter(order, refunded="3000")
    assert shop.look(order) == []
    order.refresh_from_db()
    assert (order.payment_state, ledger_disagreements()) == ("PAID", [])  # given on purpose: goodwill, not a debt


def test_a_payment_entered_twice_here_and_there_is_paid_too_much(shop: Shop, world: World):
    order = world.place(line(shop.part(home=5), 2))
    dashboard.enter(order, charged="20000")
    world.pay(order)
    assert shop.look(order) == []
    order.refresh_from_db()
    assert order.payment_state == "REFUND_DUE"
    order_refund(actor=world.people.accountant, order_id=order.pk, now=world.now)
    shop.settle(order)
    assert (there(order)["totalCharged"]["amount"], shop.look(order)) == (20000, [])


def test_what_cannot_be_followed_is_a_difference_staff_see_and_mends_by_itself(shop: Shop, world: World):
    part = shop.part(home=5)
    order = world.place(line(part, 2))  # not paid: it may not leave
    dashboard.fulfil(order, part.number, 2, shop.warehouses["HOME"])
    assert [one.what for one in shop.look(order)] == ["hand-overs"]
    assert Difference.objects.get(subject=order.number).mended_at is None
    assert Notice.objects.filter(kind="order.differs", subject=order.number).count() == 1
    world.pay(order)
    shop.settle(order)
    assert (order.state, Difference.objects.get(subject=order.number).mended_at) == ("SHIPPED", world.now)


def test_both_sides_hand_over_the_same_pieces_at_once(shop: Shop, world: World):
    part = shop.part(home=5)
    order = world.paid(line(part, 2))
    shop.settle(order)
    dashboard.fulfil(order, part.number, 2, shop.warehouses["HOME"])
    world.ship(order)
    assert shop.look(order) == []
    assert (left(order), order.shipments.count()) == ([("HOME", "", 2)], 1)


def test_an_answer_that_is_lost_after_the_deed_changes_nothing(
    shop: Shop, world: World, monkeypatch: pytest.MonkeyPatch
):
    """The request arrived, the answer did not: the next round looks before it does anything."""
    order = world.place(line(shop.part(home=5), 3))
    world.pay(order)
    world.ship(order)
    real = SaleorClient.call
    done: list[str] = []

    def lossy(self: SaleorClient, name: str, /, **given: Any) -> Any:
        answer = real(self, name, **given)
        if name not in ("order_look", *done):
            done.append(name)
            raise SaleorAway("lost", doubtful=True)
        return answer

    monkeypatch.setattr(SaleorClient, "call", lossy)
    for _ in range(12):
        try:
            order_mirror(order_id=order.pk, now=world.now)
            break
        except SaleorAway:
            continue
    monkeypatch.setattr(SaleorClient, "call", real)
    assert {"transaction_create", "transaction_report", "order_fulfill", "fulfillment_mark"} <= set(done)
    assert (len(there(order)["transactions"]), left(order), there(order)["totalCharged"]["amount"]) == (
        1,
        [("HOME", "", 3)],
        30000,
    )
    assert shop.look(order) == []
