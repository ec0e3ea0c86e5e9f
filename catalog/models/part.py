"""A part, its names, its other numbers and its successors."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from catalog.models.naming import Named


class OldPartPolicy(models.TextChoices):
    """What happens to the old part after a free replacement (rules.md section 3)."""

    RETURN = "RETURN", _("return")
    HOLD = "HOLD", _("hold for inspection")
    PHOTO = "PHOTO", _("photo")
    SCRAP = "SCRAP", _("scrap")


class PartGroup(Named):
    """Parts that share warranty terms: seals, filters, hydraulics ..."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    old_part = models.CharField(max_length=10, choices=OldPartPolicy.choices, default=OldPartPolicy.RETURN)
    old_part_days = models.PositiveSmallIntegerField(default=30)

    def __str__(self) -> str:
        return self.name


class PartStatus(models.TextChoices):
    """The status column; supersession beats it."""

    ACTIVE = "ACTIVE", _("active")
    RETIRED = "RETIRED", _("retired")


class TaxClass(models.TextChoices):
    """Which of a country's rates goods are taxed by."""

    STANDARD = "STANDARD", _("standard")
    REDUCED = "REDUCED", _("reduced")
    ZERO = "ZERO", _("zero-rated")
    EXEMPT = "EXEMPT", _("exempt")


class Part(models.Model):
    """A genuine spare part. `normalised` is indexed but not unique: two real numbers can normalise alike."""

    number = models.CharField(max_length=60)
    normalised = models.CharField(max_length=60, db_index=True)
    maker = models.CharField(max_length=80, default="", blank=True)
    category = models.CharField(max_length=120, default="", blank=True)
    group = models.ForeignKey(PartGroup, models.PROTECT, null=True, blank=True, related_name="parts")
    genuine = models.BooleanField(default=True)
    status = models.CharField(max_length=10, choices=PartStatus.choices, default=PartStatus.ACTIVE)
    pack_quantity = models.PositiveIntegerField(default=1, help_text=_("sold in multiples of this"))
    minimum_quantity = models.PositiveIntegerField(default=1)
    unit = models.CharField(max_length=10, default="PCE")
    weight_g = models.PositiveIntegerField(default=0)
    material = models.CharField(max_length=60, default="", blank=True)
    hazard = models.CharField(
        max_length=40, default="", blank=True, help_text=_("UN number and class, empty when harmless")
    )
    shelf_life_days = models.PositiveIntegerField(null=True, blank=True)
    origin = models.CharField(max_length=2, default="", blank=True)
    tax_class = models.CharField(
        max_length=8, choices=TaxClass.choices, default=TaxClass.STANDARD, db_default="STANDARD"
    )
    hs_code = models.CharField(max_length=12, default="", blank=True)
    core_charge = models.DecimalField(
        max_digits=14,
        decimal_places=3,
        default=0,
        help_text=_("deposit for the old unit of one piece, as the list's prices: with or without tax"),
    )
    core_currency = models.CharField(
        max_length=3,
        default="",
        blank=True,
        db_default="",
        help_text=_("the deposit is asked on lists in this currency"),
    )
    supplied_until = models.DateField(null=True, blank=True)
    stop_sale = models.BooleanField(default=False)
    stop_sale_reason = models.CharField(max_length=200, default="", blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["maker", "number"], name="part_number_of_maker"),
            models.CheckConstraint(
                condition=models.Q(pack_quantity__gte=1, minimum_quantity__gte=1), name="part_pack_positive"
            ),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["normalised"], opclasses=["gin_trgm_ops"], name="part_normalised_trgm"),
            models.Index(fields=["number"], name="part_number_order"),
            models.Index(fields=["category", "number"], name="part_category_order"),
        ]

    def __str__(self) -> str:
        return self.number

    def core_in(self, currency: str) -> Decimal:
        """The core deposit on one piece on a list in that currency; no rate of exchange is made up (ADR 0051)."""
        return self.core_charge if self.core_currency == currency else Decimal(0)


class PartName(models.Model):
    """A part's name in one language; readers fall back to English."""

    part = models.ForeignKey(Part, models.CASCADE, related_name="names")
    language = models.CharField(max_length=8, default="en")
    name = models.CharField(max_length=400)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["part", "language"], name="part_name_once")]
        indexes: ClassVar = [
            # For languages without spaces; words have a generated column `vector` (migration 0004) that only search reads.
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="part_name_trgm"),
        ]

    def __str__(self) -> str:
        return self.name


class CrossReference(models.Model):
    """Another catalogue's number for our part. The same number may stand for several parts, or be somebody's own number."""

    part = models.ForeignKey(Part, models.CASCADE, related_name="cross_references")
    catalogue = models.CharField(max_length=60)
    number = models.CharField(max_length=60)
    normalised = models.CharField(max_length=60, db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["part", "catalogue", "number"], name="cross_reference_once")
        ]

    def __str__(self) -> str:
        return f"{self.catalogue} {self.number}"


class SupersessionMode(models.TextChoices):
    """How old and new live side by side (rules.md section 5)."""

    USE_UP = "USE_UP", _("use up the old first")
    RUN_IN = "RUN_IN", _("both may be used")
    NEVER_MIX = "NEVER_MIX", _("never mix on one machine")


class SupersessionDirection(models.TextChoices):
    """May the old part also stand in for the new one?"""

    FORWARD = "FORWARD", _("new replaces old")
    BOTH = "BOTH", _("either replaces the other")


class Supersession(models.Model):
    """`old` was replaced by `quantity` pieces of `new`; several rows of one old part: it became several parts."""

    old = models.ForeignKey(Part, models.CASCADE, related_name="superseded_by")
    new = models.ForeignKey(Part, models.CASCADE, related_name="supersedes")
    quantity = models.PositiveIntegerField(default=1)
    direction = models.CharField(
        max_length=10, choices=SupersessionDirection.choices, default=SupersessionDirection.FORWARD
    )
    mode = models.CharField(max_length=10, choices=SupersessionMode.choices, default=SupersessionMode.USE_UP)
    effective_on = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["old", "new"], name="supersession_once"),
            models.CheckConstraint(condition=~models.Q(old=models.F("new")), name="supersession_not_itself"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="supersession_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.old_id} -> {self.quantity} x {self.new_id}"
