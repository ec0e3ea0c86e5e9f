"""warehouses, prices, freight, stock and receipts."""

from __future__ import annotations

from datetime import time
from typing import Any
from zoneinfo import available_timezones

from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.imports.link import link_code, link_part
from catalog.imports.lists import lists_publish, meet
from catalog.imports.naming import LANGUAGES, names_columns
from catalog.imports.stage import Stage
from catalog.imports.types import Column, Importer, Kind
from catalog.rules.numbers import normalise
from portal.accounts.models import CompanyKind

INTEGER, DECIMAL, DATE = Kind.INTEGER, Kind.DECIMAL, Kind.DATE


def warehouses(stage: Stage) -> None:
    """Warehouses by code; `collections` "14:00;17:30", `markets` "KR:1;JP:2" (market and its rank of preference)."""
    stage.refuse_repeated("code")
    rows = [values for row in stage.rows() if (values := _warehouse(stage, row))]
    markets = _markets_allowed(stage, rows)
    rows = [row for row in rows if row["line"] in markets]
    columns: tuple[str, ...] = ("line", "code", "name", "country", "zone", "calendar", "collections", "same_day_cutoff")
    if any(f"name_{language}" in stage.present for language in LANGUAGES):
        columns = (*columns, "names")
    made = [{name: row[name] for name in columns} for row in rows]
    stage.write_rows("catalog_warehouse", made, key=["code"], update=columns[2:])
    ids = {row["code"]: row["id"] for row in stage.known_rows("catalog_warehouse", "id", "code")}
    ranks = [
        {"line": row["line"], "market": market, "warehouse_id": ids[row["code"]], "rank": rank}
        for row in rows
        for market, rank in row["markets"].items()
    ]
    stage.write_rows("catalog_marketwarehouse", ranks, key=["market", "warehouse_id"], update=["rank"])


def _warehouse(stage: Stage, row: dict[str, Any]) -> dict[str, Any] | None:
    """The row with its lists read, or None when they cannot be."""
    if row["zone"] not in available_timezones():
        stage.refuse(row["line"], "zone", row["zone"], "unknown_value")
        return None
    try:
        markets = {market: int(rank) for market, rank in (entry.split(":") for entry in _listed(row["markets"]))}
    except ValueError:
        stage.refuse(row["line"], "markets", row["markets"], "unknown_value")
        return None
    try:
        collections = sorted(time.fromisoformat(at) for at in _listed(row["collections"]))
        cutoff = time.fromisoformat(row["same_day_cutoff"]) if row["same_day_cutoff"] else None
    except ValueError:
        stage.refuse(row["line"], "collections", row["collections"], "unknown_value")
        return None
    names = {language: name for language in LANGUAGES if (name := row.get(f"name_{language}"))}
    return {**row, "names": names, "markets": markets, "collections": collections, "same_day_cutoff": cutoff}


def _markets_allowed(stage: Stage, rows: list[dict[str, Any]]) -> set[int]:
    """Lines whose ranks nobody else has; a market asks one warehouse first, one second."""
    known = stage.fetch(
        f"SELECT code, market, rank FROM {stage.known('catalog_marketwarehouse')} m JOIN {stage.known('catalog_warehouse')} w ON w.id = m.warehouse_id"
    )
    taken = {(row["market"], row["rank"]): row["code"] for row in known}
    good = set()
    for row in rows:
        wanted = set(row["markets"].items())
        if any(taken.get(place, row["code"]) != row["code"] for place in wanted):
            stage.refuse(
                row["line"], "markets", ";".join(f"{market}:{rank}" for market, rank in sorted(wanted)), "overlap"
            )
            continue
        taken |= dict.fromkeys(wanted, row["code"])
        good.add(row["line"])
    return good


def _listed(text: str | None) -> list[str]:
    return [entry.strip() for entry in (text or "").split(";") if entry.strip()]


def prices(stage: Stage) -> None:
    """Prices in published lists; a list begins on `valid_from` and ends the one before it."""
    kinds = ", ".join(f"'{kind}'" for kind in CompanyKind.values)
    stage.refuse_where(f"upper(kind) NOT IN ({kinds})", "kind", "unknown_value")
    stage.refuse_where("currency !~ '^[A-Z]{3}$'", "currency", "unknown_value")
    stage.refuse_where("valid_from >= valid_to", "valid_to", "range")
    stage.execute(_SMALL_PRICES)
    stage.refuse_where("round(amount, 3) <= 0", "amount", "too_small")
    link_part(stage, "part_number", into="part_id", maker="stage.maker", normalised="part_number_bare")
    before = lists_publish(stage)
    stage.refuse_repeated("part_id", "price_list_id", "coalesce(from_quantity, 1)", column="part_number")
    values = {
        "part_id": "part_id",
        "price_list_id": "price_list_id",
        "from_quantity": "coalesce(from_quantity, 1)",
        "amount": "round(amount, 3)",
        "per_quantity": "coalesce(per_quantity, 1)",
    }
    key = ["part_id", "price_list_id", "from_quantity"]
    step = stage.write("catalog_price", key=key, values=values, update=["amount", "per_quantity"], facts=_DEARER)
    for new, old in before.items():
        [moved] = stage.fetch(_AGAINST.format(plan=step.plan), {"new": new, "old": old})
        step.facts |= {name: step.facts.get(name, 0) + many for name, many in moved.items() if many}
    step.save(update_fields=["facts"])


# A price of more than three decimals is told per 10, 100 ... pieces, so that 0.004285714 becomes 4285.714 per 1,000,000 and not nothing.
_SMALL_PRICES = """
UPDATE stage SET amount = amount * power(10::numeric, tens), per_quantity = coalesce(per_quantity, 1) * power(10::numeric, tens)
FROM (SELECT line AS at, least(scale(trim_scale(amount)) - 3, 6, 12 - length(trunc(amount)::text), trunc(log(2147483647.0 / coalesce(per_quantity, 1)))::int) AS tens
      FROM stage WHERE scale(trim_scale(amount)) > 3) small
WHERE line = at AND tens > 0
"""
_DEARER = {
    "dearer": "known AND amount * old_per_quantity > old_amount * per_quantity",
    "cheaper": "known AND amount * old_per_quantity < old_amount * per_quantity",
}
_AGAINST = """
SELECT count(*) FILTER (WHERE p.amount * was.per_quantity > was.amount * p.per_quantity) AS dearer,
       count(*) FILTER (WHERE p.amount * was.per_quantity < was.amount * p.per_quantity) AS cheaper
FROM {plan} p JOIN catalog_price was ON was.price_list_id = %(old)s AND was.part_id = p.part_id AND was.from_quantity = p.from_quantity
WHERE p.price_list_id = %(new)s AND NOT p.known
"""


def freight(stage: Stage) -> None:
    """Published freight by market and weight; no `up_to_g`: any weight above."""
    stage.refuse_repeated("market", "currency", "coalesce(up_to_g, 0)", "valid_from", column="valid_from")
    known = stage.known_rows("catalog_freightrate", "id", "market", "currency", "up_to_g", "amount", "valid")
    rates = {(row["market"], row["currency"], row["up_to_g"], row["valid"].lower): row for row in known}
    good = []
    for row in stage.rows():
        place = (row["market"], row["currency"], row["up_to_g"])
        days = DateRange(row["valid_from"], row["valid_to"])
        others = [one["valid"] for key, one in rates.items() if key[:3] == place and key[3] != days.lower]
        if row["valid_to"] and row["valid_to"] <= row["valid_from"]:
            stage.refuse(row["line"], "valid_to", row["valid_to"], "range")
        elif any(meet(one, days) for one in others):
            stage.refuse(row["line"], "valid_from", row["valid_from"], "overlap")
        else:
            same = rates.get((*place, days.lower))
            one = {name: row[name] for name in ("line", "market", "currency", "up_to_g")}
            one |= {
                "amount": round(row["amount"], 3),
                "valid": days,
                "id": same["id"] if same else stage.next_id("catalog_freightrate"),
            }
            rates[*place, days.lower] = one
            good.append(one)
    stage.write_rows("catalog_freightrate", good, key=["id"], update=["amount", "valid"])


def stock(stage: Stage) -> None:
    """Opening stock through the ledger, once per part and warehouse; safety stock, reorder point and shelf as often as they change."""
    _places(stage)
    stage.refuse_repeated("part_id", "warehouse_id", column="part_number")
    stage.execute("ALTER TABLE stage ADD COLUMN opened bigint")
    stage.execute(
        "UPDATE stage SET opened = told.opening FROM (SELECT part_id, warehouse_id, sum(change) FILTER (WHERE reason = 'OPENING') AS opening"
        " FROM catalog_stockledger GROUP BY 1, 2) told WHERE told.part_id = stage.part_id AND told.warehouse_id = stage.warehouse_id"
    )
    stage.refuse_where("on_hand <> opened AND opened <> 0", "on_hand", "moved_already")
    values = {"part_id": "part_id", "warehouse_id": "warehouse_id", "safety_stock": "coalesce(safety_stock, 0)"}
    values |= {"reorder_point": "coalesce(reorder_point, 0)", "place": "coalesce(place, '')"}
    update = [column for column in ("safety_stock", "reorder_point", "place") if column in stage.present]
    guards = {"on_hand": "0", "held": "0", "allocated_elsewhere": "0"}
    stage.write("catalog_stocklevel", key=["part_id", "warehouse_id"], values=values, update=update, guards=guards)
    fresh = "on_hand > 0 AND coalesce(opened, 0) = 0"
    stage.post(
        "catalog_stockledger", f"SELECT line AS file_line, part_id, warehouse_id, on_hand FROM stage WHERE {fresh}"
    )


def receipts(stage: Stage) -> None:
    """Expected receipts; `reference` (or part, warehouse and day) tells them apart, so that a second run expects nothing twice."""
    _places(stage)
    stage.execute(
        "UPDATE stage SET reference = 'import:' || part_id || ':' || warehouse_id || ':' || expected_on WHERE reference IS NULL"
    )
    stage.refuse_repeated("reference")
    taken = f"SELECT FROM {stage.known('catalog_expectedreceipt')} r WHERE r.reference = stage.reference AND"
    stage.refuse_where(f"EXISTS ({taken} r.received + r.held > stage.quantity)", "quantity", "moved_already")
    stage.refuse_where(
        f"EXISTS ({taken} (r.part_id, r.warehouse_id) <> (stage.part_id, stage.warehouse_id))", "reference", "overlap"
    )
    columns = ("part_id", "warehouse_id", "expected_on", "quantity", "reference")
    stage.write(
        "catalog_expectedreceipt",
        key=["reference"],
        values={name: name for name in columns},
        update=["expected_on", "quantity"],
        defaults={"created_at": "%(now)s"},
        guards={"received": "0", "held": "0"},
    )


def _places(stage: Stage) -> None:
    link_part(stage, "part_number", into="part_id", maker="stage.maker", normalised="part_number_bare")
    link_code(stage, "warehouse", into="warehouse_id", table="catalog_warehouse", reason="unknown_warehouse")


_PART = (Column("part_number", required=True, most=60, aliases=("number",)), Column("maker", most=80))
_BARE = {"part_number_bare": ("part_number", normalise)}
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
            *names_columns(120),
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
            Column("includes_tax", Kind.YES_NO),
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
