"""Companies, people and memberships in Django's admin: master data kept by the house."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.accounts.models import ApiToken, Company, Membership, User
from portal.accounts.tax_numbers import company_tax_number_confirm, company_tax_number_set
from portal.errors import PortalError


class MembershipInline(admin.TabularInline):
    """Who belongs to the company."""

    model = Membership
    extra = 0
    autocomplete_fields = ("user",)


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    """A buyer or the house."""

    list_display = ("name", "kind", "market", "discount_class", "credit_limit", "credit_stopped", "tax_number_state")
    list_filter = ("kind", "market", "credit_stopped", "tax_number_state")
    readonly_fields = ("tax_number_state", "tax_number_checked_at", "tax_number_checked_by")
    search_fields = ("name", "import_key")
    autocomplete_fields = ("contact",)
    inlines = (MembershipInline,)
    actions = ("tax_number_confirm",)

    def save_model(self, request: HttpRequest, obj: Company, form: Any, change: bool) -> None:
        """A number that was typed is checked at once."""
        if "tax_number" in form.changed_data or "address" in form.changed_data:
            company_tax_number_set(obj, number=obj.tax_number, by=str(request.user), now=clock.now())
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Tax number: the country's register confirms it"))
    def tax_number_confirm(self, request: HttpRequest, queryset: QuerySet[Company]) -> None:
        """The number and the `means` typed beside it were looked up; numbers of wrong form are left out."""
        for company in queryset:
            try:
                company_tax_number_confirm(by=str(request.user), company=company, now=clock.now())
            except PortalError as refused:
                self.message_user(request, f"{company}: {refused.problems[0].message}", messages.ERROR)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """A person; logs in by e-mail address."""

    ordering = ("email",)
    list_display = ("email", "name", "language", "is_active", "is_staff")
    search_fields = ("email", "name")
    list_filter = ("is_active", "is_staff", "language")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Person"), {"fields": ("name", "language")}),
        (_("May"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "language", "usable_password", "password1", "password2")}),)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The language is one the portal speaks, named as its speakers name it."""
        if db_field.name == "language":
            names = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]
            return forms.ChoiceField(label=db_field.verbose_name, choices=names)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """Tokens can be seen and revoked here, never read or made."""

    list_display = ("name", "prefix", "membership", "created_at", "last_used_at", "revoked_at")
    list_filter = ("revoked_at",)
    readonly_fields = ("membership", "name", "prefix", "created_at", "last_used_at")
    exclude = ("digest",)

    def has_add_permission(self, request: object) -> bool:
        """The secret is shown to its owner alone, so it is made by its owner alone."""
        return False
