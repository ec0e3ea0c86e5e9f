"""Machines: who owns and services them, their readings, what was noted and replaced on them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import EquipmentModel, Part
from portal.accounts.models import Company, User
from warranty.models.choices import HowReplaced, NoteKind


class Equipment(models.Model):
    """A machine, known by its serial number. Serials that differ only in punctuation, case or width are one machine."""

    serial = models.CharField(max_length=60)
    normalised = models.CharField(max_length=60, unique=True)
    sequence = models.BigIntegerField(
        null=True, blank=True, help_text=_("the serial's running number, which serial breaks count by")
    )
    model = models.ForeignKey(EquipmentModel, models.PROTECT, related_name="equipment")
    owner = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="equipment")
    registered_by = models.ForeignKey(Company, models.SET_NULL, null=True, blank=True, related_name="+")
    sold_on = models.DateField(null=True, blank=True)
    in_service_on = models.DateField(null=True, blank=True)
    site = models.CharField(max_length=300, default="", blank=True)
    registered_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "equipment"
        indexes: ClassVar = [models.Index(fields=["owner", "serial"], name="equipment_of_owner")]

    def __str__(self) -> str:
        return self.serial


class EquipmentDealer(models.Model):
    """A dealer services a machine for a half-open range of days; `granted_by_owner`: it may also ask for cover."""

    equipment = models.ForeignKey(Equipment, models.CASCADE, related_name="dealer_links")
    dealer = models.ForeignKey(Company, models.CASCADE, related_name="serviced")
    granted_by_owner = models.BooleanField(default=False)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["equipment", "dealer", "since"], name="equipment_dealer_once"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name="equipment_dealer_range"),
        ]

    def __str__(self) -> str:
        return f"{self.dealer_id} services {self.equipment_id}"


class Reading(models.Model):
    """Operating hours at a moment; `suspicious`: lower than an earlier reading, taken by the house with a note."""

    equipment = models.ForeignKey(Equipment, models.CASCADE, related_name="readings")
    hours = models.PositiveIntegerField()
    read_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    suspicious = models.BooleanField(default=False)
    note = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["equipment", "read_at"], name="reading_story")]

    def __str__(self) -> str:
        return f"{self.hours} h"


class EquipmentNote(models.Model):
    """Something found on a machine that makes covered lines need a person until it is cleared."""

    equipment = models.ForeignKey(Equipment, models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=20, choices=NoteKind.choices)
    recorded_on = models.DateField()
    note = models.CharField(max_length=500, default="", blank=True)
    cleared_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(cleared_on=None) | Q(cleared_on__gte=F("recorded_on")), name="equipment_note_range"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.recorded_on}"


class Replacement(models.Model):
    """A part put on a machine, or sold over the counter for it: the start of the part's own warranty. `ref` says by what."""

    equipment = models.ForeignKey(Equipment, models.CASCADE, related_name="replacements")
    part = models.ForeignKey(Part, models.PROTECT, related_name="replacements")
    quantity = models.PositiveIntegerField()
    replaced_on = models.DateField()
    how = models.CharField(max_length=10, choices=HowReplaced.choices)
    ref = models.CharField(max_length=80)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ref"], name="replacement_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="replacement_quantity"),
        ]
        indexes: ClassVar = [models.Index(fields=["equipment", "part", "replaced_on"], name="replacement_story")]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.part_id} on {self.replaced_on}"
