"""List prices as the store has them: rows of a price list that begins on the day they were heard of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from django.db import connection, transaction

from catalog.models import Price, PriceList
from catalog.rules.prices import Tier, repriced
from catalog.selectors.prices import STANDARD, price_list_for
from catalog.selectors.stock import market_day
from catalog.selectors.store import StoreChannel
from catalog.services.prices import price_list_publish
from portal.bulk import rows_insert
from portal.locks import key_lock

_COPY = """
INSERT INTO catalog_price (price_list_id, part_id, from_quantity, amount, per_quantity)
SELECT %s, part_id, from_quantity, amount, per_quantity FROM catalog_price WHERE price_list_id = %s
"""


@transaction.atomic
def store_prices_set(*, channel: StoreChannel, prices: Mapping[int, Decimal | None], now: datetime) -> None:
    """From today, in the market's own zone, parts (by key) cost this much a piece; None: they have no price any more.

    The first change of a day begins a list with all the prices of the one before, so that yesterday's stay what they were. Tiers for more pieces
    stay while they are not dearer. Discount classes keep lists of their own, which the store does not know.
    """
    key_lock(f"store.prices:{channel.slug}")
    listed = _list_of(channel, market_day(channel.market, now))
    tiers: dict[int, list[Tier]] = {}
    for row in Price.objects.filter(price_list=listed, part_id__in=prices):
        tiers.setdefault(row.part_id, []).append(Tier(row.from_quantity, row.amount, row.per_quantity))
    Price.objects.filter(price_list=listed, part_id__in=prices).delete()
    told = [
        {"price_list_id": listed.pk, "part_id": part_id, "from_quantity": t.from_quantity, "amount": t.amount, "per_quantity": t.per_quantity}
        for part_id, price in prices.items()
        if price is not None
        for t in repriced(tiers.get(part_id, ()), price)
    ]  # fmt: skip
    rows_insert(Price, told)


def _list_of(channel: StoreChannel, today: date) -> PriceList:
    found = price_list_for(market=channel.market, kind=channel.kind, discount_class=STANDARD, on=today)
    if found is not None and found.valid.lower == today:
        return found
    publish = partial(
        price_list_publish, market=channel.market, kind=channel.kind, discount_class=STANDARD, valid_from=today
    )
    if found is None:
        return publish(currency=channel.currency)
    made = publish(currency=found.currency, valid_to=found.valid.upper, includes_tax=found.includes_tax)
    with connection.cursor() as cursor:
        cursor.execute(_COPY, [made.pk, found.pk])
    return made
