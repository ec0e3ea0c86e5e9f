from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutboxConfig(AppConfig):
    """Messages written in the sender's transaction and handled after it."""

    name = "portal.outbox"
    label = "outbox"
    verbose_name = _("Outbox")
