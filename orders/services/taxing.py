"""The tax of a draft and of an order: where it is due, at which rates, and every sum that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
        cores=[
            Share(line.core_due, 1, line.quantity, Decimal(1), line.tax_rate, line.included_rate)
            for line in draft.lines
        ],
        freight=draft.freight_rate,
        currency=draft.currency,
        includes_tax=draft.prices_include_tax,
    )
    for line, sums, core in zip(draft.lines, found.lines, found.cores, strict=True):
        line.net, line.tax, line.core_net, line.core_tax = sums.net, sums.tax, core.net, core.tax
    draft.freight, draft.freight_tax, draft.freight_tax_rate = found.freight.net, found.freight.tax, found.freight_rate


def amounts_of(order: Order, lines: Sequence[OrderLine]) -> Amounts:
    """What these lines of the order cost, freight included; cancelled pieces cost nothing.

    Freight that was charged keeps its rate; where only free pieces left, none was charged and it has none yet.
    """
    charged = order.freight > 0 and any(line.shipped for line in lines)
    return order_amounts(
        [line_share(line, line.quantity - line.cancelled) for line in lines],
        cores=[core_share(line, line.quantity - line.cancelled) for line in lines],
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
    """What everything that left so far charges: each line's goods, then each line's core deposits."""
    return pieces_step(order, [(line, 0, line.shipped) for line in lines])


def pieces_step(order: Order, pieces: Iterable[tuple[OrderLine, int, int]]) -> Step:
    """What so many pieces of the order's lines (all of them named) charge beyond the fewer: each line's goods, then each line's deposits."""
    rows = list(pieces)
    fewer = [line_share(line, before) for line, before, _ in rows] + [core_share(line, before) for line, before, _ in rows]  # fmt: skip
    more = [line_share(line, count) for line, _, count in rows] + [core_share(line, count) for line, _, count in rows]
    return step(fewer, more, order_terms(order))


def line_share(line: OrderLine, quantity: int) -> Share:
    """The buyer's share of so many pieces of the line."""
    return Share(
        line.published_amount, line.published_per, quantity, line.customer_share, line.tax_rate, line.included_rate
    )


def core_share(line: OrderLine, quantity: int) -> Share:
    """The core deposits on so many pieces of the line."""
    return Share(line.core_due, 1, quantity, Decimal(1), line.tax_rate, line.included_rate)
