"""A hold for an address pauses the promise, a hold for stock does not."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from tests.stories.client import Json
from tests.stories.finding import first_part
from tests.stories.world import World, amount, each, instant, kinds, order_input, packed, promise_of


def tell(world: World) -> None:
    """Story (i)."""
    part = first_part(world, "customer", lambda it: packed(it) == 1 and Decimal(it["price"]["amount"]) >= 50, drawn="i")
    world.ready_stock(part["number"], "customer", 40)
    asked, stocked, broken = (_paid(world, part) for _ in range(3))
    _bad_requests(world, asked)
    _hold(world, asked, "BAD_ADDRESS", "PAUSED")
    _hold(world, stocked, "OUT_OF_STOCK", "RUNNING")
    _pause_ends(world, asked, stocked)
    _held_while_broken(world, broken)


def _paid(world: World, part: Json) -> Json:
    order = world.who("customer").do(
        "orderPlace", input=order_input([{"partNumber": part["number"], "quantity": 10}], payment="TRANSFER")
    )
    world.who("accountant").do("orderPay", order=order["id"], method="TRANSFER")
    return world.order(order["number"])


def _bad_requests(world: World, order: Json) -> None:
    tell = world.tell
    tell.step("A hold needs a reason, the right person, and evidence where the cause is nobody's")
    desk, hold = world.who("service_desk"), {"order": order["id"]}
    tell.refused(
        "a hold without words", desk.refused("orderHold", **hold, reason="BAD_ADDRESS", note=" "), "INVALID", "note"
    )
    tell.refused(
        "customs by somebody who is no manager",
        desk.refused("orderHold", **hold, reason="CUSTOMS", note="papers"),
        "NOT_ALLOWED",
    )
    tell.refused(
        "a customer's hold",
        world.who("customer").refused("orderHold", **hold, reason="CUSTOMER_ASKED", note="wait"),
        "NOT_ALLOWED",
    )
    tell.refused("releasing what is not held", desk.refused("orderRelease", **hold), "WRONG_STATE")


def _hold(world: World, order: Json, reason: str, state: str) -> None:
    tell = world.tell
    tell.step(f"Held: {reason}")
    world.who("service_desk").do(
        "orderHold",
        order=order["id"],
        reason=reason,
        note="House number 12 does not exist" if state == "PAUSED" else "Counted short",
    )
    seen = world.order(order["number"], "customer")
    tell.same("the hold shows its reason", seen["hold"] and seen["hold"]["reason"], reason)
    tell.same(f"the promise is {state.lower()}", promise_of(seen, "ship")["state"], state)
    tell.check("the customer is told at once", "order.held" in kinds(seen["notices"]), kinds(seen["notices"]))
    tell.refused(
        "shipping what is held",
        world.who("parts_manager").refused("shipmentCreate", order=order["id"], carrier="CJ"),
        "WRONG_STATE",
    )
    tell.refused(
        "a second hold",
        world.who("service_desk").refused("orderHold", order=order["id"], reason=reason, note="again"),
        "WRONG_STATE",
    )


def _pause_ends(world: World, asked: Json, stocked: Json) -> None:
    tell = world.tell
    first = promise_of(asked, "ship")
    due = instant(first["dueAt"])
    world.clock.past(due + timedelta(hours=1))
    tell.step("The day it was due has closed")
    held, ours = world.order(asked["number"], "customer"), world.order(stocked["number"], "customer")
    tell.same(
        "what waits for an address is not broken", (promise_of(held, "ship")["state"], held["credits"]), ("PAUSED", [])
    )
    tell.same("what waits for stock is", promise_of(ours, "ship")["state"], "BROKEN")
    tell.same("its first late day is shown", [one["day"] for one in ours["credits"]], [1])
    tell.same("and not spendable yet", amount(ours["creditBalance"]), Decimal(0))
    seen = world.who("service_desk").do("orderRelease", order=asked["id"])
    promise = promise_of(seen, "ship")
    tell.same("released, it runs again", (promise["state"], seen["hold"]), ("RUNNING", None))
    pause = promise["pauses"][0]
    shift, midnights = instant(promise["dueAt"]) - due, _midnights(pause, due)
    tell.check(
        "due moves by the local midnights the hold contains, to the next open day",
        timedelta(days=midnights) <= shift <= timedelta(days=midnights + 6),
        [midnights, str(shift)],
    )
    tell.same("what was promised has not moved", promise["promisedAt"], first["promisedAt"])
    world.who("parts_manager").do("shipmentCreate", order=asked["id"], carrier="CJ")
    tell.same("shipped before the moved day: kept", promise_of(world.order(asked["number"]), "ship")["state"], "KEPT")
    released = world.who("service_desk").do("orderRelease", order=stocked["id"])
    tell.same(
        "released, what is broken stays broken",
        (promise_of(released, "ship")["state"], promise_of(released, "ship")["dueAt"]),
        ("BROKEN", first["dueAt"]),
    )
    world.who("parts_manager").do("shipmentCreate", order=stocked["id"], carrier="CJ")
    world.clock.advance(1)
    late = world.order(stocked["number"], "customer")
    tell.same(
        "and is kept late by one day",
        (promise_of(late, "ship")["state"], promise_of(late, "ship")["daysLate"]),
        ("KEPT_LATE", 1),
    )
    base = each(late["lines"][0]) * 10
    tell.check(
        "its credit is spendable: one per cent",
        abs(amount(late["creditBalance"]) - base / 100) <= 1,
        [str(base), late["creditBalance"]],
    )


def _midnights(pause: Json, due_midnight: datetime) -> int:
    """Local midnights inside the hold; `due_midnight` is one of them, and they lie a day apart."""
    began, ended = instant(pause["since"]), instant(pause["until"])
    day = timedelta(days=1)
    return (ended - due_midnight) // day - (began - due_midnight) // day


def _held_while_broken(world: World, order: Json) -> None:
    """A hold on a promise already broken leaves it broken; days held for the customer earn nothing."""
    tell = world.tell
    tell.step("A third order is broken already; then its address turns out to be wrong, for three days")
    before = world.order(order["number"])
    tell.same("it is broken", promise_of(before, "ship")["state"], "BROKEN")
    world.who("service_desk").do("orderHold", order=order["id"], reason="BAD_ADDRESS", note="Moved away")
    world.clock.advance(72)
    held = world.order(order["number"])
    tell.same("it stays broken", promise_of(held, "ship")["state"], "BROKEN")
    tell.same("days held for the customer earn nothing", len(held["credits"]), len(before["credits"]))
    world.who("service_desk").do("orderRelease", order=order["id"])
    world.clock.advance(24)
    tell.same("the next day earns again", len(world.order(order["number"])["credits"]), len(before["credits"]) + 1)
    world.who("parts_manager").do("shipmentCreate", order=order["id"], carrier="CJ")
    world.clock.advance(1)
    after = world.order(order["number"])
    tell.same("kept late", promise_of(after, "ship")["state"], "KEPT_LATE")
    live = sum((amount(one["amount"]) for one in after["credits"] if not one["reversed"]), Decimal(0))
    tell.same("what was shown is what can be spent", amount(after["creditBalance"]), live)
