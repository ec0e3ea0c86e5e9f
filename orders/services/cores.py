"""Core deposits: asked with a part, given back when the old unit comes in time and is good, kept when it does not (docs/payments.md)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Sum

from orders.models import (
    AccountKind,
    EntryKind,
    LedgerPosting,
    Order,
    OrderLine,
    Return,
    ReturnReason,
    ReturnState,
    Shipment,
    ShipmentLine,
)
from orders.rules.ledger import LineMoney, Returned, returned
from orders.rules.money import ZERO
from orders.selectors.money_policy import money_policy
from orders.services.advancing import order_advance
from orders.services.events import event_write
from orders.services.issuing import Worth, return_paper_issue
from orders.services.ledger import Fact, entry_post
from portal import clock
from portal.accounts.actor import SYSTEM, Actor
from portal.locks import lock_rows
from portal.money import quantise
from portal.notices.services import notice_send

log = logging.getLogger(__name__)
REMIND = timedelta(days=7)  # before the last day


def cores_expect(order: Order, shipments: Sequence[Shipment], *, now: datetime) -> None:
    """The old units of what left with a deposit are expected back: a row for each line of a hand-over, due so many days after it."""
    rows = []
    for shipment in shipments:
        due_on = _due_on(order, shipment)
        rows += [
            Return(line=one.line, reason=ReturnReason.CORE, quantity=one.quantity, due_on=due_on, created_at=now)
            for one in shipment.lines.select_related("line").order_by("pk")
            if one.line.core_due
        ]
    Return.objects.bulk_create(rows)


def core_receive(order: Order, row: Return, pieces: int, *, good: bool, now: datetime, actor: Actor) -> None:
    """Old units are here: their deposit is given back if they are good and in time, else kept. The caller holds the order's lock."""
    line = row.line
    count = min(pieces, line.core_open)
    if not count:  # no deposit was asked for them
        return
    late = row.due_on is not None and now.astimezone(ZoneInfo(order.company.zone)).date() > row.due_on
    key = f"core:{row.pk}:{row.received}"
    if late or not good:
        worth = core_end(order, line, count, key=key, kept=True, now=now, actor=actor)
        _tell(order, "core.kept.late" if late else "core.kept.refused", row, count, worth, key, now)
        return
    worth = core_end(order, line, count, key=key, kept=False, now=now, actor=actor)
    order_advance(order=order, at=now, now=now, actor=actor)
    return_paper_issue(order, row, [Worth(count, worth, core=True)], now=now)
    _tell(order, "core.credited", row, count, worth, key, now)


def core_end(
    order: Order, line: OrderLine, pieces: int, *, key: str, kept: bool, now: datetime, actor: Actor
) -> Returned:
    """The deposit of so many pieces ends: back to the buyer with its tax, or ours for good, its tax paid already (ADR 0051)."""
    money = LineMoney(line.core_net, line.core_tax, line.quantity - line.cancelled, line.shipped)
    worth = returned(money, before=line.core_ended, pieces=pieces, fee_rate=ZERO, currency=order.currency)
    line.core_ended += pieces
    line.save(update_fields=["core_ended"])
    if not any(one.core_open or (one.core_due and one.open_quantity) for one in order.lines.all()):
        held = LedgerPosting.objects.filter(entry__order=order, account__kind=AccountKind.CORES)
        worth = replace(worth, goods=-(held.aggregate(sum=Sum("amount"))["sum"] or ZERO))  # the last takes what is left
    kind = EntryKind.CORE_KEPT if kept else EntryKind.CORE_BACK
    other = (
        {AccountKind.GOODS: -worth.goods}
        if kept
        else {AccountKind.TAX: worth.tax, AccountKind.RECEIVABLE: -worth.credited}
    )
    fact = Fact(key, kind, order.company_id, order.currency, now, order, reason="core")
    entry_post(fact, {AccountKind.CORES: worth.goods, **other}, actor=actor, now=now)
    return worth


def core_with_goods(order: Order, row: Return, pieces: int, *, now: datetime, actor: Actor) -> Worth | None:
    """The new parts themselves came back: no old unit is owed for them, and their deposit comes back with them."""
    count = min(pieces, row.line.core_open)
    if not count:
        return None
    _expect_less(row.line, count)
    key = f"core:return:{row.pk}:{row.received}"
    return Worth(count, core_end(order, row.line, count, key=key, kept=False, now=now, actor=actor), core=True)


def cores_unexpect(order: Order, shipment: Shipment, rows: Sequence[ShipmentLine]) -> None:
    """Its goods did not leave after all: no old units are owed for them, first of all those of its own last day."""
    for row in rows:
        if row.line.core_due:
            _expect_less(row.line, row.quantity, due_on=_due_on(order, shipment))


def _due_on(order: Order, shipment: Shipment) -> date:
    day = shipment.shipped_at.astimezone(ZoneInfo(order.company.zone)).date()
    return day + timedelta(days=money_policy(order.market, day).core_return_days)


def _expect_less(line: OrderLine, pieces: int, *, due_on: date | None = None) -> None:
    """So many old units fewer are expected for a line: of that last day, then what was expected last."""
    expected = Return.objects.filter(line=line, reason=ReturnReason.CORE, state=ReturnState.EXPECTED).order_by("-pk")
    for one in sorted(expected, key=lambda row: row.due_on != due_on):
        less = min(pieces, one.quantity - one.received)
        pieces -= less
        if less == one.quantity:
            one.state = ReturnState.CANCELLED
        else:
            one.quantity -= less
            one.state = ReturnState.RECEIVED if one.received == one.quantity else one.state
        one.save(update_fields=["quantity", "state"])


def cores_sweep(now: datetime | None = None) -> int:
    """Old units are asked for a week before their last day; after it the deposit is kept. Answers how many rows that were.

    One row is one transaction; what was told once is not told again.
    """
    now = now or clock.now()
    rows = Return.objects.filter(reason=ReturnReason.CORE, state=ReturnState.EXPECTED, due_on__isnull=False)
    done = 0
    for pk, order_id in list(rows.filter(due_on__lte=(now + REMIND + timedelta(days=1)).date()).values_list("pk", "line__order")):  # fmt: skip
        try:
            done += _see_to(pk, order_id, now)
        except Exception:
            log.exception("return %s: its deposit could not be seen to", pk)
    return done


@transaction.atomic
def _see_to(pk: int, order_id: int, now: datetime) -> int:
    order = lock_rows(Order.objects.select_related("company").filter(pk=order_id))[0]
    row = Return.objects.select_related("line").get(pk=pk)
    today = now.astimezone(ZoneInfo(order.company.zone)).date()
    if row.state != ReturnState.EXPECTED or row.due_on is None or today < row.due_on - REMIND:
        return 0
    count = min(row.quantity - row.received, row.line.core_open)
    if today <= row.due_on:
        if not count or not event_write(order=order, kind="core.reminded", at=now, actor=SYSTEM, event_id=f"core.reminded:{row.pk}"):  # fmt: skip
            return 0
        money = LineMoney(row.line.core_net, row.line.core_tax, row.line.quantity - row.line.cancelled, row.line.shipped)  # fmt: skip
        worth = returned(money, before=row.line.core_ended, pieces=count, fee_rate=ZERO, currency=order.currency)
        _tell(order, "core.reminder", row, count, worth, f"core:{row.pk}", now)
        return 1
    row.state = ReturnState.LAPSED
    row.save(update_fields=["state"])
    if count:
        key = f"core:{row.pk}:lapsed"
        worth = core_end(order, row.line, count, key=key, kept=True, now=now, actor=SYSTEM)
        event_write(order=order, kind="core.kept", at=now, actor=SYSTEM, data={"return": row.pk, "quantity": count})
        _tell(order, "core.kept.late", row, count, worth, key, now)
    return 1


def _tell(order: Order, kind: str, row: Return, count: int, worth: Returned, key: str, now: datetime) -> None:
    data = {
        "quantity": count,
        "amount": str(quantise(worth.credited, order.currency)),
        "currency": order.currency,
        "due_on": row.due_on.isoformat() if row.due_on else "",
        "condition": row.condition or "–",
    }
    notice_send(
        company_id=order.company_id, role=None, kind=kind, subject_kind="order", subject=order.number, data=data,
        key=f"{kind}:{key}", now=now,
    )  # fmt: skip
