"""companies and people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from django.contrib.auth.hashers import make_password

from catalog.imports.stage import Stage
from catalog.imports.types import Column, Importer, Kind
from portal.accounts.models import Company, CompanyKind, Role
from portal.accounts.tax_numbers import COLUMNS as TAX_COLUMNS
from portal.accounts.tax_numbers import tax_number_facts

INTEGER, DECIMAL, DATE, YES_NO = Kind.INTEGER, Kind.DECIMAL, Kind.DATE, Kind.YES_NO
_ADDRESS = {
    "street": "street",
    "city": "city",
    "postal_code": "postalCode",
    "country": "country",
    "region": "region",
    "phone": "phone",
}
_PLAIN = (
    "name",
    "market",
    "discount_class",
    "zone",
    "calendar",
    "credit_limit",
    "credit_stopped",
    "terms_days",
    "contract_signed_on",
    "contract_ends_on",
    "is_consumer",
)
# What a company gets that a file says nothing about.
_NEW = {name: getattr(Company(), name) for name in (*_PLAIN, *TAX_COLUMNS)} | {"address": {}}


def companies(stage: Stage) -> None:
    """Companies by `key`; cells left empty leave what is known."""
    stage.refuse_repeated("key")
    columns = ("import_key", "kind", "address", *_PLAIN, *TAX_COLUMNS)
    known = {
        row["import_key"]: row for row in stage.known_rows("accounts_company", *columns, where="import_key IS NOT NULL")
    }
    rows = []
    for row in stage.rows():
        if row["kind"].upper() not in CompanyKind.values:
            stage.refuse(row["line"], "kind", row["kind"], "unknown_value")
        elif _house_changes(known.get(row["key"]), row["kind"].upper()):
            stage.refuse(row["line"], "kind", row["kind"], "not_allowed_here")
        elif row["zone"] and row["zone"] not in available_timezones():
            stage.refuse(row["line"], "zone", row["zone"], "unknown_value")
        else:
            rows.append(_company(known.get(row["key"]) or _NEW, row, stage.now))
    stage.write_rows("accounts_company", rows, key=["import_key"], update=columns[1:])


def _house_changes(known: Mapping[str, Any] | None, kind: str) -> bool:
    """Would a known company's people become the house's own, or cease to be?"""
    return known is not None and known["kind"] != kind and CompanyKind.HOUSE in (known["kind"], kind)


def _company(known: Mapping[str, Any], row: dict[str, Any], now: datetime) -> dict[str, Any]:
    """The company as it should be."""
    values = {name: known[name] if row[name] is None else row[name] for name in _PLAIN}
    address = {theirs: row[ours] for ours, theirs in _ADDRESS.items() if row[ours]}
    before = json.loads(known["address"]) if isinstance(known["address"], str) else known["address"]
    if address:
        before = {**before, "name": row["name"], **address}
    tax = {name: known[name] for name in TAX_COLUMNS}
    if row["tax_number"] is not None:
        tax = tax_number_facts(tax, number=row["tax_number"], country=before.get("country", ""), by="import", now=now)
    head = {"line": row["line"], "import_key": row["key"], "kind": row["kind"].upper(), "address": before}
    return {**head, **values, **tax}


def people(stage: Stage) -> None:
    """People by e-mail with their roles in a company. They get no password: an administrator invites them. Roles of the house are given by hand."""
    stage.refuse_repeated("lower(email)", "company", column="email")
    companies_ = {row["import_key"]: row for row in stage.known_rows("accounts_company", "id", "import_key", "kind")}
    good = [row for row in stage.rows() if _person_allowed(stage, row, companies_.get(row["company"]))]
    users = {row["email"]: row["id"] for row in stage.known_rows("accounts_user", "id", "lower(email) AS email")}
    fresh = {row["email"].lower(): row for row in reversed(good) if row["email"].lower() not in users}
    made = [_user(stage, email, row) for email, row in fresh.items()]
    stage.write_rows("accounts_user", made, key=["id"])
    users |= {row["email"]: row["id"] for row in made}
    members = [
        {
            "line": row["line"],
            "user_id": users[row["email"].lower()],
            "company_id": companies_[row["company"]]["id"],
            "roles": _roles(row),
            "is_active": True,
        }
        for row in good
    ]
    stage.write_rows("accounts_membership", members, key=["user_id", "company_id"], update=["roles"])


def _roles(row: dict[str, Any]) -> list[str]:
    return sorted({role.strip().upper() for role in row["roles"].split(";") if role.strip()})


def _person_allowed(stage: Stage, row: dict[str, Any], company: dict[str, Any] | None) -> bool:
    """May a file give this person these roles?"""
    roles = set(_roles(row))
    unknown = roles - set(Role.values)
    checks = (
        (company is None, "company", row["company"], "unknown_company"),
        (unknown, "roles", ";".join(sorted(unknown)), "unknown_value"),
        ("@" not in row["email"], "email", row["email"], "unknown_value"),
        (company and company["kind"] == CompanyKind.HOUSE, "roles", row["roles"], "not_allowed_here"),
        (roles - {Role.BUYER, Role.COMPANY_ADMIN, Role.TECHNICIAN}, "roles", row["roles"], "not_allowed_here"),
    )
    trouble = next((one[1:] for one in checks if one[0]), None)
    if trouble:
        stage.refuse(row["line"], *trouble)
    return trouble is None


def _user(stage: Stage, email: str, row: dict[str, Any]) -> dict[str, Any]:
    """A person who cannot log in until an administrator invites them."""
    return {
        "line": row["line"],
        "id": stage.next_id("accounts_user"),
        "email": email,
        "name": row["name"] or "",
        "language": row["language"] or "en",
        "password": make_password(None),
        "is_active": True,
        "is_staff": False,
        "is_superuser": False,
        "created_at": stage.now,
    }


IMPORTERS = (
    Importer(
        "companies",
        1,
        (
            Column("key", required=True, most=60),
            Column("name", required=True, most=200),
            Column("kind", required=True, most=10),
            Column("market", required=True, most=8),
            Column("discount_class", most=20),
            Column("zone", most=64),
            Column("calendar", most=20),
            Column("credit_limit", DECIMAL, least=0, most=10**10),
            Column("credit_stopped", YES_NO),
            Column("terms_days", INTEGER, least=0, most=3650),
            Column("contract_signed_on", DATE),
            Column("contract_ends_on", DATE),
            Column("is_consumer", YES_NO),
            Column("tax_number", most=20),
            *(Column(name, most=200) for name in _ADDRESS),
        ),
        companies,
    ),
    Importer(
        "people",
        2,
        (
            Column("email", required=True, most=254),
            Column("name", most=200),
            Column("language", most=8),
            Column("company", required=True, most=60),
            Column("roles", required=True, most=200),
        ),
        people,
    ),
)
