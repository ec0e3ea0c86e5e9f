"""A dealer orders free on a customer's machine it serves; the owner sees card and quantities, never prices."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tests.stories import documents as docs
from tests.stories.casting import drawn_case
from tests.stories.client import Json, fresh
from tests.stories.finding import missing, models_of, suited
from tests.stories.world import World, amount, day, order_input


def tell(world: World) -> None:
    """Story (g)."""
    machine, part = _handed_over(world)
    _strangers(world, machine, part)
    card, order = _order(world, machine, part)
    _owner_sees(world, card, order, part)
    _ship_and_close(world, card, order, part)
    _not_granted(world)


def _handed_over(world: World) -> tuple[Json, Json]:
    """The dealer registers the hand-over of a machine to a customer it serves; so it may ask for cover."""
    world.tell.step("The dealer hands a new machine over to its customer and registers it")
    if world.drawn:
        return _drawn_hand_over(world)
    owner = world.who("customer").me["company"]
    served = [one for one in models_of(world, "dealer") if one["owner"] and one["owner"]["id"] == owner["id"]]
    for like in served:
        machine = world.new_machine(like, "customer", by="dealer")
        for part in suited(world, "dealer", machine["serial"], "seal kit"):
            cover = world.coverage("dealer", machine["serial"], part["number"])
            if cover["payer"] == "WARRANTY" and not cover["needsReview"]:
                _known_to_both(world, machine)
                world.ready_stock(part["number"], "dealer", 1)
                return machine, part
    raise missing(world, "a machine of the customer served by the dealer, with a seal kit under warranty")


def _drawn_hand_over(world: World) -> tuple[Json, Json]:
    """A new machine beside the drawn one that the import says the dealer serves, which it may ask cover for as well."""
    like, _ = drawn_case(world, "dealer", "g")
    machine = world.new_machine(like, "customer", by="dealer")
    _known_to_both(world, machine)
    world.ready_stock(world.drawing.parts["g"], "dealer", 1)
    return drawn_case(world, "dealer", "g", serial=machine["serial"])


def _known_to_both(world: World, machine: Json) -> None:
    dealer, owner = world.who("dealer"), world.who("customer").me["company"]
    world.tell.same("it belongs to the customer", machine["owner"]["id"], owner["id"])
    world.tell.check(
        "and the dealer serves it",
        dealer.me["company"]["id"] in [one["id"] for one in machine["dealers"]],
        machine["dealers"],
    )
    seen = world.who("customer").ask(docs.EQUIPMENT_OF, serial=machine["serial"])["equipment"]
    world.tell.same("the owner sees it", seen and seen["serial"], machine["serial"])


def _strangers(world: World, machine: Json, part: Json) -> None:
    tell, other = world.tell, world.who("other_dealer")
    tell.step("A dealer who does not serve it learns nothing")
    answers = [world.coverage("other_dealer", serial, part["number"]) for serial in (machine["serial"], "ZZ-NOBODY-1")]
    tell.same("its serial is answered like one nobody knows", answers[0], answers[1])
    tell.same("paid", answers[0]["payer"], "PAID")
    refused = other.refused("repairCardOpen", serial=machine["serial"], fault="Leaks")
    tell.refused("its card on the machine", refused, "NOT_FOUND", "serial")


def _order(world: World, machine: Json, part: Json) -> tuple[Json, Json]:
    tell, dealer = world.tell, world.who("dealer")
    tell.step(f"The dealer opens a card and orders {part['number']} free")
    card = dealer.do("repairCardOpen", serial=machine["serial"], fault="Arm cylinder drips")
    line = {"partNumber": part["number"], "quantity": 1, "serial": machine["serial"], "repairCard": card["number"]}
    order = dealer.do("orderPlace", input=order_input([line], payment="NONE", type="WARRANTY"))
    row = order["lines"][0]
    tell.same("warranty pays", (row["coverage"]["payer"], amount(order["total"])), ("WARRANTY", Decimal(0)))
    tell.same("the order is the dealer's", order["company"]["id"], dealer.me["company"]["id"])
    states = {one["policy"]: one["state"] for one in order["promises"]}
    tell.same(
        "shipping and the dealer's delivery are promised at once",
        states,
        {"ship": "RUNNING", "dealer-delivery": "RUNNING"},
    )
    return card, order


def _owner_sees(world: World, card: Json, order: Json, part: Json) -> None:
    tell = world.tell
    tell.step("What the owner sees of it")
    seen = world.card(card["number"], "customer")
    tell.same("the dealer's card", seen["number"], card["number"])
    tell.same(
        "its quantities and payer",
        [(one["part"]["number"], one["ordered"], one["payer"]) for one in seen["lines"]],
        [(part["number"], 1, "WARRANTY")],
    )
    lines = [
        (one["orderNumber"], one["quantity"], one["payer"], one["promise"] and one["promise"]["state"])
        for one in seen["orderLines"]
    ]
    tell.same("and the dealer's order line with its promise", lines, [(order["number"], 1, "WARRANTY", "RUNNING")])
    prices = f"query ($number: String!) {{ repairCard(number: $number) {{ orders {{ total {docs.MONEY} creditBalance {docs.MONEY} lines {{ publishedPrice {docs.MONEY} unitPrice {docs.MONEY} lineTotal {docs.MONEY} }} payments {{ amount {docs.MONEY} }} }} }} }}"
    _, got = world.who("customer").send(prices, number=card["number"])
    tell.check("never its prices", '"amount":' not in _dense(got), got)
    direct = world.who("customer").ask(docs.ORDER_OF, number=order["number"])["order"]
    tell.check("nor by asking for the order itself", '"amount":' not in _dense(direct), direct)
    refused = world.who("customer").refused("orderCancel", order=order["id"], reason="not mine")
    tell.refused("cancelling the dealer's order", refused, "NOT_FOUND")


def _dense(value: object) -> str:
    import json

    return json.dumps(value).replace(": ", ":")


def _ship_and_close(world: World, card: Json, order: Json, part: Json) -> None:
    tell, dealer, manager = world.tell, world.who("dealer"), world.who("parts_manager")
    tell.step("Shipped, delivered, used; the card closes; the old part comes back afterwards")
    shipment = manager.do("shipmentCreate", order=order["id"], carrier="Truck", trackingNumber=fresh("track"))
    world.clock.advance(20)
    own = dealer.refused("shipmentDeliver", shipment=shipment["id"], receivedBy="Workshop")
    tell.refused("a delivery recorded by the buyer", own, "NOT_ALLOWED")
    world.who("service_desk").do("shipmentDeliver", shipment=shipment["id"], receivedBy="Workshop")
    seen = world.order(order["number"], "dealer")
    tell.same("both promises are kept", sorted(one["state"] for one in seen["promises"]), ["KEPT", "KEPT"])
    dealer.do("repairCardConfirm", card=card["id"])
    early = tell.refused(
        "closing before the kit is used or sent back",
        dealer.refused("repairCardClose", card=card["id"], minutes=60),
        "WRONG_STATE",
    )
    tell.check("naming the open line", part["number"] in str(early["details"]), early["details"])
    used = dealer.call(
        "repairCardUse",
        card=card["id"],
        parts=[{"orderLine": seen["lines"][0]["id"], "quantity": 1, "oldPartKept": True}],
    )
    tell.same("use is recorded", used["errors"], [])
    if world.card(card["number"])["state"] != "CONFIRMED":
        dealer.do("repairCardConfirm", card=card["id"])
    closed = dealer.do("repairCardClose", card=card["id"], minutes=60)
    tell.same("closed", closed["state"], "CLOSED")
    world.clock.advance(1)
    expected = world.order(order["number"], "dealer")["expectedReturns"]
    tell.need("the old part is expected", len(expected) == 1, expected)
    today = (world.clock.now() + timedelta(hours=9)).date()
    tell.check(
        "its days run from the closing",
        expected[0]["dueOn"] and timedelta(days=1) <= day(expected[0]["dueOn"]) - today <= timedelta(days=90),
        expected[0]["dueOn"],
    )
    world.who("service_desk").do("returnReceive", **{"return": expected[0]["id"]})
    tell.same("and it is received", world.order(order["number"], "dealer")["expectedReturns"][0]["state"], "RECEIVED")


def _not_granted(world: World) -> None:
    """A machine it services without the owner's grant is seen, but cover is not given on it."""
    tell = world.tell
    tell.step("A machine the dealer serves without the owner's grant")
    if world.drawn:
        drawn_case(world, "dealer", "g, not granted")
        return
    for machine in world.machines("dealer"):
        if machine["warranty"]["status"] != "ACTIVE" or not machine["owner"]:
            continue
        for _, part in zip(range(3), world.parts("dealer", serial=machine["serial"], search="seal kit"), strict=False):
            cover = world.coverage("dealer", machine["serial"], part["number"])
            if any(one["code"] == "NOT_GRANTED" for one in cover["reasons"]):
                decisive = [one["code"] for one in cover["reasons"] if one["decisive"]]
                tell.same("is paid, and the reason says why", (cover["payer"], decisive), ("PAID", ["NOT_GRANTED"]))
                return
    raise missing(world, "a machine served without the owner's grant")
