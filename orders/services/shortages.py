"""What is short for a draft, in words a buyer can act on: what is free, and when the rest comes."""

from __future__ import annotations

from catalog.rules.stock import Source, Take, Want, allot
from catalog.selectors.stock import Availability, availability_for
from orders.types import Draft, DraftLine
from portal.errors import Code, Problem


def wants_of(draft: Draft) -> list[Want]:
    """The draft's lines as wants, in their order."""
    return [Want(line.key, line.part.pk, line.quantity, line.expected_on, not_before=draft.day) for line in draft.lines]


def stock_view(draft: Draft) -> tuple[list[Take], list[Problem]]:
    """What each line would get now, and the problems of those that get too little. Reads, holds nothing."""
    found = availability_for({line.part.pk for line in draft.lines}, warehouses=draft.warehouses, since=draft.day)
    takes, short = allot(wants_of(draft), _shelf(found), _coming(found))
    return takes, shortage_problems(draft, short, found)


def shortage_problems(
    draft: Draft, short: dict[str, int], found: dict[int, Availability] | None = None
) -> list[Problem]:
    """OUT_OF_STOCK or EXPECTED_CHANGED for every line in `short`."""
    if not short:
        return []
    parts = {line.part.pk for line in draft.lines if line.key in short}
    seen = found or availability_for(parts, warehouses=draft.warehouses, since=draft.day)
    problems, before = [], dict.fromkeys(parts, 0)
    for line in draft.lines:
        if line.part.pk in parts:
            if line.key in short:
                problems.append(_problem(line, seen[line.part.pk], before[line.part.pk]))
            before[line.part.pk] += line.quantity
    return problems


def _problem(line: DraftLine, there: Availability, before: int) -> Problem:
    """`before`: what earlier lines of this order want of the same part; it is not free for this line, nor is it coming for it."""
    expected = there.day_for(before + line.quantity)
    details = {
        "partNumber": line.part.number,
        "free": max(0, there.free - before),
        "expectedOn": expected.isoformat() if expected else None,
    }
    if line.expected_on and expected:
        return Problem(Code.EXPECTED_CHANGED, f"lines[{line.index}].acceptExpectedOn", details)
    return Problem(Code.OUT_OF_STOCK, f"lines[{line.index}].quantity", details)


def _shelf(found: dict[int, Availability]) -> list[Source]:
    return [Source(one.part_id, place.warehouse.pk, place.available) for one in found.values() for place in one.places]


def _coming(found: dict[int, Availability]) -> list[Source]:
    coming = [
        (
            receipt.expected_on,
            rank,
            receipt.pk,
            Source(one.part_id, place.warehouse.pk, receipt.free, receipt.pk, receipt.expected_on),
        )
        for one in found.values()
        for rank, place in enumerate(one.places)
        for receipt in place.expected
    ]
    return [source for *_, source in sorted(coming, key=lambda row: row[:3])]
