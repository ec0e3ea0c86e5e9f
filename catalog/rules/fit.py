"""Does a part fit a machine? FITS, DOES_NOT_FIT (only when we know) or UNKNOWN (rules.md section 3, gate 2)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Absence from a bill is UNKNOWN: a third of real bills are bad."""

    FITS = "FITS"
    DOES_NOT_FIT = "DOES_NOT_FIT"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True)
class Serials:
    """A range of serial sequences, both ends inclusive; None: open."""

    first: int | None = None
    last: int | None = None

    def holds(self, sequence: int | None) -> bool:
        """Is the serial surely in the range? An unknown one is only in the range of all."""
        if sequence is None:
            return self.first is None and self.last is None
        return (self.first is None or self.first <= sequence) and (self.last is None or sequence <= self.last)


ALL_SERIALS = Serials()


@dataclass(frozen=True)
class BillLine:
    """A callout of the model: `pieces` is how many the whole machine holds there (callout x assembly); 0: the bill does not say."""

    part: int
    assembly: int
    label: str
    pieces: int = 1
    serials: Serials = ALL_SERIALS


@dataclass(frozen=True)
class Listing:
    """A row of an application list: the part fits the model, or explicitly does not and `instead` does."""

    part: int
    fits: bool = True
    pieces: int | None = None
    serials: Serials = ALL_SERIALS
    instead: int | None = None


@dataclass(frozen=True)
class FitResult:
    """The verdict with what it stands on: the callout, the pieces the machine holds (None: not known), the part that fits instead."""

    verdict: Verdict
    line: BillLine | None = None
    pieces: int | None = None
    instead: int | None = None


def fit_verdict(
    part: int,
    *,
    stands_in_for: Mapping[int, int],
    sequence: int | None,
    lines: Sequence[BillLine],
    listings: Sequence[Listing],
) -> FitResult:
    """Judge `part` on one model. `lines` and `listings` are the model's, of whatever parts; `stands_in_for` as in rules/supersession.

    An explicit exclusion of the part itself beats every bill. A serial break is a known misfit when the part's own lines all lie
    elsewhere; when only lines of a part it replaced do, the callout must hold another part for this serial.
    """
    places = {part: 1, **stands_in_for}
    ours = [line for line in lines if line.part in places]
    listed = [row for row in listings if row.part in places and row.fits]
    excluded = next(
        (row for row in listings if row.part == part and not row.fits and row.serials.holds(sequence)), None
    )
    if excluded:
        return FitResult(
            Verdict.DOES_NOT_FIT, _first(ours), instead=excluded.instead or _at_callouts(ours, lines, places, sequence)
        )
    if result := _fits(places, ours, listed, sequence):
        return result
    if sequence is None or not (ours or listed):
        return FitResult(Verdict.UNKNOWN)
    fitting = _at_callouts(ours, lines, places, sequence)
    said_of_itself = any(line.part == part for line in ours) or any(row.part == part for row in listed)
    if said_of_itself or fitting:
        instead = fitting or next((row.instead for row in listed if row.instead), None)
        return FitResult(Verdict.DOES_NOT_FIT, _first(ours), instead=instead)
    return FitResult(Verdict.UNKNOWN)


def _fits(
    places: Mapping[int, int], ours: Sequence[BillLine], listed: Sequence[Listing], sequence: int | None
) -> FitResult | None:
    holding = [line for line in ours if line.serials.holds(sequence)]
    if holding:
        return FitResult(Verdict.FITS, holding[0], _pieces(holding, places))
    rows = [row for row in listed if row.serials.holds(sequence)]
    if not rows:
        return None
    known = [row.pieces * places[row.part] for row in rows if row.pieces]
    return FitResult(Verdict.FITS, pieces=max(known, default=None))


def _at_callouts(
    ours: Sequence[BillLine], lines: Iterable[BillLine], places: Mapping[int, int], sequence: int | None
) -> int | None:
    """Another part that one of our callouts holds for this serial."""
    callouts = {(line.assembly, line.label) for line in ours}
    others = (line for line in lines if (line.assembly, line.label) in callouts and line.part not in places)
    return next((line.part for line in others if line.serials.holds(sequence)), None)


def _pieces(holding: Iterable[BillLine], places: Mapping[int, int]) -> int | None:
    """Pieces over all callouts. Parts that stand in for each other at one callout are alternatives: the larger counts, not both."""
    callouts: dict[tuple[int, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for line in holding:
        callouts[line.assembly, line.label][line.part] += line.pieces * places[line.part]
    return sum(max(by_part.values()) for by_part in callouts.values()) or None


def _first(lines: Sequence[BillLine]) -> BillLine | None:
    return lines[0] if lines else None
