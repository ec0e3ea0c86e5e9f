"""What a seed drew, as a story meets it: every drawn property is asserted of the portal before it is used. Nothing else is looked for."""

from __future__ import annotations

from decimal import Decimal

from tests.stories import documents as docs
from tests.stories.client import Json
from tests.stories.drawn import Case
from tests.stories.world import World, number_of


def drawn_case(world: World, role: str, name: str, *, serial: str | None = None) -> tuple[Json, Json]:
    """The drawn machine and part of a story as this role sees them; `serial`: a machine like it. Fit, payer and reason are as drawn."""
    case = world.drawing.cases[name]
    machine = drawn_machine(world, role, case.machine.serial if serial is None else serial)
    part = drawn_part(world, role, case.part)
    _fit(world, role, case, machine)
    _cover(world, role, case, machine)
    return machine, part


def drawn_machine(world: World, role: str, serial: str) -> Json:
    """A machine that this role may see."""
    machine = world.who(role).ask(docs.EQUIPMENT_OF, serial=serial)["equipment"]
    world.tell.need(f"{role.replace('_', ' ')} sees machine {serial}", machine is not None)
    return dict(machine)


def drawn_part(world: World, role: str, number: str) -> Json:
    """A part under its own number, current, at the price that was imported."""
    part = world.who(role).ask(docs.PART_OF, number=number)["part"]
    world.tell.need(f"part {number} is in the catalogue", part is not None)
    told = (part["number"], part["foundAs"], part["stopSale"], part["supersededBy"])
    world.tell.same(f"{number} is sold under this number", told, (number, "EXACT", False, []))
    kind, rate = world.drawing.rate(role)
    published, seen = world.drawing.prices[number], part["price"] or {"amount": 0, "perQuantity": 0, "kind": ""}
    world.tell.same(
        "at its imported price",
        (Decimal(seen["amount"]), seen["perQuantity"], seen["kind"]),
        (published.at(1, rate), published.per, kind),
    )
    return dict(part)


def _fit(world: World, role: str, case: Case, machine: Json) -> None:
    fit = world.fit(role, case.part, machine["serial"])
    seen = (fit["verdict"], number_of(fit["insteadUse"]), fit["quantity"])
    pieces = fit["quantity"] if case.fit != "FITS" or case.pieces is None else case.pieces
    world.tell.same(
        f"{case.part} on {machine['serial']}: fit, what instead, pieces", seen, (case.fit, case.instead, pieces)
    )


def _cover(world: World, role: str, case: Case, machine: Json) -> None:
    cover = world.coverage(role, machine["serial"], case.part)
    decisive = [one["code"] for one in cover["reasons"] if one["decisive"]]
    share = Decimal(case.share or (1 if case.payer == "PAID" else 0))
    world.tell.same(
        "who pays, why, what share, who looks",
        (cover["payer"], decisive, Decimal(cover["customerShare"]), cover["needsReview"]),
        (case.payer, [case.reason], share, case.review),
    )
