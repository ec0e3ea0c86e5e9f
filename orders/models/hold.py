"""Two kinds of hold: pieces held for a line, and an order held back for a reason."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import ExpectedReceipt, Warehouse
from orders.models.line import OrderLine
from orders.models.order import Order


class LineHold(models.Model):
    """Pieces of a line held on a shelf, or (with a receipt) out of what is expected."""

    line = models.ForeignKey(OrderLine, models.CASCADE, related_name="holds")
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    receipt = models.ForeignKey(ExpectedReceipt, models.PROTECT, null=True, related_name="holds")
    expected_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(quantity__gte=1), name="line_hold_quantity")]

    def __str__(self) -> str:
        return f"{self.quantity} for {self.line_id}"


class HoldReason(models.TextChoices):
    """Grouped by whose cause it is (rules.md section 1, special reasons)."""

    BAD_ADDRESS = "BAD_ADDRESS", _("the address cannot be delivered to")
    CREDIT_STOP = "CREDIT_STOP", _("the account is stopped")
    PAYMENT_LAPSED = "PAYMENT_LAPSED", _("the card no longer covers it")
    CUSTOMER_ASKED = "CUSTOMER_ASKED", _("the customer asked to wait")
    OUT_OF_STOCK = "OUT_OF_STOCK", _("out of stock")
    PICKING_ERROR = "PICKING_ERROR", _("picking error")
    CUSTOMS = "CUSTOMS", _("customs")
    FORCE_MAJEURE = "FORCE_MAJEURE", _("force majeure")


class OrderHold(models.Model):
    """An order held back; a hold without a reason is impossible, one at a time."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="order_holds")
    reason = models.CharField(max_length=16, choices=HoldReason.choices)
    note = models.CharField(max_length=1000)
    by = models.CharField(max_length=200)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order"], condition=Q(until=None), name="order_hold_one_open"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(note=""), name="order_hold_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}: {self.reason}"
