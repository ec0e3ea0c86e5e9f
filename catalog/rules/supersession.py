"""What became of a part: chains, one to several, and statements that contradict each other (rules.md section 5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Step:
    """`old` was replaced by `quantity` pieces of `new` on `on`; `both`: the old one may also stand in for the new one."""

    old: int
    new: int
    quantity: int = 1
    mode: str = "USE_UP"
    both: bool = False
    on: date = date.min


@dataclass(frozen=True)
class Heir:
    """A current part at the end of the road: pieces of it for one of the old, how to change over, and whether the way back is open all along."""

    part: int
    quantity: int
    mode: str
    both: bool


# The strictest way of changing over met on the road holds for the whole of it.
_STRICTNESS = ("USE_UP", "RUN_IN", "NEVER_MIX")


def standing(steps: Iterable[Step], on: date) -> list[Step]:
    """The steps in force on a day. Of statements that run in a circle the latest counts: one is void when others not older lead back to its old part."""
    live = [step for step in steps if step.on <= on]
    by_old = _by_old(live)
    return [step for step in live if not _leads_back(step, by_old)]


def heirs(part: int, steps: Mapping[int, Sequence[Step]]) -> tuple[Heir, ...]:
    """The current parts `part` became, nearest first; empty when it is current itself. `steps` are standing ones by old part, free of circles."""
    found: dict[int, Heir] = {}
    roads = [Heir(part, 1, _STRICTNESS[0], True)]
    while roads:
        road = roads.pop(0)
        onward = steps.get(road.part, ())
        if not onward and road.part != part:
            known = found.get(road.part)
            found[road.part] = _merged(known, road) if known else road
        roads.extend(_along(road, step) for step in onward)
    return tuple(found.values())


def stands_in_for(part: int, steps: Collection[Step]) -> dict[int, int]:
    """The other parts whose place `part` may take, each with the pieces of `part` that take the place of one.

    A successor stands in for what it replaced; the replaced one for its single successor only when the direction is BOTH.
    """
    by_new: dict[int, list[Step]] = defaultdict(list)
    for step in steps:
        by_new[step.new].append(step)
    by_old = _by_old(steps)
    places, roads = {part: 1}, [part]
    while roads:
        here = roads.pop()
        back = [(step.old, step.quantity) for step in by_new[here]]
        forth = [
            (step.new, 1)
            for step in by_old.get(here, ())
            if step.both and step.quantity == 1 and len(by_old[here]) == 1
        ]
        for there, quantity in (*back, *forth):
            if there not in places:
                places[there] = places[here] * quantity
                roads.append(there)
    del places[part]
    return places


def came_from(part: int, steps: Iterable[Step]) -> list[int]:
    """The parts that `part` replaced, directly or over others; the nearest first, of one distance the latest first."""
    by_new: dict[int, list[Step]] = defaultdict(list)
    for step in sorted(steps, key=lambda step: step.on, reverse=True):
        by_new[step.new].append(step)
    found = [part]
    for here in found:  # grows while it is walked
        found += [step.old for step in by_new[here] if step.old not in found]
    return found[1:]


def steps_by_old(steps: Iterable[Step]) -> dict[int, list[Step]]:
    """Standing steps grouped as `heirs` wants them."""
    return dict(_by_old(steps))


def circles(pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """The (old, new) pairs that lie on a circle: from the new part replacements lead back to the old one. Linear in the number of pairs (Tarjan)."""
    pairs = list(pairs)
    onward: dict[int, list[int]] = defaultdict(list)
    for old, new in pairs:
        onward[old].append(new)
    ring = _rings(onward)
    return {(old, new) for old, new in pairs if ring[old] == ring[new]}


def _rings(onward: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """Each part with the ring it belongs to: parts that lead to each other share one, any other part has its own."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    ring: dict[int, int] = {}
    open_: list[int] = []
    for start in list(onward):
        roads = [(start, iter(onward.get(start, ())))] if start not in index else []
        while roads:
            part, rest = roads[-1]
            if part not in index:
                index[part] = low[part] = len(index)
                open_.append(part)
            following = next((one for one in rest if one not in ring), None)
            if following is not None and following not in index:
                roads.append((following, iter(onward.get(following, ()))))
            elif following is not None:
                low[part] = min(low[part], index[following])
            else:
                roads.pop()
                _ring_close(part, index, low, ring, open_)
                if roads:
                    low[roads[-1][0]] = min(low[roads[-1][0]], low[part])
    return ring


def _ring_close(part: int, index: dict[int, int], low: dict[int, int], ring: dict[int, int], open_: list[int]) -> None:
    """All that was opened since `part`, when nothing of it leads further back, is one ring."""
    if low[part] == index[part]:
        while part not in ring:
            ring[open_.pop()] = part


def _by_old(steps: Iterable[Step]) -> dict[int, list[Step]]:
    grouped: dict[int, list[Step]] = defaultdict(list)
    for step in steps:
        grouped[step.old].append(step)
    return grouped


def _leads_back(step: Step, by_old: Mapping[int, Sequence[Step]]) -> bool:
    """Do steps not older than `step` lead from its new part to its old one?"""
    seen, roads = {step.new}, [step.new]
    while roads:
        for onward in by_old.get(roads.pop(), ()):
            if onward.on < step.on or onward.new in seen:
                continue
            if onward.new == step.old:
                return True
            seen.add(onward.new)
            roads.append(onward.new)
    return False


def _along(road: Heir, step: Step) -> Heir:
    mode = max(road.mode, step.mode, key=_STRICTNESS.index)
    return Heir(step.new, road.quantity * step.quantity, mode, road.both and step.both)


def _merged(one: Heir, other: Heir) -> Heir:
    """Two roads to one part add their pieces."""
    mode = max(one.mode, other.mode, key=_STRICTNESS.index)
    return Heir(one.part, one.quantity + other.quantity, mode, one.both and other.both)
