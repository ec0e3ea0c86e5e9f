"""What the store asks and waits for the answer to. A door gets the event, once, in a transaction that keeps its answer too; it answers JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from portal import clock
from portal.errors import PortalError
from portal.locks import lock_rows
from portal.webhooks.models import Delivery, DeliveryState
from portal.webhooks.saleor import Told
from portal.webhooks.saleor_refund import refund_door

Door = Callable[[Mapping[str, Any], datetime], Mapping[str, Any]]
# `__typename` -> who answers.
DOORS: dict[str, Door] = {"TransactionRefundRequested": refund_door}
OLDEST = timedelta(minutes=5)  # a question asked longer ago is a replay: who asked waits twenty seconds


class NoAnswerNow(Exception):  # noqa: N818
    """The same question is being answered this moment, or is too old to be answered."""


def door_answer(door: Door, told: Told, delivery: Delivery, *, now: datetime) -> Mapping[str, Any]:
    """Answer a question; the same question again gets the same answer and does nothing. Raises NoAnswerNow.

    What is done and the answer are kept in one transaction: a delivery without an answer is one of which nothing was done.
    """
    try:
        with transaction.atomic():
            (delivery,) = lock_rows(Delivery.objects.filter(pk=delivery.pk))
            if "answer" not in delivery.body and _in_time(told, delivery):
                delivery.body = {**delivery.body, "answer": dict(door(told.said, now))}
                delivery.state = DeliveryState.APPLIED
                delivery.save(update_fields=["state", "body"])
    except PortalError as busy:
        raise NoAnswerNow from busy
    if "answer" not in delivery.body:
        raise NoAnswerNow
    return dict(delivery.body["answer"])


def _in_time(told: Told, delivery: Delivery) -> bool:
    if abs(clock.real_now() - told.at) <= OLDEST:
        return True
    delivery.state, delivery.note = DeliveryState.REFUSED, "too old"
    delivery.save(update_fields=["state", "note"])
    return False
