"""Lines whose cover waits for a person, with the evidence so far."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.selectors.parts import part_names
from orders.models import OrderLine, OrderState, Review
from orders.selectors.orders import orders_for
from portal.accounts.actor import Actor
from portal.promises.models import Promise
from portal.promises.selectors import promises_of


@dataclass
class WaitingLine:
    """A line to decide, its part's name and the promise of an answer."""

    line: OrderLine
    name: str
    promise: Promise | None


def lines_in_review(actor: Actor, *, language: str) -> list[WaitingLine]:
    """Visible lines that wait, oldest first; a constant number of queries."""
    rows = OrderLine.objects.filter(review=Review.PENDING, order__in=orders_for(actor).order_by()).exclude(
        order__state=OrderState.CANCELLED
    )
    lines = [
        line
        for line in rows.select_related(
            "order__company", "order__placed_by", "part__group", "decision", "equipment__model", "card"
        ).order_by("order__placed_at", "pk")
        if line.open_quantity
    ]
    names = part_names([line.part for line in lines], language)
    promises = promises_of("order", {line.order.number for line in lines})
    return [
        WaitingLine(line, names.get(line.part_id, line.part.number), _promise(line, promises[line.order.number]))
        for line in lines
    ]


def _promise(line: OrderLine, promises: list[Promise]) -> Promise | None:
    own = (one for one in promises if one.policy_code == "coverage-review")
    return next((one for one in own if any(each.ref == str(line.pk) for each in one.lines.all())), None)
