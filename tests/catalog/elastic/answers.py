"""Answers in the shapes of Elasticsearch's reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.catalog.elastic.replay import Answer

SHARDS = {"total": 1, "successful": 1, "skipped": 0, "failed": 0}


def search(hits: Sequence[dict[str, Any]] = (), *, total: int | None = None, **more: Any) -> dict[str, Any]:
    """The answer of `_search`; `more`: aggregations, suggest."""
    count = {"value": len(hits) if total is None else total, "relation": "eq"}
    found = {"total": count, "max_score": max((hit["_score"] or 0 for hit in hits), default=None), "hits": list(hits)}
    return {"took": 3, "timed_out": False, "_shards": SHARDS, "hits": found, **more}


def hit(part: int, number: str, score: float | None = None, **more: Any) -> dict[str, Any]:
    """A hit; `more`: further fields of its source, or `highlight`, `sort`, `fields`."""
    outer: dict[str, Any] = {name: more.pop(name) for name in ("highlight", "sort", "fields") if name in more}
    source = {"number": number, "names": {}, "written": {"numbers": []}, **more}
    return {"_index": "portal-parts-x", "_id": str(part), "_score": score, "_source": source, **outer}


def categories(**counts: int) -> dict[str, Any]:
    """The terms aggregation of a page."""
    buckets = [{"key": key, "doc_count": many} for key, many in counts.items()]
    return {"category": {"doc_count_error_upper_bound": 0, "sum_other_doc_count": 0, "buckets": buckets}}


def known(*words: tuple[int, int], total: int = 100, mended: Mapping[str, str | None] | None = None) -> Answer:
    """What is known of each word: parts that hold it, parts with a word that begins so."""
    buckets: dict[str, Any] = {}
    for at, (holds, begun) in enumerate(words):
        buckets |= {f"word{at}": {"doc_count": holds}, f"begun{at}": {"doc_count": begun}}
    entries = [
        {
            "text": word,
            "offset": 0,
            "length": len(word),
            "options": [{"text": meant, "score": 0.9, "freq": 3}] if meant else [],
        }
        for word, meant in (mended or {}).items()
    ]
    return Answer(search(total=total, aggregations={"known": {"buckets": buckets}}, suggest={"mended": entries}))


def page(*hits: dict[str, Any], total: int | None = None, **counts: int) -> Answer:
    """A page of hits with counts of categories."""
    return Answer(search(hits, total=total, aggregations=categories(**counts)))


def several(*answers: dict[str, Any]) -> Answer:
    """The answer of `_msearch`."""
    return Answer({"took": 5, "responses": [{**one, "status": 200} for one in answers]})


def error(kind: str, status: int, reason: str = "told in words") -> Answer:
    """A refusal of the server."""
    cause = {"type": kind, "reason": reason}
    return Answer({"error": {"root_cause": [cause], **cause}, "status": status}, status=status)


def bulk(*items: tuple[str, int, int], kind: str = "strict_dynamic_mapping_exception") -> Answer:
    """The answer of `_bulk`: action, key, status of each; `kind` of the errors. What is not there to be deleted is no error."""
    told = []
    for action, part, status in items:
        item: dict[str, Any] = {"_index": "i", "_id": str(part), "status": status}
        if status >= 300 and (action, status) != ("delete", 404):
            item["error"] = {"type": kind, "reason": "told in words"}
        told.append({action: item})
    return Answer({"took": 7, "errors": any("error" in item for one in told for item in one.values()), "items": told})
