"""What a plan of the store asks for, and what is left to do about it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from portal.saleor import plan_read
from portal.saleor.client import Page
from portal.saleor.plan import METHOD, ZONE, ChannelPlan, Found, ShopPlan, Target, WarehousePlan, changes, targets
from portal.saleor.services import link_set

COUNTRIES = frozenset({"DE", "KR"})
PLAN = ShopPlan(
    channels=(ChannelPlan("kr-dealer", "KR Dealer", "KRW", "KR", ("ICN", "CHW")),),
    warehouses=(WarehousePlan("ICN", "Incheon", {"country": "KR"}), WarehousePlan("CHW", "Changwon", {})),
)


def as_planned(plan: ShopPlan = PLAN) -> dict[tuple[str, str], Found]:
    """A store that is as the plan wants it."""
    return {(one.kind, one.name): Found(f"id {one.name}", dict(one.fields)) for one in targets(plan, COUNTRIES)}


def todo(found: dict[tuple[str, str], Found], plan: ShopPlan = PLAN) -> list[tuple[str, str, dict[str, object]]]:
    """Kind, name and fields of each change."""
    return [(one.target.kind, one.target.name, dict(one.fields)) for one in changes(targets(plan, COUNTRIES), found)]


def test_an_empty_store_gets_everything_in_an_order_it_can_be_made_in():
    kinds = [kind for kind, _, _ in todo({})]
    assert kinds[:5] == ["shop", "warehouse", "warehouse", "channel", "channel.warehouses"]
    assert kinds.index("attribute") < kinds.index("producttype")
    assert kinds.index("zone") < kinds.index("method")


def test_a_store_as_planned_is_left_alone():
    assert todo(as_planned()) == []


def test_only_the_fields_that_differ_are_mended():
    found = as_planned()
    fields = found["channel", "kr-dealer"].fields
    found["channel", "kr-dealer"] = Found("id", {**fields, "isActive": False, "name": "KR Dealer"})
    assert todo(found) == [("channel", "kr-dealer", {"isActive": True})]


def test_what_staff_added_to_a_zone_stays_and_what_is_missing_is_added():
    found = as_planned()
    zone = found["zone", "Parts portal"]
    found["zone", "Parts portal"] = Found("id", {**zone.fields, "countries": COUNTRIES | {"FR"}})
    assert todo(found) == []
    found["zone", "Parts portal"] = Found("id", {**zone.fields, "countries": frozenset({"DE"})})
    assert [name for _, _, fields in todo(found) for name in fields] == ["countries"]


def test_another_currency_is_told_and_not_tried():
    found = as_planned()
    found["channel", "kr-dealer"] = Found("id", {**found["channel", "kr-dealer"].fields, "currencyCode": "USD"})
    [change] = changes(targets(PLAN, COUNTRIES), found)
    assert (change.stuck, change.fields, change.was) == (("currencyCode",), {}, {"currencyCode": "USD"})


def test_another_order_of_preference_is_mended():
    found = as_planned()
    found["channel.warehouses", "kr-dealer"] = Found("id", {"warehouses": ("CHW", "ICN")})
    assert todo(found) == [("channel.warehouses", "kr-dealer", {"warehouses": ("ICN", "CHW")})]


def test_the_store_works_no_tax_out_by_itself():
    tax = {one.name: one.fields for one in targets(PLAN, COUNTRIES) if one.kind == "tax"}["kr-dealer"]
    assert (tax["chargeTaxes"], tax["pricesEnteredWithTax"]) == (False, False)


def test_reservations_stay_off_and_strangers_out():
    shop: Target = targets(PLAN, COUNTRIES)[0]
    assert shop.fields["reserveStockDurationAuthenticatedUser"] is None
    assert shop.fields["allowStorefrontTraffic"] is False
    assert targets(replace(PLAN, storefront_open=True), COUNTRIES)[0].fields["allowStorefrontTraffic"] is True


class Asked:
    """A store that has these shipping zones: (id, name, its methods as (id, name))."""

    def __init__(self, *zones: tuple[str, str, list[tuple[str, str]]]) -> None:
        self.zones = zones

    def pages(self, name: str) -> list[Page]:
        """All of them."""
        empty: dict[str, list[Any]] = {"countries": [], "warehouses": [], "channels": []}
        return [
            Page(
                [
                    {"id": key, "name": called, **empty, "shippingMethods": [{"id": one, "name": what, "channelListings": []} for one, what in methods]}
                    for key, called, methods in self.zones
                ],
                "",
            )
        ]  # fmt: skip


def zones_known(*zones: tuple[str, str, list[tuple[str, str]]]) -> dict[tuple[str, str], str]:
    """What we take for our zone and our way of delivery."""
    found = plan_read._zones(Asked(*zones), {})  # type: ignore[arg-type]
    return {key: one.store_id for key, one in found.items() if key in (("zone", ZONE), ("method", METHOD))}


@pytest.mark.django_db
def test_a_way_of_delivery_is_ours_by_its_name_in_our_zone_alone():
    theirs = ("z1", "Europe", [("m1", METHOD)])
    assert zones_known(theirs) == {}
    assert zones_known(theirs, ("z2", ZONE, [("m2", "Express"), ("m3", METHOD)])) == {("zone", ZONE): "z2", ("method", METHOD): "m3"}  # fmt: skip


@pytest.mark.django_db
def test_what_was_ours_stays_ours_though_others_take_its_name():
    link_set("zone", ZONE, "z3")
    link_set("method", METHOD, "m3")
    renamed = ("z3", "Renamed by staff", [("m4", METHOD), ("m3", "Renamed too")])
    ours = {("zone", ZONE): "z3", ("method", METHOD): "m3"}
    assert zones_known(("z1", ZONE, [("m1", METHOD)]), renamed) == ours
    assert zones_known(renamed, ("z9", ZONE, [("m9", METHOD)])) == ours
