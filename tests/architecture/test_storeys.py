"""A module imports, and names, only what stands below it."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import PACKAGES, ROOT, files, name, storey, storeys, tree

DOTTED = re.compile(rf"({'|'.join(PACKAGES)})(\.[A-Za-z_]+)+")
# They bind everything together, so they stand outside: what they name, they name on purpose.
OUTSIDE = {"portal", "portal.__main__", "portal.apps", "portal.celery", "portal.settings", "portal.wsgi"}


def test_imports_keep_the_contracts():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "DEBUG": "1"})
    assert done.returncode == 0, done.stdout[done.stdout.find("Contracts:") :] or done.stderr


def test_every_module_stands_in_a_layer():
    assert [name(path) for path in files(*PACKAGES) if name(path) not in OUTSIDE and storey(name(path)) is None] == []


def test_every_outsider_and_every_sure_layer_exists():
    modules = {name(path) for path in files(*PACKAGES)}
    assert sorted(OUTSIDE - modules) == []
    text = (ROOT / "pyproject.toml").read_text()
    assert [room for room in storeys() if f"({room})" not in text and room not in modules] == []


def _named(path: Path) -> Iterator[str]:
    """Dotted names of our own modules among the file's strings; docstrings only speak."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and DOTTED.fullmatch(node.value):
            yield node.value


def test_no_string_names_a_module_of_a_higher_storey():
    """What an import may not do, a string given to import_string may not do either."""
    roof = max(storeys().values())
    wrong = []
    for path in files(*PACKAGES):
        here = storey(name(path))
        if name(path) in OUTSIDE or here is None or here[1] == roof:
            continue
        for named in _named(path):
            there = storey(named)
            if there and there[1] > here[1]:
                wrong.append(f"{path.relative_to(ROOT)} names {named}")
    assert wrong == []


def test_settings_alone_read_the_environment():
    """Writing it, for a child or before settings are read, is another thing: `__main__` and the supervisor do."""
    allowed = {
        "portal/settings.py",
        "portal/__main__.py",
        "portal/celery.py",
        "portal/wsgi.py",
        "portal/supervisor/programs.py",
    }
    found = {
        str(path.relative_to(ROOT))
        for path in files(*PACKAGES)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in ("environ", "getenv")
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
    }
    assert found - allowed == set()


def test_the_clock_alone_reads_the_time():
    reads = {"now", "utcnow", "today"}
    found = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in files(*PACKAGES)
        if name(path) != "portal.clock"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in reads
        and ast.unparse(node.func.value) in ("datetime", "date", "timezone", "datetime.datetime", "datetime.date")
    }
    assert found == set()
