"""Transfers in advance, and cards, that do not come: reminded, then cancelled, so that nobody's stock is held for nothing."""

from __future__ import annotations

import logging
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from orders.models import Order, PaymentMethod
from orders.selectors.ledger import order_account
from orders.selectors.transfers import Transfer, money_seen, transfer_of, transfers_waiting
from orders.services.cancelling import order_cancel
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
    for pk in list(transfers_waiting().values_list("pk", flat=True)):
        try:
            done += _step(pk, now)
        except Exception:
            log.exception("order %s: its transfer could not be seen to", pk)
    return done


@transaction.atomic
def _step(pk: int, now: datetime) -> int:
    order = next(iter(lock_rows(transfers_waiting().filter(pk=pk))), None)
    if order is None:  # paid or cancelled a moment ago
        return 0
    transfer = transfer_of(order, settled=order_account(order).settled)
    today = now.astimezone(ZoneInfo(order.company.zone)).date()
    if today > transfer.cancel_on:
        return _ask_person(order, transfer, now) if money_seen(order) else _cancel(order, transfer, now)
    return _remind(order, transfer, today, now)


def _remind(order: Order, transfer: Transfer, today: date, now: datetime) -> int:
    by_card = order.payment_method == PaymentMethod.CARD
    if today < transfer.remind_on or not _once(order, "card.reminded" if by_card else "transfer.reminded", now):
        return 0
    account = transfer.account
    data = {
        "amount": str(quantise(transfer.amount, order.currency)),
        "currency": order.currency,
        "reference": transfer.reference_shown,
        "account": account.number if account else "–",
        "cancel_on": transfer.cancel_on.isoformat(),
    }
    _tell(order, "card.reminder" if by_card else "transfer.reminder", data, now)
    return 1


def _cancel(order: Order, transfer: Transfer, now: datetime) -> int:
    order_cancel(actor=SYSTEM, order_id=order.pk, line_ids=None, reason=NOT_PAID, now=now)
    _tell(order, "transfer.expired", {"cancel_on": transfer.cancel_on.isoformat()}, now)
    return 1


def _ask_person(order: Order, transfer: Transfer, now: datetime) -> int:
    """Part of the money is here: a person decides, and the goods stay held."""
    if not _once(order, "transfer.partly", now):
        return 0
    data = {"amount": str(quantise(transfer.amount, order.currency)), "currency": order.currency}
    notice_send(
        company_id=None, role="ACCOUNTANT", kind="transfer.partly", subject_kind="order", subject=order.number, data=data,
        key=f"transfer.partly:{order.number}", now=now,
    )  # fmt: skip
    return 1


def _once(order: Order, kind: str, now: datetime) -> bool:
    return event_write(order=order, kind=kind, at=now, actor=SYSTEM, event_id=f"{kind}:{order.number}")


def _tell(order: Order, kind: str, data: dict[str, str], now: datetime) -> None:
    notice_send(
        company_id=order.company_id, role=None, kind=kind, subject_kind="order", subject=order.number, data=data,
        key=f"{kind}:{order.number}", now=now,
    )  # fmt: skip
