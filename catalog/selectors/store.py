"""What the store is told of the catalogue as a whole: channels and warehouses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from catalog.models import PriceList
from catalog.rules.store import channel_slug
from catalog.selectors.prices import STANDARD
from catalog.selectors.stock import market_day


@dataclass(frozen=True)
class StoreChannel:
    """A market and a kind of buyer with the list whose prices the store shows; `list_id` None: no list is valid on its day."""

    slug: str
    market: str
    kind: str
    currency: str
    list_id: int | None = None


def store_channels(now: datetime) -> dict[str, StoreChannel]:
    """The channels of all markets and kinds that ever had a standard price list, with the list valid on the market's own day. By slug."""
    found: dict[str, StoreChannel] = {}
    lists = list(PriceList.objects.filter(discount_class=STANDARD).order_by("market", "kind", "valid"))
    days = {market: market_day(market, now) for market in {row.market for row in lists}}
    for row in lists:
        slug, valid, on = channel_slug(row.market, row.kind), row.valid, days[row.market]
        holds = (valid.lower is None or valid.lower <= on) and (valid.upper is None or valid.upper > on)
        if slug not in found or holds or found[slug].list_id is None:
            found[slug] = StoreChannel(slug, row.market, row.kind, row.currency, row.pk if holds else None)
    return found
