from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from portal.languages.compiling import catalogues_compile


class PortalConfig(AppConfig):
    """The project itself, as an app: its commands, the demo's clock, health."""

    name = "portal"
    label = "portal"
    verbose_name = _("Portal")

    def ready(self) -> None:
        """Make our Celery app the one tasks belong to, in web and commands too; and the catalogues of languages that changed."""
        from portal import celery  # noqa: F401, PLC0415
        from portal.languages.labels import labels_translate  # noqa: PLC0415  looks at models

        catalogues_compile()
        labels_translate()
