"""Fit of many parts on many machines with a handful of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from catalog.models import Assembly, Callout, Fitment, Part
from catalog.models.fitment import FitVerdict
from catalog.rules.fit import BillLine, FitResult, Listing, Serials, fit_verdict
from catalog.rules.supersession import heirs, steps_by_old
from catalog.selectors.supersession import places_of, steps_around

Pair = tuple[int, int, int | None]


@dataclass(frozen=True)
class Fit:
    """The verdict; where the part sits (callout label, assembly name); pieces the machine holds (None: not known); what fits instead."""

    verdict: FitVerdict
    callout: str | None = None
    assembly: str | None = None
    quantity: int | None = None
    instead_use: Part | None = None


def fits_for(pairs: Iterable[Pair], on: date) -> dict[Pair, Fit]:
    """The fit of each (part key, model key, serial sequence or None) on a day; at most seven queries however many pairs."""
    asked = set(pairs)
    places = places_of({part for part, _, _ in asked}, on)
    models = {model for _, model, _ in asked}
    parts = places.keys() | {other for others in places.values() for other in others}
    lines, listings = _lines(models, parts), _listings(models, parts)
    results = {
        pair: fit_verdict(
            pair[0],
            stands_in_for=places[pair[0]],
            sequence=pair[2],
            lines=lines.get(pair[1], ()),
            listings=listings.get(pair[1], ()),
        )
        for pair in asked
    }
    return _told(results, on)


def _lines(models: Collection[int], parts: Collection[int]) -> dict[int, list[BillLine]]:
    """Bill lines by model: those of the parts, and whatever else stands at the same callouts."""
    ours = Callout.objects.filter(assembly=OuterRef("assembly"), label=OuterRef("label"), part__in=parts)
    rows = Callout.objects.filter(Exists(ours), assembly__model__in=models).order_by(
        "assembly__position", "assembly_id", "position", "pk"
    )
    grouped: dict[int, list[BillLine]] = defaultdict(list)
    columns = (
        "assembly__model_id",
        "part_id",
        "assembly_id",
        "label",
        "quantity",
        "assembly__quantity",
        "serial_from",
        "serial_to",
    )
    for model, part, assembly, label, quantity, times, first, last in rows.values_list(*columns):
        grouped[model].append(BillLine(part, assembly, label, quantity * times, Serials(first, last)))
    return grouped


def _listings(models: Collection[int], parts: Collection[int]) -> dict[int, list[Listing]]:
    grouped: dict[int, list[Listing]] = defaultdict(list)
    columns = ("model_id", "part_id", "fits", "quantity", "serial_from", "serial_to", "instead_id")
    for model, part, fits, pieces, first, last, instead in (
        Fitment.objects.filter(model__in=models, part__in=parts).order_by("pk").values_list(*columns)
    ):
        grouped[model].append(Listing(part, fits, pieces, Serials(first, last), instead))
    return grouped


def _told(results: Mapping[Pair, FitResult], on: date) -> dict[Pair, Fit]:
    """Keys become names and parts; what fits instead is named by its current number."""
    assemblies = {result.line.assembly for result in results.values() if result.line}
    names = dict(Assembly.objects.filter(pk__in=assemblies).values_list("pk", "name")) if assemblies else {}
    instead = _current({result.instead for result in results.values() if result.instead}, on)
    return {
        pair: Fit(
            FitVerdict(result.verdict),
            callout=result.line.label if result.line else None,
            assembly=names[result.line.assembly] if result.line else None,
            quantity=result.pieces,
            instead_use=instead[result.instead] if result.instead else None,
        )
        for pair, result in results.items()
    }


def _current(part_ids: Collection[int], on: date) -> dict[int, Part]:
    """The part to name for each key: its single successor, or itself."""
    if not part_ids:
        return {}
    steps = steps_by_old(steps_around(part_ids, on))
    became = {key: heirs(key, steps) for key in part_ids}
    final = {key: found[0].part if len(found) == 1 and found[0].quantity == 1 else key for key, found in became.items()}
    parts = Part.objects.in_bulk(set(final.values()))
    return {key: parts[to] for key, to in final.items()}
