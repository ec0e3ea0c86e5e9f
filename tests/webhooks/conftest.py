"""A store that listens on this machine, and the portal connected to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.saleor import client as clients
from portal.saleor.models import Connection
from tests import store as stores
from tests.webhooks.the_store import TheStore, the_store


@pytest.fixture
def store(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[TheStore]:
    """Not connected yet."""
    monkeypatch.setattr(clients, "PAUSES", (0, 0))
    with the_store() as found:
        yield found


@pytest.fixture
def connection(store: TheStore) -> Connection:
    """The portal connected to it by the token `living`."""
    stores.connect(store.api_url, store.app_make("living"), "QXBwOjE=")
    return Connection.objects.get()
