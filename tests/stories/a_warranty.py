"""Machine in warranty: card opened, seal kit free with reasons, shipped in time, old part back, card closed."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tests.stories.casting import drawn_case
from tests.stories.client import Json, fresh
from tests.stories.finding import covered_part
from tests.stories.world import World, amount, instant, order_input, promise_of


def tell(world: World) -> None:
    """Story (a)."""
    machine, part = covered_part(world, "customer")
    card = _card(world, machine)
    _reasons(world, machine, part)
    order = _order(world, machine, part, card)
    _ship(world, order, part)
    _card_shows(world, order, card)
    _old_part(world, order, part)
    _close(world, order, card)
    if world.drawn:
        _beside_it(world)


def _beside_it(world: World) -> None:
    """What the machine's warranty leaves out, and what a campaign covers long after it, on the drawn serials alone."""
    for name, words in (
        ("excluded", "A worn part of the same machine is not covered"),
        ("campaign", "A campaign covers an old machine"),
        ("no campaign", "and not one built before its first serial"),
    ):
        world.tell.step(words)
        drawn_case(world, "customer", f"a, {name}")


def _card(world: World, machine: Json) -> Json:
    tell = world.tell
    tell.step(f"The service desk opens a repair card for {machine['serial']}")
    reference = fresh("card")
    card = world.who("service_desk").do(
        "repairCardOpen", serial=machine["serial"], fault="Boom cylinder leaks at the rod", reference=reference
    )
    tell.same("the card is open", card["state"], "OPEN")
    tell.same("the card names the machine", card["equipment"]["serial"], machine["serial"])
    again = world.who("service_desk").do(
        "repairCardOpen", serial=machine["serial"], fault="Boom cylinder leaks at the rod", reference=reference
    )
    tell.same("the same call again answers the same card", again["number"], card["number"])
    other = world.who("service_desk").refused(
        "repairCardOpen", serial=machine["serial"], fault="Another fault", reference=reference
    )
    tell.refused("the same reference with another fault", other, "REFERENCE_REUSED")
    seen = world.card(card["number"], "customer")
    tell.same("the owner sees the card", seen["number"], card["number"])
    return card


def _reasons(world: World, machine: Json, part: Json) -> None:
    tell = world.tell
    tell.step(f"The customer asks who pays for {part['number']} ({part['name']})")
    cover = world.coverage("customer", machine["serial"], part["number"])
    tell.same("warranty pays", cover["payer"], "WARRANTY")
    tell.same("the customer's share is nothing", Decimal(cover["customerShare"]), Decimal(0))
    tell.same("nobody needs to look at it", cover["needsReview"], False)
    tell.same("exactly one reason decides", [one["decisive"] for one in cover["reasons"]].count(True), 1)
    tell.check(
        "every reason is told in words",
        all(one["message"].strip() and one["message"] != one["code"] for one in cover["reasons"]),
        [one["message"] for one in cover["reasons"]],
    )


def _order(world: World, machine: Json, part: Json, card: Json) -> Json:
    tell, customer = world.tell, world.who("customer")
    tell.step("The customer orders it on the card")
    line = {"partNumber": part["number"], "quantity": 1, "serial": machine["serial"]}
    bare = customer.refused("orderPlace", input=order_input([line], payment="NONE", type="WARRANTY"))
    tell.refused("a free line without a card", bare, "CARD_REQUIRED", "lines[0].repairCard")
    before = {one["warehouse"]: one for one in world.stock(part["number"])}
    wanted = order_input([{**line, "repairCard": card["number"]}], payment="NONE", type="WARRANTY")
    order = customer.do("orderPlace", input=wanted)
    tell.same("price 0", amount(order["total"]), Decimal(0))
    row = order["lines"][0]
    tell.same("the line costs nothing", (amount(row["unitPrice"]), amount(row["lineTotal"])), (Decimal(0), Decimal(0)))
    tell.check("the published price is still shown", amount(row["publishedPrice"]) > 0, row["publishedPrice"])
    tell.same("the line says who pays", row["coverage"]["payer"], "WARRANTY")
    tell.check(
        "with the reasons", any(one["decisive"] for one in row["coverage"]["reasons"]), row["coverage"]["reasons"]
    )
    tell.check("and under which rules", row["coverage"]["rulesVersion"], row["coverage"]["rulesVersion"])
    tell.same("the line names its card", row["repairCard"]["number"], card["number"])
    tell.same("nothing is to pay", order["paymentState"], "NOTHING_TO_PAY")
    tell.same("the order is ready", order["state"], "READY")
    promise = promise_of(order, "ship")
    tell.same("the promise to ship runs at once", promise["state"], "RUNNING")
    tell.check(
        "its clock starts with the placing",
        promise["startedAt"] and instant(promise["startedAt"]) == instant(order["placedAt"]),
        [promise["startedAt"], order["placedAt"]],
    )
    tell.same("what was promised is what is due", promise["promisedAt"], promise["dueAt"])
    tell.check(
        "due no earlier than two days on",
        promise["dueAt"] and instant(promise["dueAt"]) - instant(order["placedAt"]) > timedelta(days=2),
        promise["dueAt"],
    )
    _stock_held(world, part, before)
    again = customer.do("orderPlace", input=wanted)
    tell.same("the same reference again answers the same order", again["number"], order["number"])
    wanted["lines"] = [{**wanted["lines"][0], "quantity": 2}]
    tell.refused(
        "the same reference with another body", customer.refused("orderPlace", input=wanted), "REFERENCE_REUSED"
    )
    shown = world.card(card["number"], "customer")
    tell.same("the card shows the order", [one["number"] for one in shown["orders"]], [order["number"]])
    tell.same(
        "and what was ordered for whom", [(one["ordered"], one["payer"]) for one in shown["lines"]], [(1, "WARRANTY")]
    )
    return order


def _stock_held(world: World, part: Json, before: dict[str, Json]) -> None:
    after = {one["warehouse"]: one for one in world.stock(part["number"])}
    held = sum(one["held"] for one in after.values()) - sum(one["held"] for one in before.values())
    on_hand = sum(one["onHand"] for one in after.values()) - sum(one["onHand"] for one in before.values())
    world.tell.same("one piece is held, none has left the shelf", (held, on_hand), (1, 0))


def _ship(world: World, order: Json, part: Json) -> None:
    tell = world.tell
    tell.step("A day later the manager hands it to a carrier")
    world.clock.advance(20)
    on_hand = sum(one["onHand"] for one in world.stock(part["number"]))
    customer = world.who("customer").refused("shipmentCreate", order=order["id"], carrier="CJ Logistics")
    tell.refused("a customer who ships", customer, "NOT_ALLOWED")
    shipment = world.who("parts_manager").do(
        "shipmentCreate", order=order["id"], carrier="CJ Logistics", trackingNumber="CJ-1"
    )
    seen = world.order(order["number"], "customer")
    promise = promise_of(seen, "ship")
    tell.same("the promise is kept", promise["state"], "KEPT")
    tell.check(
        "stopped at the hand-over",
        promise["stoppedAt"] and instant(promise["stoppedAt"]) == instant(shipment["shippedAt"]),
        promise["stoppedAt"],
    )
    tell.same("no late day, no credit", (promise["daysLate"], seen["credits"]), (0, []))
    tell.same("the order is shipped", seen["state"], "SHIPPED")
    tell.same("the piece has left the shelf", sum(one["onHand"] for one in world.stock(part["number"])), on_hand - 1)
    world.clock.advance(24)
    world.who("parts_manager").do("shipmentDeliver", shipment=shipment["id"], receivedBy="J. Kim")
    tell.same("delivered", world.order(order["number"], "customer")["state"], "DELIVERED")


def _card_shows(world: World, order: Json, card: Json) -> None:
    shown = world.card(card["number"], "customer")
    states = [one["state"] for it in shown["orders"] for one in it["promises"]]
    world.tell.check("the card shows the promise kept", states and set(states) == {"KEPT"}, states)
    early = world.who("service_desk").refused("repairCardClose", card=card["id"], minutes=90)
    world.tell.refused("closing before what was ordered is used", early, "WRONG_STATE")
    line = world.order(order["number"])["lines"][0]["id"]
    used = world.who("technician").do(
        "repairCardUse", card=card["id"], parts=[{"orderLine": line, "quantity": 1, "oldPartKept": True}]
    )
    world.tell.same("the technician used it", [one["used"] for one in used["lines"]], [1])
    more = world.who("technician").refused("repairCardUse", card=card["id"], parts=[{"orderLine": line, "quantity": 1}])
    world.tell.check("using more than was ordered is refused", bool(more), [one["code"] for one in more])


def _old_part(world: World, order: Json, part: Json) -> None:
    tell = world.tell
    tell.step("The old part is expected back and received")
    expected = world.order(order["number"], "customer")["expectedReturns"]
    tell.same("one old part is expected", [one["state"] for one in expected], ["EXPECTED"])
    if not expected:
        return
    tell.same("its days do not run before the card closes", expected[0]["dueOn"], None)
    stock = world.stock(part["number"])
    tell.refused(
        "a customer who receives",
        world.who("customer").refused("returnReceive", **{"return": expected[0]["id"]}),
        "NOT_ALLOWED",
    )
    world.who("service_desk").do("returnReceive", **{"return": expected[0]["id"], "quantity": 1, "condition": "worn"})
    after = world.order(order["number"], "customer")["expectedReturns"]
    tell.same("it is received", [one["state"] for one in after], ["RECEIVED"])
    tell.same("an old part never enters saleable stock", world.stock(part["number"]), stock)
    twice = world.who("service_desk").refused("returnReceive", **{"return": expected[0]["id"]})
    tell.refused("receiving it twice", twice, "WRONG_STATE")


def _close(world: World, order: Json, card: Json) -> None:
    tell = world.tell
    tell.step("The card is confirmed and closes")
    confirmed = world.who("service_desk").do("repairCardConfirm", card=card["id"])
    tell.same("confirmed", confirmed["state"], "CONFIRMED")
    closed = world.who("service_desk").do(
        "repairCardClose", card=card["id"], minutes=140, note="New seals, pressure test 280 bar"
    )
    tell.same("closed", closed["state"], "CLOSED")
    line = {
        "partNumber": order["lines"][0]["part"]["number"],
        "quantity": 1,
        "serial": order["lines"][0]["serial"],
        "repairCard": card["number"],
    }
    late = world.who("customer").call("orderPlace", input=order_input([line], payment="TRANSFER"))
    tell.check("a closed card takes no more orders", late["errors"] and late["order"] is None, late["errors"])
