"""Machine models, their production changes, their bills and what fits them. Serial bounds are sequence numbers, inclusive; null: open."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.drawing import Drawing
from catalog.models.naming import Named
from catalog.models.part import Part


class FitVerdict(models.TextChoices):
    """Absence from a bill is UNKNOWN: a third of real bills are bad (rules.md section 3)."""

    FITS = "FITS", _("fits")
    DOES_NOT_FIT = "DOES_NOT_FIT", _("does not fit")
    UNKNOWN = "UNKNOWN", _("unknown")


def _ordered_range() -> models.Q:
    """No serial range ends before it starts."""
    return (
        models.Q(serial_from__isnull=True)
        | models.Q(serial_to__isnull=True)
        | models.Q(serial_from__lte=models.F("serial_to"))
    )


class EquipmentModel(Named):
    """A model of machine."""

    code = models.CharField(max_length=80, unique=True)
    normalised = models.CharField(max_length=80, db_index=True)
    name = models.CharField(max_length=300)
    maker = models.CharField(max_length=80, default="", blank=True)
    family = models.CharField(max_length=200, default="", blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code


class SerialBreak(models.Model):
    """From this serial sequence on, a model is built to this version."""

    model = models.ForeignKey(EquipmentModel, models.CASCADE, related_name="serial_breaks")
    version = models.CharField(max_length=20)
    serial_from = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["model", "version"], name="serial_break_once"),
            models.UniqueConstraint(fields=["model", "serial_from"], name="serial_break_starts_once"),
        ]

    def __str__(self) -> str:
        return f"{self.model_id} {self.version} from {self.serial_from}"


class Assembly(Named):
    """A figure of the parts book: one exploded drawing with its bill."""

    model = models.ForeignKey(EquipmentModel, models.CASCADE, related_name="assemblies")
    code = models.CharField(max_length=120)
    name = models.CharField(max_length=300)
    figure = models.CharField(max_length=40, default="", blank=True)
    quantity = models.PositiveIntegerField(default=1, help_text=_("how often the machine holds this assembly"))
    drawing = models.ForeignKey(Drawing, models.SET_NULL, null=True, blank=True, related_name="figures")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["model", "code"], name="assembly_once")]

    def __str__(self) -> str:
        return self.name


class Callout(models.Model):
    """One bill line: a number on the drawing, the part behind it, how many, for which serials."""

    assembly = models.ForeignKey(Assembly, models.CASCADE, related_name="callouts")
    label = models.CharField(max_length=20)
    part = models.ForeignKey(Part, models.CASCADE, related_name="callouts")
    quantity = models.PositiveIntegerField(default=1)
    variant = models.CharField(
        max_length=40, default="", blank=True, help_text=_("colour or execution, as the bill says")
    )
    serial_from = models.BigIntegerField(null=True, blank=True)
    serial_to = models.BigIntegerField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assembly", "label", "part", "variant", "serial_from"],
                name="callout_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="callout_quantity"),
            models.CheckConstraint(condition=_ordered_range(), name="callout_range"),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.quantity} x {self.part_id}"


class Fitment(models.Model):
    """What an application list says beside the bills: fits (quantity may be unknown), or explicitly does not and what does instead."""

    part = models.ForeignKey(Part, models.CASCADE, related_name="fitments")
    model = models.ForeignKey(EquipmentModel, models.CASCADE, related_name="fitments")
    fits = models.BooleanField(default=True)
    quantity = models.PositiveIntegerField(null=True, blank=True)
    serial_from = models.BigIntegerField(null=True, blank=True)
    serial_to = models.BigIntegerField(null=True, blank=True)
    instead = models.ForeignKey(Part, models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["part", "model", "fits", "serial_from"], name="fitment_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=_ordered_range(), name="fitment_range"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} on {self.model_id}"
