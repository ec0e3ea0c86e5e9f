"""What the store would not take and nobody has settled yet, with what could be done; and what it has not answered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from catalog.models import Part
from catalog.selectors.parts import Resolution, part_names, parts_resolve
from catalog.selectors.stock import Availability, availability_for, market_warehouses
from orders.models import EngineState, Order, OrderState, RefusalAct, RefusalReason, StoreRefusal
from orders.selectors.orders import orders_for
from portal.accounts.actor import Actor
from portal.errors import Code, refusal
from portal.outbox.models import OutboxMessage
from portal.saleor.errors import code_kept

READDRESS = RefusalAct.ADDRESS.value
# Failures of ours by which an order waits; any other one is the portal's own fault.
_OURS = {"StoreBehindError": "STORE_BEHIND", "PortalError": "ORDER_BUSY"}
_FAULT = "PORTAL_FAULT"


@dataclass
class OpenRefusal:
    """A refusal and what a person can do about it. `free`: pieces on any shelf of the market beside those held; `next_on`: when the rest is expected."""

    refusal: StoreRefusal
    name: str = ""
    free: int = 0
    next_on: date | None = None
    successor: Part | None = None
    acts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Unanswered:
    """An order the store could not be asked about, or answered without sense. `trouble` is a code for whoever reads, `error` the words of the failure."""

    order: Order
    attempts: int
    trouble: str
    error: str
    again_at: datetime


def refusal_find(actor: Actor, refusal_id: int) -> StoreRefusal:
    """One refusal of a visible order. Raises NOT_FOUND."""
    found = StoreRefusal.objects.select_related("line__part", "line__order").filter(pk=refusal_id, order__in=orders_for(actor)).first()  # fmt: skip
    if found is None:
        raise refusal(Code.NOT_FOUND, "refusal")
    return found


def refusals_open(actor: Actor, *, language: str, now: datetime) -> list[OpenRefusal]:
    """Everything unsettled, oldest first; the house alone sees it. A handful of questions per market."""
    if not actor.is_house:
        return []
    rows = StoreRefusal.objects.filter(settled_at=None).exclude(order__state=OrderState.CANCELLED)
    found = list(rows.select_related("order__company", "line__part").order_by("pk"))
    parts = [one.line.part for one in found if one.line]
    names = part_names(parts, language)
    meant = parts_resolve({part.number for part in parts}, on=now.date()) if parts else {}
    there = _there(found)
    return [_dressed(one, names, meant, there) for one in found]


def _there(found: Iterable[StoreRefusal]) -> dict[tuple[str, int], Availability]:
    wanted: dict[str, set[int]] = {}
    for one in found:
        if one.line:
            wanted.setdefault(one.order.market, set()).add(one.line.part_id)
    return {
        (market, part): seen
        for market, parts in wanted.items()
        for part, seen in availability_for(parts, warehouses=market_warehouses(market)).items()
    }


def _dressed(
    one: StoreRefusal,
    names: Mapping[int, str],
    meant: Mapping[str, Resolution],
    there: Mapping[tuple[str, int], Availability],
) -> OpenRefusal:
    shown = OpenRefusal(one)
    if one.line is None:
        shown.acts = (
            [RefusalAct.ADDRESS, RefusalAct.RETRY] if one.reason == RefusalReason.ADDRESS else [RefusalAct.RETRY]
        )
        return shown
    part = one.line.part
    seen = there.get((one.order.market, part.pk))
    shown.name = names.get(part.pk, part.number)
    if seen is not None:
        shown.free, shown.next_on = seen.free, seen.day_for(seen.free + max(one.missing, 1))
    successors = meant[part.number].successors if part.number in meant else ()
    shown.successor = successors[0].part if len(successors) == 1 else None
    stock = [RefusalAct.RESOURCE] if shown.free >= one.missing else []
    acts = [*stock, RefusalAct.WAIT] if one.reason == RefusalReason.OUT_OF_STOCK else [RefusalAct.RETRY]
    shown.acts = [*acts, *([RefusalAct.SUBSTITUTE] if shown.successor else [])]
    return shown


def orders_unanswered(actor: Actor) -> list[Unanswered]:
    """Orders whose hand-over failed at least once and is tried again by itself, the one that waits longest first."""
    if not actor.is_house:
        return []
    waiting = OutboxMessage.objects.filter(kind="order.submit", done_at=None, attempts__gt=0).order_by("pk")[:200]
    messages = {one.payload["order"]: one for one in waiting}
    orders = Order.objects.filter(pk__in=messages, engine_state=EngineState.PENDING).select_related("company")
    rows = [_unanswered(order, messages[order.pk]) for order in orders]
    return sorted(rows, key=lambda one: messages[one.order.pk].pk)


def _unanswered(order: Order, message: OutboxMessage) -> Unanswered:
    said = message.last_error
    trouble = code_kept(said) or _OURS.get(said.split(":", 1)[0], _FAULT)
    return Unanswered(order, message.attempts, trouble, said, message.due_at)
