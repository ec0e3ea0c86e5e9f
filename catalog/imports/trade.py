"""warehouses, prices, freight, stock and receipts."""

from __future__ import annotations

from datetime import time
from typing import Any
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.imports.link import link_code, link_part
from catalog.imports.stage import Stage
from catalog.imports.types import Column, Importer, Kind
from catalog.imports.upsert import upsert
from catalog.models import FreightRate, MarketWarehouse, StockReason, Warehouse
from catalog.rules.numbers import normalise
from catalog.services.prices import price_list_publish
from catalog.services.stock import Movement, stock_post
from portal.accounts.models import CompanyKind
from portal.errors import PortalError

INTEGER, DECIMAL, DATE = Kind.INTEGER, Kind.DECIMAL, Kind.DATE
_POSTED_AT_ONCE = 1000  # movements; a file may hold a hundred thousand


def warehouses(stage: Stage) -> None:
    """Warehouses by code; `collections` "14:00;17:30", `markets` "KR:1;JP:2" (market and its rank of preference)."""
    for row in stage.rows():
        if row["zone"] not in available_timezones():
            stage.refuse(row["line"], "zone", row["zone"], "unknown_value")
            continue
        try:
            _warehouse(stage, row)
        except ValueError:
            stage.refuse(row["line"], "collections", row["collections"], "unknown_value")
        except IntegrityError:
            stage.refuse(row["line"], "markets", row["markets"], "overlap")


@transaction.atomic
def _warehouse(stage: Stage, row: dict[str, Any]) -> None:
    cutoff = row["same_day_cutoff"]
    values = {
        "name": row["name"],
        "country": row["country"],
        "zone": row["zone"],
        "calendar": row["calendar"],
        "collections": sorted(time.fromisoformat(at) for at in _listed(row["collections"])),
        "same_day_cutoff": time.fromisoformat(cutoff) if cutoff else None,
    }
    markets = [(market, int(rank)) for market, rank in (entry.split(":") for entry in _listed(row["markets"]))]
    known = Warehouse.objects.filter(code=row["code"]).first()
    warehouse = known or Warehouse(code=row["code"])
    ranks = {(one.market, one.rank) for one in warehouse.markets.all()} if known else set()
    if not known or any(getattr(known, name) != value for name, value in values.items()) or not ranks >= set(markets):
        for name, value in values.items():
            setattr(warehouse, name, value)
        warehouse.save()
        for market, rank in markets:
            MarketWarehouse.objects.update_or_create(market=market, warehouse=warehouse, defaults={"rank": rank})
        stage.report.added += not known
        stage.report.changed += bool(known)


def _listed(text: str | None) -> list[str]:
    return [entry.strip() for entry in (text or "").split(";") if entry.strip()]


def prices(stage: Stage) -> None:
    """Prices in published lists; a list begins on `valid_from` and ends the one before it."""
    kinds = ", ".join(f"'{kind}'" for kind in CompanyKind.values)
    stage.refuse_where(f"upper(kind) NOT IN ({kinds})", "kind", "unknown_value")
    stage.refuse_where("currency !~ '^[A-Z]{3}$'", "currency", "unknown_value")
    stage.refuse_where("valid_from >= valid_to", "valid_to", "range")
    stage.refuse_where("round(amount, 3) <= 0", "amount", "too_small")
    link_part(stage, "part_number", into="part_id", maker="stage.maker", normalised="part_number_bare")
    _lists(stage)
    stage.refuse_repeated("part_id", "price_list_id", "coalesce(from_quantity, 1)", column="part_number")
    values = {"part_id": "part_id", "price_list_id": "price_list_id", "from_quantity": "coalesce(from_quantity, 1)"}
    values |= {"amount": "round(amount, 3)", "per_quantity": "coalesce(per_quantity, 1)"}
    key = ["part_id", "price_list_id", "from_quantity"]
    stage.write(
        upsert("catalog_price", key=key, values=values, update=["amount", "per_quantity"], defaults={}, source="stage")
    )


def _lists(stage: Stage) -> None:
    """Publish the lists named in the file, earliest first, and note their keys."""
    stage.execute("ALTER TABLE stage ADD COLUMN price_list_id bigint")
    stage.execute("UPDATE stage SET kind = upper(kind), discount_class = coalesce(discount_class, 'STANDARD')")
    named = ("market", "kind", "discount_class", "currency", "valid_from", "valid_to")
    same = " AND ".join(f"{column} IS NOT DISTINCT FROM %({column})s" for column in named)
    for wanted in sorted(
        {tuple(row[column] for column in named) for row in stage.rows()}, key=lambda one: (one[4], one)
    ):
        values = dict(zip(named, wanted, strict=True))
        try:
            published = price_list_publish(**values)
        except PortalError as error:
            stage.refuse_where(same, "currency", error.problems[0].why, values)
            continue
        stage.execute(f"UPDATE stage SET price_list_id = %(list)s WHERE {same}", {**values, "list": published.pk})


def freight(stage: Stage) -> None:
    """Published freight by market and weight; no `up_to_g`: any weight above."""
    for row in stage.rows():
        bound = {"market": row["market"], "currency": row["currency"], "up_to_g": row["up_to_g"]}
        known = FreightRate.objects.filter(**bound, valid__startswith=row["valid_from"]).first()
        rate = known or FreightRate(**bound)
        before = (rate.amount, rate.valid) if known else None
        rate.amount, rate.valid = round(row["amount"], 3), DateRange(row["valid_from"], row["valid_to"])
        if before == (rate.amount, rate.valid):
            continue
        try:
            with transaction.atomic():
                rate.save()
        except IntegrityError:
            stage.refuse(row["line"], "valid_from", row["valid_from"], "overlap")
            continue
        stage.report.added += not known
        stage.report.changed += bool(known)


def stock(stage: Stage) -> None:
    """Opening stock through the ledger, once per part and warehouse; safety stock, reorder point and shelf as often as they change."""
    _places(stage)
    stage.refuse_repeated("part_id", "warehouse_id", column="part_number")
    opened = "(SELECT sum(change) FROM catalog_stockledger l WHERE l.part_id = stage.part_id AND l.warehouse_id = stage.warehouse_id"
    moved = f"{opened}) IS NOT NULL AND on_hand IS NOT NULL"
    stage.refuse_where(f"{moved} AND on_hand <> {opened} AND l.reason = 'OPENING')", "on_hand", "moved_already")
    fresh = [row for row in stage.rows() if row["on_hand"]]
    for start in range(0, len(fresh), _POSTED_AT_ONCE):
        posted = stock_post(
            movements=[_opening(row) for row in fresh[start : start + _POSTED_AT_ONCE]], now=stage.now, actor="import"
        )
        stage.report.added += len(posted)
    values = {"part_id": "part_id", "warehouse_id": "warehouse_id", "safety_stock": "coalesce(safety_stock, 0)"}
    values |= {"reorder_point": "coalesce(reorder_point, 0)", "place": "coalesce(place, '')"}
    update = [column for column in ("safety_stock", "reorder_point", "place") if column in stage.present]
    defaults = {"on_hand": "0", "held": "0", "allocated_elsewhere": "0"}
    stage.write(
        upsert(
            "catalog_stocklevel",
            key=["part_id", "warehouse_id"],
            values=values,
            update=update,
            defaults=defaults,
            source="stage",
        )
    )


def _opening(row: dict[str, Any]) -> Movement:
    part, warehouse = row["part_id"], row["warehouse_id"]
    return Movement(part, warehouse, row["on_hand"], StockReason.OPENING, reference=f"opening:{part}:{warehouse}")


def receipts(stage: Stage) -> None:
    """Expected receipts; `reference` (or part, warehouse and day) tells them apart, so that a second run expects nothing twice."""
    _places(stage)
    stage.execute(
        "UPDATE stage SET reference = 'import:' || part_id || ':' || warehouse_id || ':' || expected_on WHERE reference IS NULL"
    )
    stage.refuse_repeated("reference")
    taken = "SELECT FROM catalog_expectedreceipt r WHERE r.reference = stage.reference AND"
    stage.refuse_where(f"EXISTS ({taken} r.received + r.held > stage.quantity)", "quantity", "moved_already")
    stage.refuse_where(
        f"EXISTS ({taken} (r.part_id, r.warehouse_id) <> (stage.part_id, stage.warehouse_id))", "reference", "overlap"
    )
    values = {
        "part_id": "part_id",
        "warehouse_id": "warehouse_id",
        "expected_on": "expected_on",
        "quantity": "quantity",
        "reference": "reference",
    }
    defaults = {"received": "0", "held": "0", "created_at": "%(now)s::timestamptz"}
    update = ["expected_on", "quantity"]
    stage.write(
        upsert(
            "catalog_expectedreceipt",
            key=["reference"],
            values=values,
            update=update,
            defaults=defaults,
            source="stage",
        )
    )


def _places(stage: Stage) -> None:
    link_part(stage, "part_number", into="part_id", maker="stage.maker", normalised="part_number_bare")
    link_code(stage, "warehouse", into="warehouse_id", table="catalog_warehouse", reason="unknown_warehouse")


_PART = (Column("part_number", required=True, most=60, aliases=("number",)), Column("maker", most=80))
_BARE = {"part_number_bare": lambda row: normalise(str(row["part_number"]))}
_WAREHOUSE = Column("warehouse", required=True, most=20)
_VALID = (Column("valid_from", DATE, required=True), Column("valid_to", DATE))
_MARKET = (Column("market", required=True, most=8), Column("currency", required=True, most=3))

IMPORTERS = (
    Importer(
        "warehouses",
        5,
        (
            Column("code", required=True, most=20),
            Column("name", required=True, most=120),
            Column("country", required=True, most=2),
            Column("zone", required=True, most=64),
            Column("calendar", required=True, most=20),
            Column("collections", most=200),
            Column("same_day_cutoff", most=8),
            Column("markets", most=200),
        ),
        warehouses,
    ),
    Importer(
        "freight",
        6,
        (*_MARKET, Column("up_to_g", INTEGER, least=1), Column("amount", DECIMAL, required=True, least=0), *_VALID),
        freight,
    ),
    Importer(
        "prices",
        80,
        (
            *_PART,
            *_MARKET,
            Column("kind", required=True, most=10),
            Column("discount_class", most=20),
            Column("amount", DECIMAL, required=True, least=0, most=10**12),
            Column("per_quantity", INTEGER, least=1),
            Column("from_quantity", INTEGER, least=1),
            *_VALID,
        ),
        prices,
        _BARE,
    ),
    Importer(
        "stock",
        90,
        (
            *_PART,
            _WAREHOUSE,
            Column("on_hand", INTEGER, least=0),
            Column("safety_stock", INTEGER, least=0),
            Column("reorder_point", INTEGER, least=0),
            Column("place", most=40),
        ),
        stock,
        _BARE,
    ),
    Importer(
        "receipts",
        91,
        (
            *_PART,
            _WAREHOUSE,
            Column("expected_on", DATE, required=True),
            Column("quantity", INTEGER, required=True, least=1),
            Column("reference", most=80),
        ),
        receipts,
        _BARE,
    ),
)
