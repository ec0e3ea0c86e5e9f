"""What a search is narrowed to, in SQL over a `catalog_part part`: category, machine, free stock in a market's warehouses."""

from __future__ import annotations

from typing import Any

from catalog.search.types import Filters

_FREE = "level.on_hand - level.held - level.allocated_elsewhere > 0"
IN_MARKET = f"""{_FREE} AND (level.warehouse_id IN (SELECT warehouse_id FROM catalog_marketwarehouse WHERE market = %(market)s)
    OR NOT EXISTS (SELECT FROM catalog_marketwarehouse WHERE market = %(market)s))"""
_STOCKED = f"EXISTS (SELECT FROM catalog_stocklevel level WHERE level.part_id = part.id AND {IN_MARKET})"
_IN_RANGE = """(%(sequence)s::bigint IS NULL
    OR (coalesce({0}.serial_from, %(sequence)s) <= %(sequence)s AND coalesce({0}.serial_to, %(sequence)s) >= %(sequence)s))"""
_ON_MODEL = f"""part.id IN (
    SELECT callout.part_id FROM catalog_callout callout JOIN catalog_assembly assembly ON assembly.id = callout.assembly_id
    WHERE assembly.model_id = %(model)s AND {_IN_RANGE.format("callout")}
    UNION SELECT fitment.part_id FROM catalog_fitment fitment WHERE fitment.model_id = %(model)s AND fitment.fits AND {_IN_RANGE.format("fitment")})"""


def clauses_of(filters: Filters, values: dict[str, Any]) -> str:
    """The condition that `part` must satisfy, its parameters put into `values`; "true" when there is none."""
    values |= {
        "market": filters.market,
        "model": filters.model_id,
        "sequence": filters.serial_sequence,
        "category": filters.category,
    }
    clauses = [
        (filters.category is not None, "part.category = %(category)s"),
        (filters.model_id is not None, _ON_MODEL),
        (filters.in_stock is True, _STOCKED),
        (filters.in_stock is False, f"NOT {_STOCKED}"),
    ]
    return " AND ".join(clause for used, clause in clauses if used) or "true"
