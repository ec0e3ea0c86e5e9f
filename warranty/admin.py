"""Master data of cover for the house; evidence and repair papers can be read, not changed here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from catalog.rules.numbers import normalise, serial_sequence
from warranty import models


class ReadOnly:
    """Mixed into an admin whose rows are written by services alone."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes."""
        return False


class DealerLinkInline(admin.TabularInline):
    model = models.EquipmentDealer
    extra = 0
    raw_id_fields = ("dealer",)


class NoteInline(admin.TabularInline):
    model = models.EquipmentNote
    extra = 0


class ReadingInline(ReadOnly, admin.TabularInline):
    model = models.Reading
    extra = 0
    fields = readonly_fields = ("hours", "read_at", "recorded_by", "suspicious", "note")


@admin.register(models.Equipment)
class EquipmentAdmin(admin.ModelAdmin):
    list_display = ("serial", "model", "owner", "sold_on", "in_service_on", "site")
    list_select_related = ("model", "owner")
    search_fields = ("serial", "normalised", "owner__name", "model__code")
    list_filter = ("in_service_on",)
    autocomplete_fields = ("model",)
    raw_id_fields = ("owner", "registered_by")
    readonly_fields = ("normalised", "sequence")
    inlines = (DealerLinkInline, NoteInline, ReadingInline)

    def save_model(self, request: HttpRequest, obj: models.Equipment, form: Any, change: bool) -> None:
        """The serial's other forms follow from it."""
        obj.normalised, obj.sequence = normalise(obj.serial), serial_sequence(obj.serial)
        super().save_model(request, obj, form, change)


@admin.register(models.WarrantyTerm)
class WarrantyTermAdmin(admin.ModelAdmin):
    list_display = ("model", "part_group", "months", "max_hours", "excluded", "bearer", "valid")
    list_select_related = ("model", "part_group")
    list_filter = ("excluded", "bearer", "part_group")
    search_fields = ("model__code", "part_group__code")
    autocomplete_fields = ("model",)


@admin.register(models.PartsWarrantyTerm)
class PartsWarrantyTermAdmin(admin.ModelAdmin):
    list_display = ("market", "buyer_kind", "fitted_months", "counter_months", "statutory_months", "bearer", "valid")


@admin.register(models.CoverPolicy)
class CoverPolicyAdmin(admin.ModelAdmin):
    list_display = ("valid", "report_days", "repeat_days")


@admin.register(models.CoverAmounts)
class CoverAmountsAdmin(admin.ModelAdmin):
    list_display = ("currency", "scrap_below", "photo_below", "goodwill_limit", "valid")


class ContractUseInline(ReadOnly, admin.TabularInline):
    model = models.ContractUse
    extra = 0
    fields = readonly_fields = ("year", "order_line", "amount", "used_on")


@admin.register(models.MaintenanceContract)
class MaintenanceContractAdmin(admin.ModelAdmin):
    list_display = ("number", "equipment", "starts_on", "ends_on", "customer_share", "yearly_cap", "currency")
    list_select_related = ("equipment",)
    search_fields = ("number", "equipment__serial", "equipment__normalised")
    autocomplete_fields = ("equipment",)
    inlines = (ContractUseInline,)


@admin.register(models.ServiceInterval)
class ServiceIntervalAdmin(admin.ModelAdmin):
    list_display = ("model", "name", "kit", "every_hours", "every_months", "source")
    list_select_related = ("model", "kit")
    search_fields = ("name", "model__code", "kit__number")
    autocomplete_fields = ("model",)
    raw_id_fields = ("kit",)


@admin.register(models.Campaign)
class CampaignAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "model", "serial_from", "serial_to", "starts_on", "ends_on", "bearer")
    list_select_related = ("model",)
    search_fields = ("code", "name", "model__code")
    autocomplete_fields = ("model", "parts")


@admin.register(models.Decision)
class DecisionAdmin(ReadOnly, admin.ModelAdmin):
    list_display = (
        "subject",
        "serial",
        "part_number",
        "payer",
        "customer_share",
        "needs_review",
        "decided_at",
        "decided_by",
    )
    list_filter = ("payer", "needs_review", "rules_version")
    search_fields = ("subject", "serial", "part_number")
    date_hierarchy = "decided_at"


class CardLineInline(ReadOnly, admin.TabularInline):
    model = models.RepairCardLine
    extra = 0
    fields = readonly_fields = ("part", "payer", "order_line", "ordered", "used", "sent_back", "old_part_kept")


@admin.register(models.RepairCard)
class RepairCardAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("number", "equipment", "company", "state", "opened_at", "closed_at")
    list_select_related = ("equipment", "company")
    list_filter = ("state",)
    search_fields = ("number", "equipment__serial", "equipment__normalised")
    inlines = (CardLineInline,)


@admin.register(models.RepairCall)
class RepairCallAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("number", "voucher", "equipment", "company", "state", "opened_at")
    list_select_related = ("equipment", "company")
    list_filter = ("state",)
    search_fields = ("number", "voucher", "equipment__serial", "equipment__normalised")


@admin.register(models.Replacement)
class ReplacementAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("equipment", "part", "quantity", "replaced_on", "how", "ref")
    list_select_related = ("equipment", "part")
    search_fields = ("equipment__serial", "equipment__normalised", "part__number")
