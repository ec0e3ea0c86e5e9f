"""Who is told what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise as LazyText

from portal.accounts.actor import Actor
from portal.accounts.models import Company, CompanyKind, Role, User
from portal.accounts.selectors import company_get
from portal.notices.groups import ABOUT, Group, groups_of, why_always
from portal.notices.models import Notice, NoticeChoice
from portal.notices.words import kinds_of, notice_group


def notices_for(actor: Actor) -> QuerySet[Notice]:
    """The actor's notices, newest first: its company's and its own; in the house those of its roles (administrators: of all)."""
    mine = Q(company_id=actor.company_id) & (Q(user__isnull=True) | Q(user_id=actor.user_id))
    if actor.is_house:
        roles = [role for role in Role.values if actor.has(role)]
        mine = Q(role__in=roles) | (mine & Q(company__isnull=False))
    return Notice.objects.filter(mine).order_by("-created_at", "-pk")


def unread_by_group(actor: Actor) -> dict[str, int]:
    """How many notices of each group nobody has read yet; one query."""
    found: dict[str, int] = {}
    rows = notices_for(actor).filter(read_at=None).order_by().values_list("kind").annotate(Count("pk"))
    for kind, many in rows:
        found[notice_group(kind)] = found.get(notice_group(kind), 0) + many
    return found


def notices_in(notices: QuerySet[Notice], group: str) -> QuerySet[Notice]:
    """Those of a group; all of them for no group."""
    return notices.filter(kind__in=kinds_of(group)) if group else notices


def notices_about(actor: Actor, subject_kind: str, subjects: Collection[str]) -> dict[str, list[Notice]]:
    """{subject: its notices the actor may see, oldest first}; one query. The house sees what its buyers were told."""
    rows = Notice.objects.select_related("company") if actor.is_house else notices_for(actor)
    found: dict[str, list[Notice]] = {subject: [] for subject in subjects}
    for notice in rows.filter(subject_kind=subject_kind, subject__in=list(subjects)).order_by("created_at", "pk"):
        found[notice.subject].append(notice)
    return found


def recipients(notice: Notice) -> QuerySet[User]:
    """The people a notice goes to by e-mail: active, and active in the company told or with the house's role.

    Without those who want this group on the page alone, unless they are owed the letter.
    """
    people = User.objects.filter(is_active=True).distinct().order_by("pk")
    group = notice_group(notice.kind)
    if not why_always(group, notice.company):
        people = people.exclude(pk__in=NoticeChoice.objects.filter(group=group, by_mail=False).values("user"))
    if notice.company_id is not None:
        people = people.filter(memberships__company=notice.company_id, memberships__is_active=True)
        return people if notice.user_id is None else people.filter(pk=notice.user_id)
    house = {"memberships__company__kind": CompanyKind.HOUSE, "memberships__is_active": True}
    return people.filter(**house, memberships__roles__contains=[notice.role])


@dataclass(frozen=True)
class Choice:
    """A group as a person has it; `why_always`: why its letters cannot be switched off, else empty."""

    group: Group
    about: LazyText | str
    by_mail: bool
    why_always: LazyText | str


def choices_for(actor: Actor) -> list[Choice]:
    """What the actor is told of, and how."""
    company = company_get(actor=actor, company_id=actor.company_id)
    chosen = dict(NoticeChoice.objects.filter(user=actor.user_id).values_list("group", "by_mail"))
    return [_choice(group, chosen, company) for group in groups_of(company)]


def _choice(group: Group, chosen: dict[str, bool], company: Company | None) -> Choice:
    why = why_always(group, company)
    return Choice(group, ABOUT[group], bool(why) or chosen.get(group, True), why)
