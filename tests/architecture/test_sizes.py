"""Nobody has to hold more than this in their head."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator

from tests.architecture.source import PACKAGES, ROOT, files, tree

FILE_LINES, FUNCTION_LINES = 400, 50
# "path" or "path:function": one line of reason each. Empty is best.
EXCEPTIONS: dict[str, str] = {}
EVERYWHERE = (*PACKAGES, "tests", "bench", "stories", "requirements")


def _functions(folders: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    for path in files(*folders):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or 0) - node.lineno + 1


def _lengths(folders: tuple[str, ...]) -> Iterator[tuple[str, int]]:
    for path in files(*folders):
        yield str(path.relative_to(ROOT)), len(path.read_text().splitlines())


def test_no_file_is_longer_than_its_cap():
    assert {name: lines for name, lines in _lengths(EVERYWHERE) if lines > FILE_LINES and name not in EXCEPTIONS} == {}


def test_no_function_is_longer_than_its_cap():
    assert {
        name: lines for name, lines in _functions(EVERYWHERE) if lines > FUNCTION_LINES and name not in EXCEPTIONS
    } == {}


def test_every_exception_is_still_needed():
    sizes = {**dict(_lengths(EVERYWHERE)), **dict(_functions(EVERYWHERE))}
    caps = {name: FUNCTION_LINES if ":" in name else FILE_LINES for name in EXCEPTIONS}
    assert [name for name, cap in caps.items() if sizes.get(name, 0) <= cap] == []


def test_the_usual_file_and_function_stay_small():
    files_median = statistics.median(lines for _, lines in _lengths(PACKAGES))
    functions_median = statistics.median(lines for _, lines in _functions(PACKAGES))
    print(f"median file {files_median} lines, median function {functions_median} lines")
    assert files_median <= 120
    assert functions_median <= 12
