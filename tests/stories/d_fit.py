"""A wrong part for the serial is refused and the right one named; an unknown fit is sold with a caution."""

from __future__ import annotations

from tests.stories import documents as docs
from tests.stories.client import Json, fresh
from tests.stories.finding import missing
from tests.stories.world import World, order_input, packed


def tell(world: World) -> None:
    """Story (d)."""
    machine, wrong, right = _misfit(world)
    _refused(world, machine, wrong, right)
    _right_one(world, machine, right)
    _unknown(world, machine)
    _unknown_serial(world, right)


def _misfit(world: World) -> tuple[Json, Json, str]:
    """A part of the machine's model that belongs to the other side of a serial break."""
    world.tell.step("Set-up: a machine, and a part that fits its model but not its serial")
    for machine in world.machines("customer"):
        for _, part in zip(range(400), world.parts("customer", model=machine["model"]), strict=False):
            fit = world.fit("customer", part["number"], machine["serial"])
            if fit["verdict"] == "DOES_NOT_FIT" and number_of(fit["insteadUse"]):
                return machine, part, str(number_of(fit["insteadUse"]))
    raise missing(world, "a known misfit with the right part named")


def number_of(instead: Json | str | None) -> str | None:
    """insteadUse as a number."""
    return instead["number"] if isinstance(instead, dict) else instead


def _refused(world: World, machine: Json, wrong: Json, right: str) -> None:
    tell, customer = world.tell, world.who("customer")
    tell.step(f"The customer orders {wrong['number']} for {machine['serial']}, with a good line beside it")
    good = next(part for part in world.parts("customer") if part["number"] not in (wrong["number"], right))
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


def _unknown(world: World, machine: Json) -> None:
    tell, customer = world.tell, world.who("customer")
    tell.step("A part nobody knows the fit of")
    for _, part in zip(range(400), world.parts("customer"), strict=False):
        if (
            world.fit("customer", part["number"], machine["serial"])["verdict"] == "UNKNOWN"
            and world.coverage("customer", machine["serial"], part["number"])["payer"] == "PAID"
        ):
            break
    else:
        raise missing(world, "a part of unknown fit")
    world.ready_stock(part["number"], "customer", packed(part))
    line = {"partNumber": part["number"], "quantity": packed(part), "serial": machine["serial"]}
    order = customer.do("orderPlace", input=order_input([line], payment="TRANSFER"))
    row = order["lines"][0]
    tell.same("it is sold", (row["coverage"]["payer"], order["state"]), ("PAID", "AWAITING_PAYMENT"))
    tell.same("the line says that the fit is unknown", row["fit"]["verdict"], "UNKNOWN")
    tell.check("with a word of caution", str(row["fit"].get("caution") or "").strip(), row["fit"])


def _unknown_serial(world: World, right: str) -> None:
    tell = world.tell
    tell.step("A serial nobody knows, and one of another company")
    foreign = {one["serial"] for one in world.machines("other_customer")} - {
        one["serial"] for one in world.machines("customer")
    }
    if not foreign:
        raise missing(world, "a machine of another company")
    answers = [world.coverage("customer", serial, right) for serial in (sorted(foreign)[0], "ZZ-NOBODY-1")]
    tell.same("one identical answer for both", answers[0], answers[1])
    tell.same("paid", answers[0]["payer"], "PAID")
    fits = [world.fit("customer", right, serial) for serial in (sorted(foreign)[0], "ZZ-NOBODY-1")]
    tell.same("and the same fit, unknown", (fits[0], fits[0]["verdict"]), (fits[1], "UNKNOWN"))
