"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SaleorConfig(AppConfig):
    """The store's connection, its ids, what differs."""

    name = "portal.saleor"
    label = "saleor"
    verbose_name = _("Store")
