"""An order line: what, for which machine, who pays and why, how far it is."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Part
from orders.models.order import Order
from warranty.models import Decision, Equipment, RepairCard


class Review(models.TextChoices):
    """Does the cover of this line wait for a person?"""

    NONE = "NONE", _("not needed")
    PENDING = "PENDING", _("waiting")
    DONE = "DONE", _("decided")


class OrderLine(models.Model):
    """Prices and rates are frozen at placing. `net`, `tax`, `gross` are the buyer's share of the whole line.

    `included_rate` is the tax in the published price of a list that includes it, else 0.
    """

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    part = models.ForeignKey(Part, models.PROTECT, related_name="+")
    asked_number = models.CharField(max_length=60)
    quantity = models.PositiveIntegerField()
    published_amount = models.DecimalField(max_digits=16, decimal_places=3)
    published_per = models.PositiveIntegerField(default=1)
    net = models.DecimalField(max_digits=16, decimal_places=3)
    tax_class = models.CharField(max_length=8, default="STANDARD")
    included_rate = models.DecimalField(max_digits=6, decimal_places=4, default=0)
    tax_rate = models.DecimalField(max_digits=6, decimal_places=4, default=0)
    tax = models.DecimalField(max_digits=16, decimal_places=3, default=0)
    gross = models.DecimalField(max_digits=16, decimal_places=3)
    payer = models.CharField(max_length=10)
    customer_share = models.DecimalField(max_digits=7, decimal_places=6)
    core_each = models.DecimalField(
        max_digits=14,
        decimal_places=3,
        default=0,
        help_text=_("core deposit published for one piece, as the list's prices"),
    )
    core_net = models.DecimalField(
        max_digits=16, decimal_places=3, default=0, help_text=_("deposits of the whole line")
    )
    core_tax = models.DecimalField(max_digits=16, decimal_places=3, default=0)
    core_ended = models.PositiveIntegerField(default=0, help_text=_("pieces whose deposit was given back or kept"))
    fit_verdict = models.CharField(max_length=14, default="UNKNOWN")
    fit_callout = models.CharField(max_length=20, default="", blank=True)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="+")
    equipment = models.ForeignKey(Equipment, models.PROTECT, null=True, related_name="order_lines")
    serial = models.CharField(max_length=60, default="", blank=True)
    contract = models.CharField(max_length=40, default="", blank=True, help_text="the maintenance contract that covers")
    card = models.ForeignKey(RepairCard, models.PROTECT, null=True, related_name="order_lines")
    failed_on = models.DateField(null=True, blank=True)
    hours = models.PositiveIntegerField(null=True, blank=True)
    expected_on = models.DateField(null=True, blank=True, help_text=_("the expected day the buyer agreed to"))
    review = models.CharField(max_length=8, choices=Review.choices, default=Review.NONE)
    cleared_at = models.DateTimeField(null=True, blank=True, help_text=_("money is in for this line: its clock runs"))
    shipped = models.PositiveIntegerField(default=0)
    delivered = models.PositiveIntegerField(default=0)
    cancelled = models.PositiveIntegerField(default=0)
    returned = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "position"], name="order_line_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="order_line_quantity"),
            models.CheckConstraint(condition=Q(shipped__lte=F("quantity") - F("cancelled")), name="order_line_shipped"),
            models.CheckConstraint(
                condition=Q(delivered__lte=F("shipped"), returned__lte=F("shipped")), name="order_line_delivered"
            ),
            models.CheckConstraint(
                condition=Q(
                    net__gte=0, tax__gte=0, gross=F("net") + F("tax"), customer_share__gte=0, customer_share__lte=1
                ),
                name="order_line_money",
            ),
            models.CheckConstraint(
                condition=Q(core_each__gte=0, core_net__gte=0, core_tax__gte=0, core_ended__lte=F("shipped")),
                name="order_line_core",
            ),
        ]
        indexes: ClassVar = [
            models.Index(  # what is to hand over, however many lines have left before
                fields=["order"],
                condition=Q(cleared_at__isnull=False, quantity__gt=F("cancelled") + F("shipped")),
                name="order_line_to_ship",
            )
        ]
        ordering: ClassVar = ["position"]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.position}"

    @property
    def open_quantity(self) -> int:
        """Pieces neither shipped nor cancelled."""
        return self.quantity - self.cancelled - self.shipped

    @property
    def core_due(self) -> Decimal:
        """The deposit asked on one piece: nobody leaves one for what somebody else pays (ADR 0051)."""
        return self.core_each if self.payer == "PAID" else Decimal(0)

    @property
    def core_open(self) -> int:
        """Pieces handed over whose old unit is still to come."""
        return self.shipped - self.core_ended if self.core_due else 0

    @property
    def core_gross(self) -> Decimal:
        """All deposits of the line with their tax."""
        return self.core_net + self.core_tax

    @property
    def published_net(self) -> Decimal:
        """The published amount (for `published_per` pieces) without tax, not rounded."""
        return self.published_amount / (1 + self.included_rate)

    @property
    def published_each(self) -> Decimal:
        """Published price of one piece, without tax, not rounded."""
        return self.published_net / self.published_per
