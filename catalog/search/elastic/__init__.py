"""Search in Elasticsearch, chosen by ELASTICSEARCH_URL; whatever it cannot answer, PostgreSQL does (docs/search.md).

What a number means, whether a part is on a machine's bill and what is there at all, the database decides: an index is a moment behind.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from catalog.rules.numbers import normalise
from catalog.search import postgres
from catalog.search.elastic import queries
from catalog.search.elastic.answers import Numbers, Page, answer, page, words_of
from catalog.search.elastic.client import ElasticError, asked
from catalog.search.elastic.index import WINDOW
from catalog.search.elastic.queries import MOST_FACETS, Narrowed
from catalog.search.elastic.words import Known, words_asked, words_typed
from catalog.search.narrow import parts_fitting, parts_kept, parts_on_model, warehouses_of
from catalog.search.numbers import NumberHits, number_hits
from catalog.search.slips import slips_of_beginning
from catalog.search.types import Filters, Hit, SearchResult, Suggestion
from portal import clock

__all__ = ["search", "suggest"]

_SHORTEST_SLIP = 4  # signs of a number, before slips of its beginning are thought of
_MOST_ON_MODEL = 50_000  # parts of one machine that a question can name
Found = TypeVar("Found")


class _TooManyError(Exception):
    """More than a question to the index can hold; the database has no such limit."""


def search(query: str, filters: Filters, *, language: str, offset: int, limit: int) -> SearchResult:
    """See `catalog.search.search_parts`."""
    return _or(
        lambda: _search(query, filters, offset, limit),
        lambda: postgres.search(query, filters, language=language, offset=offset, limit=limit),
    )


def suggest(text: str, *, limit: int) -> list[Suggestion]:
    """See `catalog.search.suggest_parts`."""
    return _or(lambda: _suggest(text, limit), lambda: postgres.suggest(text, limit=limit))


def _or(indexed: Callable[[], Found], stored: Callable[[], Found]) -> Found:
    """The index's answer, or PostgreSQL's when there is none."""
    try:
        return asked(indexed)
    except (ElasticError, _TooManyError):
        return stored()


def _search(query: str, filters: Filters, offset: int, limit: int) -> SearchResult:
    on = clock.now().date()
    numbers = Numbers()
    found = number_hits(query, on, begun_of=numbers.begun, near_of=numbers.near) if query else NumberHits([], False)
    first = _kept(found.hits, filters)
    rest, suggestion = _rest(query, found, _narrowed(filters, found.hits), on, (offset - len(first), limit))
    hits = [hit for hit, _ in first[offset : offset + limit]] + rest.hits
    counted = Counter(category for _, category in first if category) + Counter(rest.categories)
    categories = sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:MOST_FACETS]
    return SearchResult(hits, len(first) + rest.total, {"category": categories}, suggestion)


def _kept(hits: list[Hit], filters: Filters) -> list[tuple[Hit, str]]:
    """Hits by number that are there and satisfy the filters, best first, each with its category; they come before all words."""
    if not hits:
        return []
    kept = parts_kept([hit.part_id for hit in hits], filters)
    found = [(hit, *kept[hit.part_id]) for hit in hits if hit.part_id in kept]
    found.sort(key=lambda one: (-one[0].rank, one[1], one[0].part_id))
    return [(hit, category) for hit, _, category in found]


def _narrowed(filters: Filters, but: list[Hit]) -> Narrowed:
    among = None
    if filters.model_id is not None:
        among = parts_on_model(filters, _MOST_ON_MODEL + 1)
        if len(among) > _MOST_ON_MODEL:
            raise _TooManyError
    fitting = parts_fitting(filters, _MOST_ON_MODEL + 1)
    if len(fitting) > _MOST_ON_MODEL:
        raise _TooManyError
    return Narrowed(
        category=filters.category,
        in_stock=filters.in_stock,
        warehouses=warehouses_of(filters.market),
        among=among,
        but=[hit.part_id for hit in but],
        fitting=fitting,
    )


def _rest(
    query: str, found: NumberHits, narrowed: Narrowed, on: date, span: tuple[int, int]
) -> tuple[Page, str | None]:
    """The hits that are none by number, and a better spelling. `span`: where they begin on the page (below zero: numbers stand before), how
    many hits a page has."""
    start, end = max(0, span[0]), max(0, span[0] + span[1])
    if end > WINDOW:
        raise _TooManyError
    plain = unicodedata.normalize("NFKC", query)
    known: list[Known] = []
    if not query:
        question = queries.listed(narrowed)
    elif postgres.NO_SPACES.search(plain):
        question = queries.by_letters(plain.upper().split(), narrowed)
    else:
        known = words_of(words) if not found.sure and (words := words_asked(query)) else []
        if not any(word.documents for word in known):
            return Page([], 0, {}), None
        question = queries.by_words(known, narrowed, on)
    [answered] = answer(question.extra(from_=start, size=end - start))
    return page(answered, "WORDS" if query else "LISTED"), _spelling(known)


def _spelling(known: list[Known]) -> str | None:
    """The query as it was probably meant."""
    return " ".join(word.mended or word.text for word in known) if any(word.mended for word in known) else None


def _suggest(text: str, limit: int) -> list[Suggestion]:
    bare = normalise(text) if any(sign.isdigit() for sign in text) else ""
    words = words_typed(text)
    asked_for = [queries.own_numbers_beginning([bare], limit)] if bare else []
    asked_for += [queries.endings(words[:-1], words[-1], limit)] if words else []
    answered = answer(*asked_for) if asked_for else []
    numbers = answered[0]["hits"]["hits"] if bare else []
    if bare and not numbers and len(bare) >= _SHORTEST_SLIP:
        [slips] = answer(queries.own_numbers_beginning(slips_of_beginning(bare), limit))
        numbers = slips["hits"]["hits"]
    named = [Suggestion(hit["_source"]["number"], int(hit["_id"])) for hit in numbers]
    ends = answered[-1]["aggregations"]["endings"]["buckets"] if words else []
    return [*named, *(Suggestion(" ".join([*words[:-1], end["key"]])) for end in ends)][:limit]
