"""What is promised, from when on: rows of the table in rules.md section 1."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from portal.promises.rules.words import Unit
from portal.promises.words import UNIT_WORDS


class Policy(models.Model):
    """One promise the house makes, valid over [valid_from, valid_to); a promise keeps the values of its own day."""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    allowance = models.PositiveSmallIntegerField(_("allowance"), default=0)
    unit = models.CharField(_("unit"), max_length=14, choices=[(unit.value, UNIT_WORDS[unit]) for unit in Unit])
    late_rate = models.DecimalField(
        _("credit for a late day"), max_digits=6, decimal_places=5, default=0, help_text=_("a fraction: 0.01")
    )
    late_cap = models.DecimalField(
        _("most credit for a line"), max_digits=6, decimal_places=5, default=0, help_text=_("a fraction: 0.10")
    )
    alarm = models.BooleanField(_("warns and breaks"), default=True, help_text=_("off: a task list"))
    wired = models.BooleanField(_("kept by this program"), default=False)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True, help_text=_("the first day it no longer holds"))

    class Meta:
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        constraints: ClassVar = [
            ExclusionConstraint(
                name="policy_one_at_a_time",
                expressions=[
                    (F("code"), RangeOperators.EQUAL),
                    (
                        Func("valid_from", "valid_to", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="policy_range"
            ),
            models.CheckConstraint(
                condition=Q(late_rate__gte=0, late_rate__lte=1, late_cap__gte=F("late_rate"), late_cap__lte=1),
                name="policy_rates",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def holds_on(self, day: date) -> bool:
        """Is it the policy of that day?"""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)
