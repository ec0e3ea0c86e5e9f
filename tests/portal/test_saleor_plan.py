"""What a plan of the store asks for, and what is left to do about it."""

from __future__ import annotations

from dataclasses import replace

from portal.saleor.plan import ChannelPlan, Found, ShopPlan, Target, WarehousePlan, changes, targets

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
