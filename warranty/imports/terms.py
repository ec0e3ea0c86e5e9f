"""warranty_terms, contracts and campaigns."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.imports.stage import Stage
from catalog.imports.types import Column, Importer, Kind
from catalog.models import EquipmentModel, Part, PartGroup
from catalog.rules.numbers import normalise
from catalog.selectors.parts import parts_resolve
from warranty.models import Bearer, Campaign, Equipment, MaintenanceContract, WarrantyTerm


def warranty_terms(stage: Stage) -> None:
    """Terms by model, part group and first day. A term without an end is ended by a later one of the same model and group."""
    models_, groups = _by_code(EquipmentModel), _by_code(PartGroup)
    for row in sorted(stage.rows(), key=lambda row: row["valid_from"]):
        reason = _term_trouble(row, models_, groups)
        if reason:
            stage.refuse(row["line"], *reason)
            continue
        keys = {"model_id": models_.get(row["model"]), "part_group_id": groups.get(row["part_group"])}
        try:
            with transaction.atomic():
                _term(stage, keys, row)
        except IntegrityError:
            stage.refuse(row["line"], "valid_from", row["valid_from"], "overlap")


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


def _term(stage: Stage, keys: dict[str, int | None], row: dict[str, Any]) -> None:
    same = WarrantyTerm.objects.filter(**{key: value for key, value in keys.items() if value})
    same = same.filter(**{f"{key}__isnull": True for key, value in keys.items() if not value})
    known = same.filter(valid__startswith=row["valid_from"]).first()
    ends = row["valid_to"] or (known.valid.upper if known else None)
    for open_one in same.filter(valid__endswith=None, valid__startswith__lt=row["valid_from"]):
        open_one.valid = DateRange(open_one.valid.lower, row["valid_from"])
        open_one.save()
    values = {
        "months": row["months"] or 0,
        "max_hours": row["max_hours"],
        "excluded": bool(row["excluded"]),
        "bearer": _bearer(row, Bearer.MAKER),
        "valid": DateRange(row["valid_from"], ends),
    }
    _save(stage, known, known or WarrantyTerm(**keys), values)


def contracts(stage: Stage) -> None:
    """Maintenance contracts by number; `groups` "SEALS;FILTERS", empty: every group; `ends_on` is the first day without cover."""
    stage.refuse_repeated("number")
    stage.refuse_where("ends_on <= starts_on", "ends_on", "range")
    stage.refuse_where("currency !~ '^[A-Z]{3}$'", "currency", "unknown_value")
    rows, groups = stage.rows(), _by_code(PartGroup)
    bare = {row["serial"]: normalise(row["serial"]) for row in rows}
    machines = dict(Equipment.objects.filter(normalised__in=set(bare.values())).values_list("normalised", "pk"))
    known = MaintenanceContract.objects.in_bulk([row["number"] for row in rows], field_name="number")
    for row in rows:
        named = _listed(row["groups"])
        machine = machines.get(bare[row["serial"]])
        if machine is None:
            stage.refuse(row["line"], "serial", row["serial"], "unknown_machine")
        elif unknown := set(named) - groups.keys():
            stage.refuse(row["line"], "groups", ";".join(sorted(unknown)), "unknown_group")
        else:
            contract = known.get(row["number"])
            values = {name: row[name] for name in ("starts_on", "ends_on", "yearly_cap", "currency")}
            values |= {"equipment_id": machine, "groups": named, "customer_share": row["customer_share"] or 0}
            _save(stage, contract, contract or MaintenanceContract(number=row["number"]), values)


def campaigns(stage: Stage) -> None:
    """Campaigns by code; `parts` "A-1;B-2" by any of their numbers, the whole list each time."""
    stage.refuse_repeated("code")
    stage.refuse_where("ends_on <= starts_on", "ends_on", "range")
    stage.refuse_where("serial_to < serial_from", "serial_to", "range")
    rows, models_ = stage.rows(), _by_code(EquipmentModel)
    numbers = {number for row in rows for number in _listed(row["parts"])}
    found = parts_resolve(numbers, on=stage.now.date())
    parts = {number: one.asked_part or one.part for number, one in found.items() if one.asked_part or one.part}
    for row in rows:
        unknown = [number for number in _listed(row["parts"]) if number not in parts]
        if row["model"] not in models_:
            stage.refuse(row["line"], "model", row["model"], "unknown_model")
        elif unknown:
            reason = "ambiguous_part" if found[unknown[0]].ambiguous else "unknown_part"
            stage.refuse(row["line"], "parts", unknown[0], reason)
        elif _bearer(row, Bearer.CAMPAIGN) not in Bearer.values:
            stage.refuse(row["line"], "bearer", row["bearer"], "unknown_value")
        else:
            _campaign(
                stage, row, models_[row["model"]], [part for number in _listed(row["parts"]) if (part := parts[number])]
            )


def _campaign(stage: Stage, row: dict[str, Any], model_id: int, parts: list[Part]) -> None:
    known = Campaign.objects.filter(code=row["code"]).first()
    values = {name: row[name] for name in ("name", "serial_from", "serial_to", "starts_on", "ends_on")}
    values |= {"model_id": model_id, "bearer": _bearer(row, Bearer.CAMPAIGN)}
    campaign = known or Campaign(code=row["code"])
    saved = _save(stage, known, campaign, values)
    wanted = {part.pk for part in parts}
    if wanted != set(campaign.parts.values_list("pk", flat=True)):
        campaign.parts.set(wanted)
        stage.report.changed += not saved


def _save(stage: Stage, known: models.Model | None, row: models.Model, values: dict[str, Any]) -> bool:
    """Write a row where it differs, and count; answers whether it did."""
    if known is not None and all(getattr(known, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    stage.report.added += known is None
    stage.report.changed += known is not None
    return True


def _by_code(model: type[EquipmentModel] | type[PartGroup]) -> dict[str, int]:
    return dict(model.objects.values_list("code", "pk"))


def _bearer(row: dict[str, Any], default: str) -> str:
    return str(row["bearer"] or default).upper()


def _listed(text: str | None) -> list[str]:
    return [entry.strip() for entry in (text or "").split(";") if entry.strip()]


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
