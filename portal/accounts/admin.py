"""Companies, people and memberships in Django's admin: master data kept by the house."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import ApiToken, Company, Membership, User


class MembershipInline(admin.TabularInline):
    """Who belongs to the company."""

    model = Membership
    extra = 0
    autocomplete_fields = ("user",)


@admin.register(Company)
class CompanyAdmin(admin.ModelAdmin):
    """A buyer or the house."""

    list_display = ("name", "kind", "market", "discount_class", "credit_limit", "credit_stopped")
    list_filter = ("kind", "market", "credit_stopped")
    search_fields = ("name", "import_key")
    autocomplete_fields = ("contact",)
    inlines = (MembershipInline,)


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
