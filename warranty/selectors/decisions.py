"""Evidence, read back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from warranty.models import CoverAmounts, Decision


def decisions_of(subject: str) -> QuerySet[Decision]:
    """Every decision on a subject, the one in force first."""
    return Decision.objects.filter(subject=subject).order_by("-pk")


def decisions_in_force(subjects: Collection[str]) -> dict[str, Decision]:
    """The decision in force for each subject; one query."""
    rows = Decision.objects.filter(subject__in=subjects).order_by("subject", "-pk").distinct("subject")
    return {row.subject: row for row in rows}


def goodwill_limit(currency: str, *, on: date) -> Decimal:
    """How much an approver may give in this currency on one line; 0 where the policy names none."""
    row = CoverAmounts.objects.filter(currency=currency, valid__contains=on).first()
    return row.goodwill_limit if row else Decimal(0)
