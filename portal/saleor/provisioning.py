"""Setting the store up: what a plan asks for is made or mended, and nothing else is touched. Repeatable; a second run changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from portal.saleor.client import SaleorClient
from portal.saleor.errors import Problem, SaleorRefused
from portal.saleor.plan import Change, ShopPlan, changes, targets
from portal.saleor.plan_read import countries_of, things_read
from portal.saleor.services import link_set

Ids = dict[tuple[str, str], str]
_LINKED = ("channel", "warehouse", "zone", "method", "attribute", "producttype")


def provision_plan(asked: SaleorClient, plan: ShopPlan) -> list[Change]:
    """What is to be done, without doing it; ids of what is there already are remembered in any case. Raises SaleorError."""
    found = things_read(asked, plan)
    wanted = targets(plan, countries_of(asked))
    for target in wanted:
        if target.kind in _LINKED and (there := found.get((target.kind, target.name))):
            link_set(target.kind, target.name, there.store_id)
    return list(changes(wanted, found))


def provision(asked: SaleorClient, plan: ShopPlan, todo: list[Change]) -> Iterator[Change]:
    """Do what `provision_plan` found, one by one; gives each change when it is done.

    Raises SaleorRefused for what the store will not have, a channel of another currency among it (`FIXED`), after everything before it was done.
    """
    ids: Ids = {key: one.store_id for key, one in things_read(asked, plan).items()}
    for change in todo:
        _refuse_stuck(change)
        _act(asked, change, ids)
        yield change


def _refuse_stuck(change: Change) -> None:
    if change.stuck:
        name = f"{change.target.kind} {change.target.name}"
        raise SaleorRefused(
            Problem(field, "FIXED", f"{name}: {change.was[field]}, not {change.target.fields[field]}", {"name": name})
            for field in change.stuck
        )


def _act(asked: SaleorClient, change: Change, ids: Ids) -> None:
    target = change.target
    done = _ACTS[target.kind](asked, change, ids)
    if done and target.kind in _LINKED:
        ids[target.kind, target.name] = done
        link_set(target.kind, target.name, done)
    if done and target.kind == "channel" and not change.store_id:  # its tax configuration came with it
        for page in asked.pages("tax_configurations"):
            ids |= {("tax", one["channel"]["slug"]): one["id"] for one in page.nodes}


def _shop(asked: SaleorClient, change: Change, ids: Ids) -> str:
    asked.call("shop_settings_set", input=dict(change.fields))
    return ""


def _warehouse(asked: SaleorClient, change: Change, ids: Ids) -> str:
    if change.store_id:
        asked.call("warehouse_update", id=change.store_id, input=dict(change.fields))
        return change.store_id
    made = {"externalReference": change.target.name, **change.fields, **change.target.first}
    return _id(asked.call("warehouse_create", input=made), "warehouse")


def _channel(asked: SaleorClient, change: Change, ids: Ids) -> str:
    if change.store_id:
        asked.call("channel_update", id=change.store_id, input=dict(change.fields))
        return change.store_id
    return _id(asked.call("channel_create", input={"slug": change.target.name, **change.fields}), "channel")


def _channel_warehouses(asked: SaleorClient, change: Change, ids: Ids) -> str:
    """Link what is missing, then bring ours to the front in our order: the store moves by so many places."""
    channel = ids["channel", change.target.name]
    wanted = [ids["warehouse", code] for code in change.target.fields["warehouses"]]
    answer = asked.call("channel_update", id=channel, input={"addWarehouses": wanted})
    order = [one["id"] for one in answer["channel"]["warehouses"]]
    for place, warehouse in enumerate(wanted):
        if away := order.index(warehouse) - place:
            asked.call("channel_reorder_warehouses", id=channel, moves=[{"id": warehouse, "sortOrder": -away}])
            order.insert(place, order.pop(order.index(warehouse)))
    return ""


def _tax(asked: SaleorClient, change: Change, ids: Ids) -> str:
    asked.call("tax_configuration_set", id=ids["tax", change.target.name], input=dict(change.target.fields))
    return ""


def _zone(asked: SaleorClient, change: Change, ids: Ids) -> str:
    countries = change.target.fields["countries"] | (change.was.get("countries") or frozenset())
    given = {
        "countries": sorted(countries),
        "addWarehouses": _ids_of(change, ids, "warehouses", "warehouse"),
        "addChannels": _ids_of(change, ids, "channels", "channel"),
    }
    if change.store_id:
        asked.call("shipping_zone_update", id=change.store_id, input=given)
        return change.store_id
    return _id(asked.call("shipping_zone_create", input={"name": change.target.name, **given}), "shippingZone")


def _method(asked: SaleorClient, change: Change, ids: Ids) -> str:
    made = change.store_id
    if not made:
        given = {"name": change.target.name, "shippingZone": ids["zone", change.target.first["zone"]], "type": "PRICE"}
        made = _id(asked.call("shipping_method_create", input=given), "shippingMethod")
    listed = [{"channelId": one, "price": "0"} for one in _ids_of(change, ids, "free in", "channel")]
    asked.call("shipping_method_listing", id=made, input={"addChannels": listed})
    return made


def _attribute(asked: SaleorClient, change: Change, ids: Ids) -> str:
    given = {"slug": change.target.name, "type": "PRODUCT_TYPE", **change.target.first}
    return _id(asked.call("attribute_create", input=given), "attribute")


def _producttype(asked: SaleorClient, change: Change, ids: Ids) -> str:
    wanted = [ids["attribute", slug] for slug in sorted(change.target.fields["productAttributes"])]
    if change.store_id:
        # The list given is the whole list: staff's own attributes stay on it.
        others = [one for one in _attributes_of(asked, change) if one not in wanted]
        asked.call("product_type_update", id=change.store_id, input={"productAttributes": wanted + others})
        return change.store_id
    given = {"slug": change.target.name, "kind": "NORMAL", "isShippingRequired": True, "productAttributes": wanted}
    return _id(asked.call("product_type_create", input={**given, **change.target.first}), "productType")


def _attributes_of(asked: SaleorClient, change: Change) -> list[str]:
    found = asked.call("product_types_by_slug", slugs=[change.target.name])["edges"]
    return [one["id"] for edge in found for one in edge["node"]["productAttributes"]]


def _ids_of(change: Change, ids: Ids, field: str, kind: str) -> list[str]:
    """The store's ids of what is missing in a set."""
    missing = change.target.fields[field] - (change.was.get(field) or frozenset())
    return [ids[kind, name] for name in sorted(missing)]


def _id(answer: Mapping[str, Any], thing: str) -> str:
    return str(answer[thing]["id"])


_ACTS: dict[str, Callable[[SaleorClient, Change, Ids], str]] = {
    "shop": _shop,
    "warehouse": _warehouse,
    "channel": _channel,
    "channel.warehouses": _channel_warehouses,
    "tax": _tax,
    "zone": _zone,
    "method": _method,
    "attribute": _attribute,
    "producttype": _producttype,
}
