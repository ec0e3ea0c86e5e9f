"""A wrong part for the serial is refused and the right one named; an unknown fit is sold with a caution."""

from __future__ import annotations

from collections.abc import Iterator

from tests.stories import documents as docs
from tests.stories.casting import drawn_case
from tests.stories.client import Json, fresh
from tests.stories.finding import first_part, missing
from tests.stories.world import World, amount, number_of, order_input, packed


def tell(world: World) -> None:
    """Story (d)."""
    for machine, wrong, right in _misfits(world):
        _refused(world, machine, wrong, right)
        _right_one(world, machine, right)
    _unknown(world)
    _reviewed(world)
    _unknown_serial(world, right)


def _misfits(world: World) -> Iterator[tuple[Json, Json, str]]:
    """Parts of the machine's model that belong to the other side of a serial break; drawn ones of every kind."""
    world.tell.step("Set-up: a machine, and a part that fits its model but not its serial")
    if not world.drawn:
        yield _misfit(world)
        return
    for name in ("d, excluded", "d, break", "d, before the break"):
        machine, wrong = drawn_case(world, "customer", name)
        yield machine, wrong, str(world.drawn.cases[name].instead)


def _misfit(world: World) -> tuple[Json, Json, str]:
    for machine in world.machines("customer"):
        for _, part in zip(range(400), world.parts("customer", model=machine["model"]), strict=False):
            fit = world.fit("customer", part["number"], machine["serial"])
            if fit["verdict"] == "DOES_NOT_FIT" and number_of(fit["insteadUse"]):
                return machine, part, str(number_of(fit["insteadUse"]))
    raise missing(world, "a known misfit with the right part named")


def _refused(world: World, machine: Json, wrong: Json, right: str) -> None:
    tell, customer = world.tell, world.who("customer")
    tell.step(f"The customer orders {wrong['number']} for {machine['serial']}, with a good line beside it")
    good = first_part(world, "customer", lambda it: it["number"] not in (wrong["number"], right), drawn="d")
    world.ready_stock(good["number"], "customer", packed(good))
    reference = fresh("misfit")
    lines = [
        {"partNumber": good["number"], "quantity": packed(good)},
        {"partNumber": wrong["number"], "quantity": packed(wrong), "serial": machine["serial"]},
    ]
    before = world.stock(good["number"])
    asked = {**order_input(lines, payment="TRANSFER"), "reference": reference}
    quote = customer.ask(docs.QUOTE_OF, input=asked)["quote"]
    told = tell.refused("the quote's line", quote["problems"], "DOES_NOT_FIT", "lines[1].partNumber")
    tell.same("naming the part that fits", (told["details"] or {}).get("insteadUse"), right)
    told = tell.refused("the order", customer.refused("orderPlace", input=asked), "DOES_NOT_FIT", "lines[1].partNumber")
    tell.same("naming the part that fits", (told["details"] or {}).get("insteadUse"), right)
    tell.same("nothing of it was placed", customer.ask(docs.ORDER_OF, reference=reference)["order"], None)
    tell.same("nothing is held", world.stock(good["number"]), before)
    asked["lines"] = lines[:1]
    placed = customer.call("orderPlace", input=asked)
    tell.same("a refused call uses no reference", [one["code"] for one in placed["errors"]], [])


def _right_one(world: World, machine: Json, right: str) -> None:
    tell, customer = world.tell, world.who("customer")
    tell.step(f"The named part {right} is ordered instead")
    part = customer.ask(docs.PART_OF, number=right)["part"]
    tell.same("it fits", world.fit("customer", right, machine["serial"])["verdict"], "FITS")
    tell.need("it is sold to this customer", part and part["price"], part)
    world.ready_stock(right, "customer", packed(part))
    line = {"partNumber": right, "quantity": packed(part), "serial": machine["serial"]}
    quote = customer.ask(docs.QUOTE_OF, input=order_input([line], payment="TRANSFER"))["quote"]
    codes = [one["code"] for one in quote["problems"]]
    tell.check("no misfit is told of it", "DOES_NOT_FIT" not in codes, codes)
    tell.same("the line says that it fits", [one["fit"]["verdict"] for one in quote["lines"]], ["FITS"])


def _unknown(world: World) -> None:
    tell, customer = world.tell, world.who("customer")
    tell.step("A part nobody knows the fit of, for a machine that is not covered")
    machine, part = _unknown_pair(world, "PAID")
    line = {"partNumber": part["number"], "quantity": packed(part), "serial": machine["serial"]}
    order = customer.do("orderPlace", input=order_input([line], payment="TRANSFER"))
    row = order["lines"][0]
    tell.same("it is sold", (row["coverage"]["payer"], order["state"]), ("PAID", "AWAITING_PAYMENT"))
    tell.same("the line says that the fit is unknown", row["fit"]["verdict"], "UNKNOWN")
    tell.check("with a word of caution", str(row["fit"]["caution"] or "").strip(), row["fit"])


def _unknown_pair(world: World, payer: str) -> tuple[Json, Json]:
    """A machine, and a part of unknown fit for which `payer` would pay."""
    if world.drawn:
        return drawn_case(world, "customer", {"PAID": "d, unknown", "WARRANTY": "d, review"}[payer])
    status = {"PAID": "EXPIRED", "WARRANTY": "ACTIVE"}[payer]
    for machine in world.machines("customer"):
        if machine["warranty"]["status"] != status or machine["contract"]:
            continue
        for _, part in zip(range(60), world.parts("customer"), strict=False):
            unknown = world.fit("customer", part["number"], machine["serial"])["verdict"] == "UNKNOWN"
            if unknown and world.coverage("customer", machine["serial"], part["number"])["payer"] == payer:
                world.ready_stock(part["number"], "customer", packed(part))
                return machine, part
    raise missing(world, f"a part of unknown fit, {payer}")


def _reviewed(world: World) -> None:
    """Of unknown fit and covered: free only after a person has looked."""
    tell, customer = world.tell, world.who("customer")
    tell.step("The same for a machine in warranty: free only after review")
    machine, part = _unknown_pair(world, "WARRANTY")
    card = world.who("service_desk").do("repairCardOpen", serial=machine["serial"], fault="Part of unknown fit")
    line = {
        "partNumber": part["number"],
        "quantity": packed(part),
        "serial": machine["serial"],
        "repairCard": card["number"],
    }
    order = customer.do("orderPlace", input=order_input([line], payment="TRANSFER"))
    cover = order["lines"][0]["coverage"]
    tell.same("warranty, if a person agrees", (cover["payer"], cover["needsReview"]), ("WARRANTY", True))
    tell.check("the reasons say why", "FIT_UNKNOWN" in [one["code"] for one in cover["reasons"]], cover["reasons"])
    clocks = {one["policy"]: one["state"] for one in order["promises"]}
    tell.same(
        "it waits, only the review's clock runs",
        (order["state"], clocks),
        ("AWAITING_REVIEW", {"coverage-review": "RUNNING", "ship": "OFFERED"}),
    )
    review = {"line": order["lines"][0]["id"], "payer": "PAID", "note": "Another make's pump is fitted"}
    tell.refused("the customer's own decision", customer.refused("coverageReview", **review), "NOT_ALLOWED")
    tell.refused(
        "a decision without words",
        world.who("approver").refused("coverageReview", **{**review, "note": " "}),
        "INVALID",
        "note",
    )
    world.who("approver").do("coverageReview", **review)
    seen = world.order(order["number"], "customer")
    row = seen["lines"][0]
    tell.same(
        "decided to paid, it waits for money", (seen["state"], row["coverage"]["payer"]), ("AWAITING_PAYMENT", "PAID")
    )
    tell.same("at the published price of placing", row["publishedPrice"], order["lines"][0]["publishedPrice"])
    tell.check("which is to be paid now", amount(row["lineTotal"]) > 0, row["lineTotal"])
    clocks = {one["policy"]: one["state"] for one in seen["promises"]}
    tell.same("the review's promise is kept", clocks, {"coverage-review": "KEPT", "ship": "OFFERED"})
    tell.refused("deciding twice", world.who("approver").refused("coverageReview", **review), "WRONG_STATE")
    tell.same(
        "and may be cancelled free",
        customer.do("orderCancel", order=order["id"], reason="too dear")["state"],
        "CANCELLED",
    )


def _unknown_serial(world: World, right: str) -> None:
    tell = world.tell
    tell.step("A serial nobody knows, and one of another company")
    foreign = _foreign(world)
    answers = [world.coverage("customer", serial, right) for serial in (foreign, "ZZ-NOBODY-1")]
    tell.same("one identical answer for both", answers[0], answers[1])
    tell.same("paid", answers[0]["payer"], "PAID")
    fits = [world.fit("customer", right, serial) for serial in (foreign, "ZZ-NOBODY-1")]
    tell.same("and the same fit, unknown", (fits[0], fits[0]["verdict"]), (fits[1], "UNKNOWN"))


def _foreign(world: World) -> str:
    """A serial that exists, of another company; the drawn one is on record all the same."""
    if world.drawn:
        serial = world.drawn.machines["neighbour's"].serial
        seen = world.who("admin").ask(docs.EQUIPMENT_OF, serial=serial)["equipment"]
        world.tell.same("the house knows the neighbour's machine", seen and seen["owner"]["name"], "Neighbour Works")
        return serial
    mine = {one["serial"] for one in world.machines("customer")}
    foreign = {one["serial"] for one in world.machines("other_customer")} - mine
    if not foreign:
        raise missing(world, "a machine of another company")
    return sorted(foreign)[0]
