"""What the store asks and waits for the answer to. A door gets the event, once, outside any transaction; it answers JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from portal import clock
from portal.webhooks.models import Delivery, DeliveryState
from portal.webhooks.saleor import Told
from portal.webhooks.saleor_refund import refund_door

Door = Callable[[Mapping[str, Any], datetime], Mapping[str, Any]]
# `__typename` -> who answers.
DOORS: dict[str, Door] = {"TransactionRefundRequested": refund_door}
OLDEST = timedelta(minutes=5)  # a question asked longer ago is a replay: who asked waits twenty seconds


class NoAnswerNow(Exception):  # noqa: N818
    """The same question is being answered this moment, or was and the answer is gone."""


def door_answer(door: Door, told: Told, delivery: Delivery, *, is_new: bool, now: datetime) -> Mapping[str, Any]:
    """Answer a question; the same question again gets the same answer and does nothing. Raises NoAnswerNow."""
    if not is_new:
        if "answer" not in delivery.body:
            raise NoAnswerNow
        return dict(delivery.body["answer"])
    if abs(clock.real_now() - told.at) > OLDEST:
        _note(delivery, DeliveryState.REFUSED, "too old")
        raise NoAnswerNow
    answer = door(told.said, now)
    delivery.body = {**delivery.body, "answer": dict(answer)}
    _note(delivery, DeliveryState.APPLIED, "")
    return answer


def _note(delivery: Delivery, state: DeliveryState, note: str) -> None:
    delivery.state, delivery.note = state, note
    delivery.save(update_fields=["state", "note", "body"])
