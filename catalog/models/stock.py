"""Where stock lies, how much of it, what is on its way, and every movement there ever was.

available = on hand - held by our open lines - allocated elsewhere. Safety stock does not reduce it (rules.md section 5).
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models.naming import Named
from catalog.models.part import Part


class Warehouse(Named):
    """A place that ships; its zone and calendar close the day of a `ship` promise."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    zone = models.CharField(max_length=64)
    calendar = models.CharField(max_length=20)
    collections = ArrayField(
        models.TimeField(), default=list, help_text=_("local times a carrier collects, earliest first")
    )
    same_day_cutoff = models.TimeField(
        null=True, blank=True, help_text=_("machine-down orders paid before this leave today")
    )

    def __str__(self) -> str:
        return self.name


class MarketWarehouse(models.Model):
    """Which warehouses serve a market, in order of preference."""

    market = models.CharField(max_length=8)
    warehouse = models.ForeignKey(Warehouse, models.CASCADE, related_name="markets")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["market", "warehouse"], name="market_warehouse_once"),
            models.UniqueConstraint(fields=["market", "rank"], name="market_rank_once"),
        ]

    def __str__(self) -> str:
        return f"{self.market} {self.rank}"


class StockLevel(models.Model):
    """How many of a part a warehouse has; written only by `catalog.services.stock`."""

    part = models.ForeignKey(Part, models.CASCADE, related_name="levels")
    warehouse = models.ForeignKey(Warehouse, models.CASCADE, related_name="levels")
    on_hand = models.IntegerField(default=0)
    held = models.IntegerField(default=0, help_text=_("by our open lines, until shipped"))
    allocated_elsewhere = models.IntegerField(default=0)
    safety_stock = models.PositiveIntegerField(default=0)
    reorder_point = models.PositiveIntegerField(default=0)
    place = models.CharField(max_length=40, default="", blank=True, help_text=_("shelf"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["part", "warehouse"], name="stock_level_once"),
            models.CheckConstraint(
                condition=Q(on_hand__gte=0, held__gte=0, allocated_elsewhere__gte=0), name="stock_level_not_negative"
            ),
            # The wall behind the lock: the same piece is never promised twice.
            models.CheckConstraint(condition=Q(held__lte=F("on_hand")), name="stock_level_held_is_there"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id}@{self.warehouse_id}"

    @property
    def available(self) -> int:
        """Free pieces, never below zero."""
        return max(0, self.on_hand - self.held - self.allocated_elsewhere)


class ExpectedReceipt(models.Model):
    """Goods on their way to a warehouse; order lines hold against them."""

    part = models.ForeignKey(Part, models.CASCADE, related_name="expected")
    warehouse = models.ForeignKey(Warehouse, models.CASCADE, related_name="expected")
    expected_on = models.DateField()
    quantity = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0)
    reference = models.CharField(max_length=80, null=True, blank=True, unique=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="expected_receipt_positive"),
            models.CheckConstraint(condition=Q(received__lte=F("quantity")), name="expected_receipt_received"),
            models.CheckConstraint(condition=Q(held__lte=F("quantity") - F("received")), name="expected_receipt_held"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["part", "expected_on"], condition=Q(received__lt=F("quantity")), name="expected_receipt_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.part_id} on {self.expected_on}"

    @property
    def free(self) -> int:
        """Pieces of this receipt nobody holds yet."""
        return self.quantity - self.received - self.held


class StockReason(models.TextChoices):
    """Why a level moved."""

    COUNT = "COUNT", _("count")
    DAMAGE = "DAMAGE", _("damage")
    SCRAP = "SCRAP", _("scrap")
    FOUND = "FOUND", _("found")
    TRANSFER = "TRANSFER", _("transfer")
    CORRECTION = "CORRECTION", _("correction")
    RECEIPT = "RECEIPT", _("receipt")
    SHIPMENT = "SHIPMENT", _("shipment")
    RETURN = "RETURN", _("return")
    OPENING = "OPENING", _("opening stock")


# How the reference of stock begins that lies on its shelf again without having come back: its shipment did not happen.
UNDONE = "undone:"


class StockLedger(models.Model):
    """Every movement; append-only (a trigger refuses UPDATE and DELETE), its sum per part and warehouse is the level."""

    part = models.ForeignKey(Part, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Warehouse, models.PROTECT, related_name="+")
    change = models.IntegerField()
    reason = models.CharField(max_length=12, choices=StockReason.choices)
    note = models.CharField(max_length=300, default="", blank=True)
    reference = models.CharField(
        max_length=120, null=True, blank=True, unique=True, help_text=_("idempotency key of the movement")
    )
    at = models.DateTimeField()
    actor = models.CharField(max_length=60, default="system")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["part", "warehouse", "at"], name="stock_ledger_story")]

    def __str__(self) -> str:
        return f"{self.change:+d} {self.reason}"
