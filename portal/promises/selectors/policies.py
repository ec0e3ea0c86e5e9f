"""Which policy and which calendar holds, and what they would promise."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import connection

from portal.errors import Code, refusal
from portal.promises.models import Policy
from portal.promises.rules.days import Closed, last_day, local_day
from portal.promises.rules.due import Terms, due_at
from portal.promises.rules.words import Unit
from portal.promises.types import Offer

_CALENDARS = """
SELECT calendar.code, calendar.closed_weekdays, holiday.day
  FROM promises_calendar calendar
  LEFT JOIN promises_holiday holiday ON holiday.calendar_id = calendar.id
 WHERE calendar.code = ANY(%s)"""


def policy_get(code: str, on: date) -> Policy:
    """The policy of that day; INVALID (`policy`) when there was none."""
    return _policy_of(Policy.objects.filter(code=code), code, on)


def _policy_of(policies: Iterable[Policy], code: str, on: date) -> Policy:
    for one in policies:
        if one.code == code and one.holds_on(on):
            return one
    raise refusal(Code.INVALID, "policy", policy=code, on=on.isoformat())


def closed_days(calendar: str) -> Closed:
    """A question for the rules: is this day closed in that calendar? INVALID (`calendar`) when we do not know it."""
    found = _closed([calendar]).get(calendar)
    if found is None:
        raise refusal(Code.INVALID, "calendar", calendar=calendar)
    return found


def _closed(calendars: Collection[str]) -> dict[str, Closed]:
    """That question for each of these calendars that we know; one query, written out, for every promise of every order asks it."""
    days: dict[str, tuple[frozenset[int], set[date]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CALENDARS, [list(calendars)])
        for code, weekdays, day in cursor.fetchall():
            days.setdefault(code, (frozenset(weekdays), set()))[1].add(day)
    return {code: partial(_is_closed, *found) for code, found in days.items()}


def _is_closed(weekdays: Container[int], holidays: Container[date], day: date) -> bool:
    return day.weekday() in weekdays or day in holidays


class TermsBook:
    """Policies and calendars, each asked for once: for one piece of work, in one transaction, and then thrown away."""

    def __init__(self) -> None:
        self._policies: list[Policy] = []
        self._closed: dict[str, Closed] = {}

    def expect(self, calendars: Collection[str]) -> None:
        """Ask at once for calendars that will be needed; an unknown one is refused when it is."""
        if new := set(calendars) - self._closed.keys():
            self._closed |= _closed(new)

    def policy(self, code: str, on: date) -> Policy:
        """As `policy_get`."""
        if not self._policies:
            self._policies = list(Policy.objects.all())  # a handful, and a few more for each time one was changed
        return _policy_of(self._policies, code, on)

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
