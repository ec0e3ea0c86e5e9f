from django.apps import AppConfig
from django.utils.translation import pgettext_lazy


class AccountsConfig(AppConfig):
    """Companies, people, their roles and API tokens."""

    name = "portal.accounts"
    label = "accounts"
    verbose_name = pgettext_lazy("people and companies", "Accounts")

    def ready(self) -> None:
        """Register the words of our refusals."""
        from portal.accounts import errors  # noqa: F401, PLC0415
