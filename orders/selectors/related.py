"""Orders as they show on a machine or a repair card: quantities and payer, never prices (rules.md section 4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from orders.models import Order, OrderLine, OrderState, Review
from portal.accounts.actor import Actor
from portal.promises.models import Promise
from portal.promises.selectors import promises_of

_OVER = (OrderState.SHIPPED, OrderState.DELIVERED, OrderState.CANCELLED)
MOST_LINES = 2000  # an order has no more


@dataclass
class RelatedLine:
    """An order line of whoever ordered for the machine. `mine`: the actor may open the order itself."""

    pk: int
    order: Order
    order_number: str
    placed_at: datetime
    state: str
    company: str
    part_number: str
    quantity: int
    shipped: int
    payer: str
    undecided: bool  # a person has yet to say who pays; `payer` is what the rules propose
    mine: bool
    promise: Promise | None


def lines_of_machine(actor: Actor, equipment_id: int, *, most: int = 50) -> list[RelatedLine]:
    """The newest lines ordered for a machine the actor may see (the caller has looked)."""
    return _related(
        actor, OrderLine.objects.filter(equipment=equipment_id).order_by("-order__placed_at", "position")[:most]
    )


def lines_by_machine(actor: Actor, equipment_ids: Collection[int], *, most: int = 50) -> dict[int, list[RelatedLine]]:
    """As `lines_of_machine`, for many machines by their key."""
    lines = OrderLine.objects.filter(equipment__in=equipment_ids).order_by("-order__placed_at", "position")
    return _grouped(actor, lines, "equipment_id", most)


def open_lines_by_machine(actor: Actor, equipment_ids: Collection[int]) -> dict[int, list[RelatedLine]]:
    """The lines still under way for each machine, oldest first."""
    lines = OrderLine.objects.filter(equipment__in=equipment_ids).exclude(order__state__in=_OVER)
    return _grouped(actor, lines.order_by("order__placed_at", "position"), "equipment_id")


def lines_by_card(actor: Actor, card_ids: Collection[int]) -> dict[int, list[RelatedLine]]:
    """As `lines_of_card`, for many cards by their key."""
    return _grouped(
        actor, OrderLine.objects.filter(card__in=card_ids).order_by("order__placed_at", "position"), "card_id"
    )


def _grouped(actor: Actor, lines: QuerySet[OrderLine], by: str, most: int = MOST_LINES) -> dict[int, list[RelatedLine]]:
    found: dict[int, list[RelatedLine]] = defaultdict(list)
    keys = dict(lines.values_list("pk", by))
    for told in _related(actor, lines):
        if len(found[keys[told.pk]]) < most:
            found[keys[told.pk]].append(told)
    return found


def lines_of_card(actor: Actor, card_id: int) -> list[RelatedLine]:
    """The lines ordered on a repair card the actor may see (the caller has looked)."""
    return _related(actor, OrderLine.objects.filter(card=card_id).order_by("order__placed_at", "position"))


def _related(actor: Actor, lines: QuerySet[OrderLine]) -> list[RelatedLine]:
    rows = list(lines.select_related("order__company", "part"))
    promises = promises_of("order", {row.order.number for row in rows})
    return [_told(actor, row, promises[row.order.number]) for row in rows]


def _told(actor: Actor, row: OrderLine, promises: Collection[Promise]) -> RelatedLine:
    own = (one for one in promises if one.policy_code == "ship")
    return RelatedLine(
        pk=row.pk,
        order=row.order,
        order_number=row.order.number,
        placed_at=row.order.placed_at,
        state=row.order.get_state_display(),
        company=row.order.company.name,
        part_number=row.part.number,
        quantity=row.quantity - row.cancelled,
        shipped=row.shipped,
        payer=row.payer,
        undecided=row.review == Review.PENDING and row.open_quantity > 0,
        mine=actor.is_house or row.order.company_id == actor.company_id,
        promise=next((one for one in own if any(each.ref == str(row.pk) for each in one.lines.all())), None),
    )
