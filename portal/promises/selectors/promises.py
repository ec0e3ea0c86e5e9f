"""Promises as people ask for them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import F, QuerySet

from portal.promises.models import Promise


def promises_of(subject_kind: str, subjects: Collection[str]) -> dict[str, list[Promise]]:
    """{subject: its promises, earliest promised first} with lines, facts and pauses; four queries whatever their number."""
    found: dict[str, list[Promise]] = {subject: [] for subject in subjects}
    rows = Promise.objects.filter(subject_kind=subject_kind, subject__in=list(subjects))
    for promise in rows.prefetch_related("lines__facts", "pauses").order_by(
        F("promised_at").asc(nulls_last=True), "pk"
    ):
        found[promise.subject].append(promise)
    return found


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
