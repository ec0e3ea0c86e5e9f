from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """What people are told, on the page and by e-mail."""

    name = "portal.notices"
    label = "notices"
    verbose_name = _("Notices")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the words of our refusals."""
        from portal.notices import errors  # noqa: F401, PLC0415
