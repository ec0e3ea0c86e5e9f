"""taxes: what each country takes, by class of goods and day."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.imports.lists import meet
from catalog.imports.stage import Stage
from catalog.imports.types import Column, Importer, Kind
from catalog.models import TaxClass


def taxes(stage: Stage) -> None:
    """Rates by country, class and first day. A later rate of the same country and class ends the one that runs without an end."""
    classes = ", ".join(f"'{one}'" for one in (TaxClass.STANDARD, TaxClass.REDUCED))
    stage.execute("UPDATE stage SET country = upper(country), tax_class = upper(coalesce(tax_class, 'STANDARD'))")
    stage.refuse_where("country !~ '^[A-Z]{2}$'", "country", "unknown_value")
    stage.refuse_where(f"tax_class NOT IN ({classes})", "tax_class", "unknown_value")
    stage.refuse_where("rate >= 1", "rate", "too_great")
    stage.refuse_where("valid_from >= valid_to", "valid_to", "range")
    stage.refuse_repeated("country", "tax_class", "valid_from", column="valid_from")
    rates = stage.known_rows("orders_taxrate", "id", "country", "tax_class", "rate", "valid")
    touched: dict[int, dict[str, Any]] = {}
    for row in sorted(stage.rows(), key=lambda row: row["valid_from"]):
        _rate(stage, row, rates, touched)
    for new in (False, True):  # those that end come first: two rates never share a day
        rows = [one for one in touched.values() if one["new"] is new]
        stage.write_rows(
            "orders_taxrate",
            [{name: value for name, value in one.items() if name != "new"} for one in rows],
            key=["id"],
            update=["rate", "valid"],
        )


def _rate(stage: Stage, row: dict[str, Any], rates: list[dict[str, Any]], touched: dict[int, dict[str, Any]]) -> None:
    mine = [one for one in rates if (one["country"], one["tax_class"]) == (row["country"], row["tax_class"])]
    same = next((one for one in mine if one["valid"].lower == row["valid_from"]), None)
    later = [one["valid"].lower for one in mine if one["valid"].lower > row["valid_from"]]
    days = DateRange(row["valid_from"], row["valid_to"] or min(later, default=None))
    ending = [one for one in mine if one["valid"].upper is None and one["valid"].lower < row["valid_from"]]
    if any(meet(one["valid"], days) for one in mine if one is not same and one not in ending):
        stage.refuse(row["line"], "valid_from", row["valid_from"], "overlap")
        return
    for one in ending:
        one["valid"] = DateRange(one["valid"].lower, row["valid_from"])
        touched.setdefault(one["id"], {"new": False})
        touched[one["id"]] |= {"line": row["line"], **one}
    made = same or {"id": stage.next_id("orders_taxrate"), "country": row["country"], "tax_class": row["tax_class"]}
    made |= {"rate": round(row["rate"], 4), "valid": days}
    touched[made["id"]] = {"new": same is None, "line": row["line"], **made}
    if same is None:
        rates.append(made)


IMPORTERS = (
    Importer(
        "taxes",
        4,
        (
            Column("country", required=True, most=2),
            Column("tax_class", most=8),
            Column("rate", Kind.DECIMAL, required=True, least=0),
            Column("valid_from", Kind.DATE, required=True),
            Column("valid_to", Kind.DATE),
        ),
        taxes,
    ),
)
