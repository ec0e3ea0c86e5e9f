"""companies and people."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.db import transaction

from catalog.imports.stage import Stage
from catalog.imports.types import Column, Importer, Kind
from portal.accounts.models import Company, CompanyKind, Membership, Role, User

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
)


def companies(stage: Stage) -> None:
    """Companies by `key`; cells left empty leave what is known."""
    stage.refuse_repeated("key")
    known = {company.import_key: company for company in Company.objects.filter(import_key__isnull=False)}
    for row in stage.rows():
        if row["kind"].upper() not in CompanyKind.values:
            stage.refuse(row["line"], "kind", row["kind"], "unknown_value")
        elif row["zone"] and row["zone"] not in available_timezones():
            stage.refuse(row["line"], "zone", row["zone"], "unknown_value")
        else:
            _company(stage, known.get(row["key"]), row)


def _company(stage: Stage, known: Company | None, row: dict[str, Any]) -> None:
    company = known or Company(import_key=row["key"], kind=row["kind"].upper())
    values = {name: row[name] for name in _PLAIN if row[name] is not None} | {"kind": row["kind"].upper()}
    address = {theirs: row[ours] for ours, theirs in _ADDRESS.items() if row[ours]}
    if address:
        values["address"] = {**company.address, "name": row["name"], **address}
    if known and all(getattr(known, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(company, name, value)
    company.save()
    stage.report.added += not known
    stage.report.changed += bool(known)


def people(stage: Stage) -> None:
    """People by e-mail with their roles in a company. They get no password: an administrator invites them. Roles of the house are given by hand."""
    by_key = {company.import_key: company for company in Company.objects.filter(import_key__isnull=False)}
    for row in stage.rows():
        roles = sorted({role.strip().upper() for role in row["roles"].split(";") if role.strip()})
        company = by_key.get(row["company"])
        if company is None:
            stage.refuse(row["line"], "company", row["company"], "unknown_company")
        elif unknown := set(roles) - set(Role.values):
            stage.refuse(row["line"], "roles", ";".join(sorted(unknown)), "unknown_value")
        elif "@" not in row["email"]:
            stage.refuse(row["line"], "email", row["email"], "unknown_value")
        elif company.kind == CompanyKind.HOUSE or set(roles) - {Role.BUYER, Role.COMPANY_ADMIN, Role.TECHNICIAN}:
            stage.refuse(row["line"], "roles", row["roles"], "not_allowed_here")
        else:
            _person(stage, company, row, roles)


@transaction.atomic
def _person(stage: Stage, company: Company, row: dict[str, Any], roles: list[str]) -> None:
    user = User.objects.filter(email__iexact=row["email"]).first()
    if user is None:
        user = User.objects.create_user(row["email"], name=row["name"] or "", language=row["language"] or "en")
    membership, fresh = Membership.objects.get_or_create(user=user, company=company, defaults={"roles": roles})
    stage.report.added += fresh
    if not fresh and sorted(membership.roles) != roles:
        membership.roles = roles
        membership.save(update_fields=["roles"])
        stage.report.changed += 1


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
