"""Suggestions while typing: numbers that begin so, and words that go with what was typed before."""

from __future__ import annotations

from django.db import connection

from catalog.rules.numbers import normalise
from catalog.search.slips import slips_of_beginning
from catalog.search.types import Suggestion

_TRIED = 40  # endings of the last word that are tried, the commonest first
_LOOKED = 1000  # numbers that begin so, of which the shortest are chosen
_SHORTEST = 4  # letters of a word, or signs of a number, before slips are thought of

# By the index whose order is that of the signs, for each beginning.
_NUMBERS = """
SELECT number, id FROM unnest(%(begins)s::text[]) AS begins, LATERAL (
    SELECT number, id, normalised FROM catalog_part WHERE normalised ~>=~ begins AND normalised ~<~ (begins || chr(1114111))
    ORDER BY normalised USING ~<~ LIMIT %(looked)s
) alike ORDER BY length(normalised), normalised, id LIMIT %(limit)s
"""
# Only endings that lead to a name which also holds the words before; a word alone is in some name, or it would not have been counted. A word that nothing begins with is mended to what begins so with
# two letters swapped, then to what begins most alike.
_ENDINGS = """
WITH typed AS (SELECT string_to_array(catalog_words(%(text)s), ' ') AS words),
parted AS (SELECT words[array_upper(words, 1)] AS last, words[:array_upper(words, 1) - 1] AS before FROM typed),
gate AS (
    SELECT string_agg(quote_literal(stem), ' & ') AS query FROM parted, unnest(before) AS word, LATERAL (SELECT catalog_stem(word) AS stem) kept WHERE stem <> ''
),
begun AS MATERIALIZED (
    SELECT term.word, term.stem, term.documents::float8 AS likely FROM parted, LATERAL (
        SELECT * FROM catalog_searchterm WHERE word LIKE replace(last, '_', '') || '%%' ORDER BY documents DESC, word LIMIT %(tried)s
    ) term WHERE last <> ''
),
near AS MATERIALIZED (
    SELECT term.word, term.stem, similarity(left(term.word, length(last) + 1), last)::float8 + ln(term.documents) / 100 AS likely
    FROM parted, catalog_searchterm term
    WHERE NOT EXISTS (SELECT FROM begun) AND length(last) >= %(shortest)s AND last !~ '[0-9]' AND term.word %% last AND term.documents > 1
    ORDER BY likely DESC, word LIMIT %(tried)s
),
swapped AS MATERIALIZED (
    SELECT DISTINCT term.word, term.stem, 1 + ln(term.documents)::float8 / 100 AS likely
    FROM parted, generate_series(1, length(last) - 1) AS at, LATERAL (
        SELECT * FROM catalog_searchterm
        WHERE word LIKE replace(left(last, at - 1) || substr(last, at + 1, 1) || substr(last, at, 1) || substr(last, at + 2), '_', '') || '%%'
        ORDER BY documents DESC, word LIMIT %(tried)s
    ) term
    WHERE NOT EXISTS (SELECT FROM begun) AND length(last) >= %(shortest)s AND last !~ '[0-9]'
)
SELECT btrim(array_to_string(before, ' ') || ' ' || word)
FROM (SELECT * FROM begun UNION ALL SELECT * FROM near WHERE word NOT IN (SELECT word FROM swapped) UNION ALL SELECT * FROM swapped) AS ending, parted, gate
WHERE query IS NULL OR EXISTS (SELECT FROM catalog_partname WHERE vector @@ (quote_literal(stem) || coalesce(' & ' || query, ''))::tsquery)
ORDER BY likely DESC, word LIMIT %(limit)s
"""


def suggest(text: str, *, limit: int) -> list[Suggestion]:
    """See `catalog.search.suggest_parts`. One query for words, one for numbers, one more for slips of a number that nothing begins with."""
    numbers = _numbers(normalise(text), limit) if any(sign.isdigit() for sign in text) else []
    words = [Suggestion(line) for (line,) in _asked(_ENDINGS, text=text, tried=_TRIED, limit=limit, shortest=_SHORTEST)]
    return [*numbers, *words][:limit]


def _numbers(bare: str, limit: int) -> list[Suggestion]:
    found = _begun([bare], limit) if bare else []
    if found or len(bare) < _SHORTEST:
        return found
    return _begun(sorted(slips_of_beginning(bare)), limit)


def _begun(beginnings: list[str], limit: int) -> list[Suggestion]:
    found = _asked(_NUMBERS, begins=beginnings, looked=_LOOKED, limit=limit)
    return [Suggestion(number, part) for number, part in found]


def _asked(sql: str, **values: str | int | list[str]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
