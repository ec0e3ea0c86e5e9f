"""Parts beside parts: what a kit holds, what may be advised instead, what belongs together. None of these decides fit or substitution."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.part import Part


class RelationKind(models.TextChoices):
    """How `other` stands to `part`."""

    COMPONENT = "COMPONENT", _("holds")
    ALTERNATE = "ALTERNATE", _("alternate")
    VARIANT = "VARIANT", _("variant of")
    PAIR = "PAIR", _("pair")


class PartRelation(models.Model):
    """`part` stands to `other` as `kind` says: a kit holds `quantity` of a component, a print is a variant of the plain part."""

    part = models.ForeignKey(Part, models.CASCADE, related_name="relations")
    other = models.ForeignKey(Part, models.CASCADE, related_name="related_to")
    kind = models.CharField(max_length=10, choices=RelationKind.choices)
    quantity = models.PositiveIntegerField(default=1)
    note = models.CharField(max_length=40, default="", blank=True, help_text=_("the supplier's own word for it"))

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["part", "other", "kind"], name="part_relation_once"),
            models.CheckConstraint(condition=~models.Q(part=models.F("other")), name="part_relation_not_itself"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="part_relation_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.part_id} {self.kind} {self.other_id}"
