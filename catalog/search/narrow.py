"""What a search is narrowed to, in SQL over a `catalog_part part`: category, machine, free stock in a market's warehouses."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import connection

from catalog.search.types import Filters

_FREE = "level.on_hand - level.held - level.allocated_elsewhere > 0"
IN_MARKET = f"""{_FREE} AND (level.warehouse_id IN (SELECT warehouse_id FROM catalog_marketwarehouse WHERE market = %(market)s)
    OR NOT EXISTS (SELECT FROM catalog_marketwarehouse WHERE market = %(market)s))"""
_STOCKED = f"EXISTS (SELECT FROM catalog_stocklevel level WHERE level.part_id = part.id AND {IN_MARKET})"
_IN_RANGE = """(%(sequence)s::bigint IS NULL
    OR (coalesce({0}.serial_from, %(sequence)s) <= %(sequence)s AND coalesce({0}.serial_to, %(sequence)s) >= %(sequence)s))"""
_BILLS = f"""
    SELECT callout.part_id FROM catalog_callout callout JOIN catalog_assembly assembly ON assembly.id = callout.assembly_id
    WHERE assembly.model_id = %(model)s AND {_IN_RANGE.format("callout")}
    UNION SELECT fitment.part_id FROM catalog_fitment fitment WHERE fitment.model_id = %(model)s AND fitment.fits AND {_IN_RANGE.format("fitment")}"""
_ON_MODEL = f"part.id IN ({_BILLS})"
_FOR = _BILLS.replace("%(model)s", "%(for_model)s").replace("%(sequence)s", "%(for_sequence)s")


def fitting(filters: Filters, values: dict[str, Any], part: str) -> str:
    """When the part whose key is the column `part` fits the machine it is for; "false" when there is none."""
    values |= {"for_model": filters.for_model_id, "for_sequence": filters.for_sequence}
    return f"{part} IN ({_FOR})" if filters.for_model_id is not None else "false"


def stocked(part: str) -> str:
    """When the part whose key is the column `part` has free stock in the market."""
    return f"{part} IN (SELECT level.part_id FROM catalog_stocklevel level WHERE {IN_MARKET})"


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


def parts_on_model(filters: Filters, most: int) -> list[int]:
    """The parts that bills and lists name for the filters' model and serial, at most `most`; one query."""
    return [
        part
        for (part,) in _asked(
            f"SELECT part.id FROM catalog_part part WHERE {_ON_MODEL} LIMIT %(most)s", filters, most=most
        )
    ]


def parts_fitting(filters: Filters, most: int) -> list[int]:
    """The parts that fit the machine the search is for, at most `most`; none without one."""
    if filters.for_model_id is None:
        return []
    values: dict[str, Any] = {"most": most}
    fits = fitting(filters, values, "part.id")
    return [
        part
        for (part,) in _asked(f"SELECT part.id FROM catalog_part part WHERE {fits} LIMIT %(most)s", filters, **values)
    ]


def parts_kept(part_ids: Collection[int], filters: Filters) -> dict[int, tuple[str, str]]:
    """Those of the parts that are there and satisfy the filters, with number and category; one query."""
    clauses = clauses_of(filters, {})
    sql = f"SELECT part.id, part.number, part.category FROM catalog_part part WHERE part.id = ANY(%(parts)s) AND {clauses}"
    return {part: (number, category) for part, number, category in _asked(sql, filters, parts=list(part_ids))}


def warehouses_of(market: str | None) -> list[int]:
    """The warehouses that serve a market; none when nothing was said about it, and all do."""
    sql = "SELECT warehouse_id FROM catalog_marketwarehouse WHERE market = %(market)s ORDER BY warehouse_id"
    return [warehouse for (warehouse,) in _asked(sql, Filters(market=market))]


def _asked(sql: str, filters: Filters, **values: Any) -> list[tuple]:
    clauses_of(filters, values)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
