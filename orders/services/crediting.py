"""Late days become credits: accrued day by day, spendable once the promise ends or its cap is reached, reversed by late proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from orders.models import CreditAccrual, CreditLedger, Order, OrderLine
from orders.rules.credits import day_amount, day_exact, day_is_last
from orders.rules.money import ZERO
from orders.services.events import event_write
from portal.accounts.actor import SYSTEM
from portal.locks import lock_rows
from portal.notices.services import notice_send

_ENDS = ("KEPT", "KEPT_LATE", "CANCELLED")


@dataclass(frozen=True)
class LateDay:
    """One late day of one promise on one line."""

    promise_id: int
    policy: str
    day: int
    on: date
    at: datetime
    rate: Decimal
    cap: Decimal


def late_day_post(*, order: Order, late: LateDay, lines: list[Mapping[str, Any]]) -> None:
    """Accrue one late day on its lines; a line that already earned on that date earns no second time.

    The caller holds the order's lock. `lines`: {ref, quantity (pieces late), base}.
    """
    own = {str(line.pk): line for line in order.lines.all()}
    for told in lines:
        _accrue(order, own[told["ref"]], late, int(told["quantity"]), Decimal(told["base"]))
    if day_is_last(day=late.day, rate=late.rate, cap=late.cap):
        credit_settle(order=order, promise_id=late.promise_id, at=late.at)


def _accrue(order: Order, line: OrderLine, late: LateDay, pieces: int, base: Decimal) -> None:
    mine = CreditAccrual.objects.filter(line=line, reversed_at=None)
    if not pieces or mine.filter(on=late.on).exists():
        return
    before = mine.aggregate(exact=Sum("exact"), amount=Sum("amount"))
    exact = day_exact(base=base, pieces=pieces, rate=late.rate)
    amount = day_amount(
        earned_before=before["exact"] or ZERO,
        today=exact,
        most=base * line.quantity * late.cap,
        posted=before["amount"] or ZERO,
        currency=order.currency,
    )
    CreditAccrual.objects.create(
        line=line,
        promise_id=late.promise_id,
        policy=late.policy,
        day=late.day,
        on=late.on,
        at=late.at,
        pieces=pieces,
        exact=exact,
        amount=amount,
    )


def promise_settled_apply(*, order: Order, promise_id: int, settlement: Mapping[str, Any], now: datetime) -> None:
    """A promise ended, or its end changed: take back days it did not earn, then make the rest spendable once."""
    true = {told["ref"]: told["pieces"] for told in settlement["lines"]}
    wrong = [
        one
        for one in CreditAccrual.objects.filter(line__order=order, promise_id=promise_id, reversed_at=None)
        if _pieces_on(true.get(str(one.line_id), []), one.day) != one.pieces
    ]
    for one in wrong:
        one.reversed_at, one.reversal_reason = now, "late proof"
    CreditAccrual.objects.bulk_update(wrong, ["reversed_at", "reversal_reason"])
    for one in wrong:
        _repost(order, one, _pieces_on(true.get(str(one.line_id), []), one.day))
    if wrong:
        event_write(
            order=order,
            kind="credits.reversed",
            at=now,
            actor=SYSTEM,
            data={"days": sorted({one.day for one in wrong})},
        )
    if settlement["state"] in _ENDS:
        credit_settle(order=order, promise_id=promise_id, at=now)


def _pieces_on(pieces: list[int], day: int) -> int:
    return pieces[day - 1] if day <= len(pieces) else 0


def _repost(order: Order, old: CreditAccrual, pieces: int) -> None:
    """Fewer pieces were late than posted: the day counts for those alone."""
    if pieces and old.pieces:
        rate = Decimal("0.01") if not old.exact else old.exact / (old.line.published_each * old.pieces)
        late = LateDay(old.promise_id, old.policy, old.day, old.on, old.at, rate, cap=Decimal(1))
        _accrue(order, old.line, late, pieces, old.line.published_each)


def credit_settle(*, order: Order, promise_id: int, at: datetime) -> None:
    """Bring the company's spendable ledger to what the promise's days add up to; one row, none when nothing changed."""
    accrued = CreditAccrual.objects.filter(line__order=order, promise_id=promise_id, reversed_at=None)
    target = accrued.aggregate(sum=Sum("amount"))["sum"] or ZERO
    rows = CreditLedger.objects.filter(promise_id=promise_id)
    posted = rows.aggregate(sum=Sum("amount"))["sum"] or ZERO
    if target == posted:
        return
    row = CreditLedger.objects.create(
        company_id=order.company_id, currency=order.currency, amount=target - posted, order_number=order.number, promise_id=promise_id,
        reason="late" if target > posted else "late proof", key=f"promise:{promise_id}:{rows.count() + 1}", at=at,
    )  # fmt: skip
    event_write(
        order=order,
        kind="credit",
        at=at,
        actor=SYSTEM,
        data={"amount": str(row.amount), "promise": promise_id},
        event_id=f"credit:{row.key}",
    )
    notice_send(
        company_id=order.company_id, role=None, kind="credit.posted" if row.amount > 0 else "credit.reversed", subject_kind="order",
        subject=order.number, data={"amount": str(abs(row.amount)), "currency": order.currency}, key=f"credit:{row.key}", now=at,
    )  # fmt: skip


def credit_balance(order: Order) -> Decimal:
    """Spendable credit this order earned, net of reversals."""
    return CreditLedger.objects.filter(order_number=order.number).aggregate(sum=Sum("amount"))["sum"] or ZERO


def order_locked_by_number(number: str) -> Order | None:
    """Lock an order for a message that names it."""
    return next(iter(lock_rows(Order.objects.select_related("company").filter(number=number))), None)
