"""Not sure which part? A buyer asks, with a photo; the parts desk answers with parts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import MediaFile, Part
from portal.accounts.models import Company, Membership
from warranty.models import Equipment


class Enquiry(models.Model):
    """A question and, once `answered_at` is set, its answer. `serial` is what was typed, `equipment` the machine if it is the asker's."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="enquiries")
    asked_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    words = models.TextField(max_length=4000)
    searched = models.CharField(max_length=200, default="", blank=True, help_text=_("what the search did not find"))
    serial = models.CharField(max_length=60, default="", blank=True)
    equipment = models.ForeignKey(Equipment, models.SET_NULL, null=True, related_name="enquiries")
    part = models.ForeignKey(
        Part, models.SET_NULL, null=True, related_name="+", help_text=_("whose page it was asked on")
    )
    photo = models.ForeignKey(MediaFile, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.TextField(max_length=4000, default="", blank=True)
    answered_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], condition=Q(answered_at=None), name="enquiry_open"),
            models.Index(fields=["company", "-asked_at"], name="enquiry_of_company"),
        ]

    def __str__(self) -> str:
        return f"enquiry {self.pk}"

    @property
    def name(self) -> str:
        """What its promise and its notices call it; no order has such a number."""
        return f"Q-{self.pk}"


class EnquiryPart(models.Model):
    """A part the answer names."""

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="parts")
    part = models.ForeignKey(Part, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("part of an answer")
        verbose_name_plural = _("parts of answers")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="enquiry_part_quantity"),
            models.UniqueConstraint(fields=["enquiry", "part"], name="enquiry_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.part_id}"
