"""Papers of an order, immutable once issued: what was printed stands frozen beside the number, the file beside its hash."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from orders.models.returns import Return
from orders.models.shipment import Shipment
from portal.accounts.models import Company


class PaperKind(models.TextChoices):
    """What a paper is for."""

    CONFIRMATION = "CONFIRMATION", _("order confirmation")
    PROFORMA = "PROFORMA", _("pro-forma invoice")
    PACKING_SLIP = "PACKING_SLIP", _("packing slip")
    INVOICE = "INVOICE", _("invoice")
    CREDIT_NOTE = "CREDIT_NOTE", _("credit note")


class PaperCounter(models.Model):
    """The last number of a series and year. Its row is locked until the paper is committed: no gap, no number twice."""

    series = models.CharField(max_length=12, unique=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.series}-{self.last:06}"


class Paper(models.Model):
    """One issued paper. `snapshot` is everything printed on it; amounts are in major units, those of a credit note above zero."""

    kind = models.CharField(max_length=14, choices=PaperKind.choices)
    number = models.CharField(max_length=30, unique=True)
    company = models.ForeignKey(Company, models.PROTECT, related_name="papers")
    order = models.ForeignKey(Order, models.PROTECT, related_name="papers")
    shipment = models.ForeignKey(Shipment, models.PROTECT, null=True, related_name="papers")
    returned = models.ForeignKey(Return, models.PROTECT, null=True, related_name="papers")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    key = models.CharField(
        max_length=80, unique=True, help_text=_("the fact it was issued for, so that it is issued once")
    )
    issued_at = models.DateTimeField()
    issued_on = models.DateField()
    due_on = models.DateField(null=True)
    currency = models.CharField(max_length=3)
    net = models.DecimalField(max_digits=16, decimal_places=3)
    tax = models.DecimalField(max_digits=16, decimal_places=3)
    total = models.DecimalField(max_digits=16, decimal_places=3)
    snapshot = models.JSONField()

    class Meta:
        ordering: ClassVar = ["issued_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["company", "kind", "-issued_at"], name="paper_of_company")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(net__gte=0, tax__gte=0, total=models.F("net") + models.F("tax")), name="paper_adds_up"
            )
        ]

    def __str__(self) -> str:
        return self.number


class PaperFile(models.Model):
    """The PDF made from a paper's snapshot, in one language, and its SHA-256."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="files")
    language = models.CharField(max_length=8, default="", help_text=_("of a translation; empty: the original"))
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["paper", "language"], name="paper_file_once")]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.language}: {self.sha256[:12]}"


class SellerDetails(models.Model):
    """What papers say of the house beside its name, address and tax numbers."""

    company = models.OneToOneField(Company, models.CASCADE, related_name="seller_details")
    representative = models.CharField(_("representative"), max_length=120, default="", blank=True)
    business = models.CharField(_("kind and items of business"), max_length=120, default="", blank=True)
    register_entry = models.CharField(_("entry in the trade register"), max_length=200, default="", blank=True)
    email = models.EmailField(_("e-mail for questions about papers"), default="", blank=True)

    class Meta:
        verbose_name_plural = _("seller's details")

    def __str__(self) -> str:
        return str(self.company)
