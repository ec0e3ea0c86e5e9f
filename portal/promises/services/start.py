"""Showing a promise, and starting its clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

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
_NAMED = """(
SELECT json_agg(json_build_array(line.ref, line.quantity, line.base::text, line.cancelled))
  FROM promises_promiseline line
 WHERE line.promise_id = promises_promise.id)"""
_CLOCKS = """
UPDATE promises_promise promise
   SET state = %s, started_at = clock.at, promised_at = clock.due, due_at = clock.due, next_at = clock.next, warn_at = clock.warn
  FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[])
    AS clock (id, at, due, next, warn)
 WHERE promise.id = clock.id"""


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
    """Store promises as they were shown to the buyer, their clocks not started (OFFERED); `promises_start` takes them over.

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
        given["last_collection"] = one.last_collection
        rows.append(known or Promise(**key, **frozen, **given, offered_at=now, offered_day=offer.day))
    fresh = [row for row in rows if row.pk is None]
    Promise.objects.bulk_create(fresh)
    wanted = [_lines_new(row, one.lines, fresh=row in fresh) for row, one in zip(rows, shown, strict=True)]
    PromiseLine.objects.bulk_create([line for lines in wanted for line in lines])
    return rows


@transaction.atomic(savepoint=False)
def promises_start(
    *,
    subject_kind: str,
    subject: str,
    company_id: int,
    currency: str,
    shown: Sequence[Shown],
    started_at: datetime,
    now: datetime,
    offered_at: datetime | None = None,
    book: TermsBook | None = None,
) -> list[Promise]:
    """Start several clocks of a subject at one moment, each as `promise_start` does; what is open is locked and read once.

    The caller has locked the subject itself before, or what it is made of.
    """
    start = _Start(subject_kind, subject, company_id, currency, started_at, offered_at, now, book or TermsBook())
    known = _open_by_policy(start)
    rows: list[Promise] = []
    waiting: list[Promise] = []  # taken over as they were shown, and not written yet
    begun: set[str] = set()
    for one in shown:
        if one.policy in begun:  # it has to find what the one before has changed
            _clocks_write(waiting)
            waiting, mine = [], lock_rows(_open(start, one.policy))
        else:
            mine = known.get(one.policy, [])
        begun.add(one.policy)
        row, unwritten = _begin(start, one, mine)
        rows.append(row)
        waiting += [row] if unwritten else []
    _clocks_write(waiting)
    return rows


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
) -> Promise:
    """Start the clock at `started_at`, when the thing happened that starts it (money in, confirmed).

    With the key (subject, policy, start, agreed day) of an earlier call it answers that promise, with any line that is
    new to it added. INVALID: a start in the future, no lines, an unknown policy, calendar or zone, no day agreed where
    the policy needs one; they end the caller's transaction.
    """
    start = _Start(subject_kind, subject, company_id, currency, started_at, offered_at, now, TermsBook())
    shown = Shown(policy, zone, calendar, lines, agreed_on, last_collection)
    row, unwritten = _begin(start, shown, lock_rows(_open(start, policy)))
    _clocks_write([row] if unwritten else [])
    return row


@dataclass(frozen=True)
class _Start:
    """What promises that start together share."""

    subject_kind: str
    subject: str
    company_id: int
    currency: str
    at: datetime
    offered_at: datetime | None
    now: datetime
    book: TermsBook


def _open(start: _Start, policy: str | None = None) -> QuerySet[Promise]:
    """What is shown or runs for the subject, of one policy or of all, each with its lines as `named`."""
    rows = Promise.objects.filter(subject_kind=start.subject_kind, subject=start.subject)
    rows = rows.filter(policy_code=policy) if policy else rows
    return rows.exclude(state=State.CANCELLED).annotate(named=RawSQL(_NAMED, ()))  # noqa: S611  a constant


def _open_by_policy(start: _Start) -> dict[str, list[Promise]]:
    """The same, locked."""
    found: dict[str, list[Promise]] = {}
    for row in lock_rows(_open(start), timeout=None):
        found.setdefault(row.policy_code, []).append(row)
    return found


def _begin(start: _Start, one: Shown, known: Sequence[Promise]) -> tuple[Promise, bool]:
    """The promise with its clock started, and whether its moments are still to be written (`_clocks_write`)."""
    if start.at > start.now:
        raise refusal(Code.INVALID, "startedAt", startedAt=start.at.isoformat())
    if not one.lines or any(line.quantity <= 0 for line in one.lines):
        raise refusal(Code.INVALID, "lines")
    running = next((row for row in known if (row.started_at, row.agreed_on) == (start.at, one.agreed_on)), None)
    if running is not None:
        return (promise_refresh(running, now=start.now) if _lines_add(running, one.lines) else running), False
    policy = policy_at(one.policy, start.at, zone=one.zone, agreed_on=one.agreed_on, book=start.book)
    offers = [row for row in known if row.state == State.OFFERED]
    same = _as_shown(offers, one.agreed_on, one.lines)
    subject = {"subject_kind": start.subject_kind, "subject": start.subject, "policy_code": one.policy}
    promise = (
        same
        or _offer_take(offers, one.agreed_on, one.lines)
        or Promise(**subject, agreed_on=one.agreed_on, offered_at=start.offered_at)
    )
    given: dict[str, Any] = {"company_id": start.company_id, "currency": start.currency}
    given |= {"zone": one.zone, "calendar": one.calendar, "last_collection": one.last_collection} | _frozen(policy)
    news = [name for name, value in given.items() if getattr(promise, name) != value]
    for name in news:
        setattr(promise, name, given[name])
    _clock_start(promise, start)
    if same is not None and not news:
        return promise, True
    promise.save(update_fields=[*_STARTED, *news] if promise.pk else None)
    _lines_add(promise, () if same else one.lines, fresh=True)
    return promise, False


def _frozen(policy: Policy) -> dict[str, Any]:
    names = ("allowance", "unit", "late_rate", "late_cap", "alarm")
    return {"policy_id": policy.pk} | {name: getattr(policy, name) for name in names}


def _as_shown(offers: Sequence[Any], agreed_on: date | None, lines: Sequence[PromisedLine]) -> Promise | None:
    """The offer that shows these lines and nothing else, as it mostly is: its rows stay as they are."""
    same = next((offer for offer in offers if offer.agreed_on == agreed_on), None)
    if same is None:
        return None
    rows = [(ref, quantity, Decimal(base), cancelled) for ref, quantity, base, cancelled in same.named or ()]
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
    if same is not None and not same.lines.exists():
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


def _clock_start(promise: Promise, start: _Start) -> None:
    closed = start.book.closed(promise.calendar)
    promise.started_at = start.at
    promise.promised_at = promise.due_at = due_at(start.at, terms_kept(promise), closed)
    case = case_of(promise, ())
    promise.state = State.RUNNING
    steps_plan(promise, case, judge(case, closed, start.at))


def _clocks_write(promises: Sequence[Promise]) -> None:
    """Write the moments of clocks just started: one statement, for nearly every order that waited for its money comes here."""
    if not promises:
        return
    rows = [(row.pk, row.started_at, row.due_at, row.next_at, row.warn_at) for row in promises]
    with connection.cursor() as cursor:
        cursor.execute(_CLOCKS, [State.RUNNING.value, *(list(column) for column in zip(*rows, strict=True))])


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
