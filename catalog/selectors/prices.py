"""Published prices and freight as they stand on a day (rules.md section 5, docs/pricing.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, F, Q, QuerySet, Subquery, Value, When

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
    includes_tax: bool = False

    def at(self, quantity: int) -> Tier:
        """The tier that a quantity reaches."""
        return tier_at(self.tiers, quantity)


def price_list_for(*, market: str, kind: str, discount_class: str, on: date) -> PriceList | None:
    """The list of a buyer on a day; a class without a list of its own gets the standard one of its market and kind."""
    return _lists(market, kind, discount_class, on).first()


def prices_for(
    part_ids: Iterable[int], *, market: str, kind: str, discount_class: str, on: date
) -> dict[int, PartPrice]:
    """Prices by part key, from the list of `price_list_for`; a part without a published price there is left out. One query."""
    best = _lists(market, kind, discount_class, on).values("pk")[:1]
    rows = Price.objects.filter(price_list=Subquery(best), part__in=set(part_ids)).order_by("from_quantity")
    heads: dict[int, tuple[str, str, date | None]] = {}
    with_tax: dict[int, bool] = {}
    tiers: dict[int, list[Tier]] = defaultdict(list)
    head = ("price_list__currency", "price_list__kind", "price_list__valid", "price_list__includes_tax")
    for part, from_quantity, amount, per_quantity, currency, of_kind, valid, includes_tax in rows.values_list(
        "part_id", "from_quantity", "amount", "per_quantity", *head
    ):
        heads[part] = (currency, of_kind, valid.lower)
        with_tax[part] = includes_tax
        tiers[part].append(Tier(from_quantity, amount, per_quantity))
    return {part: PartPrice(*heads[part], tuple(found), with_tax[part]) for part, found in tiers.items()}


def _lists(market: str, kind: str, discount_class: str, on: date) -> QuerySet[PriceList]:
    """The lists in force that a class may buy from: its own first, then the standard one."""
    own_first = Case(When(discount_class=discount_class, then=Value(0)), default=Value(1))
    classes = {discount_class, STANDARD}
    return PriceList.objects.filter(market=market, kind=kind, discount_class__in=classes, valid__contains=on).order_by(
        own_first
    )


def freight_for(*, market: str, currency: str, weight_g: int, on: date) -> Decimal | None:
    """Published freight for a weight in grams: the smallest bound that holds it, else the rate without bound; None when none is published."""
    rates = FreightRate.objects.filter(
        Q(up_to_g__gte=weight_g) | Q(up_to_g__isnull=True), market=market, currency=currency, valid__contains=on
    )
    return rates.order_by(F("up_to_g").asc(nulls_last=True)).values_list("amount", flat=True).first()
