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
from catalog.search.gates import Asked
from catalog.search.slips import word_slips
from catalog.search.synonyms import synonyms

__all__ = ["Wanted", "Word", "terms_count", "words_wanted"]

_MOST_WORDS = 12
_PRINTS = frozenset(("print", "pattern", "decor", "decal", "sticker"))

_BRACKETS = re.compile(r"[\[(][^\])]*[\])]")
_BRACKETED = 0.5  # words in brackets explain

# With the number of names beside: the planner's guess is near enough for weights.
_TYPED = """
SELECT word, catalog_stem(word), word = ANY (string_to_array(catalog_words(%(outside)s), ' ')),
    coalesce((SELECT sum(documents) FROM catalog_searchterm begun WHERE known.word IS NULL AND begun.word LIKE asked.word || '%%'), 0),
    (SELECT reltuples::bigint FROM pg_class WHERE oid = 'catalog_partname'::regclass)
FROM unnest(string_to_array(catalog_words(%(query)s), ' ')) WITH ORDINALITY AS asked(word, place)
LEFT JOIN catalog_searchterm known USING (word) WHERE word <> '' ORDER BY place
"""
# Words by themselves, which decide about compounds; then how many names hold a stem, those of the compounds among them.
_KNOWN = """
WITH known AS MATERIALIZED (SELECT word, stem FROM catalog_searchterm WHERE word = ANY(%(words)s))
SELECT word, stem, 0 FROM known
UNION ALL
SELECT NULL, stem, sum(documents)::int FROM catalog_searchterm WHERE stem = ANY(%(stems)s) OR stem IN (SELECT stem FROM known) GROUP BY stem
"""
# Of a word nobody counted: is it in a name written since, does one begin so, what is nearest to it: one slip away, two letters swapped
# before other slips, else by trigrams? A statement a word and counted, not EXISTS: the planner must see the word, and not hope to meet it
# soon, to take the index.
_UNKNOWN = """
SELECT %(word{at})s, (SELECT count(*) FROM catalog_partname WHERE vector @@ %(whole{at})s::tsquery) > 0,
    (SELECT count(*) FROM catalog_partname WHERE vector @@ %(begins{at})s::tsquery) > 0, near.word, near.stem, near.documents
FROM (VALUES (1)) AS always LEFT JOIN LATERAL (
    SELECT word, stem, documents FROM (
        SELECT word, stem, documents, CASE WHEN word = ANY(%(swapped{at})s::text[]) THEN 2 ELSE 1 END::float8 AS alike
        FROM catalog_searchterm WHERE word = ANY(%(slips{at})s::text[])
        UNION ALL
        SELECT word, stem, documents, similarity(word, %(word{at})s)
        FROM catalog_searchterm WHERE %(word{at})s !~ '[0-9]' AND word %% %(word{at})s
    ) alike WHERE documents > 1 ORDER BY alike + ln(documents) / 100 DESC, word LIMIT 1
) AS near ON true
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

    @property
    def gate(self) -> Asked:
        """The word as gates see it."""
        return Asked(f"({self.forms.any})", self.weight, self.documents)


@dataclass(frozen=True)
class Wanted:
    """The words of a query; `prints` when it speaks of prints, which then are as likely meant as plain parts."""

    words: tuple[Word, ...]
    prints: bool = False

    @property
    def suggestion(self) -> str | None:
        """The query as it was probably meant."""
        if not any(word.mended for word in self.words):
            return None
        return " ".join(word.mended or word.typed for word in self.words)


def words_wanted(query: str) -> Wanted | None:
    """Weigh a query's words; None when nothing in it is a word we know, even mended. Two queries, three when a word is unknown."""
    typed, total = _typed(query)
    if not typed:
        return None
    forms = [forms_of(at, typed, synonyms("en")) for at in range(len(typed))]
    settled, counted = _counted(forms)
    unknown = [one for one, form in zip(typed, settled, strict=True) if not form.documents(counted) and not one.begun]
    meant = _meant(unknown)
    found = [_word(one, form, counted, meant) for one, form in zip(typed, settled, strict=True)]
    if not any(word.documents for word in found):
        return None
    weighed = tuple(replace(word, weight=_weight(word, total)) for word in found)
    return Wanted(weighed, prints=bool(_PRINTS & {one.stem for one in typed}))


def _typed(query: str) -> tuple[list[Typed], int]:
    """Each word once, at most twelve; and roughly how many names there are."""
    rows = _asked(_TYPED, query=query, outside=_BRACKETS.sub(" ", query))
    words = {row[0]: Typed(*row[:4]) for row in rows if row[1]}
    return list(words.values())[:_MOST_WORDS], max(1, *(row[4] for row in rows), 1)


def _counted(forms: Sequence[Forms]) -> tuple[list[Forms], dict[str, int]]:
    """The forms with the compounds that are words, and how many names hold each stem of them."""
    rows = _asked(
        _KNOWN,
        words=sorted({word for one in forms for word in one.asked}),
        stems=sorted({stem for one in forms for stem in one.stems}),
    )
    stem_of = {word: stem for word, stem, _ in rows if word is not None}
    return [one.settled(stem_of) for one in forms], {stem: many for word, stem, many in rows if word is None}


def _asked(sql: str, **values: Any) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _meant(unknown: Sequence[Typed]) -> dict[str, tuple]:
    """By word that nobody counted: is it in a name, does a name have a word that begins so, and the nearest word with its stem and count."""
    if not unknown:
        return {}
    values: dict[str, Any] = {}
    for at, one in enumerate(unknown):
        swapped, others = word_slips(one.word)
        values |= {f"swapped{at}": sorted(swapped), f"slips{at}": sorted(swapped | others)}
        values |= {f"word{at}": one.word, f"begins{at}": Forms.beginning(one.word).any}
        values[f"whole{at}"] = " | ".join(Forms.plain(one.stem, one.word).full)
    statements = (f"({_UNKNOWN.format(at=at)})" for at in range(len(unknown)))
    rows = _asked(" UNION ALL ".join(statements), **values)
    return {row[0]: row[1:] for row in rows}


def _word(typed: Typed, forms: Forms, counted: dict[str, int], meant: dict[str, tuple]) -> Word:
    word = Word(typed.word, forms, forms.documents(counted), share=1 if typed.outside else _BRACKETED)
    if word.documents:
        return word
    if typed.begun:
        return replace(word, forms=Forms.beginning(typed.word), documents=int(typed.begun))
    whole, beginning, text, stem, documents = meant[typed.word]
    if whole or beginning:  # a name written since the words were counted, or one in another language
        plain = Forms.plain(typed.stem, typed.word) if whole else Forms.beginning(typed.word)
        return replace(word, forms=plain, documents=1)
    if text:
        return replace(word, forms=Forms.plain(stem, text), documents=documents, mended=text)
    return word


def _weight(word: Word, total: int) -> float:
    """The rarity of a word; one that nobody uses says half of what the rarest does: it may be noise."""
    return math.log(1 + total / (1 + word.documents)) * word.share * (1 if word.documents else 0.5)
