"""What the store shall look like, as plain plans, and what is to be done about it. Pure: no store is asked here.

A `Target` is what one thing of the store should be, in the store's own words for its fields; a `Found` what it is. A `Change` brings the one to
the other. A set of things (countries, channels) is right when it holds at least ours: staff may add their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

PRODUCT_TYPE = "spare-part"
ZONE = "Parts portal"
EXPECTED = "portal.expected"  # a warehouse for goods on their way: no piece lies there, and orders that wait draw on it (docs/adr/0072)
METHOD = "Delivery"  # costs nothing by itself: what an order pays for freight is the portal's to say (docs/adr/0065)
# What staff filter by; the rest is metadata, for each attribute costs the store a third more time a part.
ATTRIBUTES = {
    "part-maker": ("Maker", "DROPDOWN"),
    "part-group": ("Part group", "DROPDOWN"),
}
MOST_PER_LINE = 100_000  # the store's own limit is 50, too few for a dealer's restock
FIXED = {"currencyCode"}  # what a store never changes once it is made


# Prices are final: the portal works every tax out, and the store none (docs/adr/0065).
_TAX = {"chargeTaxes": False, "pricesEnteredWithTax": False, "displayGrossPrices": False}


@dataclass(frozen=True)
class WarehousePlan:
    """A warehouse; `address` holds the store's own field names. It is sent once, staff may correct it in the store."""

    code: str
    name: str
    address: Mapping[str, str]


@dataclass(frozen=True)
class ChannelPlan:
    """A market and a kind of buyer; `slug` is what our orders say, `warehouses` are codes, preferred first."""

    slug: str
    name: str
    currency: str
    country: str
    warehouses: tuple[str, ...]


@dataclass(frozen=True)
class ShopPlan:
    """All of it."""

    channels: tuple[ChannelPlan, ...]
    warehouses: tuple[WarehousePlan, ...]
    storefront_open: bool = False


@dataclass(frozen=True)
class Target:
    """`first` is sent when the thing is made and never compared afterwards."""

    kind: str
    name: str
    fields: Mapping[str, Any]
    first: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """A thing the store has."""

    store_id: str
    fields: Mapping[str, Any]


Things = Mapping[tuple[str, str], Found]


@dataclass(frozen=True)
class Change:
    """Make (`store_id` empty) or mend a thing. `stuck` names fields that differ and cannot be changed in the store any more."""

    target: Target
    fields: Mapping[str, Any]
    was: Mapping[str, Any] = field(default_factory=dict)
    store_id: str = ""
    stuck: tuple[str, ...] = ()


def targets(plan: ShopPlan, countries: frozenset[str]) -> list[Target]:
    """Everything the plan asks for, in the order it can be made; `countries` are those the store knows."""
    codes = frozenset(one.code for one in plan.warehouses)
    slugs = frozenset(one.slug for one in plan.channels)
    return [
        Target("shop", "settings", _shop(plan)),
        *(Target("warehouse", one.code, {"name": one.name}, {"address": one.address}) for one in plan.warehouses),
        *(Target("channel", one.slug, _channel(one)) for one in plan.channels),
        *(Target("channel.warehouses", one.slug, {"warehouses": one.warehouses}) for one in plan.channels),
        *(Target("tax", one.slug, _TAX) for one in plan.channels),
        Target("zone", ZONE, {"countries": countries, "warehouses": codes, "channels": slugs}),
        Target("method", METHOD, {"free in": slugs}, {"zone": ZONE}),
        *(
            Target("attribute", slug, {}, {"name": name, "inputType": form})
            for slug, (name, form) in ATTRIBUTES.items()
        ),
        Target("producttype", PRODUCT_TYPE, {"productAttributes": frozenset(ATTRIBUTES)}, {"name": "Spare part"}),
    ]


def changes(wanted: Sequence[Target], found: Things) -> Iterator[Change]:
    """What differs, in the order given; nothing when the store is as it should be."""
    for target in wanted:
        there = found.get((target.kind, target.name))
        if there is None:
            yield Change(target, target.fields)
            continue
        differ = {key: value for key, value in target.fields.items() if not _holds(value, there.fields.get(key))}
        if differ:
            was = {key: there.fields.get(key) for key in differ}
            stuck = tuple(sorted(differ.keys() & FIXED))
            yield Change(target, {k: v for k, v in differ.items() if k not in stuck}, was, there.store_id, stuck)


def _holds(wanted: Any, there: Any) -> bool:
    return wanted <= (there or frozenset()) if isinstance(wanted, frozenset) else wanted == there


def _shop(plan: ShopPlan) -> dict[str, Any]:
    return {
        "fulfillmentAllowUnpaid": True,  # on account, and what warranty bears
        "fulfillmentAutoApprove": True,
        "limitQuantityPerCheckout": MOST_PER_LINE,
        # With reservations on, the store gives the same piece twice, also to drafts (seen).
        "reserveStockDurationAnonymousUser": None,
        "reserveStockDurationAuthenticatedUser": None,
        # Stock counts by warehouse and channel alone, whatever country a parcel goes to.
        "useLegacyShippingZoneStockAvailability": False,
        "allowStorefrontTraffic": plan.storefront_open,  # open, everybody reads the dealers' prices
    }


def _channel(plan: ChannelPlan) -> dict[str, Any]:
    return {
        "name": plan.name,
        "currencyCode": plan.currency,
        "defaultCountry": plan.country,
        "isActive": True,
        "stockSettings": {"allocationStrategy": "PRIORITIZE_SORTING_ORDER"},
        "orderSettings": {
            "allowUnpaidOrders": True,
            "automaticallyConfirmAllNewOrders": True,
            "expireOrdersAfter": 0,
            "markAsPaidStrategy": "TRANSACTION_FLOW",
        },
    }
