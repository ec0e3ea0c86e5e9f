"""Published prices and freight as they stand on a day (rules.md section 5, docs/pricing.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Q

from catalog.models import FreightRate, Price, PriceList
from catalog.rules.prices import Tier, tier_at

STANDARD = "STANDARD"


@dataclass(frozen=True)
class PartPrice:
    """One part's published price: tiers by rising quantity, amounts in major units of `currency`, not rounded."""

    currency: str
    kind: str
    valid_from: date | None
    tiers: tuple[Tier, ...]

    def at(self, quantity: int) -> Tier:
        """The tier that a quantity reaches."""
        return tier_at(self.tiers, quantity)


def price_list_for(*, market: str, kind: str, discount_class: str, on: date) -> PriceList | None:
    """The list of a buyer on a day; a class without a list of its own gets the standard one of its market and kind."""
    lists = PriceList.objects.filter(
        market=market, kind=kind, discount_class__in={discount_class, STANDARD}, valid__contains=on
    )
    found = {row.discount_class: row for row in lists}
    return found.get(discount_class) or found.get(STANDARD)


def prices_for(
    part_ids: Iterable[int], *, market: str, kind: str, discount_class: str, on: date
) -> dict[int, PartPrice]:
    """Prices by part key; a part without a published price is left out. Two queries."""
    price_list = price_list_for(market=market, kind=kind, discount_class=discount_class, on=on)
    if price_list is None:
        return {}
    tiers: dict[int, list[Tier]] = defaultdict(list)
    rows = Price.objects.filter(price_list=price_list, part__in=set(part_ids)).order_by("from_quantity")
    for part, from_quantity, amount, per_quantity in rows.values_list(
        "part_id", "from_quantity", "amount", "per_quantity"
    ):
        tiers[part].append(Tier(from_quantity, amount, per_quantity))
    valid_from = price_list.valid.lower
    return {
        part: PartPrice(price_list.currency, price_list.kind, valid_from, tuple(found)) for part, found in tiers.items()
    }


def freight_for(*, market: str, currency: str, weight_g: int, on: date) -> Decimal | None:
    """Published freight for a weight in grams: the smallest bound that holds it, else the rate without bound; None when none is published."""
    rates = FreightRate.objects.filter(
        Q(up_to_g__gte=weight_g) | Q(up_to_g__isnull=True), market=market, currency=currency, valid__contains=on
    )
    return rates.order_by(F("up_to_g").asc(nulls_last=True)).values_list("amount", flat=True).first()
