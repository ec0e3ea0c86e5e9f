"""Evidence: who pays for a line, why, by which rules and on what facts. A trigger refuses every change."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from warranty.models.choices import Bearer, Payer


class Decision(models.Model):
    """One verdict on one subject (an order line's reference); a re-check or a person's decision adds a row that supersedes it.

    `inputs` is the case as JSON (`warranty.rules.replay`), `reasons` a list of {code, decisive, data}. No personal data:
    `decided_by` is `rules` or `user:<id>`; serial and part are kept as text, so that nothing can cascade into evidence.
    """

    subject = models.CharField(max_length=60)
    serial = models.CharField(max_length=60, default="", blank=True)
    part_number = models.CharField(max_length=60)
    inputs = models.JSONField()
    rules_version = models.CharField(max_length=20)
    payer = models.CharField(max_length=10, choices=Payer.choices)
    customer_share = models.DecimalField(max_digits=7, decimal_places=6)
    needs_review = models.BooleanField()
    bearer = models.CharField(max_length=10, choices=Bearer.choices, default="", blank=True)
    reasons = models.JSONField()
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=60)
    supersedes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        help_text=_("the row this one replaces"),
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(customer_share__gte=0, customer_share__lte=1), name="decision_share"),
            models.CheckConstraint(condition=~Q(payer=Payer.PAID) | Q(customer_share=1), name="decision_paid_is_whole"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject", "-id"], name="decision_of_subject"),
            models.Index(fields=["serial"], name="decision_of_serial"),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.payer}"
