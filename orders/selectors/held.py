"""Orders that are held back, and those that wait for somebody before they can be shipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from orders.models import OrderHold, OrderState
from orders.rules.holds import CAUSES
from orders.selectors.orders import orders_for
from portal.accounts.actor import Actor
from portal.promises.models import Promise
from portal.promises.selectors import promises_of

WAITS = (OrderState.AWAITING_REVIEW, OrderState.AWAITING_APPROVAL, OrderState.AWAITING_PAYMENT)
_OPEN = ("RUNNING", "PAUSED", "BROKEN")


@dataclass
class HeldOrder:
    """An open hold: whose cause it is (CUSTOMER, OURS, NEITHER) and the promise it presses on, if one runs."""

    hold: OrderHold
    cause: str
    promise: Promise | None


def holds_open(actor: Actor, *, reason: str = "") -> QuerySet[OrderHold]:
    """Open holds, the oldest first; of one reason or all."""
    rows = OrderHold.objects.filter(until=None, order__in=orders_for(actor).order_by())
    return (rows.filter(reason=reason) if reason else rows).select_related("order__company").order_by("since", "pk")


def holds_counted(actor: Actor) -> dict[str, int]:
    """{reason: open holds}, the most first."""
    counted = holds_open(actor).order_by().values_list("reason").annotate(many=Count("pk"))
    return dict(counted.order_by("-many", "reason"))


def holds_told(holds: Sequence[OrderHold]) -> list[HeldOrder]:
    """Holds with their promises; four queries, however many."""
    promises = promises_of("order", [one.order.number for one in holds])
    return [HeldOrder(one, CAUSES[one.reason], _foremost(promises[one.order.number])) for one in holds]


def orders_waiting(actor: Actor) -> dict[str, int]:
    """{state: orders} that wait for a decision, an approval or money."""
    counted = orders_for(actor).filter(state__in=WAITS).order_by().values_list("state").annotate(many=Count("pk"))
    found = dict(counted)
    return {str(state): found.get(state, 0) for state in WAITS}


def _foremost(promises: Sequence[Promise]) -> Promise | None:
    running = [one for one in promises if one.policy_code == "ship" and one.state in _OPEN]
    return min(running, key=lambda one: (one.due_at is None, one.due_at), default=None)
