"""Published prices and freight: one list per market, kind of buyer and discount class at any time."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from catalog.models.part import Part


class PriceList(models.Model):
    """Valid for a half-open range of days; no two lists of one market, kind and class overlap."""

    market = models.CharField(max_length=8)
    kind = models.CharField(max_length=10, help_text=_("CUSTOMER, DEALER or HOUSE"))
    discount_class = models.CharField(max_length=20, default="STANDARD")
    currency = models.CharField(max_length=3)
    name = models.CharField(max_length=120)
    includes_tax = models.BooleanField(
        default=False, db_default=False, help_text=_("shelf prices: the tax of the buyer's country is in them")
    )
    valid = DateRangeField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="price_list_one_at_a_time",
                expressions=[
                    ("market", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("discount_class", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return self.name


class Price(models.Model):
    """`amount` for `per_quantity` pieces when at least `from_quantity` are bought; real prices lie below half a cent a piece."""

    price_list = models.ForeignKey(PriceList, models.CASCADE, related_name="prices")
    part = models.ForeignKey(Part, models.CASCADE, related_name="prices")
    from_quantity = models.PositiveIntegerField(default=1)
    amount = models.DecimalField(max_digits=16, decimal_places=3)
    per_quantity = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["part", "price_list", "from_quantity"], name="price_tier_once"),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, per_quantity__gte=1, from_quantity__gte=1), name="price_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} / {self.per_quantity}"


class FreightRate(models.Model):
    """Published freight of a market: the rate of the smallest `up_to_g` that holds the weight; null: any weight above."""

    market = models.CharField(max_length=8)
    currency = models.CharField(max_length=3)
    up_to_g = models.PositiveIntegerField(null=True, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    valid = DateRangeField()

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="freight_one_at_a_time",
                expressions=[
                    ("market", RangeOperators.EQUAL),
                    ("currency", RangeOperators.EQUAL),
                    (Coalesce("up_to_g", models.Value(0)), RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            # Nothing stands for "any weight" in the line above, so that no rate may.
            models.CheckConstraint(
                condition=models.Q(up_to_g__isnull=True) | models.Q(up_to_g__gte=1), name="freight_weight_positive"
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="freight_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.market} <= {self.up_to_g} g: {self.amount} {self.currency}"
