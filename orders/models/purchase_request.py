"""An order over its buyer's limit: asked for, not placed; a colleague decides."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from portal.accounts.models import Company, Membership


class RequestState(models.TextChoices):
    """Where it stands."""

    WAITING = "WAITING", _("waiting for a colleague")
    APPROVED = "APPROVED", _("approved and ordered")
    SENT_BACK = "SENT_BACK", _("sent back")
    WITHDRAWN = "WITHDRAWN", _("withdrawn")


class PurchaseRequest(models.Model):
    """The wanted order as it was typed (`body`, a `body` of OrderRequest); it holds no stock, no price and starts no promise."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="purchase_requests")
    reference = models.CharField(max_length=120)
    requested_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    body = models.JSONField()
    line_count = models.PositiveIntegerField()
    total = models.DecimalField(max_digits=16, decimal_places=3, help_text=_("with tax, as it was when asked"))
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.WAITING)
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, default="", blank=True)
    taken_back = models.BooleanField(default=False, help_text=_("its lines are in the buyer's cart again"))
    order = models.OneToOneField(Order, models.PROTECT, null=True, related_name="purchase_request")

    class Meta:
        verbose_name = _("purchase request")
        verbose_name_plural = _("purchase requests")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(state="APPROVED") & Q(order__isnull=False)) | (~Q(state="APPROVED") & Q(order=None)),
                name="request_approved_is_ordered",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("requested_by")) | Q(state="WITHDRAWN"),
                name="request_not_by_oneself",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["company", "state", "-requested_at"], name="request_of_company")]

    def __str__(self) -> str:
        return f"request {self.pk}"
