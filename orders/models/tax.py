"""What tax a country takes, and where the house is registered for it; each row valid for a range of days."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import TaxClass


class TaxRate(models.Model):
    """The rate of a country (ISO 3166, two letters) for a class of goods; what is zero-rated or exempt needs no row."""

    country = models.CharField(_("country"), max_length=2)
    tax_class = models.CharField(_("tax class"), max_length=8, choices=TaxClass.choices, default=TaxClass.STANDARD)
    rate = models.DecimalField(_("rate"), max_digits=6, decimal_places=4, help_text=_("a fraction: 0.1900"))
    valid = DateRangeField(_("valid"), help_text=_("from the first day to before the last"))

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="tax_rate_one_at_a_time",
                expressions=[
                    ("country", RangeOperators.EQUAL),
                    ("tax_class", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lt=1), name="tax_rate_is_a_fraction"),
            models.CheckConstraint(condition=Q(country__regex="^[A-Z]{2}$"), name="tax_rate_country"),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.tax_class} {self.rate}"


class TaxRegistration(models.Model):
    """A country where the house charges tax, under this number. `one_stop`: it declares sales to consumers all over the Union there."""

    country = models.CharField(_("country"), max_length=2)
    number = models.CharField(_("tax number"), max_length=20)
    one_stop = models.BooleanField(_("One Stop Shop of the Union"), default=False)
    valid = DateRangeField(_("valid"), help_text=_("from the first day to before the last"))

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="tax_registration_one_at_a_time",
                expressions=[("country", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(condition=Q(country__regex="^[A-Z]{2}$"), name="tax_registration_country"),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.number}"
