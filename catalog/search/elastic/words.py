"""The words of a query, as `catalog_words` (SQL) reads them, and what the index knows of them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace

from django.db import connection

from catalog.search.elastic.index import STOP

_MOST = 12
_BRACKETS = re.compile(r"[\[(][^\])]*[\])]")
_BRACKETED = 0.5  # words in brackets explain
_UNKNOWN = 0.5  # a word that nobody uses says half of what the rarest does: it may be noise
_PRINTS = re.compile("(print|pattern|decor|decal|sticker)")
_WORDS = "SELECT string_to_array(catalog_words(%s), ' '), string_to_array(catalog_words(%s), ' ')"


@dataclass(frozen=True)
class Asked:
    """A word of a query, and what share of its weight it has."""

    text: str
    share: float = 1.0

    @property
    def prints(self) -> bool:
        """Does the word speak of prints, so that these are wanted?"""
        return bool(_PRINTS.match(self.text))


@dataclass(frozen=True)
class Known(Asked):
    """A word with the number of parts that hold it, how much it weighs, and what it was taken for when nobody uses it: the beginning of a word, or
    another word."""

    documents: int = 0
    weight: float = 0.0
    begun: bool = False
    mended: str | None = None


def words_asked(query: str) -> list[Asked]:
    """The words that say something, each once, at most twelve; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_WORDS, [query, _BRACKETS.sub(" ", query)])
        words, outside = cursor.fetchone()
    kept = dict.fromkeys(word for word in words if word and word not in STOP)
    return [Asked(word, 1.0 if word in outside else _BRACKETED) for word in list(kept)[:_MOST]]


def words_typed(text: str) -> list[str]:
    """All words as typed, in order; one query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_to_array(catalog_words(%s), ' ')", [text])
        return [word for word in cursor.fetchone()[0] if word]


def known(asked: Asked, *, documents: int, begun: int, mended: str | None, total: int) -> Known:
    """A word as the index knows it: as it is, else as a beginning, else mended; weighed by rarity among `total` parts."""
    found = Known(asked.text, asked.share, documents)
    if not documents and begun:
        found = replace(found, documents=begun, begun=True)
    elif not documents and mended and not any(sign.isdigit() for sign in asked.text):  # a measure is no slip of another
        found = replace(found, documents=1, mended=mended)
    rarity = math.log(1 + max(total, 1) / (1 + found.documents))
    return replace(found, weight=rarity * found.share * (1 if found.documents else _UNKNOWN))
