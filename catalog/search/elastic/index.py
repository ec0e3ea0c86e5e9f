"""What the index holds of a part, how its texts become words there, and what the index is called.

Texts arrive as `catalog_words` (SQL) writes them: one width and case, no accents, measures as one word. What is left to do here is to stem,
to drop words that say nothing, and to cut languages without spaces into pairs of letters, so that names and queries are read by one rule,
whichever server answers.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from django.conf import settings
from elasticsearch.dsl import Boolean, Date, Document, Float, Integer, Keyword, Long, MetaField, Object, Text
from elasticsearch.dsl import analyzer as an_analyzer
from elasticsearch.dsl import token_filter as a_filter
from elasticsearch.dsl import tokenizer as a_tokenizer

from catalog.search.synonyms import groups

# The words that `catalog_stem` (SQL) drops; a test holds them equal. "no", "off", "up" tell parts apart.
STOP = ("a", "an", "the", "of", "for", "with", "and", "or", "in", "to", "at", "by", "from", "is", "as", "w")
WINDOW = 20_000  # hits a page may reach into; beyond, PostgreSQL answers
_LONGEST_NUMBER = 60

_stop = a_filter("part_stop", type="stop", stopwords=list(STOP))
_stem = a_filter("part_stem", type="stemmer", language="porter2")  # Snowball's English, as PostgreSQL has it
_joined = a_filter("part_pairs_of_words", type="shingle", min_shingle_size=2, max_shingle_size=2, token_separator="")
_begins = a_filter("part_begins", type="edge_ngram", min_gram=1, max_gram=_LONGEST_NUMBER)


def _rules(*, same: bool) -> list[str]:
    """The file of synonyms as rules of the filter. Words that are dropped anyway would make a rule the server refuses."""
    kept = [[word for word in words if word not in STOP] for alike, words in groups("en") if alike is same]
    return [", ".join(words) for words in kept if len(words) > 1]


def _synonyms(name: str, *, same: bool) -> Any:
    """After stemming, so that any form of a word will do: the filter reads its rules through the filters before it."""
    return a_filter(name, type="synonym_graph", synonyms=_rules(same=same), lenient=True)


PLAIN = an_analyzer("part_plain", tokenizer="whitespace", filter=["lowercase"])
ENGLISH = an_analyzer("part_english", tokenizer="whitespace", filter=["lowercase", _stop, _stem])
SAME = an_analyzer(
    "part_same", tokenizer="whitespace", filter=["lowercase", _stop, _stem, _synonyms("part_synonyms", same=True)]
)
NEAR = an_analyzer(
    "part_near", tokenizer="whitespace", filter=["lowercase", _stop, _stem, _synonyms("part_near_words", same=False)]
)
JOINED = an_analyzer("part_joined", tokenizer="whitespace", filter=["lowercase", _stop, _joined, _stem])
PAIRS = an_analyzer("part_pairs", tokenizer=a_tokenizer("part_two_letters", "ngram", min_gram=2, max_gram=2))
LETTERS = an_analyzer("part_letters", tokenizer=a_tokenizer("part_one_letter", "ngram", min_gram=1, max_gram=1))
BEGINS = an_analyzer("part_number_begins", tokenizer="keyword", filter=[_begins])
WHOLE = an_analyzer("part_number_whole", tokenizer="keyword")


def _number() -> Keyword:
    """A number as `catalog.rules.numbers.normalise` writes it, whole and by its beginnings."""
    return Keyword(fields={"begins": Text(analyzer=BEGINS, search_analyzer=WHOLE)})


class PartDocument(Document):
    """A part as search needs it; written by `catalog.search.elastic.documents` alone."""

    id = Long()
    checksum = Keyword()  # of all that stands here, told by the database
    number = Keyword()
    length = Integer()
    own = _number()
    foreign = _number()
    written = Object(enabled=False)  # foreign numbers as they are written
    names = Object(enabled=False)  # by language
    words_en = Text(analyzer=ENGLISH, fields={"joined": Text(analyzer=JOINED, search_analyzer=ENGLISH)})
    words = Text(analyzer=PLAIN, position_increment_gap=100)  # names in other languages, in order of these
    letters = Text(analyzer=PAIRS, fields={"one": Text(analyzer=LETTERS)}, position_increment_gap=100)
    terms = Keyword()  # the English words, unstemmed: beginnings, spelling, suggestions
    sides = Keyword()  # measures in any order, and by two of their sides
    head = Text(analyzer=PLAIN, search_analyzer=ENGLISH)  # the stem of its first English word
    family = Text(analyzer=PLAIN, search_analyzer=ENGLISH)  # stems already
    category = Keyword()
    category_words = Text(analyzer=ENGLISH)
    weight = Float()
    boost = Float()
    brevity = Float()
    variant = Boolean()
    superseded_on = Date()
    stocked = Long()  # warehouses with free pieces

    class Index:
        name = "*"
        settings = {
            "number_of_shards": 1,  # rarity is then counted over all parts
            "auto_expand_replicas": "0-1",
            "max_result_window": WINDOW,
        }

    class Meta:
        dynamic = MetaField("strict")


PartDocument._index.analyzer(SAME)  # used by queries alone, so that no field brings them along
PartDocument._index.analyzer(NEAR)


@cache
def body() -> dict[str, Any]:
    """Settings and mappings of an index, as the server wants them."""
    return PartDocument._index.to_dict()


@cache
def fingerprint() -> str:
    """Changes with every analyzer, synonym and field: an index of another one is not ours to read."""
    return hashlib.sha256(json.dumps(body(), sort_keys=True).encode()).hexdigest()[:8]


def alias() -> str:
    """What searches and writes name; it leads to one index at a time."""
    return f"{settings.ELASTICSEARCH_INDEX}-{fingerprint()}"
