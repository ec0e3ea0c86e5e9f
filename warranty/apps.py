from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WarrantyConfig(AppConfig):
    """Machines, their cover, and repairs."""

    name = "warranty"
    verbose_name = _("Warranty and repairs")

    def ready(self) -> None:
        """Register the words of our refusals."""
        from warranty import errors  # noqa: F401, PLC0415
