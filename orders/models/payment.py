"""Money received for an order."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.card import CardPayment
from orders.models.order import Order, PaymentMethod


class Payment(models.Model):
    """`received_at` is the bank's value date, not when it was typed."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    card = models.ForeignKey(
        CardPayment, models.PROTECT, null=True, related_name="payments", help_text=_("charged to this card")
    )
    method = models.CharField(max_length=10, choices=PaymentMethod.choices)
    amount = models.DecimalField(max_digits=16, decimal_places=3)
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)
    reference = models.CharField(max_length=120, default="", blank=True)
    note = models.CharField(max_length=500, default="", blank=True)
    state = models.CharField(max_length=12, default="RECEIVED")

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_positive")]

    def __str__(self) -> str:
        return f"{self.amount} for {self.order_id}"
