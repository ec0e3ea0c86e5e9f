"""How a maker's own tables are read: saved once, used for every delivery."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportMapping(models.Model):
    """`tables` is JSON as docs/deliveries.md shows: our table to its columns, constants, values and price_per. Written by `mapping_save` alone."""

    name = models.SlugField(max_length=60, unique=True)
    pattern = models.CharField(max_length=120, help_text=_("names of the files it is for, as pricelist*.xlsx"))
    encoding = models.CharField(max_length=20, blank=True, default="", help_text=_("only for text that is not Unicode"))
    separator = models.CharField(max_length=1, blank=True, default="", help_text=_("empty: found by itself"))
    sheet = models.CharField(max_length=60, blank=True, default="", help_text=_("empty: the first one"))
    header_row = models.PositiveSmallIntegerField(default=1, help_text=_("the row with the names of the columns"))
    decimal_comma = models.BooleanField(default=False, help_text=_("amounts are written 1.234,50"))
    date_format = models.CharField(max_length=40, blank=True, default="", help_text=_("as %d.%m.%Y; empty: 2026-05-31"))
    tables = models.JSONField(default=dict)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )

    def __str__(self) -> str:
        return self.name
