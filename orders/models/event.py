"""The order's history."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from orders.models.order import Order


class OrderEvent(models.Model):
    """One thing that happened; append-only. `event_id` is the fact's own name, so the same fact is written once."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor = models.CharField(max_length=60, help_text="membership:<id> or system; no personal data")
    data = models.JSONField(default=dict)
    event_id = models.CharField(max_length=120, unique=True, null=True)  # noqa: DJ001  NULL: a fact without a name, not unique

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.kind}"
