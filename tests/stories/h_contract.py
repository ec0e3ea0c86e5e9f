"""Warranty ended, the maintenance contract covers: CONTRACT, with the customer's share."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from tests.stories.casting import drawn_case
from tests.stories.client import Json
from tests.stories.finding import missing, suited
from tests.stories.world import World, amount, each, order_input, packed, promise_of


def tell(world: World) -> None:
    """Story (h)."""
    machine, part, share = _under_contract(world)
    card = world.who("service_desk").do("repairCardOpen", serial=machine["serial"], fault="Swing cylinder leaks")
    order = _order(world, machine, part, share, card)
    _pay_and_ship(world, order, card)
    _other_group(world)


def _under_contract(world: World) -> tuple[Json, Json, Decimal]:
    world.tell.step("Set-up: a machine whose warranty is over and whose contract runs")
    if world.drawn:
        machine, part = drawn_case(world, "customer", "h")
        return machine, part, Decimal(world.drawn.cases["h"].share)
    for machine in world.machines("customer"):
        if machine["warranty"]["status"] == "ACTIVE" or not machine["contract"]:
            continue
        for part in suited(world, "customer", machine["serial"], "seal kit"):
            cover = world.coverage("customer", machine["serial"], part["number"])
            share = Decimal(cover["customerShare"])
            if (
                cover["payer"] == "CONTRACT"
                and not cover["needsReview"]
                and share == Decimal(machine["contract"]["customerShare"])
            ):
                world.ready_stock(part["number"], "customer", 1)
                return machine, part, share
    raise missing(world, "a machine under contract after its warranty")


def _order(world: World, machine: Json, part: Json, share: Decimal, card: Json) -> Json:
    tell, customer = world.tell, world.who("customer")
    tell.step(
        f"The customer orders {part['number']} for {machine['serial']} under {machine['contract']['number']}, share {share}"
    )
    tell.check("the share is a fraction between nothing and all", 0 < share < 1, str(share))
    line = {"partNumber": part["number"], "quantity": 1, "serial": machine["serial"]}
    tell.refused(
        "a contract line without a card",
        customer.refused("orderPlace", input=order_input([line], payment="TRANSFER")),
        "CARD_REQUIRED",
    )
    line["repairCard"] = card["number"]
    tell.refused(
        "NONE as payment of a share",
        customer.refused("orderPlace", input=order_input([line], payment="NONE")),
        "PAYMENT_UNAVAILABLE",
        "payment",
    )
    order = customer.do("orderPlace", input=order_input([line], payment="TRANSFER"))
    row = order["lines"][0]
    cover = row["coverage"]
    tell.same("the contract pays", (cover["payer"], Decimal(cover["customerShare"])), ("CONTRACT", share))
    reasons = {one["code"]: one for one in cover["reasons"]}
    tell.check("the reasons say that the warranty has ended", {"EXPIRED", "OVER_HOURS"} & set(reasons), sorted(reasons))
    tell.same("and the contract decides", [one["code"] for one in cover["reasons"] if one["decisive"]], ["CONTRACT"])
    tell.check(
        "naming it",
        machine["contract"]["number"] in reasons.get("CONTRACT", {}).get("message", ""),
        reasons.get("CONTRACT"),
    )
    exponent = Decimal(1) if order["total"]["currency"] in ("KRW", "JPY") else Decimal("0.01")
    wanted = (each(row) * share).quantize(exponent, ROUND_HALF_UP)
    tell.same("the customer pays the share of the published price", amount(row["lineTotal"]), wanted)
    tell.same(
        "and waits for the money", (order["state"], promise_of(order, "ship")["state"]), ("AWAITING_PAYMENT", "OFFERED")
    )
    return order


def _pay_and_ship(world: World, order: Json, card: Json) -> None:
    tell = world.tell
    tell.step("Paid, shipped, used, closed")
    payment = world.who("accountant").do("orderPay", order=order["id"], method="TRANSFER")
    tell.same("the share and the freight were paid", amount(payment["amount"]), amount(order["total"]))
    tell.same("the promise runs", promise_of(world.order(order["number"]), "ship")["state"], "RUNNING")
    world.who("parts_manager").do("shipmentCreate", order=order["id"], carrier="CJ")
    seen = world.order(order["number"], "customer")
    tell.same("kept", promise_of(seen, "ship")["state"], "KEPT")
    shown = world.card(card["number"], "customer")
    tell.same("the card shows who pays", [(one["ordered"], one["payer"]) for one in shown["lines"]], [(1, "CONTRACT")])
    world.who("technician").do(
        "repairCardUse", card=card["id"], parts=[{"orderLine": seen["lines"][0]["id"], "quantity": 1}]
    )
    world.who("service_desk").do("repairCardConfirm", card=card["id"])
    tell.same("closed", world.who("service_desk").do("repairCardClose", card=card["id"], minutes=75)["state"], "CLOSED")


def _other_group(world: World) -> None:
    """A contract for some groups does not pay for another one."""
    tell = world.tell
    tell.step("A contract that covers some groups alone")
    if world.drawn:
        machine, inside = drawn_case(world, "customer", "h, inside")
        tell.same("the contract is for the group of the one", machine["contract"]["groups"], [inside["group"]])
        drawn_case(world, "customer", "h, outside")
        return
    for role in ("customer", "other_customer"):
        for machine in world.machines(role):
            groups = machine["contract"] and machine["contract"]["groups"]
            if not groups:
                continue
            for _, part in zip(range(60), world.parts(role, serial=machine["serial"]), strict=False):
                if (
                    packed(part) == 1
                    and part["group"] in groups
                    and world.fit(role, part["number"], machine["serial"])["verdict"] == "FITS"
                ):
                    inside = world.coverage(role, machine["serial"], part["number"])
                    tell.same(f"{part['group']} is in it", inside["payer"], "CONTRACT")
                    _outside(world, role, machine, groups)
                    return
    raise missing(world, "a machine with a contract for some groups")


def _outside(world: World, role: str, machine: Json, groups: list[str]) -> None:
    for _, part in zip(range(200), world.parts(role, serial=machine["serial"]), strict=False):
        if (
            part["group"]
            and part["group"] not in groups
            and world.fit(role, part["number"], machine["serial"])["verdict"] == "FITS"
        ):
            cover = world.coverage(role, machine["serial"], part["number"], failedOn=None)
            world.tell.check(f"{part['group']} is not", cover["payer"] != "CONTRACT", cover["payer"])
            return
    raise missing(world, "a part outside the contract's groups")
