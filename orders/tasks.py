"""What orders do about messages of the outbox. Each handler runs once per message, in its own transaction."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from celery import shared_task
from django.db import transaction
from django.db.models import Max

from orders.models import LineHold, Order
from orders.services.card_settling import cards_ask, cards_settle, cards_sweep
from orders.services.cores import cores_sweep
from orders.services.crediting import LateDay, late_day_post, order_locked_by_number, promise_settled_apply
from orders.services.dunning import dunning_sweep
from orders.services.engines import engine
from orders.services.expiring import transfers_sweep
from orders.services.mirroring import order_mirror
from orders.services.old_parts import old_parts_due
from orders.services.store_sweeping import store_orders_sweep
from orders.services.submitting import order_apply, order_submit, order_withdraw
from portal import clock
from portal.ending import EndingError
from portal.notices.services import notice_send
from portal.outbox.handlers import outbox_handler
from portal.outbox.models import OutboxMessage
from portal.outbox.selectors import older_waits
from portal.outbox.services import outbox_done
from portal.saleor.errors import SaleorAway


@outbox_handler(remote=True)
def submit(message: OutboxMessage) -> None:
    """`order.submit`: hand the order to the engine, outside any transaction, then apply what it says.

    Orders that found the store away go first: who ordered earlier gets the last piece, whoever is tried again when.
    """
    now = clock.now()
    if engine().mirrored and older_waits(message, error=SaleorAway.__name__, now=now):
        raise SaleorAway("Orders placed before this one wait for the store.")
    events = order_submit(order_id=message.payload["order"], now=now)
    with transaction.atomic():
        for event in events:
            order_apply(event=event, now=now)
        if not events:
            order_withdraw(order_id=message.payload["order"])
        outbox_done(message, now=now)


@outbox_handler(remote=True, absorbs=True)
def mirror(message: OutboxMessage) -> None:
    """`order.mirror`: make the store's copy of an order and ours the same."""
    order_mirror(order_id=message.payload["order"], now=clock.now())
    with transaction.atomic():
        outbox_done(message)


@outbox_handler(remote=True, absorbs=True)
def look(message: OutboxMessage) -> None:
    """`order.look`: the store has told of an order; an order of nobody here is nobody's business here."""
    order = Order.objects.filter(number=message.payload["order"]).first()
    if order is not None:
        order_mirror(order_id=order.pk, now=clock.now())
    with transaction.atomic():
        outbox_done(message)


@shared_task(ignore_result=True)
def store_sweep() -> int:
    """What the store told in vain is looked for; answers how many orders were mended."""
    with suppress(EndingError):  # the next one does it all
        return store_orders_sweep(now=clock.now(), real_now=clock.real_now()).mended
    return 0


@outbox_handler(remote=True)
def card_settle(message: OutboxMessage) -> None:
    """`card.settle`: see to an order's cards at Stripe, outside any transaction."""
    cards_settle(order_id=message.payload["order"], now=clock.now())
    with transaction.atomic():
        outbox_done(message)


@shared_task(ignore_result=True)
def card_sweep() -> int:
    """Reservations that lapse soon are renewed."""
    return cards_sweep()


@shared_task(ignore_result=True)
def card_ask() -> int:
    """Intents nobody spoke of for a while are asked about."""
    return cards_ask(now=clock.now())


@outbox_handler
def late_day(message: OutboxMessage) -> None:
    """`promise.late_day`: one more day late, one more day of credit."""
    told = message.payload
    order = order_locked_by_number(told["subject"])
    if order is None:
        return
    late = LateDay(
        promise_id=told["promise"],
        policy=told["policy"],
        day=told["day"],
        on=date.fromisoformat(told["date"]),
        at=datetime.fromisoformat(told["at"]),
        rate=Decimal(told["rate"]),
        cap=Decimal(told["cap"]),
    )
    late_day_post(order=order, late=late, lines=told["lines"])


@outbox_handler
def settled(message: OutboxMessage) -> None:
    """`promise.settled`: the promise ended, or its end changed."""
    told = message.payload
    order = order_locked_by_number(told["subject"])
    if order is not None:
        promise_settled_apply(order=order, promise_id=told["promise"], settlement=told, now=message.created_at)


@outbox_handler
def warned(message: OutboxMessage) -> None:
    """`promise.warned`: the parts manager hears of it while there is time."""
    told = message.payload
    notice_send(
        company_id=None, role="PARTS_MANAGER", kind=_kind("promise.warned", told), subject_kind=told["subject_kind"], subject=told["subject"],
        data={"policy": told["policy"], "due_on": _due_on(told), "which": told["which"]},
        key=f"promise.warned:{told['promise']}:{told['which']}:{told['due_at']}", now=datetime.fromisoformat(told["at"]),
    )  # fmt: skip


@outbox_handler
def broken(message: OutboxMessage) -> None:
    """`promise.broken`: the manager is alerted; the customer is told, with the new date where one is known."""
    told = message.payload
    at = datetime.fromisoformat(told["at"])
    refs = [int(one["ref"]) for one in told["open"]] if told["subject_kind"] == "order" else []
    waits = LineHold.objects.filter(line__in=refs).aggregate(last=Max("expected_on"))["last"]
    expected = waits.isoformat() if waits else None
    data = {"policy": told["policy"], "due_on": _due_on(told), "expected_on": expected}
    kind = _kind("promise.broken.dated" if expected else "promise.broken", told)
    for company_id, role in ((None, "PARTS_MANAGER"), (told["company"], None)):
        if company_id is None or told["policy"] != "coverage-review":
            notice_send(
                company_id=company_id, role=role, kind=kind, subject_kind=told["subject_kind"], subject=told["subject"],
                data=data, key=f"promise.broken:{told['promise']}:{told['due_at']}:{role or 'buyer'}", now=at,
            )  # fmt: skip


def _kind(kind: str, told: Mapping[str, Any]) -> str:
    """A promise about something else than an order has words of its own."""
    return kind if told["subject_kind"] == "order" else f"{kind}.{told['subject_kind']}"


def _due_on(told: Mapping[str, Any]) -> str:
    """The promised day as people say it: due at the midnight that closes it."""
    due = datetime.fromisoformat(told["due_at"]) - timedelta(microseconds=1)
    return due.astimezone(ZoneInfo(told["zone"])).date().isoformat()


@shared_task
def money_sweep() -> int:
    """Transfers that do not come, sums that are overdue, old units that are due; beat rings it, and ringing twice does no harm."""
    return transfers_sweep() + dunning_sweep() + cores_sweep()


@outbox_handler
def card_closed(message: OutboxMessage) -> None:
    """`repair_card.closed`: the days of its old parts run from now."""
    told = message.payload
    old_parts_due(card_number=told["number"], closed_at=datetime.fromisoformat(told["at"]))
