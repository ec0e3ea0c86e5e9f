"""Last piece, two buyers, one order; the other takes the date; the receipt fills the oldest machine-down line first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

from tests.stories import documents as docs
from tests.stories.client import Client, Json
from tests.stories.finding import first_part, missing
from tests.stories.world import World, day, instant, order_input, packed, promise_of

ROUNDS = 3  # one race proves little


def tell(world: World) -> None:
    """Story (e)."""
    for number in range(ROUNDS):
        part, expected = _drawn_piece(world, f"e{number}") if world.drawn else _last_piece(world)
        winner, loser, errors = _race(world, part)
        _loser_is_told(world, part, errors, expected)
    _turn(world, part, winner, loser, expected)


def _buyers(world: World) -> list[str]:
    """Two companies served from the same shelves."""
    markets: dict[str, list[str]] = {}
    for role in ("customer", "other_customer", "dealer", "other_dealer"):
        if role in world.clients:
            markets.setdefault(world.who(role).me["company"]["market"], []).append(role)
    found = next((roles for roles in markets.values() if len(roles) > 1), None)
    if found is None:
        raise missing(world, "two buyers of one market")
    return found[:2]


def _last_piece(world: World) -> tuple[Json, str]:
    """Leave one free piece of a part, in one warehouse, and announce more for in three weeks."""
    tell, manager = world.tell, world.who("parts_manager")
    one, two = _buyers(world)
    part = first_part(
        world,
        one,
        lambda it: packed(it) == 1 and not _expected(world, it["number"]) and _priced(world, two, it["number"]),
        drawn="",
    )
    number = part["number"]
    tell.step(f"Set-up: one free piece of {number} is left, {5} more are announced")
    for level in world.stock(number):
        if level["available"]:
            manager.do(
                "stockAdjust",
                partNumber=number,
                warehouse=level["warehouse"],
                change=-level["available"],
                reason="COUNT",
                note="set-up",
            )
    place = world.place(number, one)
    manager.do("stockAdjust", partNumber=number, warehouse=place, change=1, reason="FOUND", note="set-up")
    on = (world.clock.now() + timedelta(days=21)).date().isoformat()
    manager.do("stockExpect", partNumber=number, warehouse=place, quantity=5, on=on)
    _both_see(world, number, on)
    return {**part, "place": place}, on


def _drawn_piece(world: World, name: str) -> tuple[Json, str]:
    """A part of which the import brought one piece, and more for a day."""
    world.tell.step(f"Set-up: the last piece of {world.drawing.parts[name]}, as imported")
    part = first_part(world, "customer", lambda it: packed(it) == 1, drawn=name)
    levels = world.stock(part["number"])
    left = {level["warehouse"]: level["available"] for level in levels if level["onHand"]}
    coming = [(level["warehouse"], row["date"], row["quantity"]) for level in levels for row in level["expected"]]
    world.tell.need(
        "one piece lies in one place, five come on one day",
        (sum(left.values()), len(left), len(coming)) == (1, 1, 1),
        [left, coming],
    )
    (place,), (into, on, quantity) = left, coming[0]
    world.tell.same("to the same place", (into, quantity), (place, 5))
    _both_see(world, part["number"], on)
    return {**part, "place": place}, str(on)


def _both_see(world: World, number: str, on: str) -> None:
    free = [world.who(role).ask(docs.PART_OF, number=number)["part"]["availability"] for role in _buyers(world)]
    world.tell.same(
        "both buyers see one piece and when more comes",
        [(it["available"], [row["date"] for row in it["expected"]]) for it in free],
        [(1, [on])] * 2,
    )


def _expected(world: World, number: str) -> bool:
    return any(level["expected"] for level in world.stock(number))


def _priced(world: World, role: str, number: str) -> bool:
    found = world.who(role).ask(docs.PART_OF, number=number)["part"]
    return bool(found and found["price"] and Decimal(found["price"]["amount"]) > 0)


def _race(world: World, part: Json) -> tuple[tuple[str, Json], str, list[Json]]:
    tell = world.tell
    roles = _buyers(world)
    tell.step("Both order it at the same moment")
    before = _counts(world, part)
    gate = Barrier(2)

    def buy(client: Client) -> Json:
        asked = order_input([{"partNumber": part["number"], "quantity": 1}], payment="TRANSFER")
        gate.wait()
        return client.call("orderPlace", input=asked)

    with ThreadPoolExecutor(2) as pool:
        payloads = list(pool.map(buy, [world.who(role) for role in roles]))
    won = [place for place, it in enumerate(payloads) if not it["errors"]]
    tell.need("exactly one of them gets it", len(won) == 1, [[one["code"] for one in it["errors"]] for it in payloads])
    after = _counts(world, part)
    tell.same("one piece more is held, none has left, none is free", after, (before[0], before[1] + 1, 0))
    return (roles[won[0]], payloads[won[0]]["order"]), roles[1 - won[0]], payloads[1 - won[0]]["errors"]


def _counts(world: World, part: Json) -> tuple[int, int, int]:
    """On hand, held and free in all warehouses."""
    levels = world.stock(part["number"])
    return sum(it["onHand"] for it in levels), sum(it["held"] for it in levels), sum(it["available"] for it in levels)


def _loser_is_told(world: World, part: Json, errors: list[Json], expected: str) -> None:
    tell = world.tell
    told = tell.refused("the other buyer", errors, "OUT_OF_STOCK", "lines[0].quantity")
    details: dict[str, Any] = told["details"] or {}
    tell.same(
        "with the part, what is free and when more comes",
        (details.get("partNumber"), details.get("free"), details.get("expectedOn")),
        (part["number"], 0, expected),
    )


def _turn(world: World, part: Json, winner: tuple[str, Json], loser: str, expected: str) -> None:
    tell = world.tell
    tell.step("The other accepts the date; then machines break down")
    wrong = (world.clock.now() + timedelta(days=3)).date().isoformat()
    early = _want(world, loser, part, wrong, "CUSTOMER")
    tell.refused("a date that is too early", early["errors"], "EXPECTED_CHANGED", "lines[0].acceptExpectedOn")
    first = _want(world, loser, part, expected, "CUSTOMER")["order"]
    tell.need("the accepted date is ordered", first is not None)
    tell.same(
        "the line holds the receipt of that day",
        [(one["quantity"], one["expectedOn"]) for one in first["lines"][0]["holds"]],
        [(1, expected)],
    )
    _pay(world, first)
    promise = promise_of(world.order(first["number"]), "ship")
    last_day = (instant(promise["dueAt"]) - timedelta(seconds=1)).astimezone(ZoneInfo(promise["zone"])).date()
    tell.check(
        "its promise to ship runs to that day",
        last_day == day(expected),
        promise["dueAt"],
    )
    downs = [_down(world, role, part, expected) for role in (loser, winner[0])]
    orders = [downs[0], downs[1], first]
    for place, filled in enumerate(orders):
        tell.step(f"One piece arrives ({place + 1} of 3)")
        world.who("parts_manager").do("stockReceive", partNumber=part["number"], warehouse=part["place"], quantity=1)
        holds = [
            [(one["quantity"], bool(one["expectedOn"])) for one in world.order(it["number"])["lines"][0]["holds"]]
            for it in orders
        ]
        wanted = [[(1, False)] if at <= place else [(1, True)] for at in range(3)]
        words = (
            "the oldest machine-down line is filled first",
            "then the younger one",
            "then the customer's, which came before both",
        )
        tell.same(f"{words[place]} ({filled['number']})", holds, wanted)
        late = _want(world, winner[0], part, None, "MACHINE_DOWN", serial=_serial(world, winner[0]))
        tell.refused("a new buyer meanwhile", late["errors"], "OUT_OF_STOCK")
    shipped = world.who("parts_manager").do("shipmentCreate", order=downs[0]["id"], carrier="Courier")
    tell.same("and can be shipped", shipped["warehouse"], part["place"])
    tell.same(
        "the winner's piece was his all along",
        sum(one["quantity"] for one in world.order(winner[1]["number"])["lines"][0]["holds"]),
        1,
    )


def _want(world: World, role: str, part: Json, on: str | None, kind: str, **line: Any) -> Json:
    lines = [{"partNumber": part["number"], "quantity": 1, **({"acceptExpectedOn": on} if on else {}), **line}]
    return world.who(role).call("orderPlace", input=order_input(lines, payment="TRANSFER", type=kind))


def _serial(world: World, role: str) -> str:
    return str(world.machines(role)[0]["serial"])


def _down(world: World, role: str, part: Json, expected: str) -> Json:
    """A machine-down order that accepts the date, paid; later ones have their turn by the time of payment."""
    world.clock.advance(1)
    bare = _want(world, role, part, expected, "MACHINE_DOWN")
    world.tell.refused("machine-down without a machine", bare["errors"], "CARD_REQUIRED")
    if world.drawn:
        machines = [{"serial": world.drawn.machines["old" if role == "customer" else "strangers' old"].serial}]
    else:
        machines = world.machines(role)
    for machine in machines:
        made = _want(world, role, part, expected, "MACHINE_DOWN", serial=machine["serial"])
        if not made["errors"] and made["order"]["lines"][0]["coverage"]["payer"] == "PAID":
            _pay(world, made["order"])
            return dict(made["order"])
    raise missing(world, "a machine for a paid machine-down line")


def _pay(world: World, order: Json) -> None:
    world.who("accountant").do("orderPay", order=order["id"], method="TRANSFER")
