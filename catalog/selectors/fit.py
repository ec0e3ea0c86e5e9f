"""Fit of many parts on many machines with one query, and another when misfits are named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from catalog.models import Part
from catalog.models.fitment import FitVerdict
from catalog.rules.fit import fit_verdict
from catalog.selectors.fit_facts import fit_facts
from catalog.selectors.supersession import parts_current

Pair = tuple[int, int, int | None]


@dataclass(frozen=True)
class Fit:
    """The verdict; where the part sits (callout label, assembly name); pieces the machine holds (None: not known); what fits instead,
    by its current number. `stands_for`: keys of the other parts whose place the part may take, on whatever machine.
    """

    verdict: FitVerdict
    callout: str | None = None
    assembly: str | None = None
    quantity: int | None = None
    instead_use: Part | None = None
    stands_for: frozenset[int] = field(default=frozenset(), compare=False, repr=False)


def fits_for(pairs: Iterable[Pair], on: date) -> dict[Pair, Fit]:
    """The fit of each (part key, model key, serial sequence or None) on a day; at most two queries however many pairs."""
    asked = set(pairs)
    if not asked:
        return {}
    facts = fit_facts({part for part, _, _ in asked}, {model for _, model, _ in asked}, on)
    results = {
        (part, model, sequence): fit_verdict(
            part,
            stands_in_for=facts.places[part],
            sequence=sequence,
            lines=facts.lines.get(model, ()),
            listings=facts.listings.get(model, ()),
        )
        for part, model, sequence in asked
    }
    current = parts_current({result.instead for result in results.values() if result.instead}, on)
    return {
        pair: Fit(
            FitVerdict(result.verdict),
            callout=result.line.label if result.line else None,
            assembly=facts.assemblies[result.line.assembly] if result.line else None,
            quantity=result.pieces,
            instead_use=current[result.instead] if result.instead else None,
            stands_for=frozenset(facts.places[pair[0]]),
        )
        for pair, result in results.items()
    }
