"""Lists of parts that a company orders again and again; shared with colleagues."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Company, Membership


class SavedList(models.Model):
    """A named list of one company. `version` grows with every change: who writes over an older one is told."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="saved_lists")
    name = models.CharField(max_length=100)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("saved list")
        verbose_name_plural = _("saved lists")
        constraints: ClassVar = [models.UniqueConstraint("company", Lower("name"), name="saved_list_name_once")]

    def __str__(self) -> str:
        return self.name


class SavedListLine(models.Model):
    """A wish as it was typed; judged anew in the cart."""

    saved_list = models.ForeignKey(SavedList, models.CASCADE, related_name="lines")
    part_number = models.CharField(max_length=60)
    quantity = models.PositiveIntegerField()
    serial = models.CharField(max_length=60, default="", blank=True)

    class Meta:
        verbose_name = _("line of a saved list")
        verbose_name_plural = _("lines of saved lists")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="saved_list_line_quantity")
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.part_number}"
