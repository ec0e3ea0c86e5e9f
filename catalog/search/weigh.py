"""The weighing of names against a query's words: what they hold of it, what they say besides, and how likely the part is wanted.

rank = held / (asked + 0.25 x besides) x likely. `held` adds the rarity of each word asked that the part answers to: wholly by its own name, less by a
synonym, by the words its variants share or by its category. `besides` is the rarity of what else its name says. It always stays below 1.8,
and hits by number above 2.
"""

from __future__ import annotations

from typing import Any

from catalog.search.words import Wanted, Word

_BESIDES = 0.25
# Forms of a word, and what they count.
_FORMS = (("full", 1.0), ("near", 0.9), ("far", 0.65), ("faint", 0.3))
_FAMILY = 0.85  # of what the form counts
_CATEGORY = 0.5
_VARIANT = 0.9  # a print of a plain part, unless the query speaks of prints
_OLD = 0.5  # superseded parts stay findable by their words, behind what replaced them
_STOCKED = 1.05

# First roughly, all that the gate lets through; then closely, the best of them. A part is weighed by its best name.
_WORDS = """
SELECT part_id, 'WORDS' AS found_as, matched, rank FROM (
    SELECT rough.part_id, rough.name AS matched,
        CASE WHEN place > %(closely)s THEN rough.share * 0.01 ELSE
            ({held}) / (%(asked)s::float8 + %(besides)s::float8 * greatest(0, coalesce(rough.weight, %(asked)s::float8) - ({own})))
            * coalesce(rough.boost, 1)
            * CASE WHEN rough.variant THEN %(variant)s::float8 ELSE 1 END
            * CASE WHEN EXISTS (SELECT FROM catalog_supersession step WHERE step.old_id = rough.part_id AND step.effective_on <= %(on)s)
                   THEN %(superseded)s::float8 ELSE 1 END
            * CASE WHEN EXISTS (SELECT FROM catalog_stocklevel level WHERE level.part_id = rough.part_id AND {stocked})
                   THEN %(stocked)s::float8 ELSE 1 END
        END AS rank
    FROM (
        SELECT *, row_number() OVER (ORDER BY share / (%(asked)s::float8 + %(besides)s::float8 * greatest(0, coalesce(weight, 0) - share))
                * coalesce(boost, 1) * CASE WHEN variant THEN %(variant)s::float8 ELSE 1 END DESC, part_id) AS place
        FROM (
            SELECT *, max(share) OVER () AS best FROM (
                SELECT name.part_id, name.name, name.vector, known.weight, known.boost, known.variant, known.family, known.category,
                    ({roughly})::float8 AS share
                FROM (
                    SELECT part_id FROM catalog_partname WHERE vector @@ %(gate)s::tsquery
                    UNION SELECT part_id FROM catalog_searchpart WHERE family @@ %(gate)s::tsquery
                ) picked
                JOIN catalog_partname name USING (part_id)
                LEFT JOIN catalog_searchpart known USING (part_id)
                WHERE {kept}
            ) held
        ) measured WHERE share >= %(least)s::float8 * best
    ) rough
) weighed
"""


def words_hits(wanted: Wanted, values: dict[str, Any], *, stocked: str, kept: str) -> str:
    """The statement that finds and weighs names, its parameters put into `values`. `stocked`: when a row `level` is free stock; `kept`: what
    `name.part_id` must satisfy."""
    values |= {
        "gate": wanted.gate,
        "asked": sum(word.weight for word in wanted.words),
        "besides": _BESIDES,
        "variant": 1 if wanted.prints else _VARIANT,
        "superseded": _OLD,
        "stocked": _STOCKED,
    }
    return _WORDS.format(
        held=_sum(_closely(at, word, values) for at, word in enumerate(wanted.words)),
        own=_sum(_own(at, word) for at, word in enumerate(wanted.words)),
        roughly=_sum(_roughly(at, word, values) for at, word in enumerate(wanted.words)),
        stocked=stocked,
        kept=kept,
    )


def _sum(terms: Any) -> str:
    return " + ".join(terms)


def _roughly(at: int, word: Word, values: dict[str, Any]) -> str:
    values |= {f"any{at}": word.forms.any, f"weight{at}": word.weight}
    return f"(name.vector @@ %(any{at})s::tsquery OR coalesce(known.family @@ %(any{at})s::tsquery, false))::int * %(weight{at})s::float8"


def _own(at: int, word: Word) -> str:
    return f"(rough.vector @@ %(any{at})s::tsquery)::int * %(weight{at})s::float8"


def _closely(at: int, word: Word, values: dict[str, Any]) -> str:
    """How much of a word the row answers to; the cases stand from the best down."""
    cases = []
    for form, counts in _FORMS:
        if terms := getattr(word.forms, form):
            values[f"{form}{at}"] = " | ".join(terms)
            cases += [(counts, "vector", f"{form}{at}"), (counts * _FAMILY, "family", f"{form}{at}")]
    cases.append((_CATEGORY, "category", f"full{at}"))
    ordered = sorted(cases, key=lambda case: -case[0])
    whens = " ".join(f"WHEN rough.{column} @@ %({key})s::tsquery THEN {counts}" for counts, column, key in ordered)
    return f"CASE {whens} ELSE 0 END * %(weight{at})s::float8"
