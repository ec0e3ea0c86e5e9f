"""Transfers in advance, and cards, that do not come: reminded, then cancelled, so that nobody's stock is held for nothing."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from orders.models import HoldReason, Order, OrderHold, OrderState, PaymentMethod
from orders.selectors.bank import bank_money_seen
from orders.selectors.cards import cards_held
from orders.selectors.ledger import order_account
from orders.selectors.transfers import (
    Transfer,
    lapses_waiting,
    lines_unpaid,
    money_seen,
    transfer_of,
    transfers_waiting,
)
from orders.services.cancelling import order_cancel
from orders.services.card_waking import value_of
from orders.services.events import event_write
from portal import clock
from portal.accounts.actor import SYSTEM
from portal.locks import lock_rows
from portal.money import quantise
from portal.notices.services import notice_send

log = logging.getLogger(__name__)
NOT_PAID = "NOT_PAID"


def transfers_sweep(now: datetime | None = None) -> int:
    """Remind and cancel what is due at `now`; how many orders that were.

    One order is one transaction: killed at any line, the next sweep finds it as it was. Each step is a row of history with a
    name of its own, so it is taken once.
    """
    now = now or clock.now()
    done = 0
    for step, waiting in ((_step, transfers_waiting()), (_lapse_step, lapses_waiting())):
        for pk in list(waiting.values_list("pk", flat=True)):
            try:
                done += step(pk, now)
            except Exception:
                log.exception("order %s: its money could not be seen to", pk)
    return done


@dataclass(frozen=True)
class Wait:
    """What of an order waits for money: `lines` (None: all that is open), under a `name` of its own for its steps."""

    order: Order
    transfer: Transfer
    name: str
    lines: list[int] | None = None


@transaction.atomic
def _step(pk: int, now: datetime) -> int:
    order = next(iter(lock_rows(transfers_waiting().filter(pk=pk))), None)
    if order is None:  # paid or cancelled a moment ago
        return 0
    account = order_account(order)
    lines = list(order.lines.all())
    started = [line for line in lines if line.cleared_at]
    if not started:
        wait = Wait(order, transfer_of(order, settled=account.settled), order.number)
        return _see_to(wait, now, seen=money_seen(order))
    # Some lines go on; others were decided to be paid when those had started. Only these wait, from their own day on.
    held = cards_held(order, now)[0]
    transfer = transfer_of(order, settled=account.settled + held)
    late = [line.pk for line in lines_unpaid().filter(order=order)]
    wait = Wait(order, transfer, f"{order.number}:{transfer.cancel_on}", late)
    pieces = [(line, (line.quantity - line.cancelled) * bool(line.cleared_at)) for line in lines]
    more = account.settled - account.credit_used + held > value_of(order, pieces)
    return _see_to(wait, now, seen=more or bank_money_seen(order))


@transaction.atomic
def _lapse_step(pk: int, now: datetime) -> int:
    """The card lapsed and the buyer does not pay again: what did not leave yet is asked after, then ended."""
    order = next(iter(lock_rows(lapses_waiting().filter(pk=pk))), None)
    hold = OrderHold.objects.filter(order=pk, until=None, reason=HoldReason.PAYMENT_LAPSED).first()
    if order is None or hold is None or not order.lines.filter(quantity__gt=F("cancelled") + F("shipped")).exists():
        return 0
    transfer = transfer_of(order, settled=order_account(order).settled + cards_held(order, now)[0], since=hold.since)
    return _see_to(Wait(order, transfer, f"{order.number}:lapsed:{hold.pk}"), now, seen=bank_money_seen(order))


def _see_to(wait: Wait, now: datetime, *, seen: bool) -> int:
    today = now.astimezone(ZoneInfo(wait.order.company.zone)).date()
    if today > wait.transfer.cancel_on:
        return _ask_person(wait, now) if seen else _cancel(wait, now)
    return _remind(wait, today, now)


def _remind(wait: Wait, today: date, now: datetime) -> int:
    order, transfer = wait.order, wait.transfer
    by_card = order.payment_method == PaymentMethod.CARD
    if today < transfer.remind_on or not _once(wait, "card.reminded" if by_card else "transfer.reminded", now):
        return 0
    account = transfer.account
    data = {
        "amount": str(quantise(transfer.amount, order.currency)),
        "currency": order.currency,
        "reference": transfer.reference_shown,
        "account": account.number if account else "–",
        "cancel_on": transfer.cancel_on.isoformat(),
    }
    _tell(wait, "card.reminder" if by_card else "transfer.reminder", data, now)
    return 1


def _cancel(wait: Wait, now: datetime) -> int:
    """What nobody paid for ends; pieces that left, and lines that were paid, stay as they are."""
    order = order_cancel(actor=SYSTEM, order_id=wait.order.pk, line_ids=wait.lines, reason=NOT_PAID, now=now)
    whole = order.state == OrderState.CANCELLED
    told = {"cancel_on": wait.transfer.cancel_on.isoformat()}
    _tell(wait, "transfer.expired" if whole else "transfer.expired.rest", told, now)
    return 1


def _ask_person(wait: Wait, now: datetime) -> int:
    """Part of the money is here: a person decides, and the goods stay held."""
    order = wait.order
    if not _once(wait, "transfer.partly", now):
        return 0
    data = {"amount": str(quantise(wait.transfer.amount, order.currency)), "currency": order.currency}
    notice_send(
        company_id=None, role="ACCOUNTANT", kind="transfer.partly", subject_kind="order", subject=order.number, data=data,
        key=f"transfer.partly:{wait.name}", now=now,
    )  # fmt: skip
    return 1


def _once(wait: Wait, kind: str, now: datetime) -> bool:
    return event_write(order=wait.order, kind=kind, at=now, actor=SYSTEM, event_id=f"{kind}:{wait.name}")


def _tell(wait: Wait, kind: str, data: dict[str, str], now: datetime) -> None:
    notice_send(
        company_id=wait.order.company_id, role=None, kind=kind, subject_kind="order", subject=wait.order.number, data=data,
        key=f"{kind}:{wait.name}", now=now,
    )  # fmt: skip
