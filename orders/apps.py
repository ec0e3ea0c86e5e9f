from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    """From cart to delivered."""

    name = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        """Register our importers and the words of our refusals and notices."""
        from catalog.imports import registry  # noqa: PLC0415
        from orders import errors, notice_facts, notice_words  # noqa: F401, PLC0415
        from orders.imports import taxes  # noqa: PLC0415

        registry.register(*taxes.IMPORTERS)
