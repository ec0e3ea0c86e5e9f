"""What the index answers, read into what search answers. A shape that is not the documented one raises; the caller knows what to do then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch.dsl import MultiSearch, Search

from catalog.rules.numbers import normalise
from catalog.search.elastic.client import client, served
from catalog.search.elastic.index import alias
from catalog.search.elastic.queries import numbers_beginning, numbers_near, words_known
from catalog.search.elastic.sync import whole
from catalog.search.elastic.words import Asked, Known, known
from catalog.search.numbers import MOST_BEGUN
from catalog.search.slips import look_alikes, one_slip
from catalog.search.types import Hit

_MOST_NEAR = 200


def answer(search: Search[Any], *more: Search[Any]) -> list[dict[str, Any]]:
    """Ask one or several questions at once; the answers in order, each whole."""
    if more:
        together: MultiSearch[Any] = MultiSearch(using=client(), index=alias())
        for one in (search, *more):
            together = together.add(one)
        found = [whole(one.to_dict()) for one in together.execute()]
    else:
        found = [whole(search.execute().to_dict())]
    served()
    return found


@dataclass(frozen=True)
class Page:
    """A page of hits, how many there are, and counts of categories."""

    hits: list[Hit]
    total: int
    categories: dict[str, int]


def page(answered: dict[str, Any], found_as: str) -> Page:
    """Hits with the name that did it; of a listing, the number."""
    hits = [
        Hit(
            int(hit["_id"]),
            found_as,
            hit["_source"]["number"] if found_as == "LISTED" else _matched(hit),
            float(hit.get("_score") or 0),
        )
        for hit in answered["hits"]["hits"]
    ]
    buckets = answered["aggregations"]["category"]["buckets"]
    return Page(hits, answered["hits"]["total"]["value"], {one["key"]: one["doc_count"] for one in buckets})


def _matched(hit: dict[str, Any]) -> str:
    """The name that was found, as it is written: the highlight tells which; without one (the family or the category did it) the English one."""
    source, shown = hit["_source"], hit.get("highlight", {})
    names: dict[str, str] = source["names"]
    english = names.get("en") or next(iter(names.values()), source["number"])
    if "words_en" in shown:
        return english
    languages = sorted(names)
    for field, among in (("letters", languages), ("words", [one for one in languages if one != "en"])):
        lit = shown.get(field) or shown.get(f"{field}.one")
        if lit and lit[0] in source.get(field, []):
            return names[among[source[field].index(lit[0])]]
    return english


def words_of(asked: Sequence[Asked]) -> list[Known]:
    """What the index knows of each word."""
    [answered] = answer(words_known(asked))
    total = answered["hits"]["total"]["value"]
    buckets = answered["aggregations"]["known"]["buckets"]
    mended = {
        entry["text"]: option["text"] for entry in answered["suggest"]["mended"] for option in entry["options"][:1]
    }
    return [
        known(
            word,
            documents=buckets[f"word{at}"]["doc_count"],
            begun=buckets[f"begun{at}"]["doc_count"],
            mended=mended.get(word.text),
            total=total,
        )
        for at, word in enumerate(asked)
    ]


class Numbers:
    """Numbers that are not the one typed, both kinds asked for at once."""

    def __init__(self) -> None:
        self._found: dict[str, list[dict[str, Any]]] = {}

    def begun(self, bare: str) -> list[tuple[int, str]]:
        """See `catalog.search.numbers.numbers_begun`: own numbers first, the shortest first."""
        rows = [
            (not number["own"], len(normalise(number["text"])), number["text"], part)
            for part, number, _ in self._numbers(bare, 0, lambda one: one.startswith(bare))
        ]
        return [(part, number) for *_, number, part in sorted(rows)][:MOST_BEGUN]

    def near(self, bare: str) -> list[tuple[int, str, float]]:
        """See `catalog.search.numbers.numbers_near`."""
        slips = one_slip(bare) | look_alikes(bare)
        return [(part, number["text"], boost) for part, number, boost in self._numbers(bare, 1, slips.__contains__)]

    def _numbers(self, bare: str, which: int, meant: Any) -> list[tuple[int, dict[str, Any], float]]:
        """The numbers of the parts found that did it: a part has several, and the index tells the part."""
        if bare not in self._found:
            self._found[bare] = answer(numbers_beginning(bare, MOST_BEGUN), numbers_near(bare, _MOST_NEAR))
        return [
            (int(hit["_id"]), {"text": text, "own": own}, float(hit["_source"].get("boost", 1)))
            for hit in self._found[bare][which]["hits"]["hits"]
            for own, text in _written(hit["_source"])
            if meant(normalise(text))
        ]


def _written(source: dict[str, Any]) -> list[tuple[bool, str]]:
    """A part's own number, then other catalogues', as they are written."""
    return [(True, source["number"]), *((False, number) for number in source["written"]["numbers"])]
