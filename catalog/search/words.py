"""A query's words, weighed: a rare word says more than a common one; each with what else it may be called, a misspelt one mended."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from catalog.search.count import terms_count
from catalog.search.forms import Forms, Typed, forms_of
from catalog.search.synonyms import synonyms

__all__ = ["Wanted", "Word", "terms_count", "words_wanted"]

_MOST_WORDS = 12
_CANDIDATES = 2500  # names looked at for a query; more than that takes longer than a page should
_PRINTS = frozenset(("print", "pattern", "decor", "decal", "sticker"))

_BRACKETS = re.compile(r"[\[(][^\])]*[\])]")
_BRACKETED = 0.5  # words in brackets explain

_TYPED = """
SELECT word, catalog_stem(word), word = ANY (string_to_array(catalog_words(%(outside)s), ' ')), coalesce((SELECT sum(documents) FROM catalog_searchterm begun WHERE known.word IS NULL AND begun.word LIKE asked.word || '%%'), 0)
FROM unnest(string_to_array(catalog_words(%(query)s), ' ')) WITH ORDINALITY AS asked(word, place)
LEFT JOIN catalog_searchterm known USING (word) WHERE word <> '' ORDER BY place
"""
_KNOWN = "SELECT word, stem, documents FROM catalog_searchterm WHERE word = ANY(%(words)s)"
_COUNTED = "SELECT stem, sum(documents) FROM catalog_searchterm WHERE stem = ANY(%(stems)s) GROUP BY stem"
_NEAREST = """
SELECT word, stem, documents FROM catalog_searchterm WHERE word %% %(word)s AND documents > 1
ORDER BY similarity(word, %(word)s) + ln(documents) / 100 DESC, word LIMIT 1
"""
_UNCOUNTED = """
SELECT EXISTS (SELECT FROM catalog_partname WHERE vector @@ %(word)s::tsquery), EXISTS (SELECT FROM catalog_partname WHERE vector @@ %(begins)s::tsquery)
"""


@dataclass(frozen=True)
class Word:
    """A word of the query. `forms`: what counts as it, and how much; `documents`: roughly how many names hold it; `weight` grows with
    rarity, by `share`; `mended`: what was meant."""

    typed: str
    forms: Forms
    documents: int
    share: float = 1
    weight: float = 0.0
    mended: str | None = None


@dataclass(frozen=True)
class Wanted:
    """The words of a query; names that hold one of `gates` (`together`: all of them) are looked at, all words are counted."""

    words: tuple[Word, ...]
    gates: tuple[Word, ...]
    together: bool
    prints: bool = False

    @property
    def gate(self) -> str:
        """The text search query that picks the names to look at."""
        return (" & " if self.together else " | ").join(f"({word.forms.any})" for word in self.gates)

    @property
    def suggestion(self) -> str | None:
        """The query as it was probably meant."""
        if not any(word.mended for word in self.words):
            return None
        return " ".join(word.mended or word.typed for word in self.words)


def words_wanted(query: str) -> Wanted | None:
    """Weigh a query's words; None when nothing in it is a word we know, even mended. Four queries and two for each unknown word."""
    typed = _typed(query)
    stems = {one.stem for one in typed}
    forms = [forms_of(at, typed, synonyms("en")) for at in range(len(typed))]
    known = _asked(_KNOWN, words=sorted({word for one in forms for word in one.asked}))
    stem_of = {word: stem for word, stem, _ in known}
    settled = [one.settled(stem_of) for one in forms]
    counted = {
        stem: int(many)
        for stem, many in _asked(_COUNTED, stems=sorted({stem for one in settled for stem in (*one.stems, *one.parts)}))
    }
    found = [_word(one, form, counted) for one, form in zip(typed, settled, strict=True)]
    if not any(word.documents for word in found):
        return None
    total = max(_documents(), 1)
    weighed = tuple(replace(word, weight=_weight(word, total)) for word in found)
    return Wanted(weighed, *_gates([word for word in weighed if word.documents]), prints=bool(_PRINTS & stems))


def _typed(query: str) -> list[Typed]:
    """Each word once, at most twelve."""
    rows = _asked(_TYPED, query=query, outside=_BRACKETS.sub(" ", query))
    return list({row[0]: Typed(*row) for row in rows if row[1]}.values())[:_MOST_WORDS]


def _asked(sql: str, **values: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _word(typed: Typed, forms: Forms, counted: dict[str, int]) -> Word:
    word = Word(typed.word, forms, forms.documents(counted), share=1 if typed.outside else _BRACKETED)
    if word.documents:
        return word
    if typed.begun:
        return replace(word, forms=Forms.beginning(typed.word), documents=int(typed.begun))
    plain, begins = Forms.plain(typed.stem, typed.word), Forms.beginning(typed.word)
    [(whole, beginning)] = _asked(_UNCOUNTED, word=plain.any, begins=begins.any)
    if whole or beginning:  # a name written since the words were counted, or one in another language
        return replace(word, forms=plain if whole else begins, documents=1)
    near = _asked(_NEAREST, word=typed.word)
    if near:
        text, stem, documents = near[0]
        return replace(word, forms=Forms.plain(stem, text), documents=documents, mended=text)
    return word


def _weight(word: Word, total: int) -> float:
    """The rarity of a word; one that nobody uses says half of what the rarest does: it may be noise."""
    return math.log(1 + total / (1 + word.documents)) * word.share * (1 if word.documents else 0.5)


def _documents() -> int:
    """Roughly how many names there are; the planner's guess is near enough for weights."""
    return int(_asked("SELECT reltuples::bigint FROM pg_class WHERE oid = 'catalog_partname'::regclass")[0][0])


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
