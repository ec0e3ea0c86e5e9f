"""Freight that comes late is taxed like freight that was there from the start."""

from __future__ import annotations

from decimal import Decimal

from orders.models import Order, OrderLine
from orders.services.taxing import amounts_of


def _line(share: int, shipped: int) -> OrderLine:
    return OrderLine(
        published_amount=Decimal(10000), published_per=1, quantity=1, cancelled=0, shipped=shipped, customer_share=Decimal(share),
        tax_rate=Decimal("0.10"), included_rate=Decimal(0),
    )  # fmt: skip


def test_freight_due_only_after_a_free_line_left_is_taxed() -> None:
    """A free line left; then a person decided the other one to be paid, and with it freight."""
    order = Order(
        currency="KRW",
        prices_include_tax=False,
        freight_rate=Decimal(3000),
        freight=Decimal(0),
        freight_tax_rate=Decimal(0),
    )
    found = amounts_of(order, [_line(0, 1), _line(1, 0)])
    assert (found.freight.net, found.freight.tax, found.freight_rate) == (3000, 300, Decimal("0.10"))


def test_freight_that_an_invoice_has_charged_keeps_its_rate() -> None:
    order = Order(
        currency="KRW",
        prices_include_tax=False,
        freight_rate=Decimal(3000),
        freight=Decimal(3000),
        freight_tax_rate=Decimal("0.05"),
    )
    assert amounts_of(order, [_line(1, 1), _line(1, 0)]).freight.tax == 150
