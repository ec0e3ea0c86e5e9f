"""Terms of cover as effective-dated rows: of machines, of parts, and the policy's days and amounts."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from catalog.models import EquipmentModel, PartGroup
from warranty.models.choices import Bearer

_ANY = Value(0)


class WarrantyTerm(models.Model):
    """So many months or hours for a part group on a model; no model: every model; no group: the machine as a whole.

    The row in force on the day the warranty started counts: `valid` is a half-open range of such days.
    """

    model = models.ForeignKey(EquipmentModel, models.CASCADE, null=True, blank=True, related_name="warranty_terms")
    part_group = models.ForeignKey(PartGroup, models.CASCADE, null=True, blank=True, related_name="warranty_terms")
    months = models.PositiveSmallIntegerField()
    max_hours = models.PositiveIntegerField(null=True, blank=True)
    excluded = models.BooleanField(default=False, help_text=_("wear parts, consumables, glass, batteries, paint"))
    bearer = models.CharField(max_length=10, choices=Bearer.choices, default=Bearer.MAKER)
    valid = DateRangeField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="warranty_term_one_at_a_time",
                expressions=[
                    (Coalesce("model", _ANY), RangeOperators.EQUAL),
                    (Coalesce("part_group", _ANY), RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(excluded=True) | Q(months__gte=1), name="warranty_term_months"),
        ]

    def __str__(self) -> str:
        return f"{self.months} months"


class PartsWarrantyTerm(models.Model):
    """The part's own warranty by market and kind of buyer (no market, no kind: any); judged by the day it was replaced."""

    market = models.CharField(max_length=8, default="", blank=True, help_text=_("empty: any"))
    buyer_kind = models.CharField(max_length=10, default="", blank=True, help_text=_("CUSTOMER or DEALER; empty: any"))
    fitted_months = models.PositiveSmallIntegerField(default=12)
    counter_months = models.PositiveSmallIntegerField(default=6)
    statutory_months = models.PositiveSmallIntegerField(default=0, help_text=_("the market's statutory minimum"))
    bearer = models.CharField(max_length=10, choices=Bearer.choices, default=Bearer.HOUSE)
    valid = DateRangeField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="parts_warranty_term_one_at_a_time",
                expressions=[
                    ("market", RangeOperators.EQUAL),
                    ("buyer_kind", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.market or '*'} {self.buyer_kind or '*'}: {self.fitted_months}/{self.counter_months}"


class CoverPolicy(models.Model):
    """Days after which a report is late, and days a repair must hold."""

    report_days = models.PositiveSmallIntegerField(default=30)
    repeat_days = models.PositiveSmallIntegerField(default=90)
    valid = DateRangeField()

    class Meta:
        verbose_name_plural = "cover policies"
        constraints: ClassVar = [
            ExclusionConstraint(name="cover_policy_one_at_a_time", expressions=[("valid", RangeOperators.OVERLAPS)])
        ]

    def __str__(self) -> str:
        return f"{self.report_days} / {self.repeat_days} days"


class CoverAmounts(models.Model):
    """Amounts of the policy in one currency: below which an old part is not worth its return, up to which goodwill may go."""

    currency = models.CharField(max_length=3)
    scrap_below = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    photo_below = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    goodwill_limit = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    valid = DateRangeField()

    class Meta:
        verbose_name_plural = "cover amounts"
        constraints: ClassVar = [
            ExclusionConstraint(
                name="cover_amounts_one_at_a_time",
                expressions=[("currency", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return self.currency
