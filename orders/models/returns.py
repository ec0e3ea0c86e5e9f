"""What comes back: old parts after a free repair, unused parts, wrong or broken deliveries, cores."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models.line import OrderLine


class ReturnReason(models.TextChoices):
    """Why goods come back; the window and the fee depend on it."""

    SHORT = "SHORT", _("short delivery")
    DAMAGED = "DAMAGED", _("damaged")
    WRONG_PART = "WRONG_PART", _("wrong part")
    DEAD_ON_ARRIVAL = "DEAD_ON_ARRIVAL", _("dead on arrival")
    HIDDEN_DEFECT = "HIDDEN_DEFECT", _("hidden defect")
    CHANGE_OF_MIND = "CHANGE_OF_MIND", _("change of mind")
    OLD_PART = "OLD_PART", _("old part")
    UNUSED = "UNUSED", _("unused")
    CORE = "CORE", _("core")
    IN_STORE = "IN_STORE", _("taken back in the store")


class ReturnState(models.TextChoices):
    """Expected until it is here."""

    EXPECTED = "EXPECTED", _("expected")
    RECEIVED = "RECEIVED", _("received")
    CANCELLED = "CANCELLED", _("cancelled")
    LAPSED = "LAPSED", _("not come in time")


class Return(models.Model):
    """Pieces of one order line expected back. `due_on` of an old part is set when its repair card closes, of a core at the hand-over."""

    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="returns")
    reason = models.CharField(max_length=16, choices=ReturnReason.choices)
    state = models.CharField(max_length=10, choices=ReturnState.choices, default=ReturnState.EXPECTED)
    quantity = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0, help_text=_("of those received: old units judged not good"))
    due_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=500, default="", blank=True)
    condition = models.CharField(max_length=200, default="", blank=True)
    created_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(quantity__gte=1) & Q(received__lte=F("quantity"), refused__lte=F("received")),
                name="return_quantity",
            ),
            models.UniqueConstraint(fields=["line"], condition=Q(reason="OLD_PART"), name="return_old_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.quantity} of {self.line_id}"
