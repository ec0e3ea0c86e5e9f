"""Holding promises for a special reason, and letting them run on."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from portal.errors import Code, refusal
from portal.locks import lock_rows
from portal.promises.models import Promise, PromisePause
from portal.promises.rules.words import OPEN, Cause
from portal.promises.services.refresh import promise_refresh


@transaction.atomic
def promises_pause(
    *,
    subject_kind: str,
    subject: str,
    reason: str,
    cause: str,
    at: datetime,
    now: datetime,
    evidence: str = "",
    policies: Collection[str] | None = None,
) -> list[Promise]:
    """Hold the subject's open promises (of `policies`, or all) from `at` on; answers them as they stand then.

    A cause of ours holds nothing: they run on. One of neither's needs evidence; that a manager allowed it, the caller
    has checked. A promise already broken stays BROKEN: its hold begins at its due moment at the earliest, and days held
    for the customer earn nothing. INVALID: no reason, no evidence, an unknown cause, a moment in the future.
    """
    _check(reason, cause, at, now, evidence)
    promises = _locked(subject_kind, subject, policies)
    if cause == Cause.OURS:
        return promises
    for promise in promises:
        start = max(moment for moment in (at, promise.started_at, promise.broken_at) if moment)
        if promise.pauses.filter(reason=reason, ended_at__isnull=True).exists():
            continue
        PromisePause.objects.create(promise=promise, started_at=start, reason=reason, cause=cause, evidence=evidence)
        promise_refresh(promise, now=now)
    return promises


@transaction.atomic
def promises_resume(*, subject_kind: str, subject: str, at: datetime, now: datetime) -> list[Promise]:
    """End every hold of the subject at `at`; due moments move by what the holds contained. INVALID: a moment in the future."""
    if at > now:
        raise refusal(Code.INVALID, "at", at=at.isoformat())
    held = PromisePause.objects.filter(
        promise__subject_kind=subject_kind, promise__subject=subject, ended_at__isnull=True
    )
    promises = lock_rows(Promise.objects.filter(pk__in=held.values("promise")))
    for promise in promises:
        for pause in promise.pauses.filter(ended_at__isnull=True):
            pause.ended_at = max(at, pause.started_at)
            pause.save(update_fields=["ended_at"])
        promise_refresh(promise, now=now)
    return promises


def _check(reason: str, cause: str, at: datetime, now: datetime, evidence: str) -> None:
    if not reason:
        raise refusal(Code.INVALID, "reason")
    if cause not in set(Cause):
        raise refusal(Code.INVALID, "cause", cause=cause)
    if cause == Cause.NEITHER and not evidence:
        raise refusal(Code.INVALID, "evidence")
    if at > now:
        raise refusal(Code.INVALID, "at", at=at.isoformat())


def _locked(subject_kind: str, subject: str, policies: Collection[str] | None) -> list[Promise]:
    rows = Promise.objects.filter(subject_kind=subject_kind, subject=subject, state__in=OPEN)
    return lock_rows(rows if policies is None else rows.filter(policy_code__in=list(policies)))
