"""Which policy and which calendar holds, and what they would promise."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import Q

from portal.errors import Code, refusal
from portal.promises.models import Calendar, Policy
from portal.promises.rules.days import Closed, last_day, local_day
from portal.promises.rules.due import Terms, due_at
from portal.promises.rules.words import Unit
from portal.promises.types import Offer


def policy_get(code: str, on: date) -> Policy:
    """The policy of that day; INVALID (`policy`) when there was none."""
    return _policy_of(_policies(on), code, on)


def _policies(on: date) -> dict[str, Policy]:
    """All policies of that day, by code: a handful."""
    rows = Policy.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)
    return {row.code: row for row in rows}


def _policy_of(policies: Mapping[str, Policy], code: str, on: date) -> Policy:
    if code not in policies:
        raise refusal(Code.INVALID, "policy", policy=code, on=on.isoformat())
    return policies[code]


def closed_days(calendar: str) -> Closed:
    """A question for the rules: is this day closed in that calendar? INVALID (`calendar`) when we do not know it."""
    found = _closed([calendar]).get(calendar)
    if found is None:
        raise refusal(Code.INVALID, "calendar", calendar=calendar)
    return found


def _closed(calendars: Collection[str]) -> dict[str, Closed]:
    """That question for each of these calendars that we know; one query."""
    days: dict[str, tuple[frozenset[int], set[date]]] = {}
    rows = Calendar.objects.filter(code__in=calendars).values_list("code", "closed_weekdays", "holidays__day")
    for code, weekdays, day in rows:
        days.setdefault(code, (frozenset(weekdays), set()))[1].add(day)
    return {code: partial(_is_closed, *found) for code, found in days.items()}


def _is_closed(weekdays: Container[int], holidays: Container[date], day: date) -> bool:
    return day.weekday() in weekdays or day in holidays


class TermsBook:
    """Policies and calendars, each asked for once: for one piece of work, in one transaction, and then thrown away."""

    def __init__(self) -> None:
        self._policies: dict[date, dict[str, Policy]] = {}
        self._closed: dict[str, Closed] = {}

    def expect(self, calendars: Collection[str]) -> None:
        """Ask at once for calendars that will be needed; an unknown one is refused when it is."""
        if new := set(calendars) - self._closed.keys():
            self._closed |= _closed(new)

    def policy(self, code: str, on: date) -> Policy:
        """As `policy_get`."""
        if on not in self._policies:
            self._policies[on] = _policies(on)
        return _policy_of(self._policies[on], code, on)

    def closed(self, calendar: str) -> Closed:
        """As `closed_days`."""
        if calendar not in self._closed:
            self._closed[calendar] = closed_days(calendar)
        return self._closed[calendar]


def policy_at(code: str, at: datetime, *, zone: str, agreed_on: date | None, book: TermsBook | None = None) -> Policy:
    """The policy of the local day of `at`; INVALID (`zone`, `policy`, `agreedOn`) when it cannot be counted there."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise refusal(Code.INVALID, "zone", zone=zone) from error
    policy = (book or TermsBook()).policy(code, local_day(at, zone))
    if policy.unit == Unit.DATE and agreed_on is None:
        raise refusal(Code.INVALID, "agreedOn", policy=code)
    return policy


def promise_offer(
    *,
    policy: str,
    zone: str,
    calendar: str,
    start_at: datetime,
    agreed_on: date | None = None,
    book: TermsBook | None = None,
) -> Offer:
    """What the policy would promise if the clock started at `start_at`; writes nothing. `book`: who asks for several."""
    book = book or TermsBook()
    row = policy_at(policy, start_at, zone=zone, agreed_on=agreed_on, book=book)
    due = due_at(start_at, Terms(row.allowance, Unit(row.unit), zone, agreed_on), book.closed(calendar))
    return Offer(row.code, row.allowance, row.unit, last_day(due, zone), due)
