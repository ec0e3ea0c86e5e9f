"""Hold an order back for a recorded reason, and let it go."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from orders.models import HoldReason, Order, OrderHold, OrderState
from orders.rules.holds import CAUSES
from orders.selectors.orders import order_locked
from orders.services.events import event_write
from orders.services.texts import text_read
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.errors import Code, refusal
from portal.notices.services import notice_send
from portal.promises.services import promises_pause, promises_resume

_OVER = (OrderState.SHIPPED, OrderState.DELIVERED, OrderState.CANCELLED)


@transaction.atomic
def order_hold(*, actor: Actor, order_id: int, reason: str, note: str, now: datetime) -> Order:
    """Hold an order; the customer's cause pauses its promises, ours does not, nobody's only by a manager with evidence in the note."""
    actor.need(Role.PARTS_MANAGER, Role.SERVICE_DESK, Role.ACCOUNTANT)
    order = order_locked(actor, order_id)
    if order.state in _OVER or OrderHold.objects.filter(order=order, until=None).exists():
        raise refusal(Code.WRONG_STATE, "order", state=order.state)
    if reason == HoldReason.PAYMENT_LAPSED:
        raise refusal(Code.INVALID, "reason", "unpaid_hold")
    why = text_read(note, "note", most=1000)
    if CAUSES[reason] == "NEITHER":
        actor.need(Role.PARTS_MANAGER)
    hold_begin(order=order, reason=reason, note=why, actor=actor, now=now)
    return order


def hold_begin(*, order: Order, reason: str, note: str, actor: Actor, now: datetime) -> OrderHold:
    """Hold an order whose lock the caller has and who has checked that it may be; the buyer is told at once."""
    cause = CAUSES[reason]
    hold = OrderHold.objects.create(order=order, reason=reason, note=note, by=actor.name, since=now)
    order.is_held = True
    promises_pause(
        subject_kind="order", subject=order.number, reason=reason, cause=cause, at=now, now=now,
        evidence=note if cause == "NEITHER" else "",
    )  # fmt: skip
    event_write(order=order, kind="held", at=now, actor=actor, data={"reason": reason})
    notice_send(
        company_id=order.company_id, role=None, kind="order.held", subject_kind="order", subject=order.number,
        data={"reason": reason}, key=f"order.held:{hold.pk}", now=now,
    )  # fmt: skip
    return hold


@transaction.atomic
def order_release(*, actor: Actor, order_id: int, now: datetime) -> Order:
    """End the open hold; paused promises go on."""
    actor.need(Role.PARTS_MANAGER, Role.SERVICE_DESK, Role.ACCOUNTANT)
    order = order_locked(actor, order_id)
    hold = OrderHold.objects.filter(order=order, until=None).first()
    if hold is None:
        raise refusal(Code.WRONG_STATE, "order", "no_hold")
    if hold.reason == HoldReason.PAYMENT_LAPSED:
        raise refusal(Code.WRONG_STATE, "order", "unpaid_hold")  # money lifts it, by itself
    hold_end(order=order, hold=hold, actor=actor, now=now)
    return order


def hold_end(*, order: Order, hold: OrderHold, actor: Actor, now: datetime) -> None:
    """End a hold of an order whose lock the caller has."""
    hold.until = now
    hold.save(update_fields=["until"])
    promises_resume(subject_kind="order", subject=order.number, at=now, now=now)
    event_write(order=order, kind="released", at=now, actor=actor, data={"reason": hold.reason})
    notice_send(
        company_id=order.company_id, role=None, kind="order.released", subject_kind="order", subject=order.number,
        data={}, key=f"order.released:{hold.pk}", now=now,
    )  # fmt: skip
