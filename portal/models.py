"""What the project itself keeps: the demo's clock."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _


class ClockOffset(models.Model):
    """How far a demo's clock is ahead of the real one. One row, present in a demo's database alone."""

    ahead = models.DurationField(_("ahead"), default=timedelta(0))

    class Meta:
        verbose_name = _("clock of the demo")
        verbose_name_plural = _("clock of the demo")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="portal_clockoffset_one_row"),
            models.CheckConstraint(condition=models.Q(ahead__gte=timedelta(0)), name="portal_clockoffset_never_back"),
        ]

    def __str__(self) -> str:
        return str(self.ahead)
