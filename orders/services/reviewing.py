"""A person decides the cover of a line."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from orders.models import LedgerEntry, Order, OrderLine, PaymentMethod, Review
from orders.rules.money import ZERO
from orders.selectors.orders import order_locked, orders_for
from orders.services.advancing import account_is_over, order_advance, paid_so_far, payable_now
from orders.services.cover_effects import contracts_take
from orders.services.events import event_write
from orders.services.settling import review_settle
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.errors import Code, refusal
from portal.notices.services import notice_send
from warranty.models import Decision
from warranty.services.cards import card_line_payer_set
from warranty.services.review import coverage_review


@transaction.atomic
def line_review(
    *, actor: Actor, line_id: int, payer: str, customer_share: Decimal | None, note: str, now: datetime
) -> OrderLine:
    """Decide a waiting line: who pays and which share is the buyer's. The evidence gets a row, nothing is overwritten.

    Decided to paid, the line keeps its published price, waits for money and may be cancelled free.
    """
    actor.need(Role.APPROVER)
    line = OrderLine.objects.filter(pk=line_id, order__in=orders_for(actor)).first()
    if line is None:
        raise refusal(Code.NOT_FOUND, "line")
    order = order_locked(actor, line.order_id)
    line.refresh_from_db()
    if not _reviewable(order, line, payer):
        raise refusal(Code.WRONG_STATE, "line", review=line.review)
    decision = coverage_review(
        actor=actor,
        subject=f"order:{order.number}/{line.position}",
        payer=payer,
        customer_share=customer_share,
        note=note,
        now=now,
        requested_by_user_id=order.placed_by.user_id if order.placed_by else None,
    )
    _decide(order, line, decision)
    event_write(
        order=order,
        kind="reviewed",
        at=now,
        actor=actor,
        data={"line": line.position, "payer": payer, "share": str(decision.customer_share)},
    )
    review_settle(order, now=now)
    _credit_check(order)
    _method_find(order)
    order_advance(order=order, at=now, now=now, actor=actor)
    notice_send(
        company_id=order.company_id, role=None, kind="review.decided", subject_kind="order", subject=order.number,
        data={"line": line.position, "payer": payer}, key=f"review.decided:{decision.pk}", now=now,
    )  # fmt: skip
    line.refresh_from_db()
    return line


def _reviewable(order: Order, line: OrderLine, payer: str) -> bool:
    """A line that waits for a person; or, for goodwill, a paid line on a repair card before money or goods have moved.

    That a paid line stays paid is no decision: nobody is told of it again.
    """
    if not line.open_quantity:
        return False
    if line.review == Review.PENDING:
        return True
    if payer == line.payer:
        return False
    untouched = not line.shipped and not LedgerEntry.objects.filter(order=order).exists()
    return line.payer == "PAID" and line.card_id is not None and untouched


def _decide(order: Order, line: OrderLine, decision: Decision) -> None:
    line.payer, line.customer_share, line.decision, line.review = (
        decision.payer,
        decision.customer_share,
        decision,
        Review.DONE,
    )
    line.save()  # what it costs now is counted with the whole order, by order_advance
    contracts_take(order, [line])
    if line.card_id:
        card_line_payer_set(order_line_ref=str(line.pk), payer=decision.payer)


def _method_find(order: Order) -> None:
    """An order that was all free has no way to be paid: what is decided to be paid comes by transfer in advance, with its days."""
    if order.payment_method == PaymentMethod.NONE and payable_now(order, list(order.lines.all())) > ZERO:
        order.payment_method = PaymentMethod.TRANSFER  # saved with the rest by order_advance


def _credit_check(order: Order) -> None:
    """A line reviewed to paid may take the account over its limit; then it waits for approval."""
    if order.payment_method == PaymentMethod.ACCOUNT and not order.needs_approval:
        due = payable_now(order, list(order.lines.all())) - paid_so_far(order)
        order.needs_approval = due > ZERO and account_is_over(order, due)
