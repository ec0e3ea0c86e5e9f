"""Showing a promise, and starting its clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from portal.errors import Code, refusal
from portal.locks import lock_rows
from portal.promises.models import Policy, Promise, PromiseLine
from portal.promises.rules.due import due_at
from portal.promises.rules.standing import judge
from portal.promises.rules.words import State
from portal.promises.selectors.case import case_of, terms_kept
from portal.promises.selectors.policies import TermsBook, policy_at, promise_offer
from portal.promises.services.refresh import promise_refresh
from portal.promises.services.steps import steps_plan
from portal.promises.types import PromisedLine, Shown

_STARTED = ("started_at", "promised_at", "due_at", "state", "next_at", "warn_at")


@transaction.atomic(savepoint=False)
def promises_propose(
    *,
    subject_kind: str,
    subject: str,
    company_id: int,
    currency: str,
    shown: Sequence[Shown],
    now: datetime,
    book: TermsBook | None = None,
    new: bool = False,
) -> list[Promise]:
    """Store promises as they were shown to the buyer, their clocks not started (OFFERED); `promise_start` takes them over.

    Repeated for the same subject, policy and agreed day it answers the same rows. `new`: the subject was written
    in this transaction, so nothing was shown of it yet. A refusal ends the caller's transaction.
    """
    book = book or TermsBook()
    subject_key = {"subject_kind": subject_kind, "subject": subject, "state": State.OFFERED}
    rows: list[Promise] = []
    for one in shown:
        key = {**subject_key, "policy_code": one.policy, "agreed_on": one.agreed_on}
        place: dict[str, Any] = {"zone": one.zone, "agreed_on": one.agreed_on, "book": book}
        offer = promise_offer(policy=one.policy, calendar=one.calendar, start_at=now, **place)
        frozen = _frozen(policy_at(one.policy, now, **place))
        known = None if new else Promise.objects.filter(**key).first()
        given = {"company_id": company_id, "zone": one.zone, "calendar": one.calendar, "currency": currency}
        rows.append(known or Promise(**key, **frozen, **given, offered_at=now, offered_day=offer.day))
    fresh = [row for row in rows if row.pk is None]
    Promise.objects.bulk_create(fresh)
    wanted = [_lines_new(row, one.lines, fresh=row in fresh) for row, one in zip(rows, shown, strict=True)]
    PromiseLine.objects.bulk_create([line for lines in wanted for line in lines])
    return rows


def promises_open(*, subject_kind: str, subject: str) -> dict[str, list[Promise]]:
    """Lock what is shown or runs for a subject, at once, with its lines: by policy, for the first `promise_start` of each.

    The caller has locked the subject itself before, or what it is made of.
    """
    rows = Promise.objects.filter(subject_kind=subject_kind, subject=subject).exclude(state=State.CANCELLED)
    found: dict[str, list[Promise]] = {}
    for row in lock_rows(rows.prefetch_related("lines"), timeout=None):
        found.setdefault(row.policy_code, []).append(row)
    return found


@transaction.atomic(savepoint=False)
def promise_start(
    *,
    policy: str,
    subject_kind: str,
    subject: str,
    company_id: int,
    zone: str,
    calendar: str,
    started_at: datetime,
    lines: Sequence[PromisedLine],
    currency: str,
    now: datetime,
    offered_at: datetime | None = None,
    agreed_on: date | None = None,
    last_collection: time | None = None,
    book: TermsBook | None = None,
    known: Sequence[Promise] | None = None,
) -> Promise:
    """Start the clock at `started_at`, when the thing happened that starts it (money in, confirmed).

    `known`: this policy's of `promises_open`, where nothing changed since; without, they are locked and read here.
    With the key (subject, policy, start, agreed day) of an earlier call it answers that promise, with any line that is
    new to it added. INVALID: a start in the future, no lines, an unknown policy, calendar or zone, no day agreed where
    the policy needs one; they end the caller's transaction.
    """
    book = book or TermsBook()
    if started_at > now:
        raise refusal(Code.INVALID, "startedAt", startedAt=started_at.isoformat())
    if not lines or any(line.quantity <= 0 for line in lines):
        raise refusal(Code.INVALID, "lines")
    subject_key = {"subject_kind": subject_kind, "subject": subject, "policy_code": policy}
    mine = Promise.objects.filter(**subject_key).exclude(state=State.CANCELLED)
    open_rows = lock_rows(mine) if known is None else known
    running = next((row for row in open_rows if (row.started_at, row.agreed_on) == (started_at, agreed_on)), None)
    if running is not None:
        return promise_refresh(running, now=now) if _lines_add(running, lines) else running
    row = policy_at(policy, started_at, zone=zone, agreed_on=agreed_on, book=book)
    offers = [shown for shown in open_rows if shown.state == State.OFFERED]
    shown = _as_shown(offers, agreed_on, lines)
    promise = (
        shown
        or _offer_take(offers, agreed_on, lines)
        or Promise(**subject_key, agreed_on=agreed_on, offered_at=offered_at)
    )
    given: dict[str, Any] = {"company_id": company_id, "zone": zone, "calendar": calendar, "currency": currency}
    given |= _frozen(row) | {"last_collection": last_collection}
    news = [name for name, value in given.items() if getattr(promise, name) != value]
    for name in news:
        setattr(promise, name, given[name])
    return _clock_start(promise, () if shown else lines, started_at=started_at, book=book, news=news)


def _frozen(policy: Policy) -> dict[str, Any]:
    names = ("allowance", "unit", "late_rate", "late_cap", "alarm")
    return {"policy_id": policy.pk} | {name: getattr(policy, name) for name in names}


def _as_shown(offers: Sequence[Promise], agreed_on: date | None, lines: Sequence[PromisedLine]) -> Promise | None:
    """The offer that shows these lines and nothing else, as it mostly is: its rows stay as they are."""
    same = next((offer for offer in offers if offer.agreed_on == agreed_on), None)
    if same is None:
        return None
    rows = [(row.ref, row.quantity, row.base, row.cancelled) for row in same.lines.all()]
    wanted = [(line.ref, line.quantity, line.base, 0) for line in lines]
    return same if sorted(rows) == sorted(wanted) else None


def _offer_take(offers: Sequence[Promise], agreed_on: date | None, lines: Sequence[PromisedLine]) -> Promise | None:
    """The promise as these lines were shown it, to be started now; None when nothing was shown.

    Of an offer with the same agreed day the other lines (still under review) stay offered. Where the plan has changed
    since, the offers these lines were in give up as many pieces, and one left empty is gone.
    """
    same = next((offer for offer in offers if offer.agreed_on == agreed_on), None)
    shown = same or next((offer for offer in offers if offer.lines.filter(ref__in=[line.ref for line in lines])), None)
    if shown is None:
        return None
    if same is not None:
        # what was cancelled whole before it started is owed to nobody, and keeps no offer alive
        same.lines.filter(Q(ref__in=[line.ref for line in lines]) | Q(cancelled=F("quantity"))).delete()
    else:
        _offers_overtaken(offers, lines)
    # asked of the table: the lines that `promises_open` has read with it are those from before
    if same is not None and not PromiseLine.objects.filter(promise=same).exists():
        return same
    subject = {name: getattr(shown, name) for name in ("subject_kind", "subject", "policy_code")}
    return Promise(**subject, agreed_on=agreed_on, offered_at=shown.offered_at, offered_day=shown.offered_day)


def _offers_overtaken(offers: Sequence[Promise], lines: Sequence[PromisedLine]) -> None:
    for line in lines:
        left = line.quantity
        for row in PromiseLine.objects.filter(promise__in=offers, ref=line.ref).order_by("pk"):
            part = min(left, row.quantity)
            left, row.quantity = left - part, row.quantity - part
            if row.quantity:
                row.save(update_fields=["quantity"])
            else:
                row.delete()
    Promise.objects.filter(pk__in=[offer.pk for offer in offers], lines=None).delete()


def _clock_start(
    promise: Promise, lines: Sequence[PromisedLine], *, started_at: datetime, book: TermsBook, news: Sequence[str]
) -> Promise:
    """`news`: what else of its row has changed."""
    closed = book.closed(promise.calendar)
    promise.started_at = started_at
    promise.promised_at = promise.due_at = due_at(started_at, terms_kept(promise), closed)
    case = case_of(promise, ())
    promise.state = State.RUNNING
    steps_plan(promise, case, judge(case, closed, started_at))
    promise.save(update_fields=[*_STARTED, *news] if promise.pk else None)
    _lines_add(promise, lines, fresh=True)
    return promise


def _lines_add(promise: Promise, lines: Sequence[PromisedLine], *, fresh: bool = False) -> bool:
    """Add the lines the promise does not name yet; answer whether there were any."""
    new = _lines_new(promise, lines, fresh=fresh)
    PromiseLine.objects.bulk_create(new)
    return bool(new)


def _lines_new(promise: Promise, lines: Sequence[PromisedLine], *, fresh: bool) -> list[PromiseLine]:
    """The lines the promise does not name yet; a line given in parts is one line. `fresh`: it has none yet."""
    known = set(promise.lines.values_list("ref", flat=True)) if not fresh else set[str]()
    new: dict[str, PromiseLine] = {}
    for line in lines:
        if line.ref in new:
            new[line.ref].quantity += line.quantity
        elif line.ref not in known:
            new[line.ref] = PromiseLine(promise=promise, ref=line.ref, quantity=line.quantity, base=line.base)
    return list(new.values())
