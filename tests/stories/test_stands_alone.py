"""The stories know the portal by its addresses alone."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
PROGRAM = sorted(path for path in HERE.glob("*.py") if not path.name.startswith("test_"))
ALLOWED = {*sys.stdlib_module_names, "rich"}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path.name} imports relatively"
            yield from (
                [f"{node.module}.{alias.name}" for alias in node.names]
                if node.module == "tests.stories"
                else [str(node.module)]
            )


@pytest.mark.parametrize("path", PROGRAM, ids=lambda path: path.name)
def test_the_stories_import_nothing_of_the_project(path: Path) -> None:
    strange = [
        name for name in _imports(path) if not name.startswith("tests.stories.") and name.split(".")[0] not in ALLOWED
    ]
    assert strange == []


def test_what_lies_around_them_imports_nothing_either() -> None:
    assert list(_imports(HERE.parent / "__init__.py")) == []


def test_all_nine_are_told() -> None:
    assert [path.name[0] for path in PROGRAM if path.name[1] == "_" and path.name[0] != "_"] == list("abcdefghi")
