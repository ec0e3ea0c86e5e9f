"""Late days become credits: accrued day by day, spendable once the promise ends or its cap is reached, reversed by late proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from orders.models import AccountKind, CreditAccrual, EntryKind, LedgerEntry, Order, OrderLine
from orders.rules.credits import LatePieces, day_is_last, line_earns
from orders.rules.money import ZERO
from orders.selectors.ledger import EARNED, credit_of
from orders.services.events import event_write
from orders.services.ledger import Fact, entry_post
from portal.accounts.actor import SYSTEM
from portal.locks import lock_rows
from portal.money import quantise
from portal.notices.services import notice_send

_STEP = Decimal("1E-10")
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
    """Accrue one late day on its lines; the same day of a promise told again changes nothing.

    The caller holds the order's lock. `lines`: {ref, quantity (pieces late)}.
    """
    own = {str(line.pk): line for line in order.lines.all()}
    for told in lines:
        line, pieces = own[told["ref"]], int(told["quantity"])
        if pieces and not _living(line).filter(promise_id=late.promise_id, on=late.on).exists():
            _write(line, late, pieces)
            _recount(order, line, at=late.at)
    if day_is_last(day=late.day, rate=late.rate, cap=late.cap):
        credit_settle(order=order, promise_id=late.promise_id, at=late.at)


def _living(line: OrderLine) -> QuerySet[CreditAccrual]:
    return CreditAccrual.objects.filter(line=line, reversed_at=None).order_by("pk")


def _write(line: OrderLine, late: LateDay, pieces: int, exact: Decimal = ZERO, amount: Decimal = ZERO) -> None:
    CreditAccrual.objects.create(
        line=line,
        promise_id=late.promise_id,
        policy=late.policy,
        day=late.day,
        on=late.on,
        at=late.at,
        pieces=pieces,
        rate=late.rate,
        cap=late.cap,
        exact=exact,
        amount=amount,
    )


def _recount(order: Order, line: OrderLine, *, at: datetime) -> None:
    """Bring the rows of a line to what its late pieces earn together; a row that was told with another sum is reversed and written anew."""
    rows = list(_living(line))
    earned = line_earns(
        [LatePieces(row.on, row.policy, row.pieces, row.rate, row.cap) for row in rows],
        base=line.published_each,
        quantity=line.quantity,
        currency=order.currency,
    )
    for row, due in zip(rows, earned, strict=True):
        if row.amount == due.amount and row.exact == due.exact.quantize(_STEP):
            continue
        if row.exact:
            _reverse(row, at)
            _write(line, _late_day(row), row.pieces, due.exact, due.amount)
        else:
            row.exact, row.amount = due.exact, due.amount
            row.save(update_fields=["exact", "amount"])


def _reverse(row: CreditAccrual, at: datetime) -> None:
    row.reversed_at, row.reversal_reason = at, "late proof"
    row.save(update_fields=["reversed_at", "reversal_reason"])


def _late_day(row: CreditAccrual) -> LateDay:
    return LateDay(row.promise_id, row.policy, row.day, row.on, row.at, row.rate, row.cap)


def promise_settled_apply(*, order: Order, promise_id: int, settlement: Mapping[str, Any], now: datetime) -> None:
    """A promise ended, or its end changed: take back days it did not earn, then make the rest spendable once."""
    true = {told["ref"]: told["pieces"] for told in settlement["lines"]}
    wrong = [
        one
        for one in CreditAccrual.objects.select_related("line").filter(
            line__order=order, promise_id=promise_id, reversed_at=None
        )
        if _pieces_on(true.get(str(one.line_id), []), one.day) != one.pieces
    ]
    for one in wrong:
        _reverse(one, now)
        if pieces := _pieces_on(true.get(str(one.line_id), []), one.day):
            _write(one.line, _late_day(one), pieces)
    for line in {one.line for one in wrong}:
        _recount(order, line, at=now)
    if wrong:
        event_write(
            order=order,
            kind="credits.reversed",
            at=now,
            actor=SYSTEM,
            data={"days": sorted({one.day for one in wrong})},
        )
    spendable = {one for one in LedgerEntry.objects.filter(order=order).values_list("promise_id", flat=True) if one}
    for one_id in sorted(spendable | ({promise_id} if settlement["state"] in _ENDS else set())):
        credit_settle(order=order, promise_id=one_id, at=now)


def _pieces_on(pieces: list[int], day: int) -> int:
    return pieces[day - 1] if day <= len(pieces) else 0


def credit_settle(*, order: Order, promise_id: int, at: datetime) -> None:
    """Bring the company's spendable credit to what the promise's days add up to; one entry, none when nothing changed."""
    accrued = CreditAccrual.objects.filter(line__order=order, promise_id=promise_id, reversed_at=None)
    target = accrued.aggregate(sum=Sum("amount"))["sum"] or ZERO
    entries = LedgerEntry.objects.filter(promise_id=promise_id)
    more = target - credit_of(entries)
    if not more:
        return
    fact = Fact(
        f"promise:{promise_id}:{entries.count() + 1}", EntryKind.LATE if more > 0 else EntryKind.LATE_REVERSED, order.company_id,
        order.currency, at, order, promise_id=promise_id,
    )  # fmt: skip
    entry_post(fact, {AccountKind.LATE_DAYS: more, AccountKind.CREDIT: -more}, actor=SYSTEM, now=at)
    event_write(
        order=order,
        kind="credit",
        at=at,
        actor=SYSTEM,
        data={"amount": str(more), "promise": promise_id},
        event_id=f"credit:{fact.key}",
    )
    notice_send(
        company_id=order.company_id, role=None, kind="credit.posted" if more > 0 else "credit.reversed", subject_kind="order",
        subject=order.number, data={"amount": str(quantise(abs(more), order.currency)), "currency": order.currency}, key=f"credit:{fact.key}", now=at,
    )  # fmt: skip


def credit_balance(order: Order) -> Decimal:
    """Spendable credit this order earned, net of reversals; what was spent of it is the company's."""
    return credit_of(LedgerEntry.objects.filter(order=order, kind__in=EARNED))


def order_locked_by_number(number: str) -> Order | None:
    """Lock an order for a message that names it."""
    return next(iter(lock_rows(Order.objects.select_related("company").filter(number=number))), None)
