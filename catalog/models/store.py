"""What the store has of our parts, as we last knew it, and how far it was looked through."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.part import Part


class StoreSweep(models.Model):
    """One look through the whole store. `cursor` is where to go on, `parts` how many were seen; the newest unfinished one is resumed."""

    started_at = models.DateTimeField(_("started"))
    seen_at = models.DateTimeField(_("last page"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    cursor = models.CharField(max_length=500, default="", blank=True)
    parts = models.PositiveIntegerField(_("parts seen"), default=0)
    changes = models.PositiveIntegerField(_("changes brought in"), default=0)
    waiting = models.PositiveIntegerField(
        _("stock left for the next look"),
        default=0,
        help_text=_("of parts whose own movements were still on their way"),
    )

    class Meta:
        verbose_name = _("look through the store")
        verbose_name_plural = _("looks through the store")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.pk} {self.started_at:%Y-%m-%d %H:%M}"


class StorePart(models.Model):
    """A part that the store has. `facts` is what both sides may change, as the store last had it: what differs from it was changed.

    `facts`: name, and the shown price by channel where the part is offered. `own_sum` is a hash of what only we say (docs/saleor.md).
    `warehouses` have a stock there. `gone_at`: the store has it no more.
    """

    part = models.OneToOneField(Part, models.CASCADE, primary_key=True, related_name="in_store")
    product_id = models.CharField(max_length=80)
    variant_id = models.CharField(max_length=80, unique=True)
    facts = models.JSONField(default=dict)
    own_sum = models.CharField(max_length=64, default="", blank=True)
    warehouses = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    sweep = models.ForeignKey(StoreSweep, models.SET_NULL, null=True, related_name="+", db_index=True)
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("part in the store")
        verbose_name_plural = _("parts in the store")

    def __str__(self) -> str:
        return f"{self.part_id} {self.variant_id}"
