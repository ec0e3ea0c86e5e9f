"""The weighing of names against a query's words: what they hold of it, what they say besides, and how likely the part is wanted.

rank = held / (asked + 0.25 x besides) x likely. `held` adds the rarity of each word asked that the part answers to: wholly by its own name, less by a
synonym, by the words its variants share or by its category. `besides` is the rarity of what else its name says. It always stays below 1.8,
and hits by number above 2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from catalog.search.gates import gates
from catalog.search.words import Wanted, Word

BESIDES = 0.25
# Forms of a word, and what they count.
FORMS = (("full", 1.0), ("near", 0.9), ("far", 0.65), ("faint", 0.3))
FAMILY = 0.7  # of what the form counts
CATEGORY = 0.6
VARIANT = 0.82  # a print of a plain part, unless the query speaks of prints
OLD = 0.5  # superseded parts stay findable by their words, behind what replaced them
STOCKED = 1.05
FITS = 1.6  # what fits the machine at hand
HEAD = 1.08  # a name begins with what the thing is: "Seal, piston"
OTHER_MEASURE = 0.95  # a measure, but not the one asked; or one where none was asked

_MOST = 1500  # names let through by a gate
_ENOUGH = 600  # names after which no wider gate is opened

_GATE = """
gate{at} AS MATERIALIZED (
    (SELECT name.part_id FROM catalog_partname name WHERE vector @@ %(gate{at})s::tsquery AND {kept} {more} ORDER BY length(name.name) LIMIT %(most)s)
    UNION (SELECT name.part_id FROM catalog_searchpart name WHERE reach @@ %(gate{at})s::tsquery AND {kept} {more} ORDER BY boost DESC LIMIT %(most)s)
)
"""
# First roughly, all that the gates let through; then closely, the best of them. A part is weighed by its best name.
_WORDS = """
SELECT part_id, 'WORDS' AS found_as, matched, rank FROM (
    WITH {gates}
    SELECT rough.part_id, rough.name AS matched,
        CASE WHEN place > %(closely)s THEN rough.share * 0.01 ELSE
            ({held}) / (%(asked)s::float8 + %(besides)s::float8 * greatest(0, coalesce(rough.weight, %(asked)s::float8) - ({own})))
            * rough.likely * {measure}
            * CASE WHEN EXISTS (SELECT FROM catalog_supersession step WHERE step.old_id = rough.part_id AND step.effective_on <= %(on)s)
                   THEN %(superseded)s::float8 ELSE 1 END
            * CASE WHEN EXISTS (SELECT FROM catalog_stocklevel level WHERE level.part_id = rough.part_id AND {stocked})
                   THEN %(stocked)s::float8 ELSE 1 END
            * CASE WHEN {fits} THEN %(fitting)s::float8 ELSE 1 END
        END AS rank
    FROM (
        SELECT *, row_number() OVER (ORDER BY share * likely / (%(asked)s::float8 + %(besides)s::float8 * greatest(0, coalesce(weight, 0) - share)) DESC, part_id) AS place
        FROM (
            SELECT *, max(share) OVER () AS best FROM (
                SELECT name.part_id, name.name, name.vector, known.weight, known.family, known.category,
                    coalesce(known.boost, 1) * CASE WHEN known.variant THEN %(variant)s::float8 ELSE 1 END
                    * CASE WHEN known.head = ANY (%(heads)s) THEN %(head)s::float8 ELSE 1 END AS likely,
                    ({roughly})::float8 AS share
                FROM ({picked}) picked
                JOIN catalog_partname name USING (part_id)
                LEFT JOIN catalog_searchpart known USING (part_id)
                CROSS JOIN LATERAL (SELECT coalesce(nullif(known.reach, ''), name.vector) AS reach) AS wide
            ) held
        ) measured WHERE share >= %(least)s::float8 * best
    ) rough
) weighed
"""


def words_hits(wanted: Wanted, values: dict[str, Any], *, stocked: str, kept: str, fits: str = "false") -> str:
    """The statement that finds and weighs names, its parameters put into `values`. `stocked`: when a row `level` is free stock; `kept`: what
    `name.part_id` must satisfy; `fits`: when `rough.part_id` fits the machine at hand."""
    values |= {
        "asked": sum(word.weight for word in wanted.words),
        "besides": BESIDES,
        "variant": 1 if wanted.prints else VARIANT,
        "superseded": OLD,
        "stocked": STOCKED,
        "fitting": FITS,
        "heads": [word.forms.stems[0] for word in wanted.words if word.forms.stems],
        "head": HEAD,
        "measure": OTHER_MEASURE,
        "most": _MOST,
    }
    opened = gates([word.gate for word in wanted.words], _MOST)
    values |= {f"gate{at}": gate for at, gate in enumerate(opened)}
    return _WORDS.format(
        gates=", ".join(_gate(at, kept) for at in range(len(opened))),
        picked=" UNION ".join(
            (*(f"SELECT part_id FROM gate{at}" for at in range(len(opened))), *_of_machine(kept, fits))
        ),
        held=_sum(wanted, values, _closely),
        own=_sum(wanted, values, _own),
        roughly=_sum(wanted, values, _roughly),
        measure=_measure(wanted),
        stocked=stocked,
        fits=fits,
    )


def _of_machine(kept: str, fits: str) -> list[str]:
    """Whatever fits the machine at hand passes without a gate."""
    if fits == "false":
        return []
    return [f"SELECT part_id FROM catalog_partname name WHERE {fits.replace('rough.', 'name.')} AND {kept}"]


def _gate(at: int, kept: str) -> str:
    """A gate, opened when the narrower ones before it let too few through."""
    before = " + ".join(f"(SELECT count(*) FROM gate{earlier})" for earlier in range(at))
    return _GATE.format(at=at, kept=kept, more=f"AND {before} < {_ENOUGH}" if before else "")


def _sum(wanted: Wanted, values: dict[str, Any], term: Callable[[int, Word, dict[str, Any]], str]) -> str:
    return " + ".join(term(at, word, values) for at, word in enumerate(wanted.words))


def _roughly(at: int, word: Word, values: dict[str, Any]) -> str:
    values |= {f"any{at}": word.forms.any, f"weight{at}": word.weight}
    return f"(wide.reach @@ %(any{at})s::tsquery)::int * %(weight{at})s::float8"


def _own(at: int, word: Word, values: dict[str, Any]) -> str:
    return f"(rough.vector @@ %(any{at})s::tsquery)::int * %(weight{at})s::float8"


def _closely(at: int, word: Word, values: dict[str, Any]) -> str:
    """How much of a word the row answers to; the cases stand from the best down."""
    cases = []
    for form, counts in FORMS:
        if terms := getattr(word.forms, form):
            values[f"{form}{at}"] = " | ".join(terms)
            cases += [(counts, "vector", f"{form}{at}"), (counts * FAMILY, "family", f"{form}{at}")]
    cases.append((CATEGORY, "category", f"full{at}"))
    ordered = sorted(cases, key=lambda case: -case[0])
    whens = " ".join(f"WHEN rough.{column} @@ %({key})s::tsquery THEN {counts}" for counts, column, key in ordered)
    return f"CASE {whens} ELSE 0 END * %(weight{at})s::float8"


def _measure(wanted: Wanted) -> str:
    """A name with a measure that is not the one asked is a little less likely meant."""
    asked = [f"%(any{at})s" for at, word in enumerate(wanted.words) if word.forms.measure]
    alike = " OR ".join(f"rough.vector @@ {one}::tsquery" for one in asked) or "false"
    return f"CASE WHEN rough.vector @@ '''='':*'::tsquery AND NOT ({alike}) THEN %(measure)s::float8 ELSE 1 END"
