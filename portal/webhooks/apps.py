"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    """What other systems tell us."""

    name = "portal.webhooks"
    label = "webhooks"
    verbose_name = _("Webhooks")

    def ready(self) -> None:
        """Give our notices their words, and the staff page what we hear."""
        from portal.saleor.watch import heard_register  # noqa: PLC0415
        from portal.webhooks import words  # noqa: F401, PLC0415
        from portal.webhooks.saleor import heard  # noqa: PLC0415

        heard_register(heard)
