"""What search answers, whatever stands behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Hit:
    """A part found. `found_as`: EXACT, OWN, OLD, FOREIGN, PREFIX, NEAR (a number with one slip), WORDS or LISTED; `matched`: the number or name
    that did it; the best `rank` is the highest."""

    part_id: int
    found_as: str
    matched: str
    rank: float


@dataclass(frozen=True)
class SearchResult:
    """One page of hits, best first, with how many there are in all, counts per facet value, and a better spelling when there is one. Facets:
    `category`; where it can be told, `in_stock` and `fits` with the one value "yes"."""

    hits: list[Hit] = field(default_factory=list)
    total: int = 0
    facets: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    suggestion: str | None = None


@dataclass(frozen=True)
class Suggestion:
    """What may be meant: the `text` to search for; `part_id` when it is the number of that part."""

    text: str
    part_id: int | None = None


@dataclass(frozen=True)
class Filters:
    """What a hit must satisfy. `market` says whose warehouses `in_stock` means. `for_model_id` and `for_sequence` narrow nothing: they are the
    machine it is for, and what fits it comes first."""

    market: str | None = None
    model_id: int | None = None
    serial_sequence: int | None = None
    category: str | None = None
    in_stock: bool | None = None
    for_model_id: int | None = None
    for_sequence: int | None = None


class Backend(Protocol):
    """A module with these two functions can stand behind search; one contract test runs against each."""

    def search(self, query: str, filters: Filters, *, language: str, offset: int, limit: int) -> SearchResult:
        """Find parts; an empty query lists by number."""

    def suggest(self, text: str, *, limit: int) -> list[Suggestion]:
        """What may be meant by what was typed so far, numbers first."""
