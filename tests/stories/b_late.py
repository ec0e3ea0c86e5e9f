"""Paid by transfer, nobody ships: warned, broken, ten days' credit; shipped late; late proof reverses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from tests.stories import documents as docs
from tests.stories.casting import drawn_part
from tests.stories.client import Json
from tests.stories.finding import MOST_TRIES, missing, part_of
from tests.stories.telling import Stopped
from tests.stories.world import World, amount, each, instant, kinds, odd_dress, order_input, packed, promise_of

QUANTITY = 7
LEAST = 2000  # a per cent of less is lost in rounding


def tell(world: World) -> None:
    """Story (b)."""
    old, new = _superseded(world)
    order = _place(world, old, new)
    start = _pay(world, order)
    due = _warned(world, order, start)
    base = _broken(world, order, due)
    shipment = _shipped_late(world, order, base)
    _late_proof(world, order, shipment, due)


def _superseded(world: World) -> tuple[str, Json]:
    """An old number with one successor, which is not sold as it is any more; of several one whose per cents must be rounded."""
    world.tell.step("Set-up: an old number, its successor on the shelf")
    if world.drawn:
        return _drawn_chain(world, *world.drawn.chain)
    found = []
    for old in _old_numbers(world):
        new = _successor(world, old)
        if new is not None:
            found.append((old, new))
            if new["base"] % 100:
                return found[-1]
    if not found:
        raise missing(world, "an old number with one priced successor")
    return found[0]


def _drawn_chain(world: World, old: str, between: str, last: str) -> tuple[str, Json]:
    """A chain of two steps: both old numbers are sold as the last one, and a per cent of seven is no whole won."""
    drawn_part(world, "customer", last)
    sold = [_successor(world, number) for number in (old, between)]
    for number, new in zip((old, between), sold, strict=True):
        world.tell.same(f"{number} is sold as {last}, of which {QUANTITY} cost enough", new and new["number"], last)
    new = sold[0]
    if new is None:
        raise Stopped(f"{old} is not sold")
    led = {one["number"] for one in new["supersedes"]}
    world.tell.check(f"{last} says that it replaced {between}", between in led, sorted(led))
    world.tell.check("a per cent of it must be rounded", new["base"] % 100, str(new["base"]))
    return old, new


def _old_numbers(world: World) -> Iterator[str]:
    for _, part in zip(range(MOST_TRIES), world.parts("customer"), strict=False):
        yield from (old["number"] for old in part["supersedes"])


def _successor(world: World, old: str) -> Json | None:
    """What the old number is sold as, with a quantity and its price; None when it is not one part sold in that quantity."""
    new = part_of(world, "customer", old)
    if new is None or new["number"] == old or new["stopSale"] or not new["price"]:
        return None
    quantity = packed(new, QUANTITY)
    world.ready_stock(new["number"], "customer", quantity)
    line = {"partNumber": old, "quantity": quantity}
    asked = order_input([line], payment="TRANSFER", allowSubstitute=True)
    quote = world.who("customer").ask(docs.QUOTE_OF, input=asked)["quote"]
    sold = [(one["part"]["number"], one["quantity"]) for one in quote["lines"]]
    if quote["problems"] or sold != [(new["number"], quantity)]:
        return None
    base = each(quote["lines"][0]) * quantity
    return {**new, "quantity": quantity, "base": base} if base >= LEAST else None


def _place(world: World, old: str, new: Json) -> Json:
    tell, customer = world.tell, world.who("customer")
    typed = odd_dress(old)
    tell.step(f"The customer orders {new['quantity']} of {typed!r} by transfer")
    line = {"partNumber": typed, "quantity": new["quantity"]}
    told = tell.refused(
        "an old number without allowSubstitute",
        customer.refused("orderPlace", input=order_input([line], payment="TRANSFER")),
        "SUPERSEDED",
        "lines[0].partNumber",
    )
    tell.same("the refusal names the successor", (told["details"] or {}).get("successor"), new["number"])
    found = customer.ask(docs.PART_OF, number=typed)["part"]
    tell.same(
        "the page of the old number shows the successor, found as OLD",
        (found["number"], found["foundAs"]),
        (new["number"], "OLD"),
    )
    order = customer.do("orderPlace", input=order_input([line], payment="TRANSFER", allowSubstitute=True))
    row = order["lines"][0]
    tell.same("the line is the successor", row["part"]["number"], new["number"])
    tell.same(
        "the customer pays",
        (row["coverage"]["payer"], row["coverage"]["customerShare"] and Decimal(row["coverage"]["customerShare"])),
        ("PAID", Decimal(1)),
    )
    tell.check("at a published price", amount(row["lineTotal"]) > 0, row["lineTotal"])
    tell.same("it waits for money", (order["state"], order["paymentState"]), ("AWAITING_PAYMENT", "UNPAID"))
    _offered(world, promise_of(order, "ship"))
    return order


def _offered(world: World, promise: Json) -> None:
    tell = world.tell
    tell.same(
        "the promise is shown, its clock not started",
        (promise["state"], promise["startedAt"], promise["promisedAt"]),
        ("OFFERED", None, None),
    )
    tell.check("it is stored when it was offered", promise.get("offeredAt"), promise.get("offeredAt"))


def _pay(world: World, order: Json) -> datetime:
    tell = world.tell
    tell.step("Three days pass; then the money, which came two hours ago, is recorded")
    world.clock.advance(72)
    seen = world.order(order["number"], "customer")
    _offered(world, promise_of(seen, "ship"))
    tell.same(
        "unpaid, nothing is warned or broken",
        [kind for kind in kinds(seen["notices"]) if kind.startswith("promise.")],
        [],
    )
    refused = world.who("parts_manager").refused("shipmentCreate", order=order["id"], carrier="CJ Logistics")
    tell.refused("shipping what is not paid", refused, "WRONG_STATE")
    received = (world.clock.now() - timedelta(hours=2)).replace(microsecond=0)
    pay = {"order": order["id"], "method": "TRANSFER"}
    tell.refused("a customer who records money", world.who("customer").refused("orderPay", **pay), "NOT_ALLOWED")
    future = (received + timedelta(days=2)).isoformat()
    tell.refused(
        "money of the day after tomorrow",
        world.who("accountant").refused("orderPay", **pay, receivedAt=future),
        "INVALID",
        "receivedAt",
    )
    early = (instant(order["placedAt"]) - timedelta(hours=1)).isoformat()
    tell.refused(
        "money from before the order",
        world.who("accountant").refused("orderPay", **pay, receivedAt=early),
        "INVALID",
        "receivedAt",
    )
    too_much = str(amount(order["total"]) * 2)
    tell.refused(
        "more money than is open",
        world.who("accountant").refused("orderPay", **pay, amount=too_much),
        "INVALID",
        "amount",
    )
    payment = world.who("accountant").do(
        "orderPay", **pay, receivedAt=received.isoformat(), reference=None, note="Bank statement 14/3"
    )
    tell.same("the whole sum is booked", amount(payment["amount"]), amount(order["total"]))
    seen = world.order(order["number"], "customer")
    promise = promise_of(seen, "ship")
    tell.same("paid and ready", (seen["paymentState"], seen["state"]), ("PAID", "READY"))
    tell.same("the promise runs", promise["state"], "RUNNING")
    tell.same(
        "since the money came, not since it was typed", promise["startedAt"] and instant(promise["startedAt"]), received
    )
    tell.same("what was promised is what is due", promise["promisedAt"], promise["dueAt"])
    return received


def _warned(world: World, order: Json, start: datetime) -> datetime:
    tell = world.tell
    due = instant(promise_of(world.order(order["number"]), "ship")["dueAt"])
    tell.check(
        "due at the close of the second day after the start, or of the next open day",
        timedelta(days=2) < due - start <= timedelta(days=9),
        due,
    )
    opening = due - timedelta(days=1)
    tell.step(f"Nobody ships; the last day opens at {opening:%a %d %b %H:%M} UTC")
    world.clock.before(opening)
    tell.same("not warned before the last day", promise_of(world.order(order["number"]), "ship")["warnedAt"], None)
    world.clock.past(opening)
    seen = world.order(order["number"])
    promise = promise_of(seen, "ship")
    warned = promise["warnedAt"] and instant(promise["warnedAt"])
    tell.check(
        "warned as soon as the last day is open", warned and opening <= warned <= opening + timedelta(hours=2), warned
    )
    tell.check("the manager hears of it", "promise.warned" in kinds(seen["notices"]), kinds(seen["notices"]))
    world.clock.before(due)
    tell.same("running until its last minute", promise_of(world.order(order["number"]), "ship")["state"], "RUNNING")
    tell.same("no credit before", world.order(order["number"])["credits"], [])
    return due


def _broken(world: World, order: Json, due: datetime) -> Decimal:
    tell = world.tell
    tell.step("300 hours late, in one leap of the clock")
    world.clock.past(due + timedelta(hours=299))
    seen = world.order(order["number"], "customer")
    promise, row = promise_of(seen, "ship"), seen["lines"][0]
    tell.same("the promise is broken", promise["state"], "BROKEN")
    tell.same("what was promised has not moved", instant(promise["promisedAt"]), due)
    told = [one for one in seen["notices"] if one["kind"] == "promise.broken"]
    tell.same("the customer is told, once", len(told), 1)
    if told:
        tell.same("at the break itself", instant(told[0]["at"]), due)
    alerts = [
        one for one in world.order(order["number"], "parts_manager")["notices"] if one["kind"] == "promise.broken"
    ]
    tell.check("the manager is alerted", alerts, alerts)
    base = each(row) * row["quantity"]
    _ten_days(world, seen, base, due)
    return base


def _ten_days(world: World, seen: Json, base: Decimal, due: datetime) -> None:
    tell = world.tell
    posted = sorted(seen["credits"], key=lambda one: one["day"])
    tell.same("exactly ten days earned a credit", [one["day"] for one in posted], list(range(1, 11)))
    times = [instant(one["at"]) for one in posted]
    tell.same("each at its own midnight", times, [due + timedelta(days=n) for n in range(len(times))])
    exponent = Decimal(1) if seen["total"]["currency"] in ("KRW", "JPY") else Decimal("0.01")
    sums = [Decimal(0), *((base * n / 100).quantize(exponent, ROUND_HALF_UP) for n in range(1, 11))]
    wanted = [after - before for before, after in pairwise(sums)]
    tell.same(
        "day n posts round(base x 1 % x n) less what was posted", [amount(one["amount"]) for one in posted], wanted
    )
    tell.same("none is reversed", [one["reversed"] for one in posted if one["reversed"]], [])
    tell.same("the cap: a tenth of the published price is spendable", amount(seen["creditBalance"]), sums[-1])
    tell.same("posted as one credit", kinds(seen["events"]).count("credit"), 1)


def _shipped_late(world: World, order: Json, base: Decimal) -> Json:
    tell = world.tell
    tell.step("It is shipped at last")
    before = world.order(order["number"])
    shipment = world.who("parts_manager").do(
        "shipmentCreate", order=order["id"], carrier="CJ Logistics", trackingNumber="CJ-2"
    )
    seen = world.order(order["number"], "customer")
    promise = promise_of(seen, "ship")
    tell.same("kept late", promise["state"], "KEPT_LATE")
    late = round((instant(shipment["shippedAt"]) - instant(promise["dueAt"])) / timedelta(days=1) + 0.5)
    tell.same("with its late days counted", promise["daysLate"], late)
    tell.same(
        "no further credit, none lost",
        (amount(seen["creditBalance"]), len(seen["credits"])),
        (amount(before["creditBalance"]), 10),
    )
    tell.same("still one credit", kinds(seen["events"]).count("credit"), 1)
    world.clock.advance(72)
    after = world.order(order["number"], "customer")
    tell.same(
        "nothing is added later",
        (amount(after["creditBalance"]), len(after["credits"])),
        (amount(seen["creditBalance"]), 10),
    )
    return shipment


def _late_proof(world: World, order: Json, shipment: Json, due: datetime) -> None:
    tell, manager = world.tell, world.who("parts_manager")
    tell.step("The carrier proves that it had collected everything in time")
    when = (due - timedelta(hours=5)).replace(microsecond=0)
    correct = {"shipment": shipment["id"], "shippedAt": when.isoformat()}
    tell.refused(
        "a correction without evidence",
        manager.refused("shipmentCorrect", **correct, evidence="  "),
        "INVALID",
        "evidence",
    )
    tell.refused(
        "a customer's correction",
        world.who("customer").refused("shipmentCorrect", **correct, evidence="scan"),
        "NOT_ALLOWED",
    )
    future = (world.clock.now() + timedelta(days=1)).isoformat()
    tell.refused(
        "a hand-over tomorrow",
        manager.refused("shipmentCorrect", shipment=shipment["id"], shippedAt=future, evidence="scan"),
        "INVALID",
        "shippedAt",
    )
    early = (instant(order["placedAt"]) - timedelta(hours=1)).isoformat()
    tell.refused(
        "a hand-over before the money",
        manager.refused("shipmentCorrect", shipment=shipment["id"], shippedAt=early, evidence="scan"),
        "INVALID",
        "shippedAt",
    )
    for parcel in world.order(order["number"])["shipments"]:
        given = {**correct, "shipment": parcel["id"]}
        manager.do("shipmentCorrect", **given, evidence="Collection scan 8841 of the carrier")
    world.clock.advance(1)
    seen = world.order(order["number"], "customer")
    promise = promise_of(seen, "ship")
    tell.same("kept after all", (promise["state"], promise["daysLate"]), ("KEPT", 0))
    tell.same("stopped when it was collected", instant(promise["stoppedAt"]), when)
    days = {one["day"] for one in seen["credits"]}
    tell.same("every credited day is still shown", sorted(days), list(range(1, 11)))
    tell.same("and reversed", [one["day"] for one in seen["credits"] if not one["reversed"]], [])
    tell.same("nothing is left to spend", amount(seen["creditBalance"]), Decimal(0))
    tell.check("the customer is told", "credit.reversed" in kinds(seen["notices"]), kinds(seen["notices"]))
