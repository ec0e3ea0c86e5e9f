"""A sheet in Saleor's own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.rules.store_sheet import SUM, Sheet

NO_CATEGORY = "Spare parts"  # the store publishes nothing without a category
_GRAMS = 1000
_DROPDOWN = {"part-maker", "part-group"}


@dataclass(frozen=True)
class Ids:
    """What our things are called there."""

    product_type: str
    channels: Mapping[str, str]
    warehouses: Mapping[str, str]
    attributes: Mapping[str, str]
    categories: dict[str, str]


def product_row(sheet: Sheet, ids: Ids) -> dict[str, Any]:
    """`ProductBulkCreateInput`: one product with one variant, both known by the part's key."""
    offered = {slug: price for slug, price in sheet.facts.prices.items() if slug in ids.channels}
    stocks = {ids.warehouses[code]: pieces for code, pieces in sheet.stock.items() if code in ids.warehouses}
    variant = {
        **_variant(sheet),
        "name": sheet.sku,
        "attributes": [],
        "trackInventory": True,
        "stocks": [{"warehouse": warehouse, "quantity": pieces} for warehouse, pieces in stocks.items()],
        "channelListings": [{"channelId": ids.channels[slug], "price": str(price)} for slug, price in offered.items()],
    }
    return {
        **_product(sheet, ids),
        "slug": sheet.slug,
        "productType": ids.product_type,
        "category": ids.categories[sheet.category or NO_CATEGORY],
        "weight": sheet.weight_g / _GRAMS,
        "metadata": _metadata({**{key: value for key, value in sheet.metadata.items() if value}, SUM: sheet.whole_sum}),
        "channelListings": [listing(ids.channels[slug], offered=True) for slug in offered],
        "variants": [variant],
    }


def described(sheet: Sheet, ids: Ids) -> tuple[dict[str, Any], dict[str, Any]]:
    """`ProductInput` and `ProductVariantInput`; metadata we say no more are sent empty, for the store only adds.

    What we do not know (a category, a weight) stays as the store's people have it: the part may have been made there.
    """
    product = {**_product(sheet, ids), "metadata": _metadata({**sheet.metadata, SUM: sheet.whole_sum})}
    return product, _variant(sheet)


def listing(channel: str, *, offered: bool) -> dict[str, Any]:
    """The product's row in a channel, for making and for changing it."""
    shown = {"isPublished": offered, "visibleInListings": offered, "isAvailableForPurchase": offered}
    return {"channelId": channel, **shown}


def _product(sheet: Sheet, ids: Ids) -> dict[str, Any]:
    return {
        "name": sheet.facts.name,
        **({"category": ids.categories[sheet.category]} if sheet.category else {}),
        "externalReference": sheet.key,
        **({"weight": sheet.weight_g / _GRAMS} if sheet.weight_g else {}),
        "attributes": [
            {"id": ids.attributes[slug], **_value(slug, value)}
            for slug, value in sheet.attributes.items()
            if slug in ids.attributes
        ],
    }


def _value(slug: str, value: str) -> dict[str, Any]:
    return {"dropdown": {"value": value}} if slug in _DROPDOWN else {"plainText": value}


def _variant(sheet: Sheet) -> dict[str, Any]:
    return {"sku": sheet.sku, "externalReference": sheet.key}


def _metadata(told: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in told.items()]
