"""Deliveries as staff see them: nothing is changed here."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.webhooks.models import Delivery
from portal.webhooks.words import why_words


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):
    """Newest first; MALFORMED ones are why one comes here."""

    list_display = ("received_at", "source", "kind", "state", "asked", "said")
    list_filter = ("state", "source", "asked", "kind")
    search_fields = ("event_id", "body")
    date_hierarchy = "received_at"
    fields = ("source", "event_id", "kind", "body", "state", "said", "asked", "happened_at", "received_at")

    @admin.display(description=_("note"))
    def said(self, row: Delivery) -> str:
        """The note in words."""
        return why_words(row.note)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
