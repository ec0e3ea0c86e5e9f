"""Looking through the whole store, or at some of its parts again. A sweep that was cut short goes on where it stood."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from catalog.models import StorePart, StoreSweep
from catalog.rules.store import store_key
from catalog.rules.store_look import Told
from catalog.services.store_pull import Looked, Ours, store_page_apply
from portal import clock
from portal.ending import step
from portal.engine import StoreCatalogue
from portal.locks import key_lock_session_try
from portal.saleor.services import difference_note, sweep_noted, sweep_run

NOTED = "catalogue"  # as the staff page calls it
STALE = timedelta(hours=24)  # an unfinished sweep older than that is begun anew: too much has changed behind its cursor
_LOOK = 100


class SweepingElsewhere(Exception):  # noqa: N818  reads as what is the case
    """Another process looks through the store right now."""


def catalogue_of_store() -> StoreCatalogue | None:
    """The store's catalogue, named by `settings.STORE_CATALOGUE`; None where there is no store."""
    if not settings.STORE_CATALOGUE:
        return None
    made: StoreCatalogue = import_string(settings.STORE_CATALOGUE)()
    return made


def store_sweep(
    *,
    catalogue: StoreCatalogue,
    ours: Ours,
    now: datetime,
    anew: bool = False,
    progress: Callable[[int], None] = lambda parts: None,
) -> StoreSweep:
    """Bring in everything the store changed. `anew` forgets where an earlier sweep stood. Raises SweepingElsewhere, and what the engine raises."""
    with key_lock_session_try("store.sweep") as free:
        if not free:
            raise SweepingElsewhere
        sweep = _begun(now, anew)
        with sweep_run(kind=NOTED, began=now, seen=sweep.parts, differences=sweep.changes):
            progress(sweep.parts)
            if not sweep.parts or sweep.cursor:
                for page in catalogue.catalogue_pages(sweep.cursor):
                    looked = store_page_apply(page=page, ours=ours, now=page.asked_at, sweep=sweep)
                    _passed(sweep, looked, page.after, page.asked_at)
                    progress(looked.parts)
                    step()
            _missing(sweep, catalogue, ours)
            sweep.finished_at = sweep.seen_at
            sweep.save(update_fields=["finished_at"])
        sweep_noted(kind=NOTED, began=now, ended=clock.now(), seen=sweep.parts, differences=sweep.changes)
        return sweep


def store_look(
    *, catalogue: StoreCatalogue, ours: Ours, store_ids: Sequence[str], sweep: StoreSweep | None = None
) -> Looked:
    """Look at some of the store's parts again, a hundred at most; those it has no more are told to staff and stay here."""
    page = catalogue.catalogue_look(store_ids)
    looked = store_page_apply(page=page, ours=ours, now=page.asked_at, sweep=sweep)
    _gone(set(store_ids) - {item.store_id for item in page.items}, page.asked_at)
    return looked


def variants_meant(payload: Mapping[str, Any]) -> list[str]:
    """The store's parts that a `variant.look` is about: itself, or those of a product we know."""
    if not payload["is_product"]:
        return [payload["store_id"]]
    rows = StorePart.objects.filter(product_id=payload["store_id"])
    return list(rows.values_list("variant_id", flat=True)[:_LOOK])


def _begun(now: datetime, anew: bool) -> StoreSweep:
    last = StoreSweep.objects.first()
    if last and last.finished_at is None and not anew and now - last.started_at < STALE:
        return last
    return StoreSweep.objects.create(started_at=now, seen_at=now)


def _passed(sweep: StoreSweep, looked: Looked, after: str, at: datetime) -> None:
    sweep.cursor, sweep.seen_at = after, at
    sweep.parts += looked.parts
    sweep.changes += len(looked.changed)
    sweep.waiting += len(looked.waiting)
    sweep.save(update_fields=["cursor", "seen_at", "parts", "changes", "waiting"])


def _missing(sweep: StoreSweep, catalogue: StoreCatalogue, ours: Ours) -> None:
    """Parts the pages did not show are asked for by name: a page may miss what moved, and only what is not there is gone."""
    while unseen := list(
        StorePart.objects.filter(gone_at=None).exclude(sweep=sweep).values_list("variant_id", flat=True)[:_LOOK]
    ):
        store_look(catalogue=catalogue, ours=ours, store_ids=unseen, sweep=sweep)
        step()


@transaction.atomic
def _gone(store_ids: Collection[str], now: datetime) -> None:
    rows = StorePart.objects.filter(variant_id__in=store_ids, gone_at=None).select_related("part")
    for row in rows:
        key = store_key(row.part.maker, row.part.number)
        difference_note(kind=Told.GONE, subject=key, ours=row.part.number, theirs="", now=now)
    rows.update(gone_at=now)
