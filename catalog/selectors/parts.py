"""Parts by number, in any dress, of any day; and their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, OuterRef, Subquery, Value, When

from catalog.models import CrossReference, Part, PartName
from catalog.rules.numbers import normalise
from catalog.rules.supersession import Heir, heirs, steps_by_old
from catalog.selectors.supersession import steps_around

EXACT, OWN, OLD, FOREIGN = "EXACT", "OWN", "OLD", "FOREIGN"


@dataclass(frozen=True)
class Successor:
    """A current part that an old one became: `quantity` pieces of it for one; `direction` BOTH when the old one may still stand in."""

    part: Part
    quantity: int
    mode: str
    direction: str


@dataclass(frozen=True)
class Resolution:
    """What a number means. `part` is the current part, None when unknown, ambiguous (see `candidates`) or when the old part
    `asked_part` became several pieces or parts (see `successors`)."""

    asked: str
    part: Part | None = None
    found_as: str | None = None
    candidates: tuple[Part, ...] = ()
    asked_part: Part | None = None
    successors: tuple[Successor, ...] = ()

    @property
    def superseded(self) -> bool:
        """Was the number that of a part with successors?"""
        return bool(self.successors)

    @property
    def ambiguous(self) -> bool:
        """Does the number mean several parts?"""
        return bool(self.candidates)


def parts_resolve(numbers: Iterable[str], *, on: date) -> dict[str, Resolution]:
    """What each number means on a day, by number as asked; at most four queries however many numbers.

    Order of answers: exact, own in any dress, foreign; a superseded part found on the way answers with its successor (OLD). Several
    parts at one step are ambiguous unless all of them lead to one current part: a number is never guessed, be one of them old.
    """
    bare = {asked: normalise(asked) for asked in numbers}
    own = _own(set(bare.values()) - {""})
    foreign = _foreign({key for key in bare.values() if key and key not in own})
    hits = {asked: _hits(asked, own.get(key, ()), foreign.get(key, ())) for asked, key in bare.items()}
    lines = _lines({part.pk: part for _, parts in hits.values() for part in parts}, on)
    return {asked: _resolution(asked, found_as, parts, lines) for asked, (found_as, parts) in hits.items()}


def part_get(part_id: int) -> Part | None:
    """A part by its key."""
    return Part.objects.select_related("group").filter(pk=part_id).first()


def part_names(parts: Iterable[Part | int], language: str) -> dict[int, str]:
    """Names by part key in a language, falling back to English, then to any; a part nobody named is left out. One query."""
    keys = {part if isinstance(part, int) else part.pk for part in parts}
    rank = {language: 0, "en": 1}
    rows = PartName.objects.filter(part__in=keys).values_list("part_id", "language", "name")
    best = sorted(rows, key=lambda row: (rank.get(row[1], 2), row[1]), reverse=True)
    return {key: name for key, _, name in best}  # the last one written, the best, stays


def name_in(language: str) -> Subquery:
    """A part's name as `part_names` chooses it, as a column of a query for parts; null when nobody named it."""
    rank = Case(When(language=language, then=Value(0)), When(language="en", then=Value(1)), default=Value(2))
    return Subquery(PartName.objects.filter(part=OuterRef("pk")).order_by(rank, "language").values("name")[:1])


def _own(keys: Collection[str]) -> dict[str, list[Part]]:
    grouped: dict[str, list[Part]] = defaultdict(list)
    for part in Part.objects.select_related("group").filter(normalised__in=keys).order_by("number", "maker"):
        grouped[part.normalised].append(part)
    return grouped


def _foreign(keys: Collection[str]) -> dict[str, list[CrossReference]]:
    grouped: dict[str, list[CrossReference]] = defaultdict(list)
    if keys:
        rows = (
            CrossReference.objects.filter(normalised__in=keys)
            .select_related("part__group")
            .order_by("part__number", "part__maker")
        )
        for row in rows:
            grouped[row.normalised].append(row)
    return grouped


def _hits(asked: str, own: Collection[Part], foreign: Collection[CrossReference]) -> tuple[str | None, list[Part]]:
    """The first step that answers, and with what."""
    typed = asked.strip()
    if exact := [part for part in own if part.number == typed]:
        return EXACT, exact
    if own:
        return OWN, list(own)
    rows = [row for row in foreign if row.number == typed] or foreign
    return (FOREIGN, list({row.part_id: row.part for row in rows}.values())) if rows else (None, [])


@dataclass(frozen=True)
class _Lines:
    """The parts at hand and the current ones that the superseded among them became."""

    parts: dict[int, Part]
    became: dict[int, tuple[Heir, ...]]

    def single(self, part: Part) -> Part | None:
        """The one current part a buyer of `part` gets for it, piece for piece."""
        became = self.became.get(part.pk)
        if not became:
            return part
        return self.parts[became[0].part] if len(became) == 1 and became[0].quantity == 1 else None


def _lines(parts: dict[int, Part], on: date) -> _Lines:
    steps = steps_by_old(steps_around(parts, on))
    became = {key: found for key in parts if (found := heirs(key, steps))}
    missing = {heir.part for found in became.values() for heir in found} - parts.keys()
    more = Part.objects.select_related("group").in_bulk(missing) if missing else {}
    return _Lines({**parts, **more}, became)


def _resolution(asked: str, found_as: str | None, parts: list[Part], lines: _Lines) -> Resolution:
    if not parts:
        return Resolution(asked)
    outcomes = {single.pk if (single := lines.single(part)) else -part.pk for part in parts}
    if len(outcomes) > 1:
        return Resolution(asked, found_as=found_as, candidates=tuple(parts))
    return _answer(asked, found_as, next((part for part in parts if part.pk not in lines.became), parts[0]), lines)


def _answer(asked: str, found_as: str | None, part: Part, lines: _Lines) -> Resolution:
    became = lines.became.get(part.pk, ())
    if not became:
        return Resolution(asked, part, found_as)
    successors = tuple(
        Successor(lines.parts[heir.part], heir.quantity, heir.mode, "BOTH" if heir.both else "FORWARD")
        for heir in became
    )
    return Resolution(
        asked, lines.single(part), FOREIGN if found_as == FOREIGN else OLD, asked_part=part, successors=successors
    )


def parts_by_id(part_ids: Iterable[int]) -> dict[int, Part]:
    """Parts with their groups, by key; one query."""
    return Part.objects.select_related("group").in_bulk(set(part_ids))
