"""What workers do for the catalogue."""

from __future__ import annotations

from celery import shared_task

from catalog.imports.work import work_do
from catalog.models.imports import WorkAct
from catalog.search.words import terms_count
from catalog.services.store_sweep import catalogue_of_store
from catalog.services.store_tell import movement_pass_on
from portal import clock
from portal.outbox.handlers import outbox_handler
from portal.outbox.models import OutboxMessage


@shared_task(ignore_result=True)
def search_terms_count() -> int:
    """Count the words of names anew, so that names changed by hand weigh right and misspelt words are mended to them."""
    return terms_count()


@outbox_handler(remote=True)
def search_changed(message: OutboxMessage) -> None:
    """Bring the search index in step with the parts a message names."""
    from catalog.search.elastic.follow import changes_follow  # noqa: PLC0415  loaded where there is an index

    changes_follow(message)


@outbox_handler(remote=True)
def import_prepare(message: OutboxMessage) -> None:
    """`import.prepare`: read and judge what was uploaded, in the engine's own transactions."""
    work_do(message, WorkAct.PREPARE)


@outbox_handler(remote=True)
def import_apply(message: OutboxMessage) -> None:
    """`import.apply`: bring a judged run into the catalogue, in the engine's own transactions."""
    work_do(message, WorkAct.APPLY)


@outbox_handler(remote=True)
def import_resume(message: OutboxMessage) -> None:
    """`import.resume`: go on with a run that was cut short, in the engine's own transactions."""
    work_do(message, WorkAct.RESUME)


@outbox_handler(remote=True)
def import_revert(message: OutboxMessage) -> None:
    """`import.revert`: take a run back, row by row, in the engine's own transactions."""
    work_do(message, WorkAct.REVERT)


@outbox_handler(remote=True)
def stock_tell(message: OutboxMessage) -> None:
    """`stock.tell`: add movements made here to the store's stock, outside any transaction."""
    movement_pass_on(message, catalogue_of_store(), now=clock.now())
