"""Hits by number: what it means, what begins with it, what lies one slip away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from catalog.rules.numbers import normalise
from catalog.search.slips import look_alikes, one_slip, undoubled
from catalog.search.types import Hit
from catalog.selectors.parts import parts_resolve

MOST_BEGUN = 500  # numbers that begin alike; nobody reads further
_LOOKED = 4000  # numbers that begin alike, of which those are chosen
_FIRST = 1  # of those, so many come before numbers one slip away when the number itself is unknown
_FEW = 9  # numbers one slip away beside a number that is known or begins a known one

# Ranks of the kinds of answer; words stay below 1.
RANK = {
    "EXACT": 9.0,
    "OWN": 8.0,
    "OLD": 7.0,
    "FOREIGN": 6.0,
    "AMBIGUOUS": 5.0,
    "OTHER": 4.5,
    "TWIN": 4.0,
    "PREFIX": 3.0,
    "NEAR": 2.0,
}

# The shortest of those that come first in the order of numbers; a short beginning would else be half the catalogue.
_BEGIN = """
SELECT * FROM (SELECT id, number, length(normalised) FROM catalog_part WHERE normalised LIKE %(prefix)s ORDER BY normalised USING ~<~ LIMIT %(looked)s) own
UNION ALL
SELECT * FROM (SELECT part_id, number, length(normalised) + 100 FROM catalog_crossreference WHERE normalised LIKE %(prefix)s
               ORDER BY normalised USING ~<~ LIMIT %(looked)s) others
ORDER BY 3, 2 LIMIT %(most)s
"""
_NEAR = """
SELECT part_id, number, coalesce(boost, 1) FROM (
    SELECT id AS part_id, number FROM catalog_part WHERE normalised = ANY(%(slips)s)
    UNION ALL
    SELECT part_id, number FROM catalog_crossreference WHERE normalised = ANY(%(slips)s)
) alike LEFT JOIN catalog_searchpart USING (part_id)
"""
# Whose number is it? Ours as one row without a part; another catalogue's with the part it means.
_WHOSE = """
SELECT NULL, '' WHERE EXISTS (SELECT FROM catalog_part WHERE normalised = %(bare)s)
UNION ALL SELECT part_id, number FROM catalog_crossreference WHERE normalised = %(bare)s AND %(bare)s <> ''
"""
# Another catalogue's number for a part we found may be the number of a part of ours: the same thing listed twice.
_TWINS = """
SELECT twin.id, twin.number FROM catalog_crossreference cross_reference JOIN catalog_part twin ON twin.normalised = cross_reference.normalised
WHERE cross_reference.part_id = ANY(%(parts)s) AND twin.id <> cross_reference.part_id
"""


@dataclass(frozen=True)
class NumberHits:
    """Hits by number, best first; `sure` when the query is a number we know, so that words need not be asked."""

    hits: list[Hit]
    sure: bool


Begun = Callable[[str], list[tuple[int, str]]]
Near = Callable[[str], list[tuple[int, str, float]]]


def numbers_begun(bare: str) -> list[tuple[int, str]]:
    """Parts with their or another catalogue's number that begins with `bare`, the likeliest first, at most MOST_BEGUN."""
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, {"prefix": bare + "%", "most": MOST_BEGUN, "looked": _LOOKED})
        return [(part, number) for part, number, _ in cursor.fetchall()]


def numbers_near(bare: str) -> list[tuple[int, str, float]]:
    """Parts with a number one slip away from `bare`, and how likely each is wanted (1: ordinary)."""
    slips = one_slip(bare) | look_alikes(bare)
    if not slips:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_NEAR, {"slips": list(slips)})
        return list(cursor.fetchall())


def number_hits(query: str, on: date, *, begun_of: Begun = numbers_begun, near_of: Near = numbers_near) -> NumberHits:
    """What `query` finds read as a part number; a query without a digit is only looked up whole.

    What a number means is asked of the database; `begun_of` and `near_of` look up the numbers that are not the one typed.
    """
    bare = normalise(query)
    whose = _whose(bare)
    meant = _meant(query, on) if whose else []
    like_a_number = any(sign.isdigit() for sign in bare) and len(bare) >= 3 and len(query.split()) <= 3
    begun = _begun(begun_of(bare), 0 if meant else _FIRST) if like_a_number else []
    near = _near(bare, near_of(bare)) if like_a_number else []
    told = any(hit.found_as == "FOREIGN" for hit in meant)
    others = [] if told else [Hit(part, "FOREIGN", number, RANK["OTHER"]) for part, number in whose if part]
    if meant or begun:  # the number may be right: only a few others it could have been
        near = sorted(near, key=lambda hit: -hit.rank)[:_FEW]
    return NumberHits(
        _best([*meant, *others, *_twins(meant), *begun, *near]),
        sure=bool(meant) and any(sign.isdigit() for sign in bare),
    )


def _meant(query: str, on: date) -> list[Hit]:
    found = parts_resolve([query], on=on)[query]
    if found.candidates:
        return [Hit(part.pk, found.found_as or "", part.number, RANK["AMBIGUOUS"]) for part in found.candidates]
    kind = found.found_as or ""
    if found.part:
        return [Hit(found.part.pk, kind, found.asked_part.number if found.asked_part else query, RANK[kind])]
    old = found.asked_part.number if found.asked_part else ""
    return [Hit(row.part.pk, kind, old, RANK[kind]) for row in found.successors]


def _whose(bare: str) -> list[tuple[int | None, str]]:
    """What a number may mean, be it somebody's own and another's at once: every meaning is shown; nothing when nobody has it."""
    with connection.cursor() as cursor:
        cursor.execute(_WHOSE, {"bare": bare})
        return list(cursor.fetchall())


def _twins(meant: list[Hit]) -> list[Hit]:
    if not meant:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_TWINS, {"parts": [hit.part_id for hit in meant]})
        return [Hit(part, "FOREIGN", number, RANK["TWIN"]) for part, number in cursor.fetchall()]


def _begun(rows: list[tuple[int, str]], first: int) -> list[Hit]:
    return [
        Hit(part, "PREFIX", number, (RANK["PREFIX"] if at < first else RANK["NEAR"]) - at / 1000)
        for at, (part, number) in enumerate(rows)
    ]


def _near(bare: str, rows: list[tuple[int, str, float]]) -> list[Hit]:
    return [
        Hit(part, _called(bare, number), number, RANK["NEAR"] + _swapped(bare, number) + boost / 10)
        for part, number, boost in rows
    ]


def _called(bare: str, number: str) -> str:
    """A number that only lacks its end was not mistyped."""
    return "PREFIX" if normalise(number).startswith(bare) else "NEAR"


def _swapped(bare: str, number: str) -> float:
    """Signs that look alike, then two signs swapped, then one typed twice or once too few are the likeliest slips; of several the part
    likelier wanted comes first (a tenth of its boost, which stays below 2)."""
    meant = normalise(number)
    if meant in look_alikes(bare):
        return 0.6
    if sorted(bare) == sorted(meant):
        return 0.5
    return 0.1 if undoubled(bare) == undoubled(meant) else 0.0


def _best(hits: list[Hit]) -> list[Hit]:
    best: dict[int, Hit] = {}
    for hit in sorted(hits, key=lambda hit: -hit.rank):
        best.setdefault(hit.part_id, hit)
    return list(best.values())
