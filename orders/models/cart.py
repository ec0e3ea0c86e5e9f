"""Before the order: a cart per membership, and quotes that keep a price for half an hour."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from portal.accounts.models import Company, Membership


class Cart(models.Model):
    """One cart per membership; emptied only by a placed order."""

    membership = models.OneToOneField(Membership, models.CASCADE, related_name="cart")
    changed_at = models.DateTimeField()
    draft = models.JSONField(default=dict, help_text="what was typed on the order form and not ordered yet, by field")

    def __str__(self) -> str:
        return f"cart of {self.membership_id}"


class CartLine(models.Model):
    """A wish as it was typed; judged anew each time it is shown."""

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="lines")
    part_number = models.CharField(max_length=60)
    quantity = models.PositiveIntegerField()
    serial = models.CharField(max_length=60, default="", blank=True)
    repair_card = models.CharField(max_length=30, default="", blank=True)
    failed_on = models.DateField(null=True, blank=True)
    hours = models.PositiveIntegerField(null=True, blank=True)
    accept_expected_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(quantity__gte=1), name="cart_line_quantity")]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.part_number}"


class Quote(models.Model):
    """The order as it would have been: prices and promised days kept until `expires_at`; holds no stock."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    prices = models.JSONField(help_text="position:part id -> [amount, per_quantity], as text")
    promises = models.JSONField(help_text="policy -> promised day")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"quote {self.pk}"
