"""Credits for late days: what accrues day by day; what is spendable stands in the ledger."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from orders.models.line import OrderLine


class CreditAccrual(models.Model):
    """What one late day earned on one line under one promise; nothing (`exact` 0) when another policy has counted its pieces."""

    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="accruals")
    promise_id = models.BigIntegerField()
    policy = models.CharField(max_length=30)
    day = models.PositiveSmallIntegerField(help_text="1 for the first late day of that promise")
    on = models.DateField(help_text="the late local date")
    at = models.DateTimeField()
    pieces = models.PositiveIntegerField(help_text="pieces late on that day")
    rate = models.DecimalField(max_digits=6, decimal_places=5, help_text="a fraction of the published price a day")
    cap = models.DecimalField(max_digits=6, decimal_places=5, help_text="the most of it")
    exact = models.DecimalField(max_digits=24, decimal_places=10, help_text="what the day earned before rounding")
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    reversed_at = models.DateTimeField(null=True)
    reversal_reason = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["line", "promise_id", "on"], condition=Q(reversed_at=None), name="credit_once_a_day"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="credit_not_negative"),
        ]

    def __str__(self) -> str:
        return f"day {self.day} of {self.line_id}: {self.amount}"
