"""Which importers there are. Each app registers its own when it is ready; catalog knows nothing of the apps above it."""

from __future__ import annotations

from catalog.imports.types import Importer

_importers: dict[str, Importer] = {}


def register(*importers: Importer) -> None:
    """Make importers known by their stems. Registering a stem anew replaces it."""
    for importer in importers:
        _importers[importer.stem] = importer


def importers() -> list[Importer]:
    """All importers in the order in which their files come in."""
    return sorted(_importers.values(), key=lambda importer: (importer.order, importer.stem))
