from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WarrantyConfig(AppConfig):
    """Machines, their cover, and repairs."""

    name = "warranty"
    verbose_name = _("Warranty and repairs")

    def ready(self) -> None:
        """Register our importers and the words of our refusals."""
        from catalog.imports import registry  # noqa: PLC0415
        from warranty import errors  # noqa: F401, PLC0415
        from warranty.imports import machines, terms  # noqa: PLC0415

        for module in (machines, terms):
            registry.register(*module.IMPORTERS)
