"""Reads of people and companies, through the actor."""

from __future__ import annotations

from django.db.models import QuerySet

from portal.accounts.actor import Actor
from portal.accounts.models import Company, CompanyKind, Membership, User


def memberships_of(user: User) -> QuerySet[Membership]:
    """The memberships a signed-in person may act for."""
    return (
        Membership.objects.select_related("user", "company")
        .filter(user=user, is_active=True, user__is_active=True)
        .order_by("company__name", "pk")
    )


def companies_for(actor: Actor) -> QuerySet[Company]:
    """Companies the actor may name: the house sees all, others their own."""
    companies = Company.objects.order_by("name", "pk")
    return companies if actor.is_house else companies.filter(pk=actor.company_id or 0)


def company_get(*, actor: Actor, company_id: int | None) -> Company | None:
    """One company the actor may see."""
    return companies_for(actor).select_related("contact").filter(pk=company_id).first() if company_id else None


def house_get() -> Company | None:
    """The seller: its name and telephone number stand on every page."""
    return Company.objects.filter(kind=CompanyKind.HOUSE).order_by("pk").first()
