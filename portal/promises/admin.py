"""Master data of the promises, and a look at what was promised."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from portal.promises.models import Calendar, Holiday, Policy, Promise


class HolidayInline(admin.TabularInline):
    """The holidays of a calendar."""

    model = Holiday
    extra = 1


@admin.register(Calendar)
class CalendarAdmin(admin.ModelAdmin):
    """Closed weekdays and holidays."""

    list_display = ["code", "name", "closed_weekdays"]
    inlines = [HolidayInline]


@admin.register(Policy)
class PolicyAdmin(admin.ModelAdmin):
    """Policies by date: to change one, end it and add the next."""

    list_display = [
        "code",
        "name",
        "allowance",
        "unit",
        "late_rate",
        "late_cap",
        "wired",
        "valid_from",
        "valid_to",
    ]
    list_filter = ["wired", "unit"]


@admin.register(Promise)
class PromiseAdmin(admin.ModelAdmin):
    """To look at only: promises are changed by what happens, through the services."""

    list_display = ["policy_code", "subject", "company", "state", "promised_at", "due_at", "stopped_at"]
    list_filter = ["policy_code", "state"]
    search_fields = ["subject"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds one by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Promise | None = None) -> bool:
        """Nobody changes one by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Promise | None = None) -> bool:
        """What was promised stays known."""
        return False
