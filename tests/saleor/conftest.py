"""Tests here need a real Saleor and say so when there is none; each is marked `saleor`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from orders.services.engines import engine
from portal.saleor.client import SaleorClient
from tests import store
from tests.orders.conftest import world  # noqa: F401  the small world to order in, tied to the clock
from tests.orders.world import World
from tests.saleor.shop import Shop


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies here, and skip it with words where no Saleor is named."""
    for item in items:
        if "tests/saleor/" in item.path.as_posix():
            item.add_marker(pytest.mark.saleor)
            if not store.named():
                item.add_marker(pytest.mark.skip(reason=store.MISSING))


@pytest.fixture(scope="session")
def app() -> Iterator[store.App]:
    """An app with the portal's permissions, gone at the end."""
    with store.app_made() as made:
        yield made


@pytest.fixture
def connected(app: store.App, db: None) -> SaleorClient:
    """The portal connected to the real Saleor."""
    return store.connect(store.API_URL, app.token, app.id)


@pytest.fixture
def shop(world: World, connected: SaleorClient, settings: Any) -> Iterator[Shop]:  # noqa: F811
    """A shop in it to order from, with Saleor behind the portal."""
    settings.COMMERCE_ENGINE = "orders.engines.saleor.SaleorEngine"
    engine.cache_clear()
    made = Shop(world)
    made.furnish()
    yield made
    engine.cache_clear()
