"""Loads the sample once; the same seed gives the same parts, machines and orders, with days counted from today."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random

from django.db import connection, transaction
from django.test.utils import override_settings

from orders.services.engines import engine
from portal.accounts.models import Company
from portal.sample.catalogue import catalogue_load
from portal.sample.documents import documents_load
from portal.sample.machines import campaigns_load, cover_terms_load, machines_load, services_load
from portal.sample.money import banks_load
from portal.sample.orders import orders_load
from portal.sample.people import people_load, registrations_load
from portal.sample.trade import prices_load, stock_load, warehouses_load
from portal.sample.world import World

EMBEDDED = "orders.engines.embedded.EmbeddedEngine"
SEED = 20261122
BEGAN = timedelta(days=120)  # so long ago the house began to keep its books in the portal


def sample_loaded() -> bool:
    """Is the sample here already?"""
    return Company.objects.filter(import_key__startswith="sample:").exists()


@transaction.atomic
def sample_load(now: datetime) -> bool:
    """Write the sample as of `now`, all or nothing; answers False and changes nothing when it is there already."""
    if sample_loaded():
        return False
    with _no_store():
        _load(now)
    return True


@contextmanager
def _no_store() -> Iterator[None]:
    """What happened before there was a store is confirmed by the portal itself, and never sent to one."""
    with override_settings(COMMERCE_ENGINE=EMBEDDED, STORE_CATALOGUE=""):
        engine.cache_clear()
        try:
            yield
        finally:
            engine.cache_clear()


def _load(now: datetime) -> None:
    rung_before = len(connection.run_on_commit)
    draw = Random(SEED)  # noqa: S311  data to look at, no secret
    people = people_load(now)
    registrations_load(people.companies["baramsan"])
    catalogue = catalogue_load(now.date(), draw)
    documents_load(catalogue, now)
    prices_load(catalogue, now.date())
    places = warehouses_load()
    stock_load(catalogue, places, now - BEGAN, draw)
    cover_terms_load(catalogue)
    campaigns_load(catalogue, now.date())
    services_load(catalogue)
    banks_load()
    machines = machines_load(catalogue, people, now, draw)
    _tables_weigh()
    orders_load(World(now, people, catalogue, machines))
    _doorbells_drop(rung_before)


def _doorbells_drop(rung_before: int) -> None:
    """All messages of the past are handled: a thousand doorbells at the commit would keep the workers from their work."""
    del connection.run_on_commit[rung_before:]


def _tables_weigh() -> None:
    """PostgreSQL has not seen these tables full yet, and would plan the orders' queries for empty ones."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE (SKIP_LOCKED)")  # not to wait for the catalogues that all databases share
