"""A query's words, weighed: a rare word says more than a common one, and a misspelt one is mended."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import connection, transaction

_MOST_WORDS = 16
_CANDIDATES = 6000  # names looked at for a query; more than that takes longer than a page should

_WEIGHED = """
SELECT asked.word, stemmed.stem, coalesce(known.documents, 0), coalesce(begun.documents, 0)
FROM unnest(%(words)s::text[]) WITH ORDINALITY AS asked(word, place)
CROSS JOIN LATERAL (SELECT coalesce((ts_lexize('english_stem', asked.word))[1], '') AS stem) stemmed
LEFT JOIN LATERAL (SELECT sum(documents) AS documents FROM catalog_searchterm WHERE stem = stemmed.stem) known ON true
LEFT JOIN LATERAL (SELECT sum(documents) AS documents FROM catalog_searchterm WHERE known.documents IS NULL AND word LIKE asked.word || '%%') begun ON true
ORDER BY asked.place
"""
_NEAREST = """
SELECT word, stem, documents FROM catalog_searchterm WHERE word %% %(word)s AND documents > 1
ORDER BY similarity(word, %(word)s) + ln(documents) / 100 DESC, word LIMIT 1
"""
_UNCOUNTED = """
SELECT EXISTS (SELECT FROM catalog_partname WHERE vector @@ %(word)s::tsquery), EXISTS (SELECT FROM catalog_partname WHERE vector @@ %(begins)s::tsquery)
"""
_COUNT = """
INSERT INTO catalog_searchterm (word, stem, documents)
SELECT word, coalesce((ts_lexize('english_stem', word))[1], word), ndoc
FROM ts_stat($$SELECT to_tsvector('simple', catalog_words(name)) FROM catalog_partname WHERE language = 'en'$$)
WHERE length(word) <= 100
"""


@dataclass(frozen=True)
class Word:
    """A word of the query as the index knows it: `weight` grows with rarity; `begins`: only the beginning was typed; `mended`: what was meant."""

    typed: str
    stem: str
    documents: int
    weight: float = 0.0
    begins: bool = False
    mended: str | None = None

    @property
    def query(self) -> str:
        """The word as a text search query."""
        return "'" + self.stem.replace("\\", "\\\\").replace("'", "''") + ("':*" if self.begins else "'")


@dataclass(frozen=True)
class Wanted:
    """The words of a query; names that hold one of `gates` (`together`: all of them) are looked at, all words are counted."""

    words: tuple[Word, ...]
    gates: tuple[Word, ...]
    together: bool

    @property
    def gate(self) -> str:
        """The text search query that picks the names to look at."""
        return (" & " if self.together else " | ").join(word.query for word in self.gates)

    @property
    def suggestion(self) -> str | None:
        """The query as it was probably meant."""
        return (
            " ".join(word.mended or word.typed for word in self.words)
            if any(word.mended for word in self.words)
            else None
        )


def words_wanted(query: str) -> Wanted | None:
    """Weigh a query's words; None when nothing in it is a word we know, even mended. At most one query and one per unknown word."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT catalog_words(%s)", [query])
        typed = cursor.fetchone()[0].split()[:_MOST_WORDS]
        cursor.execute(_WEIGHED, {"words": list(dict.fromkeys(typed))})
        rows = cursor.fetchall()
    known = [word for row in rows if row[1] for word in _word(*row)]
    if not known:
        return None
    total = max(_documents(), 1)
    words = tuple(replace(word, weight=math.log(1 + total / (1 + word.documents))) for word in known)
    return Wanted(words, *_gates(words))


def _word(typed: str, stem: str, documents: int, begun: int) -> list[Word]:
    if documents:
        return [Word(typed, stem, int(documents))]
    if begun:
        return [Word(typed, typed, int(begun), begins=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            _UNCOUNTED, {"word": Word(typed, stem, 1).query, "begins": Word(typed, typed, 1, begins=True).query}
        )
        whole, beginning = cursor.fetchone()
        if whole or beginning:  # a name written since the words were counted
            return [Word(typed, stem if whole else typed, 1, begins=not whole)]
        cursor.execute(_NEAREST, {"word": typed})
        near = cursor.fetchone()
    return [Word(typed, near[1], near[2], mended=near[0])] if near else []


def _documents() -> int:
    """Roughly how many names there are; the planner's guess is near enough for weights."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = 'catalog_partname'::regclass")
        return int(cursor.fetchone()[0])


def _gates(words: Sequence[Word]) -> tuple[tuple[Word, ...], bool]:
    """The rarest words, as many as stay below the number of names we look at; when even the rarest is too common, all must be there."""
    rarest = sorted(words, key=lambda word: word.documents)
    if rarest[0].documents > _CANDIDATES:
        return tuple(words), True
    gates: list[Word] = []
    for word in rarest:
        if gates and sum(gate.documents for gate in gates) + word.documents > _CANDIDATES:
            break
        gates.append(word)
    return tuple(gates), False


@transaction.atomic
def terms_count() -> int:
    """Count the words of all names anew, after names have changed; answers how many words there are."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_searchterm")
        cursor.execute(_COUNT)
        counted = cursor.rowcount
        cursor.execute("ANALYZE catalog_searchterm")
        return counted
