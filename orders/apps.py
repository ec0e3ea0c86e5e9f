from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    """From cart to delivered."""

    name = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        """Register the words of our refusals and notices."""
        from orders import errors, notice_words  # noqa: F401, PLC0415
