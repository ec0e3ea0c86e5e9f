"""A new index beside the one that serves, filled, then put in its place in one step."""

from __future__ import annotations

import re
from datetime import datetime

from django.conf import settings
from elasticsearch import Elasticsearch

from catalog.search.changes import KEY
from catalog.search.elastic.client import patient, told_as_trouble
from catalog.search.elastic.index import alias, body
from catalog.search.elastic.sync import Compared, Progress, compare
from portal.outbox.services import outbox_hold


def index_rebuild(*, now: datetime, progress: Progress = lambda parts: None) -> tuple[str, Compared]:
    """Fill a new index, let the alias lead to it, drop the old ones; answers its name and what it was filled with.

    Searches go on in the old index meanwhile, and so do writes; the new one gets them before it serves: it is compared once more while the
    outbox holds messages for the index back. Cut short, the next run goes on with the half filled index. Raises ElasticError.
    """
    with told_as_trouble():
        target = _half_filled() or _make(now)
        filled = compare(target, repair=True, progress=progress)
        with outbox_hold(KEY):
            compare(target, repair=True)
            _swap(patient(), target)
        _drop(patient(), target)
    return target, filled


def indices() -> dict[str, bool]:
    """Our indices, of every version of the program, by name in order of age; whether an alias leads there."""
    with told_as_trouble():
        found = patient().indices.get(index=f"{settings.ELASTICSEARCH_INDEX}-*", features="aliases")
        return {name: bool(found[name]["aliases"]) for name in sorted(found) if _ours(name)}


def _ours(name: str) -> bool:
    """A pattern may match what others named alike; only names made here are ever dropped."""
    return bool(re.fullmatch(rf"{re.escape(settings.ELASTICSEARCH_INDEX)}-[0-9a-f]{{8}}-\d{{14}}", name))


def _half_filled() -> str | None:
    """The index of this version that a rebuild left behind before it could serve."""
    return next((name for name, used in indices().items() if not used and name.startswith(alias() + "-")), None)


def _make(now: datetime) -> str:
    name = f"{alias()}-{now:%Y%m%d%H%M%S}"
    patient().indices.create(index=name, **body())
    return name


def _swap(server: Elasticsearch, target: str) -> None:
    old = [name for name, used in indices().items() if used and name != target and name.startswith(alias() + "-")]
    actions = [{"remove": {"index": name, "alias": alias()}} for name in old]
    server.indices.update_aliases(actions=[*actions, {"add": {"index": target, "alias": alias()}}])


def _drop(server: Elasticsearch, target: str) -> None:
    if old := [name for name in indices() if name != target]:
        server.indices.delete(index=old, ignore_unavailable=True)
