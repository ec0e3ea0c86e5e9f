"""An order's world, for letters about one."""

from __future__ import annotations

from tests.frontend.conftest import part, world

__all__ = ["part", "world"]
