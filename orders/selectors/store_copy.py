"""An order as the store's copy of it should say: pieces, hand-overs, and every movement of its money."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import QuerySet, Sum

from orders.models import (
    AccountKind,
    CardMovement,
    CardRefund,
    EntryKind,
    LedgerPosting,
    Order,
    OrderEvent,
    Payment,
    RefundState,
    Shipment,
)
from orders.rules.money import ZERO
from portal.engine_mirror import Flow, HandOver, LineCount, Movement, OurOrder
from portal.money import quantise

FROM_STORE = "store:"  # how a payment's reference and a refund's key begin that the store's own people entered
Kind = CardMovement.Kind
_CARD_FLOWS = {
    Kind.AUTHORISED: Flow.AUTHORISED,
    Kind.RELEASED: Flow.RELEASED,
    Kind.CAPTURED: Flow.CHARGED,
    Kind.REFUNDED: Flow.REFUNDED,
    Kind.REFUND_FAILED: Flow.REFUND_REVERSED,
    Kind.DISPUTED: Flow.DISPUTED,
    Kind.DISPUTE_WON: Flow.CHARGED,
}
_BOOK_FLOWS = {
    EntryKind.REFUNDED: ("bank", Flow.REFUNDED),
    EntryKind.CREDITED: ("bank", Flow.REFUNDED),  # it left the order, and is the buyer's to spend
    EntryKind.CREDIT_USED: ("credit", Flow.CHARGED),
    EntryKind.CREDIT_FREED: ("credit", Flow.REFUNDED),
}


def our_order(order_id: int) -> OurOrder:
    """The order as it stands in our books; a constant number of queries."""
    order = Order.objects.get(pk=order_id)
    lines = list(order.lines.all())
    told = list(OrderEvent.objects.filter(order=order, kind__startswith="engine.").values_list("kind", "data"))
    return OurOrder(
        number=order.number,
        currency=order.currency,
        lines={line.position: LineCount(line.quantity, line.cancelled, line.shipped, line.returned) for line in lines},
        hand_overs=tuple(_hand_overs(order)),
        movements=tuple(sorted([*_book_movements(order), *_card_movements(order)], key=lambda one: (one.at, one.ref))),
        due=quantise(order.total + _lowered(order), order.currency),
        from_store=_from_store(told),
        told=len(told),
        payers={line.position: line.payer for line in lines},
    )


def card_source(intent_id: str) -> str:
    """How a card's payment is called in the store."""
    return f"card:{intent_id}"


def refund_ref(refund: CardRefund) -> str:
    """How a refund to a card is called in the store: the same when it is asked for, done or refused."""
    return f"refund:{refund.pk}"


def _hand_overs(order: Order) -> Iterator[HandOver]:
    shipments: QuerySet[Shipment] = order.shipments.select_related("warehouse").prefetch_related("lines__line")
    for one in shipments.order_by("pk"):
        yield HandOver(
            key=one.number,
            warehouse=one.warehouse.code,
            pieces={row.line.position: row.quantity for row in one.lines.all()},
            tracking=one.tracking_number,
            undone=one.undone_at is not None,
            at=one.shipped_at,
        )


def _lowered(order: Order) -> Decimal:
    """What goods that came back, and the last fils no card can take, lowered the sum by (below zero)."""
    rows = LedgerPosting.objects.filter(entry__order=order, account__kind=AccountKind.RECEIVABLE)
    rows = rows.filter(entry__kind__in=(EntryKind.RETURNED, EntryKind.GOODWILL))
    return rows.aggregate(sum=Sum("amount"))["sum"] or ZERO


def _from_store(told: list[tuple[str, dict[str, str]]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for kind, data in told:
        if kind in ("engine.paid", "engine.refunded"):
            sign = 1 if kind == "engine.paid" else -1
            sums[data["source"]] = sums.get(data["source"], ZERO) + sign * Decimal(data["amount"])
    return sums


def _book_movements(order: Order) -> Iterator[Movement]:
    """Money at the bank and credit. What is on account is no movement: it is paid when the bank says so."""
    for one in order.payments.filter(card=None).exclude(reference__startswith=FROM_STORE):
        yield _paid(order, one)
    rows = LedgerPosting.objects.filter(entry__order=order, account__kind=AccountKind.RECEIVABLE)
    rows = rows.filter(entry__kind__in=_BOOK_FLOWS).exclude(entry__key__startswith="card:")
    for row in rows.exclude(entry__key__startswith=f"refund:{FROM_STORE}").select_related("entry"):
        source, flow = _BOOK_FLOWS[EntryKind(row.entry.kind)]
        yield Movement(f"{source}:{order.number}", flow, row.entry.key, abs(row.amount), row.entry.at)


def _paid(order: Order, one: Payment) -> Movement:
    return Movement(f"bank:{order.number}", Flow.CHARGED, f"payment:{one.pk}", one.amount, one.received_at)


def _card_movements(order: Order) -> Iterator[Movement]:
    refunds = list(CardRefund.objects.filter(card__order=order).select_related("card"))
    refs = {f"{one.refund_id}:{end}": refund_ref(one) for one in refunds for end in ("refunded", "failed")}
    moved = set()
    for row in CardMovement.objects.filter(card__order=order).select_related("card"):
        ref = refs.get(row.key, row.key)
        moved.add(ref)
        yield Movement(card_source(str(row.card.intent_id)), _CARD_FLOWS[Kind(row.kind)], ref, row.amount, row.at)
    for one in refunds:
        if one.state == RefundState.FAILED and refund_ref(one) not in moved:
            source = card_source(str(one.card.intent_id))
            yield Movement(source, Flow.REFUND_REFUSED, refund_ref(one), one.amount, one.created_at)
