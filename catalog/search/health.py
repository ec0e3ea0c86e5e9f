"""Whether the search server is well, for `GET /health/` and `doctor`."""

from __future__ import annotations

from typing import Any


def search_check() -> dict[str, Any]:
    """Asks the server for our index, unless it was away a moment ago; PostgreSQL answers searches while it is not well."""
    from catalog.search.elastic.state import state  # noqa: PLC0415  loaded where there is an index

    found = state()
    if found is None:
        return {"ok": True}
    return {"ok": False, "trouble": found.trouble.value, "answers": "PostgreSQL"}
