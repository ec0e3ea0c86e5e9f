from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PromisesConfig(AppConfig):
    """What the house owes by when; knows no domain."""

    name = "portal.promises"
    label = "promises"
    verbose_name = _("Promises")
    default_auto_field = "django.db.models.BigAutoField"
