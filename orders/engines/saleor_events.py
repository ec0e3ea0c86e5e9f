"""What Saleor says of an order, in the port's words. No Saleor word travels past this module."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from portal.engine_mirror import Flow, HandOver, RefundAnswer, RefundAsked, Source, TheirOrder

MARK = "portal.shipment"  # private metadata of a fulfilment: our shipment's number
DUE = "portal.due"  # metadata of an order: what is owed for it since, where that is not its total
PAYER = "portal.payer"  # metadata of a line: who pays it
POSITION = "portal.position"  # metadata of a line: where it stands in our order
OURS = ("bank:", "card:", "credit:")  # how our sources of money begin (orders.selectors.store_copy)
TYPES = {
    Flow.AUTHORISED: "AUTHORIZATION_SUCCESS",
    Flow.RELEASED: "CANCEL_SUCCESS",
    Flow.CHARGED: "CHARGE_SUCCESS",
    Flow.REFUNDED: "REFUND_SUCCESS",
    Flow.REFUND_REVERSED: "REFUND_REVERSE",
    Flow.REFUND_REFUSED: "REFUND_FAILURE",
    Flow.DISPUTED: "CHARGE_BACK",
}
_FLOWS = {word: flow for flow, word in TYPES.items()}
_BACK = ("RETURNED", "REPLACED", "REFUNDED", "REFUNDED_AND_RETURNED")  # REFUNDED: of the old payments we never make
_LEFT = ("FULFILLED", "CANCELED")  # what waits for approval has not left


def order_read(
    told: Mapping[str, Any], *, line_links: Mapping[str, int], shipment_links: Mapping[str, str]
) -> TheirOrder | None:
    """An order as `order_look` answers it; None while it is a draft.

    `line_links`: Saleor's line id to our position; `shipment_links`: its fulfilment's id to our shipment's number.
    """
    if told["status"] == "DRAFT":
        return None
    places = {line["id"]: _position(line, line_links) for line in told["lines"]}
    own = {line_id: place for line_id, place in places.items() if place is not None}
    left = [_hand_over(one, own, shipment_links) for one in told["fulfillments"] if one["status"] in _LEFT]
    back = [one for one in told["fulfillments"] if one["status"] in _BACK and one["lines"]]
    there = {one["id"] for one in told["fulfillments"]}
    return TheirOrder(
        key=told["id"],
        number=told["number"],
        cancelled=told["status"] == "CANCELED",
        quantities={own[line["id"]]: line["quantity"] for line in told["lines"] if line["id"] in own},
        hand_overs=tuple(one for one in left if one.pieces),
        back=_counted((row for one in back for row in one["lines"]), own),
        back_ref=back[-1]["id"] if back else "",  # they come in the order they were made
        lost=frozenset(number for store_id, number in shipment_links.items() if store_id not in there),
        sources=_sources(told["transactions"]),
        total=amount(told["total"]["gross"]),
        explained=_explained(told["metadata"]),
        granted=amount(told["totalGrantedRefund"]),
        unknown=tuple(
            f"{line['quantity']} x {line['productSku'] or line['productName']}"
            for line in told["lines"]
            if places[line["id"]] is None
        ),
        line_keys={place: line_id for line_id, place in own.items()},
        payers={
            own[line["id"]]: payer for line in told["lines"] if line["id"] in own and (payer := _said(line, PAYER))
        },
    )


def refund_read(told: Mapping[str, Any]) -> RefundAsked:
    """A refund somebody asks for in the Dashboard, as `told_refund` tells it. ValueError or KeyError when it cannot be read."""
    order = told["transaction"]["order"] or {}
    return RefundAsked(
        order=(order.get("externalReference") or "").removeprefix("portal:"),
        source=told["transaction"]["pspReference"],
        amount=Decimal(str(told["action"]["amount"])),
        currency=told["action"]["currency"],
    )


def refund_words(answer: RefundAnswer) -> dict[str, Any]:
    """The answer Saleor waits for: refused with words, or on its way; that it is done is reported like every movement."""
    if answer.refused:
        return {"result": "REFUND_FAILURE", "message": answer.refused[:500], "actions": ["REFUND"]}
    return {"pspReference": answer.ref, "actions": ["REFUND"]}


def amount(money: Mapping[str, Any] | None) -> Decimal:
    """Saleor's amounts are JSON numbers; their shortest writing is the amount."""
    return Decimal(str(money["amount"])) if money else Decimal(0)


def _explained(rows: Iterable[Mapping[str, str]]) -> Decimal | None:
    said = {row["key"]: row["value"] for row in rows}.get(DUE)
    return Decimal(said) if said else None


def _said(line: Mapping[str, Any], key: str) -> str:
    return str({row["key"]: row["value"] for row in line["metadata"]}.get(key, ""))


def _position(line: Mapping[str, Any], links: Mapping[str, int]) -> int | None:
    told = _said(line, POSITION)
    return int(told) if told.isdecimal() else links.get(line["id"])


def _hand_over(one: Mapping[str, Any], own: Mapping[str, int], links: Mapping[str, str]) -> HandOver:
    marks = {row["key"]: row["value"] for row in one["privateMetadata"]}
    place = one["warehouse"] or {}
    return HandOver(
        key=one["id"],
        warehouse=place.get("externalReference") or place.get("slug") or "",
        pieces=_counted(one["lines"], own),
        tracking=one["trackingNumber"] or "",
        undone=one["status"] == "CANCELED",
        ours=links.get(one["id"]) or marks.get(MARK, ""),
        at=datetime.fromisoformat(one["created"]),
        parts={own[row["orderLine"]["id"]]: row["id"] for row in one["lines"] if row["orderLine"]["id"] in own},
    )


def _counted(rows: Iterable[Mapping[str, Any]], own: Mapping[str, int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for row in rows:
        place = own.get((row["orderLine"] or {}).get("id", ""))
        if place is not None and row["quantity"]:
            counts[place] = counts.get(place, 0) + row["quantity"]
    return counts


def _sources(told: Iterable[Mapping[str, Any]]) -> dict[str, Source]:
    return dict(_source(one) for one in told)


def _source(one: Mapping[str, Any]) -> tuple[str, Source]:
    """Ours by the reference we gave it; what a person or another app entered by Saleor's id.

    Saleor forgets who made it when the app is installed anew, so the reference decides.
    """
    ours = one["pspReference"].startswith(OURS) and (one["createdBy"] or {}).get("__typename") != "User"
    source = Source(
        key=one["id"],
        charged=amount(one["chargedAmount"]) + amount(one["refundPendingAmount"]),  # asked for is not gone yet
        authorised=amount(one["authorizedAmount"]),
        foreign=not ours,
        last=one["events"][0]["id"] if one["events"] else "",  # the newest comes first
        seen=frozenset(_seen(one["events"])),
    )
    return (one["pspReference"] if ours else one["id"]), source


def _seen(events: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Flow, str]]:
    for event in events:
        if event["type"] in _FLOWS:
            yield _FLOWS[event["type"]], event["pspReference"]
