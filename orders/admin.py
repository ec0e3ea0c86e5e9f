"""Orders in Django's admin: to look at. They are changed by services alone."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from orders.models import CreditLedger, Order, OrderLine


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


@admin.register(CreditLedger)
class CreditLedgerAdmin(ReadOnly, admin.ModelAdmin):
    """Spendable credits."""

    list_display = ("company", "order_number", "amount", "currency", "reason", "at")
    search_fields = ("order_number", "company__name")
