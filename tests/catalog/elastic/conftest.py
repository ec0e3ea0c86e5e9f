"""A portal that searches in Elasticsearch, whose node is the replaying one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from catalog.search.elastic import client
from catalog.search.elastic.breaker import Breaker
from tests.catalog.elastic.replay import ReplayNode, Script, running


@pytest.fixture
def elastic(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    """The script that answers; nothing is laid out yet."""
    settings.ELASTICSEARCH_URL = "http://search.test:9200"
    settings.CATALOG_SEARCH = "catalog.search.elastic"
    monkeypatch.setattr(client, "NODE", ReplayNode)
    monkeypatch.setattr(client, "breaker", Breaker())
    client.client.cache_clear()
    with running(Script()) as script:
        yield script
    client.client.cache_clear()
