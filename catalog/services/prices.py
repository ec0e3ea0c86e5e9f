"""Publishing price lists."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.models import PriceList
from catalog.rules.prices import ListDays, list_begins
from portal.errors import Code, refusal


@transaction.atomic
def price_list_publish(
    *,
    market: str,
    kind: str,
    discount_class: str,
    currency: str,
    valid_from: date,
    valid_to: date | None = None,
    name: str = "",
    includes_tax: bool = False,
) -> PriceList:
    """The list of a market, kind and class that begins on `valid_from`, made if need be; `valid_to` is its first day without it.

    A list that was running on that day ends the day before; a list published for later bounds the new one. Raises INVALID (`currency`) when
    the list exists in another currency, (`includesTax`) with tax where this has none, and (`validTo`) when the days run backwards.
    """
    if valid_to is not None and valid_to <= valid_from:
        raise refusal(Code.INVALID, "validTo", "range")
    lists = list(
        PriceList.objects.select_for_update()
        .filter(market=market, kind=kind, discount_class=discount_class)
        .order_by("valid")
    )
    for known in lists:
        if known.valid.lower == valid_from:
            return _same(known, currency, includes_tax)
    days = [ListDays(known.pk, known.valid.lower, known.valid.upper) for known in lists]
    ends, ended = list_begins(days, valid_from, valid_to)
    for one in ended:
        PriceList.objects.filter(pk=one.key).update(valid=DateRange(one.starts, one.ends))
    return PriceList.objects.create(
        market=market,
        kind=kind,
        discount_class=discount_class,
        currency=currency,
        includes_tax=includes_tax,
        name=name or price_list_name(market, kind, discount_class, valid_from),
        valid=DateRange(valid_from, ends),
    )


def price_list_name(market: str, kind: str, discount_class: str, valid_from: date) -> str:
    """What a list is called that nobody named."""
    return f"{market} {kind} {discount_class} {valid_from:%Y-%m-%d}"


def _same(known: PriceList, currency: str, includes_tax: bool) -> PriceList:
    if known.currency != currency:
        raise refusal(Code.INVALID, "currency", "other_currency", currency=known.currency)
    if known.includes_tax != includes_tax:
        raise refusal(Code.INVALID, "includesTax", "other_tax")
    return known
