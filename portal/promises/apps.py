from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PromisesConfig(AppConfig):
    """What the house owes by when; knows no domain."""

    name = "portal.promises"
    label = "promises"
    verbose_name = _("Promises")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Notices name policies; what they are called is known here."""
        from portal.notices.words import register_value_words  # noqa: PLC0415  apps are ready only now
        from portal.promises.words import policy_words  # noqa: PLC0415

        register_value_words("policy", policy_words)
