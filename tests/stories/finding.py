"""Find machines and parts in the sample that suit a story, by the API alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.stories import documents as docs
from tests.stories.casting import drawn_case, drawn_part
from tests.stories.client import Json
from tests.stories.telling import Stopped
from tests.stories.world import World, packed

MOST_TRIES = 400


def covered_part(world: World, owner: str, search: str = "seal kit") -> tuple[Json, Json]:
    """A new machine of this owner in warranty, and a part that fits it, is free for it and needs no review."""
    world.tell.step("Set-up: a machine in warranty and a part that fits it")
    if world.drawn:
        return drawn_case(world, owner, "a")
    for like in models_of(world, owner):
        machine = world.new_machine(like, owner)
        for part in suited(world, owner, machine["serial"], search):
            cover = world.coverage(owner, machine["serial"], part["number"])
            if cover["payer"] == "WARRANTY" and not cover["needsReview"]:
                world.ready_stock(part["number"], owner, 1)
                return machine, part
    raise missing(world, f"a model with a {search} under warranty")


def models_of(world: World, owner: str) -> list[Json]:
    """One machine of every model this owner has, in drawn order."""
    found = [one for one in world.machines(owner) if any(letter.isdigit() for letter in one["serial"])]
    by_model = {one["model"]: one for one in found}
    models = list(by_model.values())
    world.draw.shuffle(models)
    return models


def suited(world: World, role: str, serial: str, search: str) -> list[Json]:
    """Parts sold by the piece that are known to fit."""
    found = [
        part
        for part, _ in zip(world.parts(role, serial=serial, search=search), range(MOST_TRIES), strict=False)
        if packed(part) == 1
    ]
    return [part for part in found if world.fit(role, part["number"], serial)["verdict"] == "FITS"]


def first_part(world: World, role: str, suits: Callable[[Json], Any], *, drawn: str, **wanted: Any) -> Json:
    """The first part in the catalogue that suits; of a real one the part drawn by this name, which must."""
    if world.drawn:
        part = drawn_part(world, role, world.drawn.parts[drawn])
        world.tell.need(f"it suits the story as {drawn}", suits(part), part["number"])
        return part
    for place, part in enumerate(world.parts(role, **wanted)):
        if part["number"] not in world.taken and suits(part):
            world.taken.add(part["number"])
            return part
        if place > MOST_TRIES:
            break
    raise missing(world, "a part that suits")


def missing(world: World, what: str) -> Stopped:
    """The sample lacks something; that is a failure of the story too."""
    world.tell.check(f"the sample has {what}", False)
    return Stopped(what)


def part_of(world: World, role: str, number: str) -> Json | None:
    """A part by number as this role sees it."""
    found = world.who(role).ask(docs.PART_OF, number=number)["part"]
    return dict(found) if found else None
