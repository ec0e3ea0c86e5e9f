"""The reconciling job: orders the store has changed, and ours that are not finished, are compared; what a lost webhook missed is mended."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from orders.models import Order, OrderState
from orders.selectors.store_kept import orders_kept
from orders.services.engines import store_copy
from orders.services.mirroring import KIND, Mirrored, order_mirror
from portal import clock
from portal.ending import step
from portal.errors import Code, PortalError
from portal.saleor.models import Difference
from portal.saleor.services import difference_mended, difference_note, link_get, link_set, sweep_noted, sweep_run

OVERLAP = timedelta(minutes=30)  # a change may be written a while after it happened, and clocks differ
FIRST = timedelta(days=30)
WHOLE = timedelta(
    hours=1
)  # how often all that is unfinished is looked at: a tracking number changes no date in the store
NOTED = "orders"  # as the staff page calls it
MISSED = "order.missed"
_OVER = (OrderState.DELIVERED, OrderState.CANCELLED)


@dataclass
class Swept:
    """Orders looked at, those that differed, and of these: in which something had been missed, and which still differ."""

    looked: int = 0
    differed: int = 0
    mended: int = 0
    differ: int = 0


def store_orders_sweep(
    *, now: datetime, real_now: datetime, whole: bool | None = None, done: Callable[[int, int], None] | None = None
) -> Swept:
    """Compare and mend. `whole`: all that is unfinished too, else once an hour. `done` hears (how many, of how many).

    Raises what the store's client raises when the store cannot be asked; what is done by then is done.
    """
    swept, store = Swept(), store_copy()
    if store is None:
        return swept
    with sweep_run(kind=NOTED, began=now):
        since = _mark("changed") or real_now - FIRST
        whole = _due(real_now) if whole is None else whole
        numbers = list(
            dict.fromkeys([*store.changed_since(since - OVERLAP), *(_unfinished() if whole else ()), *_open()])
        )
        found = _accepted(numbers)
        for count, order in enumerate(found, 1):
            _look(order, swept, now)
            if done:
                done(count, len(found))
            step()
        _mark_set("changed", real_now)
        if whole:
            _mark_set("whole", real_now)
    sweep_noted(kind=NOTED, began=now, ended=clock.now(), seen=swept.looked, differences=swept.differed)
    return swept


def _look(order: Order, swept: Swept, now: datetime) -> None:
    try:
        ended = order_mirror(order_id=order.pk, now=now)
    except PortalError as refused:
        if refused.problems[0].code != Code.BUSY:
            raise
        return  # somebody is at it this moment
    swept.looked += 1
    swept.differ += bool(ended.gaps)
    swept.differed += bool(ended.gaps or ended.followed or ended.done)
    if ended.followed or ended.done:
        swept.mended += 1
        _report(order, ended, now)


def _report(order: Order, ended: Mirrored, now: datetime) -> None:
    """Nobody had told: a mended difference is kept for the staff page."""
    difference_note(kind=MISSED, subject=order.number, ours=str(ended.followed), theirs=str(ended.done), now=now)
    difference_mended(kind=MISSED, subject=order.number, now=now)


def _unfinished() -> Iterable[str]:
    rows = orders_kept(Order.objects.exclude(state__in=_OVER))
    return rows.order_by("pk").values_list("number", flat=True)


def _open() -> Iterable[str]:
    return Difference.objects.filter(kind=KIND, mended_at=None).order_by("pk").values_list("subject", flat=True)


def _accepted(numbers: list[str]) -> list[Order]:
    rows = orders_kept(Order.objects.filter(number__in=numbers)).in_bulk(field_name="number")
    return [rows[number] for number in numbers if number in rows]


def _due(real_now: datetime) -> bool:
    last = _mark("whole")
    return last is None or real_now - last >= WHOLE


def _mark(name: str) -> datetime | None:
    """How far we have asked, in the world's time."""
    told = link_get("sweep", f"orders.{name}")
    return datetime.fromisoformat(told.rsplit(" ", 1)[1]) if told else None


def _mark_set(name: str, until: datetime) -> None:
    link_set("sweep", f"orders.{name}", f"{name} {until.isoformat()}")
