"""The embedded engine keeps the contract."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from orders.engines.embedded import EmbeddedEngine
from tests.engines.contract import EngineContract


@dataclass
class Embedded:
    """Nothing has to be set up: it takes what the portal took."""

    engine: EmbeddedEngine = field(default_factory=EmbeddedEngine)
    channel: str = "eu-dealer"
    home: str = "HOME"
    away: str = "AWAY"

    def number(self, name: str) -> str:
        """As it is."""
        return name

    def part(self, name: str) -> str:
        """As it is."""
        return f"acme/{name}"


@pytest.fixture
def stage() -> Embedded:
    """The engine."""
    return Embedded()


class TestEmbedded(EngineContract):
    """Held to it."""
