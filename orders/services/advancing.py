"""Whenever money, approval or a decision moves an order: what is to pay, which lines start, which promises run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db.models import prefetch_related_objects

from orders.models import (
    LineHold,
    Order,
    OrderLine,
    PaymentMethod,
    Review,
)
from orders.rules.card_amounts import card_amount
from orders.rules.holds import CAUSES
from orders.rules.money import ZERO, over_limit, payment_state
from orders.selectors.account import open_balance
from orders.selectors.cards import cards_held
from orders.selectors.ledger import OrderAccount, order_account
from orders.selectors.orders import hold_of
from orders.services.booking import excess_keep, order_bill
from orders.services.card_money import fils_settle
from orders.services.card_waking import cards_give_back, cards_wake
from orders.services.events import event_write, order_move
from orders.services.old_parts import old_parts_expect
from orders.services.planning import AGREED, SHIP, Piece, Plan, promises_plan
from orders.services.settling import order_settle
from orders.services.taxing import amounts_of
from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.locks import lock_rows
from portal.notices.services import notice_send
from portal.promises.selectors import TermsBook
from portal.promises.services import promises_pause, promises_propose, promises_start
from portal.promises.types import Shown

# What counting an order anew may change; `payment_method` by a decision that made something payable.
_COUNTED = (
    "state", "payment_method", "payment_state", "needs_approval", "paid_at", "freight", "freight_tax", "freight_tax_rate", "net", "tax",
    "total",
)  # fmt: skip


def order_advance(
    *,
    order: Order,
    at: datetime,
    now: datetime,
    actor: Actor,
    placed: Sequence[OrderLine] | None = None,
    credit: Decimal = ZERO,
    wake: bool = True,
) -> Sequence[OrderLine]:
    """Recount the order, clear every line whose money is in at `at`, start its promises, move the state.

    The caller holds the order's lock. `at` is when the thing happened: a bank's value date, an approval. `placed`: the lines
    of an order written a moment ago, for which nothing but `credit` can be paid and nothing held back yet. `wake`: have its
    cards see to it; who is at them himself does not ring for himself.
    """
    lines = placed or lines_decided(order)
    totals_recount(order, lines)
    due = payable_now(order, lines) if any(line.review == Review.PENDING for line in lines) else order.total
    account = OrderAccount(settled=credit, credit_used=credit)
    held, granted = (ZERO, None) if placed else cards_held(order, now)
    if not placed:
        account = _money_settle(order, lines, due=due, at=at, now=now, actor=actor)
    paid, last = account.settled, account.last_at
    if order.payment_method == PaymentMethod.CARD:
        paid += fils_settle(order=order, due=due, paid=paid, at=at, now=now)
    due = card_due(due, order=order, paid=paid)
    order.payment_state = payment_state(method=order.payment_method, total=due, paid=paid, held=held)
    if paid >= due:
        order.needs_approval = False  # nothing is owed, so no limit is passed
    if not order.needs_approval and money_is_in(order, due=due, paid=paid + held):
        moment = max(at, order.placed_at, last or at, granted or at)
        if _clear(order, lines, at=moment, now=now, actor=actor) and not placed:
            _pause_if_held(order, at=moment, now=now)
    old_parts_expect(order=order, lines=lines, now=now)
    order_move(order=order, lines=lines, at=at, actor=actor, save=False)
    order.save(update_fields=_COUNTED)
    if order.payment_method == PaymentMethod.CARD and not placed:
        cards_give_back(order, paid - due, now=now)
        if wake:
            cards_wake(order, lines, due=due, settled=paid, now=now)
    return lines


def lines_decided(order: Order) -> list[OrderLine]:
    """The order's lines by position, and with those that a person decided their decision."""
    lines = list(order.lines.order_by("position"))
    prefetch_related_objects([line for line in lines if line.review == Review.DONE], "decision")
    return lines


def totals_recount(order: Order, lines: Sequence[OrderLine]) -> None:
    """Cancelled pieces leave the sums; freight falls away when nothing is left to pay for."""
    found = amounts_of(order, lines)
    changed = []
    for line, sums, core in zip(lines, found.lines, found.cores, strict=True):
        if (sums.net, sums.tax, core.net, core.tax) != (line.net, line.tax, line.core_net, line.core_tax):
            line.net, line.tax, line.gross = sums.net, sums.tax, sums.gross
            line.core_net, line.core_tax = core.net, core.tax
            changed.append(line)
    if changed:
        OrderLine.objects.bulk_update(changed, ["net", "tax", "gross", "core_net", "core_tax"])
    order.freight, order.freight_tax, order.freight_tax_rate = found.freight.net, found.freight.tax, found.freight_rate
    order.net, order.tax, order.total = found.net, found.tax, found.total


def _money_settle(
    order: Order, lines: Sequence[OrderLine], *, due: Decimal, at: datetime, now: datetime, actor: Actor
) -> OrderAccount:
    """Bill what has left, keep what is too much as credit; what has settled the order then, and when its last money was in."""
    order_bill(order, lines, at=at, now=now, actor=actor)
    account = order_account(order)
    kept = excess_keep(order, account, due=due, at=at, now=now, actor=actor)
    return replace(account, settled=account.settled - kept)


def paid_so_far(order: Order) -> Decimal:
    """What settled the order: money and credit, less what was paid back; what came back counts for what it was worth."""
    return order_account(order).settled


def payable_now(order: Order, lines: Sequence[OrderLine]) -> Decimal:
    """What is to be paid for all lines that are decided, freight and tax included."""
    return amounts_of(order, [line for line in lines if line.review != Review.PENDING]).total


def card_due(due: Decimal, *, order: Order, paid: Decimal) -> Decimal:
    """What is due by this order's way of paying: a card cannot be charged the last of three decimals, so nobody owes it."""
    return paid + card_amount(due - paid, order.currency) if order.payment_method == PaymentMethod.CARD else due


def money_is_in(order: Order, *, due: Decimal, paid: Decimal) -> bool:
    """Paid, nothing to pay, or on an account that was not over its limit."""
    return paid >= due or order.payment_method == PaymentMethod.ACCOUNT


def _clear(order: Order, lines: Sequence[OrderLine], *, at: datetime, now: datetime, actor: Actor) -> bool:
    """Start what can start; answers whether there was anything."""
    fresh = [line for line in lines if line.cleared_at is None and line.review != Review.PENDING and line.open_quantity]
    if not fresh:
        return False
    for line in fresh:
        line.cleared_at = max(at, _decided_at(line))
    order.paid_at = order.paid_at or at
    for moment in sorted({line.cleared_at for line in fresh if line.cleared_at}):
        mine = [line for line in fresh if line.cleared_at == moment]
        OrderLine.objects.filter(pk__in=[line.pk for line in mine]).update(cleared_at=moment)
        event_write(
            order=order, kind="cleared", at=moment, actor=actor, data={"lines": [line.position for line in mine]}
        )
        promises_begin(order=order, lines=mine, at=moment, now=now)
    return True


def _decided_at(line: OrderLine) -> datetime:
    """A line that needed a person starts no clock before the decision."""
    decided = line.decision.decided_at if line.review == Review.DONE and line.decision else None
    return decided or line.order.placed_at


def _pause_if_held(order: Order, *, at: datetime, now: datetime) -> None:
    """A promise that starts while the order is held back stands still from its first moment."""
    hold = hold_of(order)
    if hold is not None:
        cause = CAUSES[hold.reason]
        promises_pause(
            subject_kind="order",
            subject=order.number,
            reason=hold.reason,
            cause=cause,
            at=max(at, hold.since),
            now=now,
            evidence=hold.note if cause == "NEITHER" else "",
        )


def promises_begin(*, order: Order, lines: Sequence[OrderLine], at: datetime, now: datetime) -> None:
    """Start the promises of freshly cleared lines; a day of delivery that the money came too late for is owed no more."""
    book = TermsBook()
    plans = promises_plan(
        pieces=pieces_of(lines), buyer=order.company, start_at=at, deliver_on=order.deliver_on, book=book
    )
    leaves = max((plan.offer.day for plan in plans if plan.offer.policy == SHIP), default=None)
    if order.deliver_on is not None and leaves is not None and leaves > order.deliver_on:
        plans = [plan for plan in plans if plan.offer.policy != AGREED]
        _agreed_day_lost(order, now)
    promises_start(
        subject_kind="order", subject=order.number, company_id=order.company_id, currency=order.currency, shown=_shown(plans),
        started_at=at, now=now, offered_at=order.placed_at, book=book,
    )  # fmt: skip


def _agreed_day_lost(order: Order, now: datetime) -> None:
    lost, order.deliver_on = order.deliver_on, None
    order.save(update_fields=["deliver_on"])
    order_settle(order, now=now)
    notice_send(
        company_id=order.company_id, role=None, kind="order.day_lost", subject_kind="order", subject=order.number,
        data={"asked_on": lost.isoformat() if lost else None}, key=f"order.day_lost:{order.number}", now=now,
    )  # fmt: skip


def promises_show(*, order: Order, lines: Sequence[OrderLine], now: datetime, new: bool = False) -> None:
    """Store the promises of lines that still wait, as the buyer was shown them; their clocks start with the money.

    `new`: the order was written in this transaction.
    """
    if not lines:
        return
    book = TermsBook()
    plans = promises_plan(
        pieces=pieces_of(lines), buyer=order.company, start_at=now, deliver_on=order.deliver_on, book=book
    )
    promises_propose(
        subject_kind="order", subject=order.number, company_id=order.company_id, currency=order.currency, shown=_shown(plans),
        now=now, book=book, new=new,
    )  # fmt: skip


def _shown(plans: Sequence[Plan]) -> list[Shown]:
    return [
        Shown(plan.offer.policy, plan.zone, plan.calendar, plan.lines, plan.agreed_on, plan.last_collection)
        for plan in plans
    ]


def pieces_of(lines: Sequence[OrderLine]) -> list[Piece]:
    """The pieces held for these lines, by place and expected day."""
    by_id = {line.pk: line for line in lines}
    holds = LineHold.objects.filter(line__in=by_id).select_related("warehouse").order_by("pk")
    return [
        Piece(str(hold.line_id), hold.quantity, by_id[hold.line_id].published_each, hold.warehouse, hold.expected_on)
        for hold in holds
    ]


def account_is_over(order: Order, amount: Decimal) -> bool:
    """Would `amount` more take the buyer's account over its limit? Locks the company, because credit is what becomes scarcer."""
    company = lock_rows(Company.objects.filter(pk=order.company_id))[0]
    if company.credit_stopped and amount > ZERO:  # an account stopped meanwhile needs a person, too
        return True
    owed = open_balance(company, currency=order.currency, without=order)
    return over_limit(limit=company.credit_limit, open_balance=owed, amount=amount)
