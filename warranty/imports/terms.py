"""warranty_terms, contracts and campaigns."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.imports.lists import meet
from catalog.imports.stage import Stage
from catalog.imports.types import Column, Importer, Kind
from catalog.rules.numbers import normalise
from catalog.selectors.parts import parts_resolve
from warranty.models import Bearer


def warranty_terms(stage: Stage) -> None:
    """Terms by model, part group and first day. A term without an end is ended by a later one of the same model and group."""
    models_, groups = _by_code(stage, "catalog_equipmentmodel"), _by_code(stage, "catalog_partgroup")
    terms = [_known_term(row) for row in stage.known_rows("warranty_warrantyterm", *_TERM)]
    for row in sorted(stage.rows(), key=lambda row: (row["valid_from"], row["line"])):
        reason = _term_trouble(row, models_, groups)
        if reason:
            stage.refuse(row["line"], *reason)
        elif not _term(stage, terms, row, models_.get(row["model"]), groups.get(row["part_group"])):
            stage.refuse(row["line"], "valid_from", row["valid_from"], "overlap")
    for new in (False, True):  # what ends comes first: two terms of one thing never share a day
        stage.write_rows(
            "warranty_warrantyterm",
            [{name: one[name] for name in ("line", *_TERM)} for one in terms if one["line"] and one["new"] is new],
            key=["id"],
            update=["months", "max_hours", "excluded", "bearer", "valid"],
        )


def _known_term(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "line": 0, "new": False}


def _term_trouble(
    row: dict[str, Any], models_: dict[str, int], groups: dict[str, int]
) -> tuple[str, object, str] | None:
    """Column, value and reason against a term."""
    checks = (
        (row["model"] and row["model"] not in models_, "model", "unknown_model"),
        (row["part_group"] and row["part_group"] not in groups, "part_group", "unknown_group"),
        (not row["excluded"] and not row["months"], "months", "missing"),
        (_bearer(row, Bearer.MAKER) not in Bearer.values, "bearer", "unknown_value"),
        (row["valid_to"] and row["valid_to"] <= row["valid_from"], "valid_to", "range"),
    )
    return next(((column, row[column], reason) for wrong, column, reason in checks if wrong), None)


def _term(stage: Stage, terms: list[dict[str, Any]], row: dict[str, Any], model: int | None, group: int | None) -> bool:
    """Put the row's term among the others; False when another one is valid on some of its days."""
    starts = row["valid_from"]
    same = [one for one in terms if (one["model_id"], one["part_group_id"]) == (model, group)]
    known = next((one for one in same if one["valid"].lower == starts), None)
    open_ = [
        one
        for one in same
        if one["valid"].upper is None and (one["valid"].lower is None or one["valid"].lower < starts)
    ]
    days = DateRange(starts, row["valid_to"] or (known["valid"].upper if known else None))
    if any(meet(one["valid"], days) for one in same if one is not known and one not in open_):
        return False
    for one in open_:
        one |= {"valid": DateRange(one["valid"].lower, starts), "line": one["line"] or row["line"]}
    values = {
        "line": row["line"],
        "months": row["months"] or 0,
        "max_hours": row["max_hours"],
        "excluded": bool(row["excluded"]),
        "bearer": _bearer(row, Bearer.MAKER),
        "valid": days,
    }
    if known:
        known |= values
    else:
        fresh = {"id": stage.next_id("warranty_warrantyterm"), "model_id": model, "part_group_id": group, "new": True}
        terms.append(fresh | values)
    return True


def contracts(stage: Stage) -> None:
    """Maintenance contracts by number; `groups` "SEALS;FILTERS", empty: every group; `ends_on` is the first day without cover."""
    stage.refuse_repeated("number")
    stage.refuse_where("ends_on <= starts_on", "ends_on", "range")
    stage.refuse_where("currency !~ '^[A-Z]{3}$'", "currency", "unknown_value")
    groups, good = _by_code(stage, "catalog_partgroup"), []
    machines = _by_code(stage, "warranty_equipment", code="normalised")
    for row in stage.rows():
        named, machine = _listed(row["groups"]), machines.get(normalise(row["serial"]))
        if machine is None:
            stage.refuse(row["line"], "serial", row["serial"], "unknown_machine")
        elif unknown := set(named) - groups.keys():
            stage.refuse(row["line"], "groups", ";".join(sorted(unknown)), "unknown_group")
        else:
            values = {name: row[name] for name in ("line", "number", "starts_on", "ends_on", "yearly_cap", "currency")}
            good.append(
                {**values, "equipment_id": machine, "groups": named, "customer_share": row["customer_share"] or 0}
            )
    update = ["equipment_id", "starts_on", "ends_on", "groups", "customer_share", "yearly_cap", "currency"]
    stage.write_rows("warranty_maintenancecontract", good, key=["number"], update=update)


def campaigns(stage: Stage) -> None:
    """Campaigns by code; `parts` "A-1;B-2" by any of their numbers, the whole list each time."""
    stage.refuse_repeated("code")
    stage.refuse_where("ends_on <= starts_on", "ends_on", "range")
    stage.refuse_where("serial_to < serial_from", "serial_to", "range")
    models_, parts = _by_code(stage, "catalog_equipmentmodel"), _Parts(stage)
    good = [row for row in stage.rows() if _campaign_allowed(stage, row, models_, parts)]
    columns = ("line", "code", "name", "serial_from", "serial_to", "starts_on", "ends_on")
    rows = [
        {name: row[name] for name in columns}
        | {"model_id": models_[row["model"]], "bearer": _bearer(row, Bearer.CAMPAIGN)}
        for row in good
    ]
    stage.write_rows("warranty_campaign", rows, key=["code"], update=[*columns[2:], "model_id", "bearer"])
    ids = _by_code(stage, "warranty_campaign")
    held = [
        {"line": row["line"], "campaign_id": ids[row["code"]], "part_id": part}
        for row in good
        for part in sorted({parts.meant(number) for number in _listed(row["parts"])})
    ]
    _parts_gone(
        stage, {ids[row["code"]]: row["line"] for row in good}, {(one["campaign_id"], one["part_id"]) for one in held}
    )
    stage.write_rows("warranty_campaign_parts", held, key=["campaign_id", "part_id"])


def _campaign_allowed(stage: Stage, row: dict[str, Any], models_: dict[str, int], parts: _Parts) -> bool:
    unknown = [number for number in _listed(row["parts"]) if not parts.meant(number)]
    if row["model"] not in models_:
        stage.refuse(row["line"], "model", row["model"], "unknown_model")
    elif unknown:
        reason = "ambiguous_part" if parts.several(unknown[0]) else "unknown_part"
        stage.refuse(row["line"], "parts", unknown[0], reason)
    elif _bearer(row, Bearer.CAMPAIGN) not in Bearer.values:
        stage.refuse(row["line"], "bearer", row["bearer"], "unknown_value")
    else:
        return True
    return False


def _parts_gone(stage: Stage, campaigns_: dict[int, int], held: set[tuple[int, int]]) -> None:
    """Parts a campaign had and has no more."""
    known = stage.known_rows("warranty_campaign_parts", "id", "campaign_id", "part_id")
    gone = [
        (row["id"], campaigns_[row["campaign_id"]])
        for row in known
        if row["campaign_id"] in campaigns_ and (row["campaign_id"], row["part_id"]) not in held
    ]
    if gone:
        rows = ", ".join(f"({key:d}, {line:d})" for key, line in gone)
        stage.remove("warranty_campaign_parts", f"SELECT * FROM (VALUES {rows}) gone (id, file_line)")


class _Parts:
    """What the numbers named in `parts` mean: a part new with this delivery as it is written, else any number a part ever had."""

    def __init__(self, stage: Stage) -> None:
        numbers = sorted({number for row in stage.rows() for number in _listed(row["parts"])})
        asked = {"numbers": numbers}
        written = stage.known_rows(
            "catalog_part",
            "number",
            "min(id) AS id",
            where="number = ANY(%(numbers)s) GROUP BY number HAVING count(*) = 1",
            params=asked,
        )
        self.written = {row["number"]: row["id"] for row in written}
        others = {number: normalise(number) for number in numbers if number not in self.written}
        self.found = parts_resolve(others, on=stage.now.date())
        unheard = {
            bare: number for number, bare in others.items() if not self._known(number) and not self.several(number)
        }
        bare = "normalised = ANY(%(bare)s) GROUP BY normalised HAVING count(*) = 1"
        for row in stage.known_rows(
            "catalog_part", "normalised", "min(id) AS id", where=bare, params={"bare": sorted(unheard)}
        ):
            self.written[unheard[row["normalised"]]] = row["id"]

    def meant(self, number: str) -> int:
        """The key of the part; 0 when none or several are meant."""
        return self.written.get(number) or self._known(number)

    def _known(self, number: str) -> int:
        part = self.found[number].asked_part or self.found[number].part
        return part.pk if part else 0

    def several(self, number: str) -> bool:
        """Are several parts meant?"""
        return self.found[number].ambiguous


def _by_code(stage: Stage, table: str, code: str = "code") -> dict[str, int]:
    return {row["code"]: row["id"] for row in stage.known_rows(table, "id", f"{code} AS code")}


def _bearer(row: dict[str, Any], default: str) -> str:
    return str(row["bearer"] or default).upper()


def _listed(text: str | None) -> list[str]:
    return [entry.strip() for entry in (text or "").split(";") if entry.strip()]


_TERM = ("id", "model_id", "part_group_id", "months", "max_hours", "excluded", "bearer", "valid")
_INTEGER, _DATE = Kind.INTEGER, Kind.DATE
_BEARER = Column("bearer", most=10)
_SERIALS = (
    Column("serial_from", _INTEGER, least=0, most=2**62),
    Column("serial_to", _INTEGER, least=0, most=2**62),
)

IMPORTERS = (
    Importer(
        "warranty_terms",
        82,
        (
            Column("model", most=80),
            Column("part_group", most=40, aliases=("group",)),
            Column("months", _INTEGER, least=0, most=1200),
            Column("max_hours", _INTEGER, least=1),
            Column("excluded", Kind.YES_NO),
            _BEARER,
            Column("valid_from", _DATE, required=True),
            Column("valid_to", _DATE),
        ),
        warranty_terms,
    ),
    Importer(
        "contracts",
        83,
        (
            Column("number", required=True, most=40),
            Column("serial", required=True, most=60),
            Column("starts_on", _DATE, required=True),
            Column("ends_on", _DATE, required=True),
            Column("groups", most=2000),
            Column("customer_share", Kind.DECIMAL, least=0, most=1),
            Column("yearly_cap", Kind.DECIMAL, least=0, most=10**10),
            Column("currency", required=True, most=3),
        ),
        contracts,
    ),
    Importer(
        "campaigns",
        84,
        (
            Column("code", required=True, most=40),
            Column("name", required=True, most=200),
            Column("model", required=True, most=80),
            *_SERIALS,
            Column("parts", most=100_000),
            Column("starts_on", _DATE, required=True),
            Column("ends_on", _DATE),
            _BEARER,
        ),
        campaigns,
    ),
)
