"""Maintenance contracts and what they have borne; campaigns and recalls."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import EquipmentModel, Part
from catalog.models.naming import Named
from warranty.models.choices import Bearer
from warranty.models.equipment import Equipment


class MaintenanceContract(models.Model):
    """Covers part groups of one machine over a half-open range of days; the customer pays a share, the house up to a yearly cap."""

    number = models.CharField(max_length=40, unique=True)
    equipment = models.ForeignKey(Equipment, models.CASCADE, related_name="contracts")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text=_("the first day it no longer covers"))
    groups = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, help_text=_("part group codes; empty: every group")
    )
    customer_share = models.DecimalField(
        max_digits=7, decimal_places=6, default=0, help_text=_("a fraction: 0.20 is one fifth")
    )
    yearly_cap = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    currency = models.CharField(max_length=3)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="contract_range"),
            models.CheckConstraint(condition=Q(customer_share__gte=0, customer_share__lte=1), name="contract_share"),
        ]

    def __str__(self) -> str:
        return self.number


class ContractUse(models.Model):
    """What one order line took from a contract's yearly cap; `year` counts from the contract's start."""

    contract = models.ForeignKey(MaintenanceContract, models.CASCADE, related_name="uses")
    year = models.PositiveSmallIntegerField()
    order_line = models.CharField(max_length=60, unique=True)
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    used_on = models.DateField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(amount__gt=0), name="contract_use_positive")]
        indexes: ClassVar = [models.Index(fields=["contract", "year"], name="contract_use_year")]

    def __str__(self) -> str:
        return f"{self.amount} of {self.contract_id}"


class Campaign(Named):
    """A campaign or recall: these parts are free on these serials while it is open. Serial bounds inclusive, null: open."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    model = models.ForeignKey(EquipmentModel, models.PROTECT, related_name="campaigns")
    serial_from = models.BigIntegerField(null=True, blank=True)
    serial_to = models.BigIntegerField(null=True, blank=True)
    parts = models.ManyToManyField(Part, related_name="campaigns", blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text=_("the first day it is closed"))
    bearer = models.CharField(max_length=10, choices=Bearer.choices, default=Bearer.CAMPAIGN)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends_on=None) | Q(ends_on__gt=F("starts_on")), name="campaign_range")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
