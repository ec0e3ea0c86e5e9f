"""The cart: what a person means to order. Emptied only by a placed order."""

from __future__ import annotations

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


@transaction.atomic
def cart_add(*, actor: Actor, lines: list[LineRequest], now: datetime) -> list[CartLine]:
    """Add wishes; the same part for the same machine and card adds up."""
    cart, _ = Cart.objects.select_for_update().get_or_create(
        membership_id=actor.membership_id or 0, defaults={"changed_at": now}
    )
    known = {(one.part_number, one.serial, one.repair_card): one for one in cart.lines.all()}
    if len(known) + len(lines) > MAX_LINES:
        raise refusal(Code.INVALID, "lines", "line_count", limit=MAX_LINES)
    for place, line in enumerate(lines):
        _check(line, f"lines[{place}].")
        twin = known.get((line.part_number, line.serial, line.repair_card))
        if twin:
            twin.quantity = min(twin.quantity + line.quantity, MAX_QUANTITY)
            twin.save(update_fields=["quantity"])
        else:
            known[line.part_number, line.serial, line.repair_card] = CartLine.objects.create(cart=cart, **asdict(line))
    Cart.objects.filter(pk=cart.pk).update(changed_at=now)
    return cart_lines(actor)


@transaction.atomic
def cart_line_change(*, actor: Actor, line_id: int, line: LineRequest | None, now: datetime) -> None:
    """Rewrite one line, or (with None) drop it. Raises NOT_FOUND, INVALID."""
    mine = CartLine.objects.filter(pk=line_id, cart__membership_id=actor.membership_id or 0)
    if line is None:
        changed, _ = mine.delete()
    else:
        _check(line)
        changed = mine.update(**asdict(line))
    if not changed:
        raise refusal(Code.NOT_FOUND, "line")
    Cart.objects.filter(membership_id=actor.membership_id or 0).update(changed_at=now)


@transaction.atomic
def cart_place(*, actor: Actor, request: OrderRequest, now: datetime) -> Order:
    """Order what the cart holds; in the same transaction the cart is emptied."""
    order = order_place(actor=actor, request=request, now=now)
    if order.placed_at == now:  # a repeated reference answers an older order; what was typed since stays
        CartLine.objects.filter(cart__membership_id=actor.membership_id or 0).delete()
    return order


def _check(line: LineRequest, prefix: str = "") -> None:
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
