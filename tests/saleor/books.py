"""The portal's orders as its API tells them, held against Saleor's own API."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tests import store
from tests.stories.world import World

_ORDERS = """query($a: String) { orders(first: 50, after: $a) { pageInfo { hasNextPage endCursor } edges { node {
  number status chargeStatus externalReference total { gross { amount currency } } metadata { key value }
  lines { quantity unitPrice { gross { amount } } metadata { key value } variant { externalReference } } } } } }"""
_STOCK = "query($e: String!) { productVariant(externalReference: $e) { stocks { quantity warehouse { externalReference } } } }"
_OURS = """query($a: String) { orders(first: 50, after: $a) { pageInfo { hasNextPage endCursor } edges { node {
  number storeNumber state engineState type paymentMethod paymentState poNumber company { name } total { amount } lines { position quantity cancelled returned serial lineTotal { amount }
  part { number } coverage { payer } repairCard { number } } } } } }"""
_STATUS = {
    "READY": "UNFULFILLED", "PARTLY_SHIPPED": "PARTIALLY_FULFILLED", "SHIPPED": "FULFILLED", "DELIVERED": "FULFILLED", "CANCELLED": "CANCELED",
}  # fmt: skip


def books_differ(world: World) -> tuple[int, list[str]]:
    """How many orders of the store were compared, and in words what is not the same."""
    there = [one for one in _paged(store.staff_ask, _ORDERS) if (one["externalReference"] or "").startswith("portal:")]
    words = [
        f"{key}: {times} times"
        for key, times in Counter(one["externalReference"] for one in there).items()
        if times > 1
    ]
    by_key = {one["externalReference"]: one for one in there}
    ours = list(_paged(world.who("parts_manager").ask, _OURS))
    kept = [one for one in ours if one["storeNumber"] != one["number"]]  # what the sample brought has its own
    parts = set[str]()
    for one in kept:
        theirs = by_key.get(f"portal:{one['number']}")
        if (one["engineState"], theirs) == ("WITHDRAWN", None) and one["state"] == "CANCELLED":
            continue  # cancelled before the store had it
        if theirs is None:
            words.append(f"{one['number']}: not there, {one['engineState']}")
        else:
            words += [f"{one['number']}: {what}" for what in _order(one, theirs)]
            parts |= {line["variant"]["externalReference"] for line in theirs["lines"]}
    words += [what for key in sorted(parts) for what in _stock(world, key)]
    return len(kept), words


def _paged(ask: Any, query: str) -> Iterator[dict[str, Any]]:
    after = None
    while True:
        (page,) = (ask(query, a=after)).values()
        yield from (edge["node"] for edge in page["edges"])
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def _order(ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[str]:
    told = _values(theirs)
    if ours["engineState"] != "ACCEPTED":
        yield f"{ours['engineState']}, there {theirs['status']}"
    for name, value in (("company", ours["company"]["name"]), ("type", ours["type"]), ("payment", ours["paymentMethod"]), ("po-number", ours["poNumber"] or "")):  # fmt: skip
        if told.get(f"portal.{name}", "") != value:
            yield f"{name} {value!r}, there {told}"
    if ours["paymentState"] == "PAID" and theirs["chargeStatus"] not in ("FULL", "OVERCHARGED"):
        yield f"paid, there {theirs['chargeStatus']}"
    if ours["storeNumber"] != theirs["number"]:
        yield f"number {ours['storeNumber']}, there {theirs['number']}"
    if told["portal.order"] != ours["number"] or Decimal(told["portal.total"]) != _amount(theirs["total"]["gross"]):
        yield f"{told}, there {theirs['total']}"
    whole = not any(line["cancelled"] or line["returned"] for line in ours["lines"])
    if whole and _amount(ours["total"]) != _amount(theirs["total"]["gross"]):
        yield f"total {ours['total']}, there {theirs['total']}"
    if (whole or ours["state"] == "CANCELLED") and _STATUS.get(ours["state"], theirs["status"]) != theirs["status"]:
        yield f"{ours['state']}, there {theirs['status']}"
    lines = {_values(line)["portal.position"]: line for line in theirs["lines"]}
    for line in ours["lines"]:
        yield from _line(line, lines.get(str(line["position"])))


def _line(ours: dict[str, Any], theirs: dict[str, Any] | None) -> Iterator[str]:
    if theirs is None:
        yield f"line {ours['position']} is not there"
        return
    told = _values(theirs)
    facts = {
        "payer": ours["coverage"]["payer"],
        "serial": ours["serial"] or "",
        "repair-card": (ours["repairCard"] or {"number": ""})["number"],
    }
    for name, value in facts.items():
        if told.get(f"portal.{name}", "") != value:
            yield f"line {ours['position']}: {name} {value!r}, there {told}"
    if theirs["quantity"] != ours["quantity"] or not theirs["variant"]["externalReference"].endswith(
        ours["part"]["number"]
    ):
        yield f"line {ours['position']}: {ours['quantity']} x {ours['part']}, there {theirs}"
    if (_amount(ours["lineTotal"]) == 0) != (_amount(theirs["unitPrice"]["gross"]) == 0) and not ours["cancelled"]:
        yield f"line {ours['position']}: {ours['lineTotal']}, there {theirs['unitPrice']}"
    over = _amount(theirs["unitPrice"]["gross"]) * theirs["quantity"] - Decimal(told["portal.net"]) - Decimal(told["portal.tax"])  # fmt: skip
    if not 0 <= over < theirs["quantity"]:  # a price of a piece is rounded up; the order's discount takes it off
        yield f"line {ours['position']}: {told}, there {theirs['unitPrice']}"


def _stock(world: World, key: str) -> Iterator[str]:
    number = key.rsplit("/", 1)[-1]
    mine = {one["warehouse"]: one["onHand"] for one in world.stock(number)}
    rows = store.staff_ask(_STOCK, e=key)["productVariant"]["stocks"]
    theirs = {row["warehouse"]["externalReference"]: row["quantity"] for row in rows}
    for code, pieces in mine.items():
        if theirs.get(code, 0) != pieces:
            yield f"{number} at {code}: {pieces} pieces, there {theirs.get(code, 0)}"


def _values(row: dict[str, Any]) -> dict[str, str]:
    return {one["key"]: one["value"] for one in row["metadata"]}


def _amount(money: dict[str, Any]) -> Decimal:
    return Decimal(str(money["amount"]))
