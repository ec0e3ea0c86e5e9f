"""Promises as people ask for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from portal.promises.models import Promise, PromiseLine
from portal.promises.rules.words import State


def promises_of(subject_kind: str, subjects: Collection[str]) -> dict[str, list[Promise]]:
    """{subject: its promises, earliest promised first} with lines, facts and pauses; four queries whatever their number."""
    found: dict[str, list[Promise]] = {subject: [] for subject in subjects}
    rows = Promise.objects.filter(subject_kind=subject_kind, subject__in=list(subjects))
    for promise in rows.prefetch_related("lines__facts", "pauses").order_by(
        F("promised_at").asc(nulls_last=True), "pk"
    ):
        found[promise.subject].append(promise)
    return found


def promises_by_key(subject_kind: str, keys: Collection[int]) -> list[Promise]:
    """These promises about subjects of a kind, with facts and pauses; four queries. Whose they are is the caller's to ask."""
    rows = Promise.objects.filter(subject_kind=subject_kind, pk__in=list(keys))
    return list(rows.prefetch_related("lines__facts", "pauses").order_by("pk"))


def promises_list(
    *,
    company_id: int | None = None,
    state: str | None = None,
    policy: str | None = None,
    due_before: datetime | None = None,
) -> QuerySet[Promise]:
    """Promises, the earliest due first; `company_id` None: of all companies (for the house alone)."""
    asked = {"company_id": company_id, "state": state, "policy_code": policy, "due_at__lt": due_before}
    rows = Promise.objects.filter(**{key: value for key, value in asked.items() if value is not None})
    return rows.order_by(F("due_at").asc(nulls_last=True), "pk")


def promised_pieces(subject_kind: str, subject: str) -> dict[str, dict[str, int]]:
    """{policy: {line reference: pieces promised}} of all promises of a subject, those cancelled whole too; one query.

    Who settles counts what was cancelled from these sums: a promise left out would run again.
    """
    return _pieces(PromiseLine.objects.filter(promise__subject_kind=subject_kind, promise__subject=subject))


def shown_pieces(subject_kind: str, subject: str) -> dict[str, dict[str, int]]:
    """The same of promises whose clock never started."""
    mine = PromiseLine.objects.filter(promise__subject_kind=subject_kind, promise__subject=subject)
    return _pieces(mine.filter(promise__started_at=None))


def _pieces(lines: QuerySet[PromiseLine]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for policy, ref, quantity in lines.values_list("promise__policy_code", "ref", "quantity"):
        pieces = found.setdefault(policy, {})
        pieces[ref] = pieces.get(ref, 0) + quantity
    return found


def days_promised(subject_kind: str, subject: str) -> list[tuple[str, date]]:
    """(policy, the day as it was promised) of every started promise of a subject that was not cancelled whole, earliest first."""
    rows = Promise.objects.filter(subject_kind=subject_kind, subject=subject, promised_at__isnull=False)
    found = []
    for policy, at, zone in rows.exclude(state=State.CANCELLED).values_list("policy_code", "promised_at", "zone"):
        if at is not None:  # promised by the midnight that closes the day
            found.append(((at - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date(), policy))
    return [(policy, on) for on, policy in sorted(found)]


def promises_broken(subject_kind: str, subject: str, *, since: datetime) -> bool:
    """Is a promise of the subject broken that a fact at `since` would find in time?"""
    rows = Promise.objects.filter(subject_kind=subject_kind, subject=subject, state=State.BROKEN.value)
    return rows.filter(due_at__gt=since).exists()
