"""Cards: what was reserved on a card, taken from it, given back, and disputed. No card data, only what a receipt shows."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from portal.accounts.models import Company


class CardState(models.TextChoices):
    """How far a payment by card is; it never goes back."""

    OPEN = "OPEN", _("waits for the card")
    AUTHORISED = "AUTHORISED", _("reserved on the card")
    CAPTURED = "CAPTURED", _("charged")
    RELEASED = "RELEASED", _("released, not charged")
    FOREIGN = "FOREIGN", _("does not belong to this order")


class RefundState(models.TextChoices):
    """WANTED: written here, not told to the card's bank yet."""

    WANTED = "WANTED", _("on its way")
    PENDING = "PENDING", _("on its way, told to the bank")
    DONE = "DONE", _("given back")
    FAILED = "FAILED", _("the bank refused it")


class RefundOrigin(models.TextChoices):
    """Why money went back: more was paid than is owed; our people gave it back; somebody did in the provider's dashboard."""

    OWED = "OWED", _("paid too much")
    STAFF = "STAFF", _("given back by us")
    DASHBOARD = "DASHBOARD", _("given back in the provider's dashboard")


class CardCustomer(models.Model):
    """How the payment provider calls a company."""

    company = models.OneToOneField(Company, models.CASCADE, related_name="+")
    customer_id = models.CharField(max_length=80, unique=True)

    def __str__(self) -> str:
        return self.customer_id


class CardPayment(models.Model):
    """One PaymentIntent: bound to its order by this row. `amount` is asked for, `authorised` was granted.

    Money of a card counts for the clock when it is reserved, and is taken as goods leave (docs/payments.md).
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="cards")
    attempt = models.PositiveIntegerField(help_text=_("1 for the order's first"))
    intent_id = models.CharField(max_length=80, unique=True, null=True)  # noqa: DJ001  NULL: not told to Stripe yet
    customer_id = models.CharField(max_length=80, default="", blank=True)
    method_id = models.CharField(max_length=80, default="", blank=True, help_text=_("the saved card, for a renewal"))
    state = models.CharField(max_length=10, choices=CardState.choices, default=CardState.OPEN)
    amount = models.DecimalField(max_digits=16, decimal_places=3)
    authorised = models.DecimalField(max_digits=16, decimal_places=3, default=0)
    captured = models.DecimalField(max_digits=16, decimal_places=3, default=0)
    refunded = models.DecimalField(max_digits=16, decimal_places=3, default=0)
    multicapture = models.BooleanField(default=False, help_text=_("may be charged in several parts"))
    off_session = models.BooleanField(default=False, help_text=_("a renewal, made without the buyer"))
    brand = models.CharField(max_length=30, default="", blank=True)
    last4 = models.CharField(max_length=4, default="", blank=True)
    decline = models.CharField(max_length=60, default="", blank=True, help_text=_("why the bank refused last"))
    created_at = models.DateTimeField()
    authorised_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True, help_text=_("charged by then, or the bank lets it go"))
    looked_at = models.DateTimeField(help_text=_("when the provider was asked last"))

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "attempt"], name="card_attempt_once"),
            models.CheckConstraint(condition=Q(amount__gt=0, authorised__lte=F("amount")), name="card_amount"),
            models.CheckConstraint(condition=Q(captured__gte=0, captured__lte=F("authorised")), name="card_captured"),
            models.CheckConstraint(condition=Q(refunded__gte=0, refunded__lte=F("captured")), name="card_refunded"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["looked_at"], condition=Q(state__in=["OPEN", "AUTHORISED"]), name="card_living")
        ]

    def __str__(self) -> str:
        return f"card {self.attempt} of {self.order_id}"

    def held(self, now: datetime) -> Decimal:
        """What is reserved and can still be taken."""
        lapsed = self.expires_at is not None and self.expires_at <= now
        if self.state != CardState.AUTHORISED or lapsed:
            return Decimal(0)
        return self.authorised - self.captured


class CardRefund(models.Model):
    """Money given back to a card; `refund_id` is the provider's name for it."""

    card = models.ForeignKey(CardPayment, models.PROTECT, related_name="refunds")
    refund_id = models.CharField(max_length=80, unique=True, null=True)  # noqa: DJ001  NULL: not told to Stripe yet
    amount = models.DecimalField(max_digits=16, decimal_places=3)
    state = models.CharField(max_length=8, choices=RefundState.choices, default=RefundState.WANTED)
    reason = models.CharField(max_length=200, default="", blank=True)
    origin = models.CharField(max_length=10, choices=RefundOrigin.choices)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(amount__gt=0), name="card_refund_positive")]

    def __str__(self) -> str:
        return f"{self.amount} back to {self.card_id}"


class CardDispute(models.Model):
    """A charge the card's owner disputes at the bank; decided there, shown here."""

    card = models.ForeignKey(CardPayment, models.PROTECT, related_name="disputes")
    dispute_id = models.CharField(max_length=80, unique=True)
    amount = models.DecimalField(max_digits=16, decimal_places=3)
    reason = models.CharField(max_length=60)
    status = models.CharField(max_length=40)
    evidence_by = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(amount__gt=0), name="card_dispute_positive")]

    def __str__(self) -> str:
        return self.dispute_id


class CardMovement(models.Model):
    """One thing that happened to a card's money, once per `key`; append-only. What is only reserved is no money yet."""

    class Kind(models.TextChoices):
        """Reserving and releasing move no money; the rest does."""

        AUTHORISED = "AUTHORISED", _("reserved")
        RELEASED = "RELEASED", _("released")
        CAPTURED = "CAPTURED", _("charged")
        REFUNDED = "REFUNDED", _("given back")
        REFUND_FAILED = "REFUND_FAILED", _("could not be given back")
        DISPUTED = "DISPUTED", _("taken back by the bank")
        DISPUTE_WON = "DISPUTE_WON", _("returned by the bank")

    card = models.ForeignKey(CardPayment, models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    amount = models.DecimalField(max_digits=16, decimal_places=3)
    key = models.CharField(max_length=120, unique=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
