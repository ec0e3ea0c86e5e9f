"""What the store's own people did to an order, done here too: by the same services as everybody else's acts.

Goods that left and money that came are facts: what our rules would have refused beforehand is not lost. It raises PortalError, the
caller tells staff, and the next look tries again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from orders.models import (
    AccountKind,
    EntryKind,
    LedgerEntry,
    Order,
    OrderLine,
    Payment,
    PaymentMethod,
    Return,
    ReturnReason,
    ReturnState,
    Shipment,
)
from orders.rules.money import ZERO
from orders.selectors.store_copy import FROM_STORE
from orders.services.advancing import order_advance, paid_so_far, payable_now
from orders.services.booking import payment_book, refund_book
from orders.services.cancelling import order_cancel
from orders.services.events import event_write
from orders.services.ledger import Fact, entry_post
from orders.services.paying import payment_tell
from orders.services.returning import ReturnLine, return_create, return_receive
from orders.services.shipping import ShipLine, shipment_create
from orders.services.undoing import shipment_track, shipment_undo
from portal.accounts.actor import SYSTEM
from portal.engine import EngineEvent, EventKind
from portal.notices.services import notice_send

CARRIER = "-"  # the store asks for none
_WHY = "done in the store"


def store_fact_apply(*, order: Order, event: EngineEvent, now: datetime) -> None:
    """Do what the store tells. The caller holds the order's lock, in one transaction with the fact's row of history."""
    _APPLY[event.kind](order, event, now)


def _lines(order: Order, pieces: Mapping[int | str, int]) -> dict[OrderLine, int]:
    own = {line.position: line for line in order.lines.all()}
    return {own[int(place)]: count for place, count in pieces.items()}


def _shipped(order: Order, event: EngineEvent, now: datetime) -> None:
    """Whatever warehouse it left from, part of it or all: holds on other shelves move there first."""
    lines = [ShipLine(line.pk, count) for line, count in _lines(order, event.data["pieces"]).items()]
    cleared = [line.cleared_at for line in _lines(order, event.data["pieces"]) if line.cleared_at]
    shipment_create(
        actor=SYSTEM, order_id=order.pk, lines=lines, carrier=CARRIER, now=now, tracking_number=event.data["tracking"],
        warehouse=event.data["warehouse"], shipped_at=max([event.at, *cleared]),
    )  # fmt: skip


def _shipment(order: Order, event: EngineEvent) -> Shipment:
    return Shipment.objects.get(order=order, number=event.data["shipment"])


def _unshipped(order: Order, event: EngineEvent, now: datetime) -> None:
    shipment_undo(actor=SYSTEM, shipment_id=_shipment(order, event).pk, reason=_WHY, now=now)


def _tracked(order: Order, event: EngineEvent, now: datetime) -> None:
    number = event.data["tracking"][:80]
    shipment_track(actor=SYSTEM, shipment_id=_shipment(order, event).pk, tracking_number=number, now=now)


def _cancelled(order: Order, event: EngineEvent, now: datetime) -> None:
    pieces = {line.pk: count for line, count in _lines(order, event.data["pieces"]).items()}
    order_cancel(actor=SYSTEM, order_id=order.pk, line_ids=pieces.keys(), pieces=pieces, reason=_WHY, now=now)


def _returned(order: Order, event: EngineEvent, now: datetime) -> None:
    """A return the buyer announced is received first. Nobody has judged the goods, and the store puts none back on a shelf: nor do we."""
    for line, count in _lines(order, event.data["pieces"]).items():
        left = count
        for row in Return.objects.filter(line=line, state=ReturnState.EXPECTED).order_by("pk"):
            if row.reason not in (ReturnReason.OLD_PART, ReturnReason.CORE) and left:
                left -= _receive(row, min(left, row.quantity - row.received), now)
        if left:
            rows = return_create(
                actor=SYSTEM,
                order_id=order.pk,
                lines=[ReturnLine(line.pk, left)],
                reason=ReturnReason.IN_STORE,
                now=now,
            )
            _receive(rows[0], left, now)


def _receive(row: Return, pieces: int, now: datetime) -> int:
    return_receive(actor=SYSTEM, return_id=row.pk, quantity=pieces, saleable=False, now=now)
    return pieces


def _paid(order: Order, event: EngineEvent, now: datetime) -> None:
    """Money entered in the store. More than is open makes the order paid too much, which the accountant sees."""
    payment = Payment.objects.create(
        order=order, method=PaymentMethod.TRANSFER, amount=Decimal(event.data["amount"]), received_at=max(event.at, order.placed_at),
        recorded_at=now, recorded_by=SYSTEM.name, reference=f"{FROM_STORE}{event.data['source']}"[:120],
    )  # fmt: skip
    payment_book(payment, order=order, actor=SYSTEM, now=now)
    event_write(
        order=order,
        kind="paid",
        at=event.at,
        actor=SYSTEM,
        data={"amount": str(payment.amount), "method": payment.method},
    )
    order_advance(order=order, at=payment.received_at, now=now, actor=SYSTEM)
    payment_tell(payment, order, now=now)


def _refunded(order: Order, event: EngineEvent, now: datetime) -> None:
    """What was paid too much goes first; what was given beyond it is goodwill, and does not make the order unpaid."""
    amount = Decimal(event.data["amount"])
    excess = max(paid_so_far(order) - payable_now(order, list(order.lines.all())), ZERO)
    owed = min(amount, excess)
    key = f"{FROM_STORE}{order.number}:{LedgerEntry.objects.filter(order=order).count() + 1}"
    if owed:
        refund_book(
            order=order,
            key=key,
            method=PaymentMethod.TRANSFER,
            amount=owed,
            at=event.at,
            now=now,
            actor=SYSTEM,
            reason=_WHY,
        )
    if given := amount - owed:
        fact = Fact(
            f"refund:{key}:goodwill", EntryKind.REFUNDED, order.company_id, order.currency, event.at, order, reason=_WHY
        )
        entry_post(fact, {AccountKind.BANK: -given}, house={AccountKind.GOODWILL: given}, actor=SYSTEM, now=now)
    event_write(order=order, kind="refunded", at=event.at, actor=SYSTEM, data={"amount": str(amount), "credit": False})
    order_advance(order=order, at=now, now=now, actor=SYSTEM)
    notice_send(
        company_id=None, role="ACCOUNTANT", kind="order.refunded.elsewhere", subject_kind="order", subject=order.number,
        data={"amount": str(amount), "currency": order.currency}, key=f"order.refunded.elsewhere:{event.event_id}", now=now,
    )  # fmt: skip


_APPLY: dict[EventKind, Callable[[Order, EngineEvent, datetime], None]] = {
    EventKind.SHIPPED: _shipped,
    EventKind.UNSHIPPED: _unshipped,
    EventKind.TRACKED: _tracked,
    EventKind.CANCELLED: _cancelled,
    EventKind.RETURNED: _returned,
    EventKind.PAID: _paid,
    EventKind.REFUNDED: _refunded,
}
