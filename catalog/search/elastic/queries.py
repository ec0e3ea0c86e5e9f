"""What is asked of the index, in its own language: pages of hits, what a query's words are, numbers near another, suggestions.

Names are weighed as PostgreSQL weighs them (catalog/search/weigh.py): each word asked counts by its rarity, less when a synonym, the words
of the family or the category answer; then what else the name says, and how likely the part is wanted. Every clause has a constant score, so that the
order follows from these rules and from nothing the server counts in its own way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from elasticsearch.dsl import A, Q, Search
from elasticsearch.dsl.function import SF
from elasticsearch.dsl.query import Query

from catalog.search import weigh
from catalog.search.elastic.client import client
from catalog.search.elastic.index import alias
from catalog.search.elastic.words import Asked, Known
from catalog.search.forms import Typed, forms_of
from catalog.search.slips import look_alikes

MOST_FACETS = 20
_NEAR, _FAR, _FAINT = (dict(weigh.FORMS)[form] for form in ("near", "far", "faint"))
_SHARE = 0.4  # a hit must hold this share of what was asked,
_RAREST = 0.5  # or this much of its rarest word
_SHARES = "1 / (params.asked + params.besides * Math.max(0, (doc['weight'].size() == 0 ? params.asked : doc['weight'].value) - _score))"
_MENDED: Any = {
    "field": "terms",
    "analyzer": "whitespace",
    "suggest_mode": "missing",
    "max_edits": 2,
    "min_word_length": 4,
    "prefix_length": 0,
    "min_doc_freq": 1,  # in more than one part: a word that stands once may be a slip itself
    "size": 1,
}
_SOURCE: list[Any] = ["number", "names", "words", "letters"]


@dataclass(frozen=True)
class Narrowed:
    """What a hit must satisfy, as far as the index knows: keys of parts stand for what the database has decided (`among`: one of them, `but`: none).
    `fitting` narrows nothing: what fits the machine at hand comes first."""

    category: str | None = None
    in_stock: bool | None = None
    warehouses: Sequence[int] = ()
    among: Collection[int] | None = None
    but: Collection[int] = ()
    fitting: Collection[int] = ()

    @property
    def stocked(self) -> Query:
        """Free pieces in one of the warehouses; in any when none serves the market by name."""
        return Q("terms", stocked=list(self.warehouses)) if self.warehouses else Q("exists", field="stocked")

    def clauses(self) -> dict[str, list[Query]]:
        """The clauses of a bool query that only filter."""
        must: list[Query] = []
        never: list[Query] = []
        if self.category is not None:
            must.append(Q("term", category=self.category))
        if self.among is not None:
            must.append(Q("terms", id=sorted(self.among)))
        if self.in_stock is not None:
            (must if self.in_stock else never).append(self.stocked)
        if self.but:
            never.append(Q("terms", id=sorted(self.but)))
        return {"filter": must, "must_not": never}


def a_search() -> Search[Any]:
    """A question to the index; a part of the answer is no answer."""
    return Search(using=client(), index=alias()).params(allow_partial_search_results=False)


def listed(narrowed: Narrowed) -> Search[Any]:
    """All parts by number."""
    return _faceted(a_search().query("bool", **narrowed.clauses())).sort("number", "id").source(_SOURCE)


def by_words(known: Sequence[Known], narrowed: Narrowed, on: date) -> Search[Any]:
    """Parts by the words of their names, best first, with the name that did it."""
    asked = sum(word.weight for word in known)
    heaviest = max(word.weight for word in known if word.documents)
    weighed = [_weighed(known, at) for at in range(len(known))]
    held = Q(
        "function_score",
        query=Q("bool", should=weighed, minimum_should_match=1, **narrowed.clauses()),
        min_score=min(_SHARE * asked, _RAREST * heaviest) * 0.999,  # scores are rounded there
    )
    prints = any(word.prints for word in known)
    likely = [
        SF("script_score", script={"source": _SHARES, "params": {"asked": asked, "besides": weigh.BESIDES}}),
        SF("field_value_factor", field="boost", missing=1),
        *([] if prints else [_factor(Q("term", variant=True), weigh.VARIANT)]),
        _factor(Q("range", superseded_on={"lte": on.isoformat()}), weigh.OLD),
        _factor(narrowed.stocked, weigh.STOCKED),
        _factor(Q("match", head=" ".join(word.text for word in known)), weigh.HEAD),
        _factor(_another_measure(known), weigh.OTHER_MEASURE),
        *([_factor(Q("terms", id=sorted(narrowed.fitting)), weigh.FITS)] if narrowed.fitting else []),
    ]
    found = Q("function_score", query=held, functions=likely, score_mode="multiply", boost_mode="multiply")
    return _found(a_search().query(found), "words_en", "words")


def by_letters(tokens: Sequence[str], narrowed: Narrowed) -> Search[Any]:
    """Parts whose name holds each token as it is written, in languages without spaces; the shortest names first."""
    each = [Q("match_phrase", letters=token) if len(token) > 1 else Q("term", letters__one=token) for token in tokens]
    clauses = narrowed.clauses()
    clauses["filter"] = [*each, *clauses["filter"]]
    found = Q(
        "function_score",
        query=Q("bool", **clauses),
        functions=[SF("field_value_factor", field="brevity", missing=0)],
        boost_mode="replace",
    )
    return _found(a_search().query(found), "letters", "letters.one")


def words_known(asked: Sequence[Asked]) -> Search[Any]:
    """How many parts hold each word or what means the same (`word0` ...), how many a word that begins so (`begun0` ...), and what a word that
    nobody uses was probably meant to be."""
    filters: dict[str, Query] = {}
    for at, word in enumerate(asked):
        filters[f"word{at}"] = Q("bool", should=[query for counts, query in _forms(asked, at) if counts >= _NEAR])
        filters[f"begun{at}"] = _beginning(word.text)
    search = a_search().query("match_all").extra(size=0, track_total_hits=True)
    search.aggs.bucket("known", A("filters", filters=filters))
    text = " ".join(word.text for word in asked)
    return search.suggest("mended", text, term=_MENDED)


def numbers_beginning(bare: str, most: int) -> Search[Any]:
    """Parts with their or another catalogue's number that begins so, the shortest first."""
    query = Q("bool", should=[Q("match", own__begins=bare), Q("match", foreign__begins=bare)], minimum_should_match=1)
    search = a_search().query("bool", filter=[query]).sort("length", "number", "id")
    return search.source(["number", "own", "written"]).extra(size=most, track_total_hits=False)


def numbers_near(bare: str, most: int) -> Search[Any]:
    """Parts with a number at one slip: a sign missing, too many or wrong, or two swapped; or with signs that look alike."""
    slip = {"value": bare, "fuzziness": 1, "transpositions": True, "prefix_length": 0, "max_expansions": most}
    alike = sorted(look_alikes(bare))
    either = [Q("fuzzy", own=slip), Q("fuzzy", foreign=slip), Q("terms", own=alike), Q("terms", foreign=alike)]
    query = Q("bool", should=either, minimum_should_match=1)
    search = a_search().query("bool", filter=[query]).sort("-boost", "number", "id")
    return search.source(["number", "own", "written", "boost"]).extra(size=most, track_total_hits=False)


def own_numbers_beginning(beginnings: Collection[str], limit: int) -> Search[Any]:
    """Parts whose own number begins in one of these ways, the shortest first."""
    search = a_search().query("bool", filter=[Q("terms", own__begins=sorted(beginnings))]).sort("length", "own", "id")
    return search.source(["number"]).extra(size=limit, track_total_hits=False)


def endings(before: Sequence[str], last: str, limit: int) -> Search[Any]:
    """The words that begin as the `last` one does, in names that also hold the words before it; the commonest first (`endings`)."""
    held = [
        Q("bool", should=[Q("match", words_en=word), Q("match", words=word)], minimum_should_match=1) for word in before
    ]
    search = a_search().query("bool", filter=[Q("prefix", terms=last), *held]).extra(size=0, track_total_hits=False)
    order = [{"_count": "desc"}, {"_key": "asc"}]
    search.aggs.bucket("endings", A("terms", field="terms", include=_escaped(last) + ".*", size=limit, order=order))
    return search


def _escaped(word: str) -> str:
    """A word as a pattern that means itself, whatever signs it has."""
    return re.sub(r"([^\w])", r"\\\1", word)


def _faceted(search: Search[Any]) -> Search[Any]:
    order = [{"_count": "desc"}, {"_key": "asc"}]
    search.aggs.bucket("category", A("terms", field="category", size=5 * MOST_FACETS, order=order))
    return search.extra(track_total_hits=True)


def _found(search: Search[Any], *fields: str) -> Search[Any]:
    """Best first, with the whole text of the field that did it."""
    search = _faceted(search).sort("_score", "number", "id").source(_SOURCE)
    return search.highlight(*fields, number_of_fragments=0).highlight_options(pre_tags=[""], post_tags=[""])


def _factor(those: Query, weight: float) -> Any:
    return SF({"filter": those.to_dict(), "weight": weight})


def _another_measure(known: Sequence[Known]) -> Query:
    """Names with a measure that is not the one asked, nor near it."""
    measures = [at for at, word in enumerate(known) if forms_of(0, [Typed(word.text, word.text)], {}).near]
    asked = [query for at in measures for counts, query in _forms(known, at) if counts in (1.0, _NEAR, _FAR)]
    return Q("bool", filter=[Q("prefix", sides="=")], must_not=asked)


def _weighed(known: Sequence[Known], at: int) -> Query:
    """The best of what can stand for a word, times its weight; no less than nothing for one that nobody uses."""
    word = known[at]
    if word.mended or word.begun:
        forms = [(1.0, Q("match", words_en=word.mended) if word.mended else _beginning(word.text))]
    else:
        forms = _forms(known, at)
    return Q(
        "dis_max", queries=[Q("constant_score", filter=query, boost=counts * word.weight) for counts, query in forms]
    )


def _beginning(word: str) -> Query:
    return Q("bool", should=[Q("prefix", terms=word), Q("prefix", words=word)])


def _forms(asked: Sequence[Asked], at: int) -> list[tuple[float, Query]]:
    """What can stand for a word, and how much of it that counts."""
    word = asked[at].text
    sides = forms_of(0, [Typed(word, word)], {})
    joined = [part for part in (*_neighbours(asked, at),) if word.isalpha()]
    return [
        (1.0, Q("match", words_en=word)),
        (1.0, Q("match", words=word)),
        (_NEAR, Q("match", words_en={"query": word, "analyzer": "part_same"})),
        (_NEAR, Q("match", words_en__joined=word)),
        *((_NEAR, Q("match", words_en=both)) for both in joined),
        *((_NEAR, Q("term", sides=_bare(side))) for side in sides.near),
        (_FAR, Q("match", words_en={"query": word, "analyzer": "part_near"})),
        *((_FAR, Q("term", sides=_bare(side))) for side in sides.far),
        *((_FAINT, Q("term", sides=_bare(side))) for side in sides.faint),
        (weigh.FAMILY, Q("match", family=word)),
        (weigh.FAMILY * _NEAR, Q("match", family={"query": word, "analyzer": "part_same"})),
        (weigh.FAMILY * _FAR, Q("match", family={"query": word, "analyzer": "part_near"})),
        (weigh.CATEGORY, Q("match", category_words=word)),
    ]


def _neighbours(asked: Sequence[Asked], at: int) -> list[str]:
    """The word written as one with the word before it and with the one after."""
    pairs = [(at - 1, at), (at, at + 1)]
    words = [asked[one].text + asked[two].text for one, two in pairs if one >= 0 and two < len(asked)]
    return [both for both in words if both.isalpha()]


def _bare(lexeme: str) -> str:
    return lexeme.strip("'")
