"""Finding parts by number or words. `settings.CATALOG_SEARCH` names the module that does it."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from django.conf import settings

from catalog.search.suggest import Suggestion, suggest_parts
from catalog.search.types import Backend, Filters, Hit, SearchResult

__all__ = ["Hit", "SearchResult", "Suggestion", "search_parts", "suggest_parts"]

MOST = 100  # hits a page
LONGEST = 200  # signs of a query; what is longer was not typed by a person


def search_parts(
    query: str,
    *,
    actor_market: str | None,
    model_id: int | None = None,
    serial_sequence: int | None = None,
    category: str | None = None,
    in_stock: bool | None = None,
    language: str = "en",
    offset: int = 0,
    limit: int = 24,
) -> SearchResult:
    """Parts for a query, best first; an empty one lists by category and model. `limit` is at most 100; `in_stock` looks at the market's warehouses."""
    backend = cast(Backend, import_module(settings.CATALOG_SEARCH))
    filters = Filters(actor_market, model_id, serial_sequence, category or None, in_stock)
    plain = query.replace("\x00", "").strip()[:LONGEST]
    return backend.search(plain, filters, language=language, offset=max(0, offset), limit=max(0, min(limit, MOST)))
