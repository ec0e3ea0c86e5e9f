"""Lines whose cover waits for a person, with the evidence so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from catalog.selectors.parts import part_names
from orders.models import OrderLine, OrderState, Review
from orders.selectors.orders import orders_for
from portal.accounts.actor import Actor
from portal.accounts.models import User
from portal.promises.models import Promise
from portal.promises.selectors import promises_of


@dataclass
class WaitingLine:
    """A line to decide, its part's name and the promise of an answer."""

    line: OrderLine
    name: str
    promise: Promise | None

    @property
    def value(self) -> Decimal:
        """What the line costs at the published price, without tax."""
        return self.line.published_each * self.line.quantity


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


@dataclass(frozen=True)
class Decided:
    """A line a person has decided: who, when, who pays now, and the reason given."""

    order: str
    by: str
    at: datetime
    payer: str
    note: str


def line_decided(actor: Actor, line_id: int) -> Decided | None:
    """How a visible line was decided; None when no person did."""
    rows = OrderLine.objects.filter(pk=line_id, review=Review.DONE, order__in=orders_for(actor).order_by())
    line = rows.select_related("decision", "order").first()
    if line is None or line.decision is None:
        return None
    decision = line.decision
    key = decision.decided_by.removeprefix("user:")
    person = User.objects.filter(pk=int(key)).first() if key.isdigit() else None
    note = next((str(one["data"].get("note", "")) for one in reversed(decision.reasons) if one["decisive"]), "")
    return Decided(line.order.number, str(person or decision.decided_by), decision.decided_at, decision.payer, note)
