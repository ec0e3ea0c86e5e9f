"""Why promises broke, what their late days earned, and how much could be given at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, TruncWeek

from orders.models import AccountKind, CreditAccrual, EntryKind, LedgerPosting, OrderEvent, OrderHold, OrderLine
from orders.rules.money import ZERO
from portal.clock import week_begins, weeks_until
from portal.promises.selectors.report import WEEKS, fell_due


@dataclass(frozen=True)
class WeekFilled:
    """Lines placed in a week, and those of which every piece was free at once."""

    week: date
    lines: int
    at_once: int

    @property
    def share(self) -> Decimal | None:
        """The fill rate, a fraction; None without lines."""
        return (Decimal(self.at_once) / self.lines).quantize(Decimal("0.0001")) if self.lines else None


@dataclass(frozen=True)
class CreditPaid:
    """Of credit in some weeks: given to buyers for late days (reversals off), spent on orders, and paid out."""

    given: Decimal = ZERO
    spent: Decimal = ZERO
    paid_out: Decimal = ZERO


_CREDIT = {
    "given": (EntryKind.LATE, EntryKind.LATE_REVERSED),
    "spent": (EntryKind.CREDIT_USED, EntryKind.CREDIT_FREED),
    "paid_out": (EntryKind.PAID_OUT,),
}


def break_causes(now: datetime) -> list[tuple[str, int]]:
    """(cause, promises) of the late promises of the last weeks, the most first; one query.

    The cause is the reason of the last hold that stood between the start and the day; without one `MOVED` when awaited goods came later than
    expected, `REFUSED` when the store had refused the order first, else `NONE`: nobody recorded any.
    """
    about = {"order__number": OuterRef("subject")}
    holds = OrderHold.objects.filter(since__lt=OuterRef("due_at"), **about).filter(
        Q(until=None) | Q(until__gt=OuterRef("started_at"))
    )
    moved = OrderEvent.objects.filter(kind="moved", at__gte=OuterRef("started_at"), **about)
    refused = OrderEvent.objects.filter(kind="engine.refused", **about)
    otherwise = Case(
        When(Exists(moved), then=Value("MOVED")), When(Exists(refused), then=Value("REFUSED")), default=Value("NONE"),
        output_field=CharField(),
    )  # fmt: skip
    told = Coalesce(Subquery(holds.order_by("-since").values("reason")[:1]), otherwise)
    late = fell_due(now, late=True).filter(subject_kind="order").annotate(why=told)
    return list(late.values_list("why").annotate(many=Count("pk")).order_by("-many", "why"))


def credits_weekly(now: datetime) -> dict[str, list[tuple[date, Decimal]]]:
    """{currency: [(week, what late days earned)]}, the oldest first, for every currency that earned any; what was reversed is off. One query."""
    weeks = weeks_until(now, WEEKS)
    rows = CreditAccrual.objects.filter(on__gte=weeks[0], reversed_at=None, amount__gt=0)
    found: dict[str, dict[date, Decimal]] = defaultdict(dict)
    earned = rows.annotate(week=TruncWeek("on")).values_list("line__order__currency", "week")
    for currency, week, amount in earned.annotate(amount=Sum("amount")):
        found[currency][week] = amount
    return {
        currency: [(week, told.get(week, Decimal(0))) for week in weeks] for currency, told in sorted(found.items())
    }


def credits_paid(now: datetime) -> dict[str, CreditPaid]:
    """{currency: what became of credit in these weeks}; one query. Spent or paid out is whatever gave it: a company's credit is one sum."""
    rows = LedgerPosting.objects.filter(
        account__kind=AccountKind.CREDIT, entry__kind__in=[kind for kinds in _CREDIT.values() for kind in kinds],
        entry__at__gte=week_begins(weeks_until(now, WEEKS)[0]), entry__at__lte=now,
    )  # fmt: skip
    sums = {
        name: Coalesce(Sum("amount", filter=Q(entry__kind__in=kinds)), Value(ZERO)) for name, kinds in _CREDIT.items()
    }
    return {
        currency: CreditPaid(-given, spent, paid_out)
        for currency, given, spent, paid_out in rows.values_list("entry__currency").annotate(**sums)
    }


def filled_weekly(now: datetime) -> list[WeekFilled]:
    """The fill rate by week of placing: a line whose buyer had to accept a later day was not filled at once. One query."""
    weeks = weeks_until(now, WEEKS)
    rows = OrderLine.objects.filter(
        order__placed_at__gte=week_begins(weeks[0]), order__placed_at__lte=now, quantity__gt=F("cancelled")
    )
    counted = rows.annotate(week=TruncWeek("order__placed_at")).values_list("week")
    told = {
        week.date(): (lines, at_once)
        for week, lines, at_once in counted.annotate(
            lines=Count("pk"), at_once=Count("pk", filter=Q(expected_on=None))
        ).order_by()
    }
    return [WeekFilled(week, *told.get(week, (0, 0))) for week in weeks]
