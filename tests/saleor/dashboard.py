"""What Saleor's own people do at its Dashboard, by the calls the Dashboard makes."""

from __future__ import annotations

from typing import Any

from orders.models import Order
from tests import store

_ORDER = """query($e: String!) { order(externalReference: $e) {
  id number status chargeStatus totalCharged { amount } totalAuthorized { amount } totalRefunded { amount } totalGrantedRefund { amount } totalBalance { amount }
  lines { id productSku quantity quantityFulfilled quantityToFulfill }
  fulfillments { id status trackingNumber reason warehouse { externalReference } lines { id quantity orderLine { id productSku } } }
  transactions { id name pspReference chargedAmount { amount } authorizedAmount { amount } refundedAmount { amount } events { type pspReference amount { amount } message } } } }"""
_FULFIL = """mutation($o: ID!, $i: OrderFulfillInput!) { orderFulfill(order: $o, input: $i) {
  fulfillments { id } errors { field message code } } }"""
_UNFULFIL = """mutation($id: ID!, $w: ID) { orderFulfillmentCancel(id: $id, input: {warehouseId: $w}) { errors { field message code } } }"""
_TRACK = """mutation($id: ID!, $n: String!) { orderFulfillmentUpdateTracking(id: $id, input: {trackingNumber: $n}) { errors { field message code } } }"""
_RETURN = """mutation($o: ID!, $i: OrderReturnProductsInput!) { orderFulfillmentReturnProducts(order: $o, input: $i) {
  returnFulfillment { id } errors { field message code } } }"""
_CANCEL = """mutation($id: ID!) { orderCancel(id: $id) { errors { field message code } } }"""
_PAID = """mutation($id: ID!, $r: String) { orderMarkAsPaid(id: $id, transactionReference: $r) { errors { field message code } } }"""
_ENTER = """mutation($id: ID!, $t: TransactionCreateInput!) { transactionCreate(id: $id, transaction: $t) { transaction { id } errors { field message code } } }"""
_ACT = """mutation($id: ID!, $a: PositiveDecimal) { transactionRequestAction(id: $id, actionType: REFUND, amount: $a) {
  transaction { id } errors { field message code } } }"""

_ADD = """mutation($id: ID!, $l: [OrderLineCreateInput!]!) { orderLinesCreate(id: $id, input: $l) { errors { field message code } } }"""
_COUNT = """mutation($id: ID!, $n: Int!) { orderLineUpdate(id: $id, input: {quantity: $n}) { errors { field message code } } }"""
_COMPLETE = """mutation($id: ID!) { draftOrderComplete(id: $id) { errors { field message code } } }"""


def _done(said: dict[str, Any]) -> Any:
    (answer,) = said.values()
    assert not answer["errors"], answer["errors"]
    return answer


def seen(order: Order) -> dict[str, Any]:
    """The order as the Dashboard shows it."""
    found: dict[str, Any] = store.staff_ask(_ORDER, e=f"portal:{order.number}")["order"]
    return found


def _line(order: Order, sku: str) -> str:
    return next(line["id"] for line in seen(order)["lines"] if line["productSku"] == sku)


def fulfil(order: Order, sku: str, count: int, warehouse: str, tracking: str = "") -> str:
    """Hand pieces of a line over from a warehouse (Saleor's id); answers the fulfilment's id."""
    line = {"orderLineId": _line(order, sku), "stocks": [{"quantity": count, "warehouse": warehouse}]}
    given = {"lines": [line], "notifyCustomer": False, "allowStockToBeExceeded": True, "trackingNumber": tracking}
    return str(_done(store.staff_ask(_FULFIL, o=seen(order)["id"], i=given))["fulfillments"][0]["id"])


def unfulfil(fulfilment: str, warehouse: str) -> None:
    """Cancel a fulfilment; its goods go back to a warehouse."""
    _done(store.staff_ask(_UNFULFIL, id=fulfilment, w=warehouse))


def track(fulfilment: str, number: str) -> None:
    """Edit a tracking number."""
    _done(store.staff_ask(_TRACK, id=fulfilment, n=number))


def take_back(order: Order, sku: str, count: int) -> None:
    """Return pieces that were handed over, in one go from one fulfilment."""
    rows = [
        row["id"]
        for one in seen(order)["fulfillments"]
        for row in one["lines"]
        if one["status"] == "FULFILLED" and row["orderLine"]["productSku"] == sku and row["quantity"] >= count
    ]
    lines = [{"fulfillmentLineId": rows[0], "quantity": count}]
    _done(store.staff_ask(_RETURN, o=seen(order)["id"], i={"fulfillmentLines": lines, "reason": "came back"}))


def strike(order: Order, sku: str, count: int) -> None:
    """Return pieces that were never handed over."""
    lines = [{"orderLineId": _line(order, sku), "quantity": count}]
    _done(store.staff_ask(_RETURN, o=seen(order)["id"], i={"orderLines": lines}))


def draft_add(order: Order, variant: str, count: int) -> None:
    """Put a line into a draft."""
    _done(store.staff_ask(_ADD, id=seen(order)["id"], l=[{"variantId": variant, "quantity": count}]))


def draft_count(order: Order, sku: str, count: int) -> None:
    """Change how many pieces of a line a draft has."""
    _done(store.staff_ask(_COUNT, id=_line(order, sku), n=count))


def draft_complete(order: Order) -> None:
    """Complete a draft."""
    _done(store.staff_ask(_COMPLETE, id=seen(order)["id"]))


def cancel(order: Order) -> None:
    """Cancel the order."""
    _done(store.staff_ask(_CANCEL, id=seen(order)["id"]))


def mark_as_paid(order: Order) -> None:
    """Mark as paid; Saleor refuses it once an order has transactions."""
    _done(store.staff_ask(_PAID, id=seen(order)["id"], r="INV-1"))


def enter(order: Order, charged: str = "", refunded: str = "", currency: str = "KRW") -> None:
    """Enter a payment or a refund by hand."""
    sums = {"amountCharged": charged, "amountRefunded": refunded}
    given = {name: {"amount": value, "currency": currency} for name, value in sums.items() if value}
    _done(store.staff_ask(_ENTER, id=seen(order)["id"], t={"name": "By hand", **given}))


def ask_refund(transaction_id: str, amount: str) -> None:
    """Press refund."""
    _done(store.staff_ask(_ACT, id=transaction_id, a=amount))
