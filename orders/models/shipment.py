"""What was handed to a carrier, and when it arrived."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Warehouse
from orders.models.line import OrderLine
from orders.models.order import Order


class Shipment(models.Model):
    """A hand-over; `shipped_at` and `delivered_at` say when it happened, `recorded_at` when it was typed."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="shipments")
    number = models.CharField(max_length=24, unique=True)
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+")
    carrier = models.CharField(max_length=60)
    tracking_number = models.CharField(max_length=80, default="", blank=True)
    shipped_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    received_by = models.CharField(max_length=200, default="", blank=True)
    recorded_at = models.DateTimeField()
    undone_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text=_("it did not leave after all: it has no lines any more, its history names them"),
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(delivered_at=None) | Q(delivered_at__gte=F("shipped_at")), name="shipment_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.number


class ShipmentLine(models.Model):
    """Pieces of one order line in a shipment, with unit serials or lot codes."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="shipment_lines")
    quantity = models.PositiveIntegerField()
    units = ArrayField(models.CharField(max_length=80), default=list)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shipment", "line"], name="shipment_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="shipment_line_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} of {self.line_id}"
