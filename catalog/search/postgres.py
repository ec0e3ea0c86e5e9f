"""Search in the portal's own PostgreSQL: numbers first, then words by rarity, letters for languages without spaces."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Any

from django.db import connection

from catalog.search.narrow import IN_MARKET, clauses_of, fitting, stocked
from catalog.search.numbers import NumberHits, number_hits
from catalog.search.suggest import suggest
from catalog.search.types import Filters, Hit, SearchResult
from catalog.search.weigh import words_hits
from catalog.search.words import words_wanted
from portal import clock

__all__ = ["search", "suggest"]

NO_SPACES = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_RUN = re.compile(f"{NO_SPACES.pattern}+")
# A hit must hold this share of what the best one holds of the query.
_SHARE = 0.4
# How many hits by words are weighed closely; pages beyond follow the first, rougher weighing.
_CLOSELY = 400

# Not materialized: the page then comes straight from the index on the number.
_LISTED = """
WITH kept AS NOT MATERIALIZED (
    SELECT part.id AS part_id, 'LISTED' AS found_as, part.number AS matched, 0::float8 AS rank, part.number, part.category
    FROM catalog_part part WHERE {filters}
)
"""
_NUMBERS = """
SELECT * FROM unnest(%(parts)s::bigint[], %(kinds)s::text[], %(matched)s::text[], %(ranks)s::float8[]) AS hit(part_id, found_as, matched, rank)
"""
# Letters are picked by pairs, which the index holds, then compared as written.
_LETTERS = """
SELECT part_id, 'WORDS' AS found_as, name AS matched, (1.0 / (2 + length(name)))::float8 AS rank FROM catalog_partname
WHERE vector @@ %(letters)s::tsquery AND {likes}
"""
_FOUND = """
WITH hit AS MATERIALIZED ({hits}),
best AS (
    SELECT DISTINCT ON (part_id) part_id, found_as, matched, rank FROM hit ORDER BY part_id, rank DESC
),
kept AS MATERIALIZED (
    SELECT best.*, part.number, part.category FROM best JOIN catalog_part part ON part.id = best.part_id WHERE {filters}
)
"""
# How many of the hits are in stock, and how many fit; not asked of a whole catalogue that is listed.
_KNOWN = "(SELECT json_build_object('in_stock', count(*) FILTER (WHERE {stocked}), 'fits', count(*) FILTER (WHERE {fits})) FROM kept)"
_PAGE = """
SELECT (SELECT count(*) FROM kept),
       (SELECT json_agg(json_build_array(category, many) ORDER BY many DESC, category)
          FROM (SELECT category, count(*) AS many FROM kept WHERE category <> '' GROUP BY category ORDER BY many DESC, category LIMIT 20) facet),
       {known}, page.part_id, page.found_as, page.matched, page.rank
FROM (VALUES (1)) AS always LEFT JOIN LATERAL (
    SELECT * FROM kept ORDER BY {order} OFFSET %(offset)s LIMIT %(limit)s
) page ON true
ORDER BY page.rank DESC, page.number, page.part_id
"""


def search(query: str, filters: Filters, *, language: str, offset: int, limit: int) -> SearchResult:
    """Find parts; an empty query lists by number. See `catalog.search.search_parts`."""
    on = clock.now().date()
    values: dict[str, Any] = {"offset": offset, "limit": limit, "on": on, "least": _SHARE, "closely": _CLOSELY}
    if not query:
        return _page(_LISTED, filters, values, order="number, part_id")
    numbers = number_hits(query, on)
    sources = [_numbers(numbers, values)] if numbers.hits else []
    wanted = None
    plain = unicodedata.normalize("NFKC", query)
    if NO_SPACES.search(plain):
        sources.append(_letters(plain, values))
    elif not numbers.sure and (wanted := words_wanted(query)):
        fits = fitting(filters, values, "rough.part_id")
        sources.append(words_hits(wanted, values, stocked=IN_MARKET, kept=_kept(filters, values), fits=fits))
    if not sources:
        return SearchResult()
    found = _FOUND.replace("{hits}", " UNION ALL ".join(f"({source})" for source in sources))
    return replace(_page(found, filters, values), suggestion=wanted.suggestion if wanted else None)


def _numbers(found: NumberHits, values: dict[str, Any]) -> str:
    columns = zip(*((hit.part_id, hit.found_as, hit.matched, hit.rank) for hit in found.hits), strict=True)
    values |= dict(zip(("parts", "kinds", "matched", "ranks"), map(list, columns), strict=True))
    return _NUMBERS


def _letters(query: str, values: dict[str, Any]) -> str:
    tokens = query.upper().split()
    values |= {f"letters{at}": f"%{_like(token)}%" for at, token in enumerate(tokens)}
    runs = [run for token in tokens for run in _RUN.findall(token)]
    values["letters"] = " & ".join(pair for run in runs for pair in _pairs(run))
    return _LETTERS.format(
        likes=" AND ".join(f"upper(normalize(name, NFKC)) LIKE %(letters{at})s" for at in range(len(tokens)))
    )


def _pairs(run: str) -> list[str]:
    """The pairs of letters of a run; of a single letter, every pair that begins with it."""
    return [f"'{run[at : at + 2]}'" for at in range(len(run) - 1)] or [f"'{run}':*"]


def _like(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)


def _kept(filters: Filters, values: dict[str, Any]) -> str:
    """What a name's part must satisfy, before names are weighed."""
    clauses = clauses_of(filters, values)
    return (
        "true"
        if clauses == "true"
        else f"EXISTS (SELECT FROM catalog_part part WHERE part.id = name.part_id AND {clauses})"
    )


def _page(
    kept: str, filters: Filters, values: dict[str, Any], order: str = "rank DESC, number, part_id"
) -> SearchResult:
    """One page of what `kept` holds, with the count of all and of each category."""
    known = "NULL"
    if kept is not _LISTED:
        known = _KNOWN.format(stocked=stocked("kept.part_id"), fits=fitting(filters, values, "kept.part_id"))
    sql = kept.replace("{filters}", clauses_of(filters, values))
    sql += _PAGE.replace("{order}", order).replace("{known}", known)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = cursor.fetchall()
    total, categories, known = rows[0][:3]
    hits = [Hit(*found) for _, _, _, *found in rows if found[0] is not None]
    return SearchResult(hits, total, _facets(categories, known))


def _facets(categories: list[list] | None, known: dict[str, int] | None) -> dict[str, list[tuple[str, int]]]:
    """Counts by facet; of stock and fit only when there is something to count."""
    found = {name: [("yes", many)] for name, many in (known or {}).items() if many}
    return {"category": [(value, many) for value, many in categories or []], **found}
