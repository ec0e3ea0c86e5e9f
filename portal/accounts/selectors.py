"""Reads of people and companies, through the actor."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

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


def actor_known_as(actor: str) -> str:
    """The name of whom history names `membership:7`; the portal itself where nobody did it. For the house's own eyes."""
    return actors_known_as([actor])[actor]


def actors_known_as(actors: Iterable[str]) -> dict[str, str]:
    """As `actor_known_as`, for many in one query."""
    keys = {one: one.removeprefix("membership:") for one in actors}
    people = Membership.objects.filter(pk__in=[int(key) for key in keys.values() if key.isdigit()])
    names = {str(one.pk): str(one.user) for one in people.select_related("user")}
    return {one: names.get(key, "") or _("the portal itself") for one, key in keys.items()}
