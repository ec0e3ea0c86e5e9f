"""Finding parts by number or words. `settings.CATALOG_SEARCH` names the module that does it, a `Backend`."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from django.conf import settings

from catalog.search.types import Backend, Filters, Hit, SearchResult, Suggestion

__all__ = ["Hit", "SearchResult", "Suggestion", "search_parts", "suggest_parts"]

MOST = 100  # hits a page
LONGEST = 200  # signs of a query; what is longer was not typed by a person
SHORTEST = 2  # signs before anything is suggested


def search_parts(
    query: str,
    *,
    actor_market: str | None,
    model_id: int | None = None,
    serial_sequence: int | None = None,
    category: str | None = None,
    in_stock: bool | None = None,
    machine: tuple[int, int | None] | None = None,
    language: str = "en",
    offset: int = 0,
    limit: int = 24,
) -> SearchResult:
    """Parts for a query, best first; an empty one lists by category and model. `limit` is at most 100; `in_stock` looks at the market's warehouses;
    what fits `machine` (its model and counting part of its serial) comes first among names."""
    filters = Filters(actor_market, model_id, serial_sequence, category or None, in_stock, *(machine or (None, None)))
    page = {"offset": max(0, offset), "limit": max(0, min(limit, MOST))}
    return _backend().search(_plain(query, LONGEST), filters, language=language, **page)


def suggest_parts(text: str, limit: int = 8) -> list[Suggestion]:
    """What may be meant by what was typed so far, numbers first; nothing for less than two signs."""
    plain = _plain(text, MOST)
    return _backend().suggest(plain, limit=min(limit, MOST)) if len(plain) >= SHORTEST and limit > 0 else []


def _plain(text: str, longest: int) -> str:
    return text.replace("\x00", "").strip()[:longest]


def _backend() -> Backend:
    return cast(Backend, import_module(settings.CATALOG_SEARCH))
