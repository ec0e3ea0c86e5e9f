"""Keeping the index equal to the database: compared by checksums, and only what differs is written.

One way for everything: the first filling of an index, a filling that was cut short, what an import changed, and repair.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.dsl import Q, Search
from elasticsearch.helpers import streaming_bulk

from catalog.search.elastic.client import ElasticError, Trouble, patient, told_as_trouble
from catalog.search.elastic.documents import Told, documents_of, keys_in_pages
from catalog.search.elastic.index import alias

PAGE = 1_000  # parts compared at a time
_WRITTEN = 500  # documents a request
_EXAMPLES = 20


class DocumentRejectedError(Exception):
    """The server is well and does not take a document as it is: program and index do not fit together."""


Progress = Callable[[int], None]


@dataclass
class Compared:
    """What a comparison found. `stale`: the index holds something else than the database; a few examples of each, by part key."""

    parts: int = 0
    documents: int = 0
    missing: int = 0
    extra: int = 0
    stale: int = 0
    examples: dict[str, list[int]] = field(default_factory=lambda: {"missing": [], "extra": [], "stale": []})

    @property
    def differences(self) -> int:
        """How many documents are not as they should be."""
        return self.missing + self.extra + self.stale

    def add(self, kind: str, part_ids: Collection[int]) -> None:
        """Count these parts as missing, extra or stale."""
        setattr(self, kind, getattr(self, kind) + len(part_ids))
        self.examples[kind] = (self.examples[kind] + sorted(part_ids))[:_EXAMPLES]


def compare(index: str, *, repair: bool, progress: Progress = lambda parts: None) -> Compared:
    """Compare the whole index with the database; `repair` writes what differs. `progress` is told how many more parts are done.

    Raises ElasticError. It may be cut short anywhere and begun again.
    """
    found, server = Compared(), patient()
    with told_as_trouble():
        server.indices.refresh(index=index)
        after = 0
        for keys in keys_in_pages(PAGE):
            _compare_page(server, index, found, keys, (after, keys[-1]), repair)
            after = keys[-1]
            progress(len(keys))
        _compare_page(server, index, found, [], (after, None), repair)
        if repair and found.differences:
            server.indices.refresh(index=index)
    return found


def parts_write(part_ids: Collection[int]) -> None:
    """Write these parts' documents, and take away those of parts that are gone. Raises ElasticError."""
    told = documents_of(part_ids)
    with told_as_trouble():
        _write(patient(), alias(), told.values(), set(part_ids) - told.keys())


def _compare_page(
    server: Elasticsearch, index: str, found: Compared, keys: list[int], span: tuple[int, int | None], repair: bool
) -> None:
    """Compare parts whose keys lie in the span: after the first, up to the second (None: to the end)."""
    told = documents_of(keys)
    there = dict(_checksums(server, index, *span))
    missing = told.keys() - there.keys()
    extra = there.keys() - told.keys()
    stale = {key for key in told.keys() & there.keys() if told[key].checksum != there[key]}
    found.parts += len(told)
    found.documents += len(there)
    for kind, part_ids in (("missing", missing), ("extra", extra), ("stale", stale)):
        found.add(kind, part_ids)
    if repair:
        _write(server, index, [told[key] for key in sorted(missing | stale)], extra)


def _checksums(server: Elasticsearch, index: str, after: int, last: int | None) -> Iterator[tuple[int, str]]:
    span = {"gt": after} if last is None else {"gt": after, "lte": last}
    page = Search(using=server, index=index).query(Q("bool", filter=[Q("range", id=span)]))
    page = page.source(False).sort("id").extra(size=PAGE, docvalue_fields=["checksum"], track_total_hits=False)
    while hits := whole(page.execute().to_dict())["hits"]["hits"]:
        yield from ((int(hit["_id"]), hit.get("fields", {}).get("checksum", [""])[0]) for hit in hits)
        if len(hits) < PAGE:
            return
        page = page.extra(search_after=hits[-1]["sort"])


def whole(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer that all shards gave in time. Raises ElasticError for less: a part of the hits is no answer."""
    if not isinstance(answer["hits"]["hits"], list):
        raise TypeError("hits are no list")
    if answer["timed_out"]:
        raise ElasticError(Trouble.LATE, "timed_out")
    if answer["_shards"]["failed"]:
        raise ElasticError(Trouble.UNWELL, f"{answer['_shards']['failed']} shards failed")
    return answer


def _write(server: Elasticsearch, index: str, told: Iterable[Told], gone: Iterable[int]) -> None:
    """Never into an index that a write would make: the alias must lead to one."""
    done = streaming_bulk(
        server,
        _actions(told, gone),
        chunk_size=_WRITTEN,
        index=index,
        require_alias=index == alias(),
        raise_on_error=False,
        max_retries=2,
        initial_backoff=1,
        yield_ok=False,
    )
    for _, item in done:
        for told_of in item.values():
            _refused(told_of)


def _refused(item: dict[str, Any]) -> None:
    """Raise what went wrong with a document; one to be taken away that was not there is no error."""
    if error := item.get("error"):
        said = f"document {item['_id']}: {error['type']}: {error['reason']}"
        if error["type"] == "index_not_found_exception":
            raise ElasticError(Trouble.NO_INDEX, said)
        if item["status"] == 429 or item["status"] >= 500:
            raise ElasticError(Trouble.BUSY if item["status"] == 429 else Trouble.UNWELL, said)
        raise DocumentRejectedError(said)


def _actions(told: Iterable[Told], gone: Iterable[int]) -> Iterator[dict[str, Any]]:
    for one in told:
        yield {"_op_type": "index", "_id": str(one.part_id), **json.loads(one.body), "checksum": one.checksum}
    for part_id in sorted(gone):
        yield {"_op_type": "delete", "_id": str(part_id)}
