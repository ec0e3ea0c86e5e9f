"""The successor in a line's place: at the lower price, from stock, for the same machine and payer (rules.md section 5)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Max

from catalog.models import Part
from catalog.rules.stock import Want
from catalog.selectors.parts import Resolution, parts_resolve
from catalog.selectors.prices import prices_for
from catalog.selectors.stock import market_warehouses
from catalog.services.stock import stock_hold
from orders.models import LineHold, Order, OrderLine
from orders.selectors.taxes import tax_rates
from orders.services.advancing import order_advance, promises_show
from orders.services.cancelling import lines_cancel
from orders.services.cover_effects import cover_book
from orders.services.events import event_write
from orders.services.settling import order_settle
from portal.accounts.actor import Actor
from portal.errors import Code, refusal


def line_substitute(*, order: Order, line: OrderLine, actor: Actor, now: datetime) -> OrderLine:
    """Cancel the open pieces of `line` and put as many of its successor on the order. The caller holds the order's lock.

    Raises WRONG_STATE without one successor, OUT_OF_STOCK when that does not lie there, and what a closed repair card says.
    """
    day = now.astimezone(ZoneInfo(order.company.zone)).date()
    found = parts_resolve([line.part.number], on=day)[line.part.number]
    if len(found.successors) != 1:
        raise refusal(Code.WRONG_STATE, "line", "no_successor", partNumber=line.part.number)
    fresh = _fresh(order, line, found, day)
    lines_cancel(order=order, lines=[line], gone={line.pk: line.open_quantity}, now=now)
    fresh.save()
    _hold(order, fresh)
    cover_book(order, [fresh], indexes={})
    data = {"line": line.position, "with": fresh.position, "partNumber": fresh.part.number, "quantity": fresh.quantity}
    event_write(order=order, kind="substituted", at=now, actor=actor, data=data)
    order_settle(order, now=now)
    order_advance(order=order, at=now, now=now, actor=actor)
    fresh.refresh_from_db()
    if fresh.cleared_at is None:
        promises_show(order=order, lines=[fresh], now=now)
    return fresh


def _fresh(order: Order, line: OrderLine, found: Resolution, day: date) -> OrderLine:
    """The new line: what it costs is counted with the whole order. Machine, card, payer and decision are the old line's."""
    successor = found.successors[0]
    part, quantity = successor.part, line.open_quantity * successor.quantity
    amount, per = _lower_price(order, line, part, successor.quantity, quantity, day)
    rate, included = _rates(order, line, part, day)
    last = order.lines.aggregate(last=Max("position"))["last"]
    fresh = OrderLine.objects.get(pk=line.pk)
    fresh.pk, fresh._state.adding = None, True
    fresh.position, fresh.part, fresh.quantity = last + 1, part, quantity
    fresh.published_amount, fresh.published_per = amount, per
    fresh.tax_class, fresh.tax_rate, fresh.included_rate = part.tax_class, rate, included
    fresh.net = fresh.tax = fresh.gross = fresh.core_net = fresh.core_tax = line.net * 0
    fresh.core_each = min(line.core_each, part.core_in(order.currency))  # no dearer than what was agreed
    fresh.core_ended = 0
    fresh.expected_on = fresh.cleared_at = None
    fresh.shipped = fresh.delivered = fresh.cancelled = fresh.returned = 0
    return fresh


def _lower_price(
    order: Order, line: OrderLine, part: Part, for_one: int, quantity: int, day: date
) -> tuple[Decimal, int]:
    """Published amount and the pieces it is for: what stands for one old part costs no more than that did."""
    old = (line.published_amount, line.published_per * for_one)
    buyer = order.company
    price = prices_for([part.pk], market=order.market, kind=buyer.kind, discount_class=buyer.discount_class, on=day).get(part.pk)  # fmt: skip
    if price is None or (price.currency, price.includes_tax) != (order.currency, order.prices_include_tax):
        return old
    tier = price.at(quantity)
    return min(old, (tier.amount, tier.per_quantity), key=lambda one: one[0] / one[1])


def _rates(order: Order, line: OrderLine, part: Part, day: date) -> tuple[Decimal, Decimal]:
    if part.tax_class == line.tax_class:
        return line.tax_rate, line.included_rate
    rate = tax_rates(country=order.tax_country, on=day).get(part.tax_class)
    if rate is None and (line.tax_rate or line.included_rate):
        raise refusal(Code.INVALID, "line", "no_tax_rate", country=order.tax_country, taxClass=part.tax_class)
    rate = rate or Decimal(0)
    return rate if line.tax_rate else Decimal(0), rate if line.included_rate else Decimal(0)


def _hold(order: Order, fresh: OrderLine) -> None:
    warehouses = [one.pk for one in market_warehouses(order.market)]
    wants = [Want(str(fresh.pk), fresh.part_id, fresh.quantity)]
    held, short = stock_hold(wants=wants, warehouses=warehouses, all_or_nothing=True)
    if short:
        free = fresh.quantity - short[str(fresh.pk)]
        raise refusal(Code.OUT_OF_STOCK, "line", partNumber=fresh.part.number, free=free)
    LineHold.objects.bulk_create(
        LineHold(line=fresh, warehouse_id=one.warehouse_id, quantity=one.quantity) for one in held
    )
