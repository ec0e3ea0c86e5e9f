"""Master data in Django's admin. Stock is shown and never written here: it moves through `catalog.services.stock` alone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.imports.mappings import FIELDS, mapping_wrongs
from catalog.models import (
    Assembly,
    Callout,
    CategoryName,
    CrossReference,
    EquipmentModel,
    ExpectedReceipt,
    Fitment,
    FreightRate,
    ImportMapping,
    MarketWarehouse,
    Part,
    PartDocument,
    PartGroup,
    PartName,
    PartRelation,
    Price,
    PriceList,
    SerialBreak,
    StockLedger,
    StockLevel,
    Supersession,
    Warehouse,
)
from catalog.rules.numbers import normalise
from catalog.search.changes import parts_changed
from portal import clock
from portal.errors import Code, Problem

_MOST_LINES = 1000  # a figure with more callouts is edited by import


class NumberForm(forms.ModelForm):
    """Keeps the bare form of a number beside the number, so that what is written here is found in any dress."""

    written = "number"

    def clean(self) -> dict[str, Any]:
        """Refuse a number without a letter or digit."""
        cleaned = super().clean() or self.cleaned_data
        bare = normalise(cleaned.get(self.written) or "")
        if self.written in cleaned and not bare:
            self.add_error(self.written, _("A number needs at least one letter or digit."))
        self.instance.normalised = bare
        return cleaned


class PartForm(NumberForm):
    """A part whose stop-sale says why."""

    def clean(self) -> dict[str, Any]:
        """Refuse a stop-sale without a reason."""
        cleaned = super().clean()
        if cleaned.get("stop_sale") and not cleaned.get("stop_sale_reason"):
            self.add_error("stop_sale_reason", _("Say why, so that the next person knows."))
        return cleaned


class CodeForm(NumberForm):
    """A model, found by its code."""

    written = "code"


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shown to staff, changed by services."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never by hand."""
        return False


class PartNameInline(admin.TabularInline):
    model = PartName
    extra = 0


class CrossReferenceInline(admin.TabularInline):
    model = CrossReference
    form = NumberForm
    exclude = ("normalised",)
    extra = 0


class SupersessionInline(admin.TabularInline):
    model = Supersession
    fk_name = "old"
    autocomplete_fields = ("new",)
    extra = 0


class RelationInline(admin.TabularInline):
    model = PartRelation
    fk_name = "part"
    autocomplete_fields = ("other",)
    extra = 0


class DocumentInline(admin.TabularInline):
    """Files come by delivery; what is said of them can be corrected here."""

    model = PartDocument
    readonly_fields = ("file", "name")
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """By delivery alone, where the content is checked."""
        return False


@admin.register(Part)
class PartAdmin(admin.ModelAdmin):
    form = PartForm
    exclude = ("normalised",)
    inlines = (PartNameInline, CrossReferenceInline, SupersessionInline, RelationInline, DocumentInline)
    list_display = ("number", "maker", "category", "group", "status", "stop_sale")
    list_filter = ("status", "stop_sale", "genuine", "group")
    search_fields = ("number", "names__name")
    autocomplete_fields = ("group",)
    show_full_result_count = False

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        """What stands of the part is saved: search is told."""
        super().save_related(request, form, formsets, change)
        parts_changed([form.instance.pk])

    def delete_model(self, request: HttpRequest, obj: Part) -> None:
        """One part goes."""
        parts_changed([obj.pk])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Part]) -> None:
        """Chosen parts go."""
        parts_changed(list(queryset.values_list("pk", flat=True)))
        super().delete_queryset(request, queryset)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Part], search_term: str
    ) -> tuple[QuerySet[Part], bool]:
        """A number in any dress is found as everywhere else."""
        found, doubles = super().get_search_results(request, queryset, search_term)
        bare = normalise(search_term)
        return (found | queryset.filter(normalised=bare), True) if bare else (found, doubles)


@admin.register(CategoryName)
class CategoryNameAdmin(admin.ModelAdmin):
    list_display = ("category", "language", "name")
    list_filter = ("language",)
    search_fields = ("category", "name")


@admin.register(PartGroup)
class PartGroupAdmin(admin.ModelAdmin):
    list_display = ("code", "name", "old_part", "old_part_days")
    search_fields = ("code", "name")


class SerialBreakInline(admin.TabularInline):
    model = SerialBreak
    extra = 0


@admin.register(EquipmentModel)
class EquipmentModelAdmin(admin.ModelAdmin):
    form = CodeForm
    exclude = ("normalised",)
    inlines = (SerialBreakInline,)
    list_display = ("code", "name", "maker", "family", "year")
    search_fields = ("code", "normalised", "name")


class CalloutInline(admin.TabularInline):
    model = Callout
    autocomplete_fields = ("part",)
    extra = 0
    max_num = _MOST_LINES


@admin.register(Assembly)
class AssemblyAdmin(admin.ModelAdmin):
    inlines = (CalloutInline,)
    autocomplete_fields = ("model",)
    list_display = ("name", "code", "model", "quantity")
    list_select_related = ("model",)
    search_fields = ("name", "code", "model__code")


@admin.register(Fitment)
class FitmentAdmin(admin.ModelAdmin):
    autocomplete_fields = ("part", "model", "instead")
    list_display = ("part", "model", "fits", "serial_from", "serial_to", "instead")
    list_select_related = ("part", "model", "instead")
    list_filter = ("fits",)
    search_fields = ("part__number", "model__code")


@admin.register(PriceList)
class PriceListAdmin(admin.ModelAdmin):
    list_display = ("name", "market", "kind", "discount_class", "currency", "valid")
    list_filter = ("market", "kind", "discount_class")
    search_fields = ("name",)


@admin.register(Price)
class PriceAdmin(admin.ModelAdmin):
    autocomplete_fields = ("part", "price_list")
    list_display = ("part", "price_list", "from_quantity", "amount", "per_quantity")
    list_select_related = ("part", "price_list")
    search_fields = ("part__number",)
    show_full_result_count = False


@admin.register(FreightRate)
class FreightRateAdmin(admin.ModelAdmin):
    list_display = ("market", "currency", "up_to_g", "amount", "valid")
    list_filter = ("market", "currency")


class MarketWarehouseInline(admin.TabularInline):
    model = MarketWarehouse
    extra = 0


@admin.register(Warehouse)
class WarehouseAdmin(admin.ModelAdmin):
    inlines = (MarketWarehouseInline,)
    list_display = ("code", "name", "country", "zone", "calendar")
    search_fields = ("code", "name")


@admin.register(StockLevel)
class StockLevelAdmin(ReadOnlyAdmin):
    list_display = ("part", "warehouse", "on_hand", "held", "allocated_elsewhere", "available", "safety_stock")
    list_select_related = ("part", "warehouse")
    list_filter = ("warehouse",)
    search_fields = ("part__number",)


@admin.register(ExpectedReceipt)
class ExpectedReceiptAdmin(ReadOnlyAdmin):
    list_display = ("part", "warehouse", "expected_on", "quantity", "received", "held", "reference")
    list_select_related = ("part", "warehouse")
    list_filter = ("warehouse",)
    search_fields = ("part__number", "reference")


@admin.register(StockLedger)
class StockLedgerAdmin(ReadOnlyAdmin):
    list_display = ("at", "part", "warehouse", "change", "reason", "actor", "reference")
    list_select_related = ("part", "warehouse")
    list_filter = ("warehouse", "reason")
    search_fields = ("part__number", "reference")
    show_full_result_count = False


class MappingForm(forms.ModelForm):
    """A mapping that can be used."""

    def clean(self) -> dict[str, Any]:
        """Refuse what names tables or columns that are not ours, by the words the service would use."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.keys() >= set(FIELDS):
            for field, why, value in mapping_wrongs(cleaned):
                name = {"headerRow": "header_row", "dateFormat": "date_format"}.get(field, field.partition(".")[0])
                told = Problem(Code.INVALID, field, {"value": value}, f"mapping_{why}").message
                self.add_error(name, f"{field}: {told}" if "." in field else told)
        return cleaned


@admin.register(ImportMapping)
class ImportMappingAdmin(admin.ModelAdmin):
    form = MappingForm
    readonly_fields = ("changed_at",)
    list_display = ("name", "pattern", "changed_at", "changed_by")
    list_select_related = ("changed_by",)
    search_fields = ("name", "pattern")

    def save_model(self, request: HttpRequest, obj: ImportMapping, form: forms.ModelForm, change: bool) -> None:
        """Note who and when."""
        obj.changed_at, obj.changed_by_id = clock.now(), request.user.pk
        super().save_model(request, obj, form, change)
