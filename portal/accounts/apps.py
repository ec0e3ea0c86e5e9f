from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Companies, people, their roles and API tokens."""

    name = "portal.accounts"
    label = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        """Register the words of our refusals."""
        from portal.accounts import errors  # noqa: F401, PLC0415
