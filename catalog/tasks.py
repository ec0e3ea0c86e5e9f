"""What workers do for the catalogue."""

from __future__ import annotations

from celery import shared_task

from catalog.search.words import terms_count
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
