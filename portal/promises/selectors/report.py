"""How promises were kept, week by week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncWeek

from portal.clock import week_begins, weeks_until
from portal.promises.models import Promise
from portal.promises.rules.words import State

WEEKS = 13
_DECIDED = (State.KEPT.value, State.KEPT_LATE.value, State.BROKEN.value)
_LATE = (State.KEPT_LATE.value, State.BROKEN.value)
_BEFORE = timedelta(microseconds=1)  # a day ends at the midnight that begins the next one, which is another week's


@dataclass(frozen=True)
class WeekKept:
    """The promises that fell due in a week: kept, and late (ended late, or still open)."""

    week: date
    kept: int
    late: int

    @property
    def total(self) -> int:
        """All that fell due."""
        return self.kept + self.late

    @property
    def share(self) -> Decimal | None:
        """The share kept, a fraction; None when none fell due."""
        return (Decimal(self.kept) / self.total).quantize(Decimal("0.0001")) if self.total else None


def fell_due(now: datetime, *, late: bool = False) -> QuerySet[Promise]:
    """The promises of the last weeks whose moment has come; only those that were late, or all. Tasks without alarm are none."""
    start = week_begins(weeks_until(now, WEEKS)[0])
    return Promise.objects.filter(
        state__in=_LATE if late else _DECIDED, due_at__gt=start, due_at__lte=now, alarm=True
    ).order_by()


def kept_weekly(now: datetime) -> dict[str, list[WeekKept]]:
    """{policy: its weeks, the oldest first}, for every policy of which one fell due. One query."""
    late = Count("pk", filter=Q(state__in=_LATE))
    rows = fell_due(now).annotate(week=TruncWeek(F("due_at") - _BEFORE)).values_list("policy_code", "week")
    counted = {
        (policy, week.date()): (total, broken)
        for policy, week, total, broken in rows.annotate(total=Count("pk"), late=late)
    }
    policies = sorted({policy for policy, _ in counted})
    return {
        policy: [
            WeekKept(week, total - broken, broken)
            for week in weeks_until(now, WEEKS)
            for total, broken in [counted.get((policy, week), (0, 0))]
        ]
        for policy in policies
    }
