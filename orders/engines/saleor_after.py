"""What happens to an order after it was placed, carried out in Saleor: fulfilments, returns, cancellations, transactions.

Every call is one step of `orders.rules.mirror`, which looks at Saleor's order before and after: a doubtful time-out is settled by
looking, so nothing here remembers what it did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from orders.engines.saleor_events import DUE, MARK, PAYER, TYPES, order_read
from portal.engine_mirror import Act, Flow, Step, StepRefusedError, TheirOrder
from portal.saleor.client import SaleorClient
from portal.saleor.errors import Problem, SaleorRefused
from portal.saleor.services import client, link_get, link_set, links_of

REFERENCE = "portal:{}"  # externalReference of an order
_REFUNDABLE = ("REFUND",)


class AfterPlacing:
    """The part of the engine that keeps Saleor's copy of an order true."""

    mirrored = True

    def look(self, number: str) -> TheirOrder | None:
        """The order as Saleor has it; None when it has none, or only a draft."""
        told = client().call("order_look", e=REFERENCE.format(number))
        if told is None:
            return None
        return order_read(
            told,
            line_links={
                store_id: int(key.rsplit("/", 1)[1]) for key, store_id in links_of("line", _lines(told, number)).items()
            },
            shipment_links={store_id: key for key, store_id in _shipments(number).items()},
        )

    def changed_since(self, since: datetime) -> list[str]:
        """Numbers of our orders that Saleor changed since then, each once."""
        found: dict[str, None] = {}
        for page in client().pages("orders_changed", since=since.isoformat()):
            for node in page.nodes:
                reference = node["externalReference"] or ""
                if reference.startswith("portal:"):
                    found[reference.removeprefix("portal:")] = None
        return list(found)

    def carry_out(self, theirs: TheirOrder, step: Step) -> None:
        """Do one step. Raises StepRefusedError with Saleor's words."""
        try:
            _DEEDS[step.act](client(), theirs, step)
        except SaleorRefused as refused:
            raise StepRefusedError(str(refused)) from refused


def _lines(told: Mapping[str, Any], number: str) -> list[str]:
    """Keys of as many lines as there are: positions begin at 1 and have no gaps beyond what was cancelled."""
    return [f"{number}/{place}" for place in range(1, 2 * len(told["lines"]) + 10)]


def _shipments(number: str) -> dict[str, str]:
    return links_of("shipment", [f"{number}-{count}" for count in range(1, 200)])


def _cancel(store: SaleorClient, theirs: TheirOrder, step: Step) -> None:
    store.call("order_cancel", id=theirs.key)


def _link(store: SaleorClient, theirs: TheirOrder, step: Step) -> None:
    link_set("shipment", step.key, step.target)
    store.call("fulfillment_mark", id=step.target, input=[{"key": MARK, "value": step.key}])


def _ship(store: SaleorClient, theirs: TheirOrder, step: Step) -> None:
    """Goods have left: Saleor's own count of the shelf is no reason to refuse it. The customer is told by us."""
    warehouse = _warehouse(step.warehouse)
    lines = [
        {"orderLineId": _line(theirs, place), "stocks": [{"quantity": count, "warehouse": warehouse}]}
        for place, count in step.pieces.items()
    ]
    told = store.call(
        "order_fulfill",
        order=theirs.key,
        input={
            "lines": lines,
            "trackingNumber": step.tracking,
            "notifyCustomer": False,
            "allowStockToBeExceeded": True,
        },
    )
    for made in told["fulfillments"]:
        _link(store, theirs, Step(Act.LINK, step.key, made["id"]))


def _unship(store: SaleorClient, theirs: TheirOrder, step: Step) -> None:
    store.call("fulfillment_cancel", id=step.target, warehouse=_warehouse(step.warehouse))


def _track(store: SaleorClient, theirs: TheirOrder, step: Step) -> None:
    store.call("fulfillment_track", id=step.target, number=step.tracking)


def _strike(store: SaleorClient, theirs: TheirOrder, step: Step) -> None:
    """Saleor lets nobody change a confirmed order; pieces that never left can be returned, which frees what they had allocated."""
    lines = [{"orderLineId": _line(theirs, place), "quantity": count} for place, count in step.pieces.items()]
    given = {"orderLines": lines, "refund": False, "reason": f"Cancelled in the portal (order {step.key})"}
    store.call("order_take_back", order=theirs.key, input=given)


def _take_back(store: SaleorClient, theirs: TheirOrder, step: Step) -> None:
    rows = [
        {"fulfillmentLineId": row, "quantity": count, "replace": False}
        for place, pieces in step.pieces.items()
        for row, count in _parts(theirs, place, pieces)
    ]
    given = {"fulfillmentLines": rows, "refund": False, "reason": f"Returned in the portal (order {step.key})"}
    store.call("order_take_back", order=theirs.key, input=given)


def _parts(theirs: TheirOrder, place: int, pieces: int) -> list[tuple[str, int]]:
    """Fulfilment lines to take `pieces` of a line from, the latest hand-over first."""
    found = []
    for one in reversed(theirs.hand_overs):
        count = min(pieces, one.pieces.get(place, 0)) if not one.undone else 0
        if count:
            found.append((one.parts[place], count))
            pieces -= count
    return found


def _source(store: SaleorClient, theirs: TheirOrder, step: Step) -> None:
    """Made once: it has no idempotency of its own, so the plan asks for it only where the order shows none of that reference."""
    given = {"name": step.key.split(":", 1)[0].capitalize(), "pspReference": step.key, "availableActions": []}
    store.call("transaction_create", id=theirs.key, transaction=given)


def _report(store: SaleorClient, theirs: TheirOrder, step: Step) -> None:
    moved = step.movement
    assert moved is not None  # noqa: S101  the rule gives every report its movement
    store.call(
        "transaction_report",
        id=step.target,
        type=TYPES[moved.flow],
        amount=str(moved.amount),
        reference=moved.ref,
        actions=list(_REFUNDABLE) if moved.flow in (Flow.CHARGED, Flow.REFUNDED, Flow.REFUND_REFUSED) else None,
        time=moved.at.isoformat(),
    )


def _lower(store: SaleorClient, theirs: TheirOrder, step: Step) -> None:
    given = {"amount": str(step.amount), "reason": "Cancelled or returned in the portal", "transactionId": step.target}
    store.call("refund_grant", order=theirs.key, input=given)


def _line(theirs: TheirOrder, place: int) -> str:
    if place not in theirs.line_keys:  # somebody completed its draft with other lines
        raise SaleorRefused([Problem("lines", "NOT_FOUND", f"The store's order has no line {place} of ours.")])
    return theirs.line_keys[place]


def _explain(store: SaleorClient, theirs: TheirOrder, step: Step) -> None:
    """Saleor lets nobody change the total of a confirmed order. Who sees it there as paid too much, or not at all, shall read why."""
    rest = (
        "Paid in full, Saleor may call it overcharged. Nothing is to be given back."
        if step.amount > theirs.total
        else "The rest is not to be asked for."
    )
    placed = theirs.total.quantize(step.amount)
    words = f"Since it was placed this order was decided anew in the portal: {step.amount} are owed for it, not {placed}. {rest}"
    store.call("order_explain", id=theirs.key, input=[{"key": DUE, "value": str(step.amount)}], note=words)


def _tell_payers(store: SaleorClient, theirs: TheirOrder, step: Step) -> None:
    for place, payer in step.payers.items():
        store.call("line_mark", id=_line(theirs, place), input=[{"key": PAYER, "value": payer}])


def _warehouse(code: str) -> str:
    found = link_get("warehouse", code)
    if found is None:
        raise SaleorRefused([Problem("warehouse", "NOT_FOUND", f"The store has no warehouse {code}.")])
    return found


_DEEDS: dict[Act, Callable[[SaleorClient, TheirOrder, Step], None]] = {
    Act.CANCEL: _cancel,
    Act.LINK: _link,
    Act.SHIP: _ship,
    Act.UNSHIP: _unship,
    Act.TRACK: _track,
    Act.STRIKE: _strike,
    Act.TAKE_BACK: _take_back,
    Act.SOURCE: _source,
    Act.REPORT: _report,
    Act.LOWER: _lower,
    Act.EXPLAIN: _explain,
    Act.PAYERS: _tell_payers,
}
