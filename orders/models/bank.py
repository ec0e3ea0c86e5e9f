"""The bank: our accounts there, its statements, and every sum that came."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from portal.accounts.models import Company


class BankAccount(models.Model):
    """Where buyers of a market and currency pay to; shown on their orders."""

    market = models.CharField(_("market"), max_length=8, default="", blank=True, help_text=_("empty: every market"))
    currency = models.CharField(_("currency"), max_length=3)
    holder = models.CharField(_("account holder"), max_length=200)
    bank = models.CharField(_("bank"), max_length=200)
    number = models.CharField(_("account number or IBAN"), max_length=40)
    bic = models.CharField(_("BIC"), max_length=11, default="", blank=True)

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        constraints: ClassVar = [models.UniqueConstraint(fields=["market", "currency"], name="bank_account_once")]

    def __str__(self) -> str:
        return f"{self.number} ({self.currency})"


class BankProfile(models.Model):
    """How one bank writes its CSV: the headings of our columns, and how dates and amounts look."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    columns = models.JSONField(
        _("columns"),
        default=dict,
        help_text=_(
            "date, amount, currency, text, payer, account, id: the heading of each; delimiter, encoding, decimal, date_format, default_currency"
        ),
    )

    class Meta:
        verbose_name = _("bank's CSV")
        verbose_name_plural = _("banks' CSV")

    def __str__(self) -> str:
        return self.name


class BankStatement(models.Model):
    """A file a bank sent, known by its content: the same file again changes nothing."""

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the file")
    name = models.CharField(max_length=200)
    form = models.CharField(max_length=10, help_text="CAMT053 or CSV")
    read_at = models.DateTimeField()
    read_by = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name


class BankLineState(models.TextChoices):
    """What became of a sum."""

    WAITING = "WAITING", _("waits for a person")
    BOOKED = "BOOKED", _("booked")
    CREDITED = "CREDITED", _("kept as credit")
    SENT_BACK = "SENT_BACK", _("sent back")


class BankLineWhy(models.TextChoices):
    """Why a sum was not booked by itself."""

    NONE = "", ""
    UNKNOWN = "UNKNOWN", _("no order is named")
    OVER = "OVER", _("more than is open")
    UNDER = "UNDER", _("less than is open")
    CURRENCY = "CURRENCY", _("another currency than the order's")
    CLOSED = "CLOSED", _("the order is cancelled, paid or by card")
    SEVERAL = "SEVERAL", _("several orders are named")
    DATE = "DATE", _("dated before the order, or in the future")


class BankLine(models.Model):
    """Money that came, as the bank tells it. `key` names it over all files: a statement that overlaps another brings nothing twice."""

    statement = models.ForeignKey(BankStatement, models.PROTECT, related_name="lines")
    key = models.CharField(max_length=64, unique=True)
    position = models.PositiveIntegerField()
    value_on = models.DateField(help_text="the bank's value date")
    amount = models.DecimalField(max_digits=16, decimal_places=3)
    currency = models.CharField(max_length=3)
    text = models.CharField(max_length=500, default="", blank=True)
    payer = models.CharField(max_length=200, default="", blank=True)
    payer_account = models.CharField(max_length=40, default="", blank=True)
    state = models.CharField(max_length=10, choices=BankLineState.choices, default=BankLineState.WAITING)
    why = models.CharField(max_length=10, choices=BankLineWhy.choices, default="", blank=True)
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, related_name="bank_lines", help_text="the one it may mean"
    )
    company = models.ForeignKey(Company, models.PROTECT, null=True, related_name="+", help_text="whose money it was")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(amount__gt=0), name="bank_line_positive")]
        indexes: ClassVar = [
            models.Index(fields=["value_on"], condition=Q(state="WAITING"), name="bank_line_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} of {self.payer}"
