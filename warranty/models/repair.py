"""Repair papers: the call that begins a repair, the card that travels with the machine, its parts."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Part
from portal.accounts.models import Company, User
from portal.digits import digits
from warranty.models.choices import CallState, CardState, Payer
from warranty.models.equipment import Equipment


class RepairCall(models.Model):
    """A row of the repair call register; the voucher goes out with the person sent (rules.md section 4)."""

    number = models.CharField(max_length=20, unique=True)
    voucher = models.CharField(max_length=20, unique=True)
    equipment = models.ForeignKey(Equipment, models.PROTECT, related_name="repair_calls")
    company = models.ForeignKey(Company, models.PROTECT, null=True, related_name="+", help_text=_("who called"))
    fault = models.TextField()
    contact = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=CallState.choices, default=CallState.OPEN)
    opened_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [  # a caller is found by the end of the number left at an earlier call
            GinIndex(OpClass(digits(F("contact")), name="gin_trgm_ops"), name="repair_call_phone", fastupdate=False)
        ]

    def __str__(self) -> str:
        return self.number


class RepairCard(models.Model):
    """One repair of one machine. Every order of parts for it names the card; it closes when the quantities reconcile."""

    number = models.CharField(max_length=20, unique=True)
    equipment = models.ForeignKey(Equipment, models.PROTECT, related_name="repair_cards")
    call = models.ForeignKey(RepairCall, models.PROTECT, null=True, blank=True, related_name="cards")
    company = models.ForeignKey(
        Company, models.PROTECT, null=True, related_name="+", help_text=_("who opened it: a dealer or the house")
    )
    fault = models.TextField()
    state = models.CharField(max_length=10, choices=CardState.choices, default=CardState.OPEN)
    opened_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True, help_text=_("work done"))
    note = models.TextField(default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state=CardState.CLOSED) | Q(closed_at__isnull=False, minutes__isnull=False),
                name="repair_card_closed",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["equipment", "-id"], name="repair_card_of_machine"),
            models.Index(fields=["state", "-id"], name="repair_card_board"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """May parts still be ordered on it or used?"""
        return self.state in (CardState.OPEN, CardState.WORKING, CardState.CONFIRMED)


class RepairCardLine(models.Model):
    """A part on a card: ordered by one order line, or used without an order (`order_line` empty). An order line is on one card only."""

    card = models.ForeignKey(RepairCard, models.PROTECT, related_name="lines")
    part = models.ForeignKey(Part, models.PROTECT, related_name="+")
    payer = models.CharField(max_length=10, choices=Payer.choices)
    order_line = models.CharField(max_length=60, default="", blank=True)
    ordered = models.PositiveIntegerField(default=0)
    used = models.PositiveIntegerField(default=0)
    sent_back = models.PositiveIntegerField(default=0)
    used_on = models.DateField(null=True, blank=True, help_text=_("the day the part was first put on"))
    failed_serial = models.CharField(max_length=300, default="", blank=True)
    new_serial = models.CharField(max_length=300, default="", blank=True)
    old_part_kept = models.BooleanField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order_line"], condition=~Q(order_line=""), name="card_line_of_one_order_line"
            ),
            models.UniqueConstraint(
                fields=["card", "part", "payer"], condition=Q(order_line=""), name="card_line_without_order_once"
            ),
            models.CheckConstraint(
                condition=Q(order_line="", ordered=0, sent_back=0)
                | (~Q(order_line="") & Q(ordered__gte=F("used") + F("sent_back"))),
                name="card_line_quantities",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part_id}: {self.ordered} ordered, {self.used} used, {self.sent_back} sent back"

    @property
    def open_quantity(self) -> int:
        """Ordered, and neither used nor sent back yet."""
        return max(self.ordered - self.used - self.sent_back, 0)
