from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    """What can be bought, what it fits, what it costs, how many there are."""

    name = "catalog"
    verbose_name = _("Catalogue")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register our importers, the words of our refusals, and whether the search server is well."""
        from catalog import errors  # noqa: F401, PLC0415
        from catalog.imports import machines, opening, parts, people, registry, trade  # noqa: PLC0415
        from catalog.search import changes, health  # noqa: PLC0415
        from portal.health import check_register  # noqa: PLC0415

        for module in (people, trade, parts, machines):
            registry.register(*module.IMPORTERS)
        registry.register_poster(opening.LEDGER, opening.POSTER)
        if settings.CATALOG_SEARCH == changes.INDEXED:
            check_register("search", health.search_check)
