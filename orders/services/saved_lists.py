"""Lists of parts a company keeps for the next time, and what was ordered before: both go into the cart and are judged anew there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from orders.models import CartLine, SavedList, SavedListLine
from orders.selectors.orders import orders_for
from orders.selectors.saved_lists import saved_list_get, saved_lists_for
from orders.services.carts import MAX_LINES, MAX_QUANTITY, cart_add, line_check
from orders.types import LineRequest
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.errors import Code, refusal
from portal.locks import lock_rows

MOST_LISTS = 200
BUYS = (Role.BUYER, Role.COMPANY_ADMIN, Role.PARTS_MANAGER, Role.SERVICE_DESK)


@transaction.atomic
def saved_list_make(*, actor: Actor, name: str, lines: Sequence[LineRequest], now: datetime) -> SavedList:
    """A new list of the actor's company. Raises INVALID for a name that is missing, too long or there, and for bad lines."""
    actor.need(*BUYS)
    if saved_lists_for(actor).count() >= MOST_LISTS:
        raise refusal(Code.INVALID, "name", "list_count", limit=MOST_LISTS)
    made = SavedList(company_id=actor.company_id or 0, changed_by_id=actor.membership_id, changed_at=now)
    return _write(made, name, lines)


@transaction.atomic
def saved_list_change(
    *, actor: Actor, list_id: int, name: str, lines: Sequence[LineRequest], seen: int | None, now: datetime
) -> SavedList:
    """Write a list anew. `seen`: its version when the actor read it. Raises WRONG_STATE when a colleague was first, NOT_FOUND, INVALID."""
    actor.need(*BUYS)
    found = _locked(actor, list_id)
    if seen is not None and seen != found.version:
        by = str(found.changed_by.user) if found.changed_by else "–"
        raise refusal(Code.WRONG_STATE, "list", "list_changed", name=by, changedAt=found.changed_at.isoformat())
    found.version, found.changed_by_id, found.changed_at = found.version + 1, actor.membership_id, now
    return _write(found, name, lines)


@transaction.atomic
def saved_list_drop(*, actor: Actor, list_id: int) -> None:
    """End a list. Raises NOT_FOUND."""
    actor.need(*BUYS)
    _locked(actor, list_id).delete()


def saved_list_order(*, actor: Actor, list_id: int, now: datetime) -> list[CartLine]:
    """Put all of a list into the cart. Raises NOT_FOUND, INVALID when the cart would hold too many lines."""
    actor.need(*BUYS)
    found = saved_list_get(actor, list_id)
    if found is None:
        raise refusal(Code.NOT_FOUND, "savedList")
    return cart_add(actor=actor, lines=list_requests(found.lines.all()), now=now)


def order_again(*, actor: Actor, order_id: int, line_ids: Collection[int] | None, now: datetime) -> list[CartLine]:
    """Put an order, or some of its lines, into the cart. Raises NOT_FOUND for an order or line that is not the actor's."""
    actor.need(*BUYS)
    return cart_add(actor=actor, lines=order_wishes(actor=actor, order_id=order_id, line_ids=line_ids), now=now)


def order_wishes(*, actor: Actor, order_id: int, line_ids: Collection[int] | None = None) -> list[LineRequest]:
    """What an order asked for, as wishes: the parts sent then, each for its machine; a repair card of that time is left out."""
    order = orders_for(actor).filter(pk=order_id).first()
    if order is None:
        raise refusal(Code.NOT_FOUND, "order")
    rows = list(order.lines.select_related("part").order_by("position"))
    if line_ids is not None:
        rows = [row for row in rows if row.pk in set(line_ids)]
        if len(rows) != len(set(line_ids)) or not rows:
            raise refusal(Code.NOT_FOUND, "lines")
    wanted: Counter[tuple[str, str]] = Counter()
    for row in rows:
        wanted[row.part.number, row.serial] += row.quantity
    return [LineRequest(number, min(pieces, MAX_QUANTITY), serial) for (number, serial), pieces in wanted.items()]


def list_requests(lines: Collection[SavedListLine]) -> list[LineRequest]:
    """Lines of a list as wishes."""
    return [LineRequest(one.part_number, one.quantity, one.serial) for one in lines]


def _locked(actor: Actor, list_id: int) -> SavedList:
    """The list as it is once nobody else writes it."""
    rows = lock_rows(SavedList.objects.filter(pk=list_id, company_id=actor.company_id or 0))
    if not rows:
        raise refusal(Code.NOT_FOUND, "list")
    return rows[0]


def _write(into: SavedList, name: str, lines: Sequence[LineRequest]) -> SavedList:
    into.name = " ".join(name.split())
    if not into.name:
        raise refusal(Code.INVALID, "name", "missing")
    if len(into.name) > 100:
        raise refusal(Code.INVALID, "name", "too_long", limit=100)
    if not 1 <= len(lines) <= MAX_LINES:
        raise refusal(Code.INVALID, "lines", "line_count", limit=MAX_LINES)
    for place, line in enumerate(lines):
        line_check(line, f"lines[{place}].")
    try:
        with transaction.atomic():
            into.save()
    except IntegrityError:
        raise refusal(Code.INVALID, "name", "list_name", name=into.name) from None
    into.lines.all().delete()
    SavedListLine.objects.bulk_create(
        SavedListLine(saved_list=into, part_number=one.part_number, quantity=one.quantity, serial=one.serial)
        for one in lines
    )
    return into
