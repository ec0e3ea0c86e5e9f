"""Thousands of open orders at once: copies of one that was ordered and paid as every order is, spread over the days it is due on."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import F

from catalog.models import StockLevel
from orders.models import LineHold, Order, OrderLine
from portal.promises.models import Promise, PromiseLine

SPREAD = timedelta(minutes=7)


def orders_copied(order: Order, many: int) -> list[Order]:
    """`many` copies with lines, holds and promises; each was paid and is due seven minutes before the one before it."""
    orders = Order.objects.bulk_create(
        _copy(order, number=f"{order.number}{number:06}", reference=f"copy-{order.number}-{number}")
        for number in range(many)
    )
    lines = OrderLine.objects.bulk_create(_copy(one, order=new) for new in orders for one in order.lines.order_by("pk"))
    width = len(lines) // many
    kept = {one.pk: place for place, one in enumerate(order.lines.order_by("pk"))}
    holds = list(LineHold.objects.filter(line__in=kept))
    LineHold.objects.bulk_create(
        _copy(one, line=lines[number * width + kept[one.line_id]]) for number in range(many) for one in holds
    )
    for one in holds:
        level = StockLevel.objects.filter(part=one.line.part_id, warehouse=one.warehouse_id)
        level.update(held=F("held") + one.quantity * many, on_hand=F("on_hand") + one.quantity * many)
    for promise in Promise.objects.filter(subject=order.number, subject_kind="order"):
        _promised(promise, orders, lines, kept)
    return orders


def _promised(promise: Promise, orders: list[Order], lines: list[OrderLine], kept: dict[int, int]) -> None:
    width = len(lines) // len(orders)
    moments = ("started_at", "promised_at", "due_at", "warn_at", "next_at")
    copies = Promise.objects.bulk_create(
        _copy(
            promise,
            subject=one.number,
            **{name: at - number * SPREAD for name in moments if (at := getattr(promise, name)) is not None},
        )
        for number, one in enumerate(orders)
    )
    PromiseLine.objects.bulk_create(
        _copy(own, promise=new, ref=str(lines[number * width + kept[int(own.ref)]].pk))
        for number, new in enumerate(copies)
        for own in promise.lines.all()
    )


def _copy(thing: Any, **changed: Any) -> Any:
    made: models.Model = copy.copy(thing)
    made._state = models.base.ModelState()
    made.pk = None
    for name, value in changed.items():
        setattr(made, name, value)
    return made
