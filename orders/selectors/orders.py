"""Orders as the actor may see them; another company's order does not exist."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet

from orders.models import HoldReason, Order, OrderHold, Payment, Return, Shipment
from portal.accounts.actor import Actor
from portal.errors import Code, refusal
from portal.locks import lock_rows


def orders_for(actor: Actor | None) -> QuerySet[Order]:
    """Every order the actor may see: the house all, others their company's."""
    orders = Order.objects.select_related("company").order_by("-placed_at", "-pk")
    if actor is None:
        return orders.none()
    return orders if actor.is_house else orders.filter(company_id=actor.company_id or 0)


def order_find(actor: Actor | None, *, number: str | None = None, reference: str | None = None) -> Order | None:
    """One order by its number, or by the reference its buyer gave it."""
    orders = orders_for(actor)
    if number:
        return orders.filter(number=number.strip()).first()
    if not reference or actor is None:
        return None
    own = orders.filter(company_id=actor.company_id or 0, reference=reference).order_by("pk").first()
    return own or orders.filter(placed_by_id=actor.membership_id or 0, reference=reference).first()


def order_locked(actor: Actor, order_id: int) -> Order:
    """Lock one visible order for a change. Raises NOT_FOUND."""
    if not orders_for(actor).filter(pk=order_id).exists():
        raise refusal(Code.NOT_FOUND, "order")
    return lock_rows(Order.objects.select_related("company").filter(pk=order_id))[0]


def orders_search(
    actor: Actor | None, *, state: str | None, company_id: int | None, late_numbers: QuerySet | None = None
) -> QuerySet[Order]:
    """The list behind `orders`; `late_numbers` narrows to orders with a broken promise."""
    orders = orders_for(actor)
    if state:
        orders = orders.filter(state=state)
    if company_id is not None:
        orders = orders.filter(company_id=company_id)
    return orders.filter(number__in=late_numbers) if late_numbers is not None else orders


def hold_ask(order: Order) -> Order:
    """Ask of a locked order whether it is held back, in one short statement: `hold_of` reads the hold only if it is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM orders_orderhold WHERE order_id = %s AND until IS NULL)", [order.pk])
        order.is_held = cursor.fetchone()[0]
    return order


def hold_of(order: Order) -> OrderHold | None:
    """The open hold, if any."""
    if order.is_held is False:
        return None
    return next((hold for hold in order.order_holds.all() if hold.until is None), None)


def unpaid_hold_of(order: Order) -> OrderHold | None:
    """The open hold for want of money, if that is what holds it."""
    hold = hold_of(order)
    return hold if hold is not None and hold.reason == HoldReason.PAYMENT_LAPSED else None


def shipment_find(actor: Actor, shipment_id: int) -> Shipment:
    """One visible shipment. Raises NOT_FOUND."""
    found = Shipment.objects.select_related("order").filter(pk=shipment_id, order__in=orders_for(actor)).first()
    if found is None:
        raise refusal(Code.NOT_FOUND, "shipment")
    return found


def return_find(actor: Actor, return_id: int) -> Return:
    """One visible return. Raises NOT_FOUND."""
    found = Return.objects.select_related("line__order").filter(pk=return_id, line__order__in=orders_for(actor)).first()
    if found is None:
        raise refusal(Code.NOT_FOUND, "return")
    return found


def payments_of(order: Order) -> QuerySet[Payment]:
    """Money received, oldest first."""
    return order.payments.order_by("received_at", "pk")
