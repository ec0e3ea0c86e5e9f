"""The companies' ledger in double entry: what happened to money, and the accounts it moved between."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order
from portal.accounts.models import Company


class AccountKind(models.TextChoices):
    """Debit is positive. Balances of what we owe and of what we earn are therefore below zero."""

    RECEIVABLE = "RECEIVABLE", _("owed to us")
    CREDIT = "CREDIT", _("spendable credit")
    BANK = "BANK", _("bank")
    CARD = "CARD", _("card clearing")
    UNASSIGNED = "UNASSIGNED", _("money not assigned yet")
    GOODS = "GOODS", _("goods sold")
    FREIGHT = "FREIGHT", _("freight")
    TAX = "TAX", _("tax")
    CORES = "CORES", _("core deposits held")
    RESTOCKING = "RESTOCKING", _("restocking fees")
    LATE_DAYS = "LATE_DAYS", _("compensation for late days")
    GOODWILL = "GOODWILL", _("goodwill")


class EntryKind(models.TextChoices):
    """What happened, as the buyer reads it."""

    BILLED = "BILLED", _("Goods shipped")
    PAID = "PAID", _("Payment received")
    REFUNDED = "REFUNDED", _("Money paid back")
    LATE = "LATE", _("Credit for late days")
    LATE_REVERSED = "LATE_REVERSED", _("Credit taken back: late proof that we were in time")
    GOODWILL = "GOODWILL", _("Goodwill credit")
    RETURNED = "RETURNED", _("Goods sent back")
    CORE_BACK = "CORE_BACK", _("Core deposit given back")
    CORE_KEPT = "CORE_KEPT", _("Core deposit kept")
    CREDIT_USED = "CREDIT_USED", _("Paid with credit")
    CREDIT_FREED = "CREDIT_FREED", _("Credit given back")
    CREDITED = "CREDITED", _("Kept as credit")
    PAID_OUT = "PAID_OUT", _("Credit paid out")
    MONEY_IN = "MONEY_IN", _("Money received, not assigned yet")
    MONEY_BACK = "MONEY_BACK", _("Money sent back to the payer")


class LedgerAccount(models.Model):
    """One account of one company in one currency; of the house itself where `company` is null.

    `balance` is the sum of its postings; the database keeps it, nothing else writes it.
    """

    company = models.ForeignKey(Company, models.PROTECT, null=True, related_name="ledger_accounts")
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=12, choices=AccountKind.choices)
    balance = models.DecimalField(max_digits=18, decimal_places=3, default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "currency", "kind"], nulls_distinct=False, name="ledger_account_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.currency} of {self.company_id}"


class LedgerEntry(models.Model):
    """One movement of money, for ever: a trigger refuses change, and postings that do not sum to zero refuse the commit.

    `key` names the fact, so that it is posted once. `at` is when it happened (a bank's value date), `recorded_at` when we
    wrote it. A receivable has the day it is due on.
    """

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=14, choices=EntryKind.choices)
    company = models.ForeignKey(Company, models.PROTECT, null=True, related_name="ledger_entries")
    order = models.ForeignKey(Order, models.PROTECT, null=True, related_name="ledger_entries")
    currency = models.CharField(max_length=3)
    promise_id = models.BigIntegerField(null=True, db_index=True)
    due_on = models.DateField(null=True)
    reason = models.CharField(max_length=500, default="", blank=True)
    actor = models.CharField(max_length=80, help_text="membership:7, or system: no personal data")
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "ledger entries"
        indexes: ClassVar = [models.Index(fields=["company", "-at"], name="ledger_of_company")]

    def __str__(self) -> str:
        return self.key


class LedgerPosting(models.Model):
    """One side of an entry; debit is positive."""

    entry = models.ForeignKey(LedgerEntry, models.PROTECT, related_name="postings")
    account = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="postings")
    amount = models.DecimalField(max_digits=16, decimal_places=3)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="ledger_posting_moves"),
            models.UniqueConstraint(fields=["entry", "account"], name="ledger_posting_once"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} of {self.entry_id}"
