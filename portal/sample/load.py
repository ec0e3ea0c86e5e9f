"""Loads the sample once; the same seed gives the same parts, machines and orders, with days counted from today."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from django.db import transaction

from portal.accounts.models import Company
from portal.sample.catalogue import catalogue_load
from portal.sample.machines import campaigns_load, cover_terms_load, machines_load
from portal.sample.people import people_load
from portal.sample.trade import prices_load, stock_load, warehouses_load

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
    draw = Random(SEED)  # noqa: S311  data to look at, no secret
    people = people_load(now.date())
    catalogue = catalogue_load(now.date(), draw)
    prices_load(catalogue, now.date())
    places = warehouses_load()
    stock_load(catalogue, places, now - BEGAN, draw)
    cover_terms_load(catalogue)
    campaigns_load(catalogue, now.date())
    machines_load(catalogue, people, now, draw)
    return True
