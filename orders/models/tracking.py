"""A link by which anybody who has it follows an order's goods: nothing else of the order is behind it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from portal.accounts.models import Membership


class TrackingLink(models.Model):
    """One living link an order. `nonce` is drawn at random; the address is made of it with the installation's secret (docs/adr/0084)."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="tracking_links")
    nonce = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("tracking link")
        verbose_name_plural = _("tracking links")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order"], condition=Q(withdrawn_at=None), name="tracking_link_once")
        ]

    def __str__(self) -> str:
        return f"link of {self.order_id}"
