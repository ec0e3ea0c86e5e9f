"""Deliveries as staff see them: nothing is changed here."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from portal.webhooks.models import Delivery


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):
    """Newest first; MALFORMED ones are why one comes here."""

    list_display = ("received_at", "source", "kind", "state", "asked", "note")
    list_filter = ("state", "source", "asked", "kind")
    search_fields = ("event_id", "body")
    date_hierarchy = "received_at"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
