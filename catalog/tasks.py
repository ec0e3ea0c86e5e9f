"""What workers do for the catalogue."""

from __future__ import annotations

from celery import shared_task

from catalog.search.words import terms_count


@shared_task(ignore_result=True)
def search_terms_count() -> int:
    """Count the words of names anew, so that names changed by hand weigh right and misspelt words are mended to them."""
    return terms_count()
