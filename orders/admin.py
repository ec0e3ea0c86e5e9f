"""Orders in Django's admin: to look at, for they are changed by services alone. The tax tables are kept here."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from orders.models import (
    BankAccount,
    BankProfile,
    LedgerAccount,
    LedgerEntry,
    LedgerPosting,
    MoneyPolicy,
    Order,
    OrderLine,
    Paper,
    SellerDetails,
    TaxRate,
    TaxRegistration,
)


class ReadOnly:
    """Nothing can be added, changed or deleted past the rules."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class OrderLineInline(ReadOnly, admin.TabularInline):
    """The order's lines."""

    model = OrderLine
    fields = ("position", "part", "quantity", "payer", "net", "shipped", "delivered", "cancelled")


@admin.register(Order)
class OrderAdmin(ReadOnly, admin.ModelAdmin):
    """One order."""

    list_display = (
        "number",
        "company",
        "type",
        "state",
        "payment_state",
        "engine_state",
        "total",
        "currency",
        "placed_at",
    )
    list_filter = ("state", "type", "payment_state", "engine_state", "market")
    search_fields = ("number", "reference", "po_number", "company__name")
    inlines = (OrderLineInline,)


class LedgerPostingInline(ReadOnly, admin.TabularInline):
    """Both sides of an entry."""

    model = LedgerPosting
    fields = ("account", "amount")


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnly, admin.ModelAdmin):
    """Every movement of money."""

    list_display = ("key", "kind", "company", "order", "currency", "reason", "actor", "at", "due_on")
    list_filter = ("kind", "currency")
    search_fields = ("key", "order__number", "company__name")
    inlines = (LedgerPostingInline,)


@admin.register(LedgerAccount)
class LedgerAccountAdmin(ReadOnly, admin.ModelAdmin):
    """Accounts and their balances."""

    list_display = ("company", "kind", "currency", "balance")
    list_filter = ("kind", "currency")
    search_fields = ("company__name",)


@admin.register(MoneyPolicy)
class MoneyPolicyAdmin(admin.ModelAdmin):
    """What the house does about money; a change is a new row from its day on."""

    list_display = (
        "market",
        "valid_from",
        "restocking_rate",
        "transfer_remind_days",
        "transfer_cancel_days",
        "credit_stop",
    )


@admin.register(BankProfile)
class BankProfileAdmin(admin.ModelAdmin):
    """How a bank writes its CSV."""

    list_display = ("name",)


@admin.register(BankAccount)
class BankAccountAdmin(admin.ModelAdmin):
    """Where buyers pay to."""

    list_display = ("market", "currency", "holder", "bank", "number")


@admin.register(TaxRate)
class TaxRateAdmin(admin.ModelAdmin):
    """What a country takes. A change of rate is a new row from its first day; orders keep the rate they were placed at."""

    list_display = ("country", "tax_class", "rate", "valid")
    list_filter = ("tax_class", "country")


@admin.register(TaxRegistration)
class TaxRegistrationAdmin(admin.ModelAdmin):
    """Where the house charges tax."""

    list_display = ("country", "number", "one_stop", "valid")


@admin.register(Paper)
class PaperAdmin(ReadOnly, admin.ModelAdmin):
    """Issued papers: to look at, for nothing may change them."""

    list_display = ("number", "kind", "company", "order", "issued_on", "total", "currency")
    list_filter = ("kind", "currency")
    search_fields = ("number", "order__number", "company__name")


@admin.register(SellerDetails)
class SellerDetailsAdmin(admin.ModelAdmin):
    """What papers say of the house beside its name and numbers."""

    list_display = ("company", "representative", "email")
