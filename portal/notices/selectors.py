"""Who is told what."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet

from portal.accounts.actor import Actor
from portal.accounts.models import CompanyKind, Role, User
from portal.notices.models import Notice


def notices_for(actor: Actor) -> QuerySet[Notice]:
    """The actor's notices, newest first: its company's and its own; in the house those of its roles (administrators: of all)."""
    mine = Q(company_id=actor.company_id) & (Q(user__isnull=True) | Q(user_id=actor.user_id))
    if actor.is_house:
        roles = [role for role in Role.values if actor.has(role)]
        mine = Q(role__in=roles) | (mine & Q(company__isnull=False))
    return Notice.objects.filter(mine).order_by("-created_at", "-pk")


def notices_about(actor: Actor, subject_kind: str, subjects: Collection[str]) -> dict[str, list[Notice]]:
    """{subject: its notices the actor may see, oldest first}; one query. The house sees what its buyers were told."""
    rows = Notice.objects.all() if actor.is_house else notices_for(actor)
    found: dict[str, list[Notice]] = {subject: [] for subject in subjects}
    for notice in rows.filter(subject_kind=subject_kind, subject__in=list(subjects)).order_by("created_at", "pk"):
        found[notice.subject].append(notice)
    return found


def recipients(notice: Notice) -> QuerySet[User]:
    """The people a notice goes to by e-mail: active, and active in the company told or with the house's role."""
    people = User.objects.filter(is_active=True).distinct().order_by("pk")
    if notice.company_id is not None:
        people = people.filter(memberships__company=notice.company_id, memberships__is_active=True)
        return people if notice.user_id is None else people.filter(pk=notice.user_id)
    house = {"memberships__company__kind": CompanyKind.HOUSE, "memberships__is_active": True}
    return people.filter(**house, memberships__roles__contains=[notice.role])
