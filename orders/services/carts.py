"""The cart: what a person means to order. Emptied only by a placed order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from orders.models import Cart, CartLine, Order
from orders.services.placing import order_place
from orders.types import LineRequest, OrderRequest
from portal.accounts.actor import Actor
from portal.errors import Code, refusal

MAX_LINES = 2000
MAX_QUANTITY = 1_000_000
_LONGEST = {
    "part_number": ("partNumber", 60),
    "serial": ("serial", 60),
    "repair_card": ("repairCard", 30),
}  # the columns


def cart_lines(actor: Actor) -> list[CartLine]:
    """The lines as typed, oldest first."""
    return list(CartLine.objects.filter(cart__membership_id=actor.membership_id or 0))


def cart_line_requests(lines: list[CartLine]) -> tuple[LineRequest, ...]:
    """Cart lines as a wanted order."""
    return tuple(
        LineRequest(
            part_number=line.part_number,
            quantity=line.quantity,
            serial=line.serial,
            repair_card=line.repair_card,
            failed_on=line.failed_on,
            hours=line.hours,
            accept_expected_on=line.accept_expected_on,
        )
        for line in lines
    )


def cart_stamp(actor: Actor) -> str:
    """Names the state of the cart; another stamp: something was put in or taken out."""
    lines = [[one.pk, one.quantity] for one in cart_lines(actor)]
    return hashlib.sha256(json.dumps(lines).encode()).hexdigest()[:16]


@transaction.atomic
def cart_add(*, actor: Actor, lines: list[LineRequest], now: datetime, seen: str | None = None) -> list[CartLine]:
    """Add wishes; the same part for the same machine and card adds up. `seen`: only into the cart of that stamp.

    Raises INVALID for a bad wish or too many, WRONG_STATE when the cart is another one than was seen (a form sent twice).
    """
    cart, _ = Cart.objects.select_for_update().get_or_create(
        membership_id=actor.membership_id or 0, defaults={"changed_at": now}
    )
    if seen is not None and seen != cart_stamp(actor):
        raise refusal(Code.WRONG_STATE, "cart", "cart_changed")
    known = {(one.part_number, one.serial, one.repair_card): one for one in cart.lines.all()}
    if len(known) + len(lines) > MAX_LINES:
        raise refusal(Code.INVALID, "lines", "line_count", limit=MAX_LINES)
    grown: dict[int, CartLine] = {}
    for place, line in enumerate(lines):
        line_check(line, f"lines[{place}].")
        name = (line.part_number, line.serial, line.repair_card)
        if twin := known.get(name):
            twin.quantity = min(twin.quantity + line.quantity, MAX_QUANTITY)
            if twin.pk:
                grown[twin.pk] = twin
        else:
            known[name] = CartLine(cart=cart, **asdict(line))
    CartLine.objects.bulk_update(grown.values(), ["quantity"])
    CartLine.objects.bulk_create(one for one in known.values() if one.pk is None)
    Cart.objects.filter(pk=cart.pk).update(changed_at=now)
    return cart_lines(actor)


def cart_draft(actor: Actor) -> dict[str, str]:
    """What the actor typed on the order form and did not order yet, by field."""
    found = Cart.objects.filter(membership_id=actor.membership_id or 0).values_list("draft", flat=True).first()
    return dict(found or {})


@transaction.atomic
def cart_draft_keep(*, actor: Actor, typed: Mapping[str, str], now: datetime) -> None:
    """Keep what was typed, field by field: two windows that are open do not wipe out each other's. An empty text forgets a field."""
    cart, _ = Cart.objects.select_for_update().get_or_create(
        membership_id=actor.membership_id or 0, defaults={"changed_at": now}
    )
    cart.draft = {name: text for name, text in {**cart.draft, **typed}.items() if text != ""}
    cart.save(update_fields=["draft"])


def cart_empty(actor: Actor) -> None:
    """It is ordered, or asked for: lines and what was typed go."""
    CartLine.objects.filter(cart__membership_id=actor.membership_id or 0).delete()
    Cart.objects.filter(membership_id=actor.membership_id or 0).update(draft={})


@transaction.atomic
def cart_line_change(*, actor: Actor, line_id: int, line: LineRequest | None, now: datetime) -> None:
    """Rewrite one line, or (with None) drop it. Raises NOT_FOUND, INVALID."""
    mine = CartLine.objects.filter(pk=line_id, cart__membership_id=actor.membership_id or 0)
    if line is None:
        changed, _ = mine.delete()
    else:
        line_check(line)
        changed = mine.update(**asdict(line))
    if not changed:
        raise refusal(Code.NOT_FOUND, "line")
    Cart.objects.filter(membership_id=actor.membership_id or 0).update(changed_at=now)


@transaction.atomic
def cart_place(*, actor: Actor, request: OrderRequest, now: datetime) -> Order:
    """Order what the cart holds; in the same transaction the cart is emptied."""
    order = order_place(actor=actor, request=request, now=now)
    if order.placed_at == now:  # a repeated reference answers an older order; what was typed since stays
        cart_empty(actor)
    return order


def line_check(line: LineRequest, prefix: str = "") -> None:
    """What no order could hold is not put in a cart either."""
    if not 1 <= line.quantity <= MAX_QUANTITY:
        raise refusal(Code.INVALID, f"{prefix}quantity", "quantity", limit=MAX_QUANTITY)
    if line.hours is not None and not 0 <= line.hours <= MAX_QUANTITY:
        raise refusal(Code.INVALID, f"{prefix}hours", "hours", limit=MAX_QUANTITY)
    if not line.part_number.strip():
        raise refusal(Code.INVALID, f"{prefix}partNumber", "missing")
    for name, (field, limit) in _LONGEST.items():
        if len(getattr(line, name)) > limit:
            raise refusal(Code.INVALID, f"{prefix}{field}", "too_long", limit=limit)
