"""A dealer's 200 lines over the limit, approved, two warehouses, delivered on day 9; another's on day 11."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.stories import documents as docs
from tests.stories.casting import drawn_part
from tests.stories.client import Json
from tests.stories.finding import missing
from tests.stories.world import World, amount, day, each, instant, order_input, packed, promise_of

LINES = 200
DAYS = 10


def tell(world: World) -> None:
    """Story (c)."""
    parts = _parts(world)
    line = {"partNumber": parts[0]["number"], "quantity": packed(parts[0], 2)}
    limit_line = _over_limit(world, line)
    _good_day(world, line)
    other = _other_places(world, line)
    order, start = _approved(world, [limit_line, *_lines(world, parts)[1:]])
    _ship_in_two(world, order)
    _deliver(world, order, other, start)


def _parts(world: World) -> list[Json]:
    world.tell.step(f"Set-up: {LINES} parts that lie in two warehouses")
    if world.drawn:
        return [drawn_part(world, "dealer", number) for number in world.drawn.dealer_lines]
    chosen = []
    for part in world.parts("dealer"):
        chosen.append(part)
        if len(chosen) == LINES:
            return chosen
    raise missing(world, f"{LINES} parts with a dealer's price")


def _lines(world: World, parts: list[Json]) -> list[Json]:
    """Every second line holds more than its first warehouse has, so that it takes from the second one too."""
    lines = []
    for place, part in enumerate(parts):
        places = world.places(part["number"], "dealer")
        wanted = packed(part, 2)
        first, second = places[0], places[1]
        if world.drawn:
            wanted = first["available"] + 1 if place % 2 else 2
            world.tell.need(
                f"{part['number']} lies in two places as imported", first["available"] > 1 < second["available"], places
            )
        elif place % 2:
            wanted = packed(part, first["available"] + 1)
            world.put(part["number"], "dealer", wanted, place=second["warehouse"])
        else:
            world.put(part["number"], "dealer", wanted, place=first["warehouse"])
        lines.append({"partNumber": part["number"], "quantity": wanted})
    return lines


def _over_limit(world: World, line: Json) -> Json:
    """The first line in a quantity that takes the dealer's account over its limit; what was under it is cancelled again."""
    tell, dealer = world.tell, world.who("dealer")
    tell.step("How much is within the dealer's limit?")
    line = dict(line)
    for _ in range(9):
        world.ready_stock(line["partNumber"], "dealer", line["quantity"])
        order = dealer.do("orderPlace", input=order_input([line], payment="ACCOUNT", type="STOCK"))
        over = order["state"] == "AWAITING_APPROVAL"
        limit = world.drawn.limits["dealer"] if world.drawn else None
        if limit is not None:
            tell.check(
                f"what is within {limit} runs, what is over it waits",
                over or amount(order["total"]) <= limit,
                order["state"],
            )
        if not over:
            tell.same(
                f"{amount(order['total'])} on account is within the limit and runs at once",
                (order["state"], promise_of(order, "dealer-delivery")["state"]),
                ("READY", "RUNNING"),
            )
        cancelled = dealer.do("orderCancel", order=order["id"], reason="only asked")
        tell.same("cancelled free", cancelled["state"], "CANCELLED")
        if over:
            tell.step(f"{amount(order['total'])} is over it")
            return line
        line["quantity"] *= 10
    raise missing(world, "a credit limit that can be passed")


def _good_day(world: World, line: Json) -> None:
    """Go to a day whose tenth day is open, so that the ninth and the eleventh day say what they say."""
    zones = {role: _zone(world, role, line) for role in ("dealer", "other_dealer")}
    for _ in range(14):
        today = [world.clock.now().astimezone(zone).date() for zone in zones.values()]
        offers = [_offer(world, role, line) for role in zones]
        if all(offer and (offer - now).days == DAYS for offer, now in zip(offers, today, strict=True)):
            return
        world.clock.advance(24)
    raise missing(world, "a start whose tenth day is open for both dealers")


def _zone(world: World, role: str, line: Json) -> ZoneInfo:
    """The zone whose days count for this dealer's delivery, as a promise to it says."""
    world.ready_stock(line["partNumber"], role, line["quantity"])
    order = world.who(role).do("orderPlace", input=order_input([line], payment="TRANSFER", type="STOCK"))
    world.who(role).do("orderCancel", order=order["id"], reason="only asked")
    return ZoneInfo(promise_of(order, "dealer-delivery")["zone"])


def _offer(world: World, role: str, line: Json) -> date | None:
    world.ready_stock(line["partNumber"], role, line["quantity"])
    asked = order_input([line], payment="TRANSFER", type="STOCK")
    quote = world.who(role).ask(docs.QUOTE_OF, input=asked)["quote"]
    return next((day(one["day"]) for one in quote["promises"] if one["policy"] == "dealer-delivery"), None)


def _other_places(world: World, line: Json) -> Json:
    tell = world.tell
    tell.step("Another dealer orders a little on account")
    part = dict(line)
    world.ready_stock(part["partNumber"], "other_dealer", part["quantity"])
    order = world.who("other_dealer").do("orderPlace", input=order_input([part], payment="ACCOUNT", type="STOCK"))
    promise = promise_of(order, "dealer-delivery")
    tell.same(
        "its delivery is promised at once",
        (order["state"], order["paymentState"], promise["state"]),
        ("READY", "ON_ACCOUNT", "RUNNING"),
    )
    return order


def _approved(world: World, lines: list[Json]) -> tuple[Json, datetime]:
    tell, dealer = world.tell, world.who("dealer")
    tell.step(f"The dealer orders {LINES} lines on account")
    world.ready_stock(lines[0]["partNumber"], "dealer", lines[0]["quantity"])
    order = dealer.do("orderPlace", input=order_input(lines, payment="ACCOUNT", type="STOCK", poNumber="PO-200"))
    tell.same("all lines stand", (len(order["lines"]), order["poNumber"]), (LINES, "PO-200"))
    tell.same("over the limit it waits for approval", order["state"], "AWAITING_APPROVAL")
    clocks = {one["policy"]: (one["state"], one["startedAt"]) for one in order["promises"]}
    tell.same(
        "both promises are offered, no clock started",
        clocks,
        {"ship": ("OFFERED", None), "dealer-delivery": ("OFFERED", None)},
    )
    places = {hold["warehouse"] for line in order["lines"] for hold in line["holds"]}
    tell.check("held in two warehouses or more", len(places) >= 2, sorted(places))
    held = all(sum(hold["quantity"] for hold in line["holds"]) == line["quantity"] for line in order["lines"])
    tell.check("every piece is held", held)
    tell.refused(
        "shipping before the approval",
        world.who("parts_manager").refused("shipmentCreate", order=order["id"], carrier="Truck"),
        "WRONG_STATE",
    )
    tell.refused(
        "the dealer's own approval", dealer.refused("orderApprove", order=order["id"], note="please"), "NOT_ALLOWED"
    )
    approved = world.who("approver").do("orderApprove", order=order["id"], note="Good payer, 12 years")
    start = world.clock.now()
    tell.same("approved, it is ready", approved["state"], "READY")
    for policy in ("ship", "dealer-delivery"):
        promise = promise_of(approved, policy)
        near = promise["startedAt"] and abs(instant(promise["startedAt"]) - start) < timedelta(minutes=1)
        tell.check(f"{policy} runs from the approval", promise["state"] == "RUNNING" and near, promise)
    due = instant(promise_of(approved, "dealer-delivery")["dueAt"])
    tell.check(
        "delivery is due at the close of the tenth day",
        timedelta(days=DAYS) < due - start <= timedelta(days=DAYS + 1),
        due,
    )
    tell.refused(
        "approving twice", world.who("approver").refused("orderApprove", order=order["id"], note="again"), "WRONG_STATE"
    )
    return approved, start


def _ship_in_two(world: World, order: Json) -> None:
    tell, manager = world.tell, world.who("parts_manager")
    tell.step("The first half is shipped at once, the rest from both warehouses the next day")
    half = [{"line": line["id"], "quantity": line["quantity"]} for line in order["lines"][: LINES // 2]]
    manager.do("shipmentCreate", order=order["id"], carrier="Truck", lines=half)
    seen = world.order(order["number"], "dealer")
    tell.same("partly shipped", seen["state"], "PARTLY_SHIPPED")
    tell.same("the promise to ship still runs", promise_of(seen, "ship")["state"], "RUNNING")
    tell.same(
        "shipped so far",
        [line["shipped"] for line in seen["lines"]],
        [line["quantity"] if place < LINES // 2 else 0 for place, line in enumerate(seen["lines"])],
    )
    again = manager.refused("shipmentCreate", order=order["id"], carrier="Truck", lines=half[:1])
    tell.check("a line cannot be shipped twice", bool(again), [one["code"] for one in again])
    world.clock.advance(24)
    manager.do("shipmentCreate", order=order["id"], carrier="Truck")
    seen = world.order(order["number"], "dealer")
    tell.same(
        "shipped",
        (seen["state"], all(line["shipped"] == line["quantity"] for line in seen["lines"])),
        ("SHIPPED", True),
    )
    tell.check(
        "from two warehouses or more",
        len({one["warehouse"] for one in seen["shipments"]}) >= 2,
        sorted({one["warehouse"] for one in seen["shipments"]}),
    )
    ship = promise_of(seen, "ship")
    last = max(instant(one["shippedAt"]) for one in seen["shipments"])
    tell.same(
        "the promise to ship is kept by the last hand-over",
        (ship["state"], ship["stoppedAt"] and instant(ship["stoppedAt"])),
        ("KEPT", last),
    )
    tell.same("the delivery's still runs", promise_of(seen, "dealer-delivery")["state"], "RUNNING")


def _deliver(world: World, order: Json, other: Json, start: datetime) -> None:
    tell, manager = world.tell, world.who("parts_manager")
    mine = manager.do("shipmentCreate", order=other["id"], carrier="Truck")
    tell.same(
        "the other dealer's is shipped in time too", promise_of(world.order(other["number"]), "ship")["state"], "KEPT"
    )
    world.clock.past(start + timedelta(days=9))
    tell.step(f"Day 9, {world.clock.now():%a %d %b %H:%M} UTC: delivered")
    for shipment in world.order(order["number"])["shipments"]:
        manager.do("shipmentDeliver", shipment=shipment["id"], receivedBy="Dealer's yard")
    seen = world.order(order["number"], "dealer")
    promise = promise_of(seen, "dealer-delivery")
    tell.same("delivered", seen["state"], "DELIVERED")
    tell.same("the delivery's promise is kept", (promise["state"], promise["daysLate"]), ("KEPT", 0))
    tell.same("no credit", (seen["credits"], amount(seen["creditBalance"])), ([], Decimal(0)))
    world.clock.past(instant(promise_of(other, "dealer-delivery")["dueAt"]) + timedelta(hours=2))
    tell.step(f"Day 11, {world.clock.now():%a %d %b %H:%M} UTC: the other dealer's arrives")
    manager.do("shipmentDeliver", shipment=mine["id"], receivedBy="Gate 2")
    world.clock.advance(1)
    _one_day_late(world, world.order(other["number"], "other_dealer"))


def _one_day_late(world: World, seen: Json) -> None:
    tell = world.tell
    promise = promise_of(seen, "dealer-delivery")
    tell.same("kept late by one day", (promise["state"], promise["daysLate"]), ("KEPT_LATE", 1))
    tell.same("the promise to ship stays kept", promise_of(seen, "ship")["state"], "KEPT")
    base: Any = sum(each(line) * line["quantity"] for line in seen["lines"])
    exponent = Decimal(1) if seen["total"]["currency"] in ("KRW", "JPY") else Decimal("0.01")
    wanted = (base / 100).quantize(exponent, "ROUND_HALF_UP")
    tell.same(
        "one day's credit of one per cent",
        [(one["day"], amount(one["amount"])) for one in seen["credits"]],
        [(1, wanted)],
    )
    tell.same("spendable now that it ended", amount(seen["creditBalance"]), wanted)
