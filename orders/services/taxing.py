"""The tax of a draft and of an order: where it is due, at which rates, and every sum that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from orders.models import Order, OrderLine
from orders.rules.amounts import Amounts, Share, order_amounts
from orders.rules.papers import Step, Terms, step
from orders.rules.tax import Place, Supply, place_of_supply
from orders.selectors.taxes import tax_rates, tax_registrations
from orders.types import Draft
from portal.errors import Code, Problem


def draft_tax(draft: Draft) -> None:
    """Find out where the draft is taxed, and give every line its rate. A rate that nobody entered is a problem, never a zero."""
    draft.place = _place(draft)
    home = draft.warehouses[0].country if draft.warehouses else draft.place.country
    known = tax_rates(country=draft.place.country if draft.place.is_taxed else home, on=draft.day)
    needed = draft.place.is_taxed or draft.prices_include_tax
    for line in draft.lines:
        rate = known.get(line.part.tax_class)
        if rate is None and needed:
            _rate_missing(draft, line.part.tax_class)
        line.tax_rate = (rate or Decimal(0)) if draft.place.is_taxed else Decimal(0)
        line.included_rate = (rate or Decimal(0)) if draft.prices_include_tax else Decimal(0)


def _place(draft: Draft) -> Place:
    """Goods of a market leave, for the tax, from its first warehouse: what lies farther off is brought there by the house (ADR 0040)."""
    buyer = draft.buyer
    registrations = tax_registrations(on=draft.day)
    ships_to = draft.deliver_to.get("country", "").upper()
    return place_of_supply(
        Supply(
            ships_from=draft.warehouses[0].country if draft.warehouses else ships_to,
            ships_to=ships_to,
            is_consumer=buyer.is_consumer,
            number_state=buyer.tax_number_state,
            number_country=buyer.tax_number_country,
            registered=frozenset(one.country for one in registrations),
            one_stop=any(one.one_stop for one in registrations),
        )
    )


def _rate_missing(draft: Draft, tax_class: str) -> None:
    told = {"country": draft.place.country, "taxClass": tax_class}
    problem = Problem(Code.INVALID, "deliverTo.country", told, "no_tax_rate")
    if problem not in draft.problems:
        draft.problems.append(problem)


def draft_amounts(draft: Draft) -> None:
    """Every sum of the draft, from its prices, shares and rates."""
    found = order_amounts(
        [
            Share(
                line.amount,
                line.per_quantity,
                line.quantity,
                line.cover.customer_share,
                line.tax_rate,
                line.included_rate,
            )
            for line in draft.lines
        ],
        freight=draft.freight_rate,
        currency=draft.currency,
        includes_tax=draft.prices_include_tax,
    )
    for line, sums in zip(draft.lines, found.lines, strict=True):
        line.net, line.tax = sums.net, sums.tax
    draft.freight, draft.freight_tax, draft.freight_tax_rate = found.freight.net, found.freight.tax, found.freight_rate


def amounts_of(order: Order, lines: Sequence[OrderLine]) -> Amounts:
    """What these lines of the order cost, freight included; cancelled pieces cost nothing.

    Freight that was charged keeps its rate; where only free pieces left, none was charged and it has none yet.
    """
    charged = order.freight > 0 and any(line.shipped for line in lines)
    return order_amounts(
        [line_share(line, line.quantity - line.cancelled) for line in lines],
        freight=order.freight_rate,
        currency=order.currency,
        includes_tax=order.prices_include_tax,
        freight_tax_rate=order.freight_tax_rate if charged else None,
    )


def order_terms(order: Order, *, freight: bool = True) -> Terms:
    """What the steps of the order have in common."""
    published = order.freight_rate if freight else Decimal(0)
    return Terms(published, order.freight_tax_rate, order.currency, order.prices_include_tax)


def shipped_step(order: Order, lines: Sequence[OrderLine]) -> Step:
    """What everything that left so far charges."""
    nothing = [line_share(line, 0) for line in lines]
    return step(nothing, [line_share(line, line.shipped) for line in lines], order_terms(order))


def line_share(line: OrderLine, quantity: int) -> Share:
    """The buyer's share of so many pieces of the line."""
    return Share(
        line.published_amount, line.published_per, quantity, line.customer_share, line.tax_rate, line.included_rate
    )
