"""Tests here need a real Saleor and say so when there is none; each is marked `saleor`."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps

from orders.models import MoneyPolicy
from portal.promises import seed
from portal.promises.models import Calendar, Holiday, Policy
from portal.saleor.client import SaleorClient
from portal.saleor.manifest import IDENTIFIER
from tests import store
from tests.orders.conftest import world  # noqa: F401  the small world to order in, tied to the clock
from tests.orders.world import World
from tests.saleor.shop import Shop, shop_open
from tests.saleor.wire import Wire, hooks_made, wire_make

_OURS = "query { apps(first: 100) { edges { node { id identifier } } } }"


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
def committed(transactional_db: None) -> None:
    """What is written is committed, so that other processes and a served portal see it; such tests empty the tables, seeds included."""
    seed.plant(Policy, Calendar, Holiday)
    if not MoneyPolicy.objects.exists():
        import_module("orders.migrations.0005_ledger").plant(apps, None)


@pytest.fixture
def wire(committed: None, app: store.App, connected: SaleorClient, live_server: Any, settings: Any) -> Iterator[Wire]:
    """The portal is served, and Saleor's webhooks of orders, parts and refunds reach it over this wire."""
    settings.SECURE_SSL_REDIRECT = False
    with wire_make(f"{live_server.url}/webhooks/saleor/") as made, hooks_made(app.token, made.url):
        yield made


def app_remove() -> None:
    """Saleor's staff take our app away."""
    for edge in store.staff_ask(_OURS)["apps"]["edges"]:
        if edge["node"]["identifier"] == IDENTIFIER:
            store.staff_ask("mutation($id: ID!) { appDelete(id: $id) { errors { message } } }", id=edge["node"]["id"])


@pytest.fixture
def portal(live_server: Any, settings: Any, transactional_db: None) -> Any:
    """The portal's web process, where the real store reaches it; no app of ours is there before and after."""
    settings.PORTAL_URL = settings.PORTAL_INTERNAL_URL = live_server.url
    settings.SALEOR_STAFF_EMAIL, settings.SALEOR_STAFF_PASSWORD = store.EMAIL, store.PASSWORD
    app_remove()
    yield live_server
    app_remove()


@pytest.fixture
def shop(world: World, connected: SaleorClient, settings: Any) -> Iterator[Shop]:  # noqa: F811
    """It, connected as an app of the test's own."""
    yield from shop_open(world, settings)
