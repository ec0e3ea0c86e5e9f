"""Tax rates and the house's registrations as they stand on a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from orders.models import TaxRate, TaxRegistration

# Goods of these classes are taxed by nothing, anywhere; a country's table says nothing of them.
UNTAXED: Mapping[str, Decimal] = {"ZERO": Decimal(0), "EXEMPT": Decimal(0)}


def tax_rates(*, country: str, on: date) -> Mapping[str, Decimal]:
    """Rate by tax class; a class without a row is missing."""
    rows = TaxRate.objects.filter(country=country, valid__contains=on).values_list("tax_class", "rate")
    return {**dict(rows), **UNTAXED}


def tax_registrations(*, on: date) -> list[TaxRegistration]:
    """Where the house charges tax."""
    return list(TaxRegistration.objects.filter(valid__contains=on).order_by("country"))
