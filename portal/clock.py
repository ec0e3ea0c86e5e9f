"""The only reader of time in the program. Rules and services take `now`; the edge asks here."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.utils import timezone


def real_now() -> datetime:
    """The machine's own time, aware, UTC: for heartbeats and locks, never for business."""
    return datetime.now(UTC)


def now() -> datetime:
    """The time business goes by, aware, UTC. In a demo it is ahead of the machine's by what `clockAdvance` added."""
    return real_now() + ahead() if settings.DEMO else real_now()


def business(moment: datetime) -> datetime:
    """A moment of the world's time as business has it: the same, but in a demo whose clock was moved."""
    return moment + ahead() if settings.DEMO else moment


def ahead() -> timedelta:
    """How far a demo's clock is ahead; asked each time, so that every process turns the corner together."""
    from portal.models import ClockOffset  # noqa: PLC0415  models need Django's apps, this module is imported before them

    row = ClockOffset.objects.filter(pk=1).values_list("ahead", flat=True).first()
    return row or timedelta(0)


def weeks_until(now: datetime, many: int) -> list[date]:
    """The Mondays of the last `many` weeks in the zone in force, this week's the last."""
    today = timezone.localtime(now).date()
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=back) for back in range(many - 1, -1, -1)]


def week_begins(monday: date) -> datetime:
    """The midnight a week begins with, in the zone in force."""
    return timezone.make_aware(datetime.combine(monday, datetime.min.time()))
