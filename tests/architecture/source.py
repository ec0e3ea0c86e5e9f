"""The project's own Python files, as the architecture tests see them."""

from __future__ import annotations

import ast
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("portal", "catalog", "warranty", "orders", "frontend")


@cache
def files(*folders: str) -> list[Path]:
    """Every Python file under `folders` but migrations, which Django writes."""
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted(path for path in found if "migrations" not in path.parts)


@cache
def tree(path: Path) -> ast.Module:
    """The file's syntax."""
    return ast.parse(path.read_text())


def name(path: Path) -> str:
    """The file's dotted module name."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def storeys() -> dict[str, int]:
    """Each module named in the contract of storeys, with its height: 0 is the ground."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract for contract in contracts if contract["name"].startswith("Storeys"))["layers"]
    return {
        module.strip(" ()"): height
        for height, layer in enumerate(reversed(layers))
        for module in layer.replace("|", ":").split(":")
    }


def storey(module: str) -> tuple[str, int] | None:
    """The layer a module stands in: its nearest named ancestor, or itself."""
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        room = ".".join(parts[:length])
        if room in storeys():
            return room, storeys()[room]
    return None
