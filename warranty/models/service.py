"""What the maker advises to be serviced, and how often. Advice with its source: nobody is sold what the machine does not need."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import EquipmentModel, Part
from catalog.models.naming import Named


class ServiceInterval(Named):
    """A service of a model every so many hours or months, whichever comes first; it is done by fitting `kit`."""

    model = models.ForeignKey(EquipmentModel, models.CASCADE, related_name="service_intervals")
    name = models.CharField(max_length=120)
    kit = models.ForeignKey(Part, models.PROTECT, related_name="service_intervals")
    every_hours = models.PositiveIntegerField(null=True, blank=True)
    every_months = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=200, help_text=_("where the maker says so: the manual and its page"))

    class Meta:
        verbose_name = _("service interval")
        verbose_name_plural = _("service intervals")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["model", "kit"], name="service_interval_once"),
            models.CheckConstraint(
                condition=Q(every_hours__gte=1) | Q(every_months__gte=1), name="service_interval_some"
            ),
        ]

    def __str__(self) -> str:
        return self.name
