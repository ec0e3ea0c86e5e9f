"""Which importers there are, and who posts to which ledger. Each app registers its own when it is ready; catalog knows nothing of the apps above it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog.imports.types import Importer

_importers: dict[str, Importer] = {}
_posters: dict[str, Poster] = {}


@dataclass(frozen=True)
class Poster:
    """How planned movements reach a ledger that only a service may write, and how they are taken back.

    `post` gets rows of the plan and the key of the step, and answers the keys of what it wrote; a second call with the same rows writes nothing and
    answers the same. `take_back` gets such keys and answers those that must stay, each with its reason.
    """

    post: Callable[[Sequence[dict[str, Any]], int, datetime], list[int]]
    take_back: Callable[[Sequence[int], datetime], dict[int, str]]


def register(*importers: Importer) -> None:
    """Make importers known by their stems. Registering a stem anew replaces it."""
    for importer in importers:
        _importers[importer.stem] = importer


def importers() -> list[Importer]:
    """All importers in the order in which their files come in."""
    return sorted(_importers.values(), key=lambda importer: (importer.order, importer.stem))


def importer_of(stem: str) -> Importer:
    """The importer of a stem."""
    return _importers[stem]


def register_poster(ledger: str, poster: Poster) -> None:
    """Make known who posts to a ledger (the name of its table)."""
    _posters[ledger] = poster


def poster_of(ledger: str) -> Poster:
    """Who posts to a ledger."""
    return _posters[ledger]
