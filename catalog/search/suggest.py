"""Suggestions while typing: numbers that begin so, and words that go with what was typed before."""

from __future__ import annotations

from django.db import connection

from catalog.rules.numbers import normalise
from catalog.search.types import Suggestion

_TRIED = 40  # endings of the last word that are tried, the commonest first

_NUMBERS = """
SELECT number, id FROM catalog_part WHERE normalised LIKE %(begins)s ORDER BY length(normalised), normalised, id LIMIT %(limit)s
"""
# Only endings that lead to a name which also holds the words before.
_ENDINGS = """
WITH typed AS (SELECT string_to_array(catalog_words(%(text)s), ' ') AS words),
parted AS (SELECT words[array_upper(words, 1)] AS last, words[:array_upper(words, 1) - 1] AS before FROM typed),
gate AS (
    SELECT string_agg(quote_literal(stem), ' & ') AS query FROM parted, unnest(before) AS word, LATERAL (SELECT catalog_stem(word) AS stem) kept WHERE stem <> ''
),
ending AS (
    SELECT term.word, term.stem, term.documents FROM parted, LATERAL (
        SELECT * FROM catalog_searchterm WHERE word LIKE replace(last, '_', '') || '%%' ORDER BY documents DESC, word LIMIT %(tried)s
    ) term WHERE last <> ''
)
SELECT btrim(array_to_string(before, ' ') || ' ' || word) FROM ending, parted, gate
WHERE EXISTS (SELECT FROM catalog_partname WHERE vector @@ (quote_literal(stem) || coalesce(' & ' || query, ''))::tsquery)
ORDER BY documents DESC, word LIMIT %(limit)s
"""


def suggest(text: str, *, limit: int) -> list[Suggestion]:
    """See `catalog.search.suggest_parts`. Two queries."""
    numbers = _numbers(normalise(text), limit) if any(sign.isdigit() for sign in text) else []
    words = [Suggestion(line) for (line,) in _asked(_ENDINGS, text=text, tried=_TRIED, limit=limit)]
    return [*numbers, *words][:limit]


def _numbers(bare: str, limit: int) -> list[Suggestion]:
    return (
        [Suggestion(number, part) for number, part in _asked(_NUMBERS, begins=bare + "%", limit=limit)] if bare else []
    )


def _asked(sql: str, **values: str | int) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
