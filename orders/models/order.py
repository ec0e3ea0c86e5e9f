"""An order: who, what kind, how it is paid, where it stands."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Company, Membership


class OrderType(models.TextChoices):
    """The turn in which scarce stock is given (rules.md section 5), first to last."""

    MACHINE_DOWN = "MACHINE_DOWN", _("machine down")
    WARRANTY = "WARRANTY", _("warranty")
    CAMPAIGN = "CAMPAIGN", _("campaign")
    CUSTOMER = "CUSTOMER", _("customer")
    STOCK = "STOCK", _("stock")
    INTERNAL = "INTERNAL", _("internal")


class OrderState(models.TextChoices):
    """Where the order stands; shipping states derive from the lines."""

    AWAITING_REVIEW = "AWAITING_REVIEW", _("waiting for a cover decision")
    AWAITING_APPROVAL = "AWAITING_APPROVAL", _("waiting for credit approval")
    AWAITING_PAYMENT = "AWAITING_PAYMENT", _("waiting for payment")
    READY = "READY", _("ready to ship")
    PARTLY_SHIPPED = "PARTLY_SHIPPED", _("partly shipped")
    SHIPPED = "SHIPPED", _("shipped")
    DELIVERED = "DELIVERED", _("delivered")
    CANCELLED = "CANCELLED", _("cancelled")


class PaymentMethod(models.TextChoices):
    """How the buyer pays; NONE only when nothing is to pay."""

    CARD = "CARD", _("card")
    ACCOUNT = "ACCOUNT", _("on account")
    TRANSFER = "TRANSFER", _("bank transfer in advance")
    NONE = "NONE", _("nothing to pay")


class PaymentState(models.TextChoices):
    """What is known of the money."""

    NOTHING_TO_PAY = "NOTHING_TO_PAY", _("nothing to pay")
    UNPAID = "UNPAID", _("unpaid")
    PARTLY_PAID = "PARTLY_PAID", _("partly paid")
    ON_ACCOUNT = "ON_ACCOUNT", _("on account")
    AUTHORISED = "AUTHORISED", _("reserved on a card")
    PAID = "PAID", _("paid")
    REFUND_DUE = "REFUND_DUE", _("refund due")


class EngineState(models.TextChoices):
    """What the commerce engine says of the order. WITHDRAWN: all of it was cancelled before the store had it, so it never will."""

    PENDING = "PENDING", _("not yet confirmed by the store")
    ACCEPTED = "ACCEPTED", _("confirmed by the store")
    REFUSED = "REFUSED", _("refused by the store")
    WITHDRAWN = "WITHDRAWN", _("cancelled before the store had it")


class Order(models.Model):
    """One order in one currency of one company. Amounts are in major units; net, tax and total include freight."""

    number = models.CharField(max_length=20, unique=True)
    reference = models.CharField(max_length=120)
    company = models.ForeignKey(Company, models.PROTECT, related_name="orders")
    placed_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    market = models.CharField(max_length=8)
    channel = models.CharField(max_length=40)
    type = models.CharField(max_length=12, choices=OrderType.choices)
    state = models.CharField(max_length=20, choices=OrderState.choices)
    payment_method = models.CharField(max_length=10, choices=PaymentMethod.choices)
    payment_state = models.CharField(max_length=20, choices=PaymentState.choices)
    engine_state = models.CharField(max_length=10, choices=EngineState.choices, default=EngineState.PENDING)
    store_number = models.CharField(max_length=40, default="", blank=True)
    currency = models.CharField(max_length=3)
    freight_rate = models.DecimalField(
        max_digits=14, decimal_places=3, default=0, help_text=_("published at placing; due while anything is paid for")
    )
    freight = models.DecimalField(max_digits=14, decimal_places=3, default=0, help_text=_("due now, without tax"))
    freight_tax_rate = models.DecimalField(max_digits=6, decimal_places=4, default=0)
    freight_tax = models.DecimalField(max_digits=14, decimal_places=3, default=0)
    net = models.DecimalField(max_digits=16, decimal_places=3)
    tax = models.DecimalField(max_digits=16, decimal_places=3, default=0)
    total = models.DecimalField(max_digits=16, decimal_places=3)
    prices_include_tax = models.BooleanField(default=False, help_text=_("the published prices are shelf prices"))
    tax_country = models.CharField(max_length=2, default="", blank=True, help_text=_("whose rates apply"))
    tax_treatment = models.CharField(max_length=16, default="DOMESTIC")
    tax_note = models.CharField(max_length=20, default="", blank=True)
    buyer_tax_number = models.CharField(max_length=20, default="", blank=True, help_text=_("as it stood at placing"))
    po_number = models.CharField(max_length=60, default="", blank=True)
    deliver_to = models.JSONField(default=dict)
    deliver_on = models.DateField(null=True, blank=True)
    needs_approval = models.BooleanField(default=False, help_text=_("over the credit limit and not approved yet"))
    placed_at = models.DateTimeField()
    paid_at = models.DateTimeField(
        null=True, blank=True, help_text=_("money is in, credit approved, or nothing to pay")
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(total__gte=0, net__gte=0, tax__gte=0, freight__gte=0), name="order_not_negative"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["company", "-placed_at"], name="order_of_company"),
            models.Index(fields=["company", "reference"], name="order_by_reference"),
            models.Index(fields=["state", "paid_at"], name="order_by_state"),
        ]

    is_held: bool | None = None  # as `hold_ask` found it; None: not asked

    def __str__(self) -> str:
        return self.number
