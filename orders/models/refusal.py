"""What the store would not take of an order, until somebody found a way."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.line import OrderLine
from orders.models.order import Order


class RefusalReason(models.TextChoices):
    """Why (portal.engine.Refusal)."""

    OUT_OF_STOCK = "OUT_OF_STOCK", _("sold elsewhere meanwhile")
    UNKNOWN_PART = "UNKNOWN_PART", _("the store does not know this part")
    ADDRESS = "ADDRESS", _("the store does not take the address")
    CURRENCY = "CURRENCY", _("the store sells in another currency")
    CHANNEL = "CHANNEL", _("the store is not set up for this market")
    OTHER = "OTHER", _("another reason")


class RefusalAct(models.TextChoices):
    """What was done about it."""

    RESOURCE = "RESOURCE", _("taken from elsewhere")
    WAIT = "WAIT", _("waits for goods")
    SUBSTITUTE = "SUBSTITUTE", _("replaced by the successor")
    ADDRESS = "ADDRESS", _("sent to a corrected address")
    RETRY = "RETRY", _("tried again")
    CANCEL = "CANCEL", _("cancelled")


class StoreRefusal(models.Model):
    """One reason of one attempt, open until `settled_at`; without a line it is about the order as a whole."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="refusals")
    line = models.ForeignKey(OrderLine, models.CASCADE, null=True, related_name="refusals")
    attempt = models.PositiveIntegerField()
    reason = models.CharField(max_length=12, choices=RefusalReason.choices)
    missing = models.PositiveIntegerField(default=0, help_text=_("pieces the store does not have"))
    words = models.CharField(max_length=500, default="", blank=True, help_text=_("the store's own"))
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    act = models.CharField(max_length=10, choices=RefusalAct.choices, default="", blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order", "attempt", "line", "reason"], nulls_distinct=False, name="store_refusal_once"
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at=None, act="") | models.Q(settled_at__isnull=False) & ~models.Q(act=""),
                name="store_refusal_settled_by_an_act",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["at"], condition=models.Q(settled_at=None), name="store_refusal_open")
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.line_id or '-'}: {self.reason}"
