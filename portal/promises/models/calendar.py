"""Days on which nobody works, by place."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Calendar(models.Model):
    """A place's working week; promises name it by its code."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    closed_weekdays = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("closed weekdays"),
        default=list,
        blank=True,
        help_text=_("0 is Monday"),
    )

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(closed_weekdays__contained_by=list(range(7))), name="calendar_weekdays"
            ),
            # a week without an open day would leave a promise without a due day
            models.CheckConstraint(
                condition=~models.Q(closed_weekdays__contains=list(range(7))), name="calendar_opens_once_a_week"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Holiday(models.Model):
    """One closed day of a calendar."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="holidays")
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=100)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        constraints: ClassVar = [models.UniqueConstraint(fields=["calendar", "day"], name="holiday_once")]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"
