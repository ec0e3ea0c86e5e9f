"""Keep the store's copy of an order and our books the same, from both sides (docs/adr/0075).

One round looks at the store, does here what its people did there, then does there what it lacks, and looks again until nothing is
left. A message, a webhook, the sweep and a retry after a crash all run the same round.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from orders.models import Order
from orders.rules.mirror import Gap, at_once, gaps, mirror_plan, store_facts
from orders.selectors.store_copy import our_order
from orders.selectors.store_kept import order_kept
from orders.services.engines import store_copy
from orders.services.submitting import order_apply
from orders.store_words import figures_told
from portal.engine import EngineEvent
from portal.engine_mirror import KeepsACopy, OurOrder, StepRefusedError, TheirOrder
from portal.errors import PortalError
from portal.locks import key_lock_session
from portal.notices.services import notice_send
from portal.saleor.services import difference_mended, difference_note

logger = logging.getLogger(__name__)
MOST = 20  # rounds in one run; an order needs four or five
PATIENCE = 60.0  # seconds to wait for whoever is at the same order
KIND = "order"
# What cannot be done in this run, by its name: the refusal as data, for whoever reads it. Empty: it was done.
Stuck = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Mirrored:
    """How a look ended: what still differs, which staff see, and how many facts were followed here and steps done there."""

    gaps: Sequence[Gap] = ()
    followed: int = 0
    done: int = 0


def order_mirror(*, order_id: int, now: datetime) -> Mirrored:
    """Make both copies of an order say the same; nothing is done about one the store never had. No transaction is open here.

    Raises what the store's client raises when the store cannot be asked: the outbox comes again.
    """
    order = Order.objects.get(pk=order_id)
    store = store_copy()
    if store is None or not order_kept(order):
        return Mirrored()
    with key_lock_session(f"store:{order.number}", timeout=PATIENCE):
        stuck: Stuck = {}
        followed = done = 0
        for _ in range(MOST):
            theirs = store.look(order.number)
            if theirs is None:
                return Mirrored(_tell(order, [Gap("order", order.state, "")], stuck, now), followed, done)
            ours = our_order(order_id)
            if facts := _follow(ours, theirs, stuck, now):
                followed += facts
            elif steps := _carry_out(store, ours, theirs, stuck):
                done += steps
            else:
                return Mirrored(_tell(order, gaps(ours, theirs), stuck, now), followed, done)
    raise RuntimeError(f"order {order.number}: the store's copy is not the same after {MOST} rounds: {stuck}")


def _follow(ours: OurOrder, theirs: TheirOrder, stuck: Stuck, now: datetime) -> int:
    """Do here what the store's people did; answers how much that was."""
    facts = [one for one in store_facts(ours, theirs, now=now) if one.event_id not in stuck]
    return sum([_apply(one, stuck, now) for one in facts])


def _apply(event: EngineEvent, stuck: Stuck, now: datetime) -> bool:
    try:
        order_apply(event=event, now=now)
    except PortalError as refused:
        logger.warning(
            "Order %s: what the store tells cannot be followed: %s (%s)", event.order_number, event.event_id, refused
        )
        stuck[event.event_id] = {"fact": event.kind, "problems": [asdict(one) for one in refused.problems]}
        return False
    stuck[event.event_id] = {}  # followed: once in a run, whatever the next look says
    return True


def _carry_out(store: KeepsACopy, ours: OurOrder, theirs: TheirOrder, stuck: Stuck) -> int:
    """Do in the store what it lacks; answers how much was tried. A refusal stops that step alone."""
    steps = at_once(one for one in mirror_plan(ours, theirs) if repr(one) not in stuck)
    for step in steps:
        try:
            store.carry_out(theirs, step)
        except StepRefusedError as refused:
            logger.warning("Order %s: the store refused %s: %s", ours.number, step, refused)
            stuck[repr(step)] = {"step": step.act, "said": str(refused)}
    return len(steps)


def _tell(order: Order, found: Sequence[Gap], stuck: Stuck, now: datetime) -> list[Gap]:
    """Write down what differs where staff see it, and take back what does no more."""
    if not found:
        difference_mended(kind=KIND, subject=order.number, now=now)
        return []
    facts = {"gaps": [asdict(one) for one in found], "why": [one for one in stuck.values() if one]}
    ours = ", ".join(f"{one.what}: {one.ours or '-'}" for one in found)
    theirs = ", ".join(f"{one.what}: {one.theirs or '-'}" for one in found)
    row = difference_note(kind=KIND, subject=order.number, ours=ours, theirs=theirs, facts=facts, now=now)
    notice_send(
        company_id=None, role="PARTS_MANAGER", kind="order.differs", subject_kind="order", subject=order.number,
        data={"figures": figures_told((one.what, one.place) for one in found)}, key=f"order.differs:{row.pk}", now=now,
    )  # fmt: skip
    return list(found)
