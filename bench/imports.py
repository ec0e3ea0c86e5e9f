"""A catalogue brought in beside a bare COPY of the same rows into the same indexed tables; the second run; memory; search meanwhile.

On the real catalogue where it lies beside the project, else on one of the bench's own making (seeded).
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from bench import database
from bench.measure import Row, interleaved, ratios
from bench.world import Shop
from portal import embedded

CATALOGUE = Path(__file__).resolve().parents[2] / "shared" / "data" / "catalogue"
ROUNDS, PARTS = 3, 20_000
WANTED, MEMORY = 0.3, 300
EMPTY, OURS, BARE = "import_empty", "import_ours", "import_bare"
# In an order in which each row finds those it points to.
TABLES = (
    "part",
    "partname",
    "supersession",
    "crossreference",
    "partrelation",
    "equipmentmodel",
    "serialbreak",
    "assembly",
    "callout",
    "fitment",
)


def run(shop: Shop, url: str) -> list[Row]:
    """Import over COPY, with and without counting words for search; the second run; memory; search while an import runs."""
    _migrated(database.create(EMPTY))
    with tempfile.TemporaryDirectory() as scratch:
        folder = CATALOGUE if CATALOGUE.is_dir() else _made(Path(scratch) / "made")
        _imported(folder)
        rows, second = _dumped(), _worker(OURS, "bring_in", str(folder))
        told: list[dict[str, float]] = []
        ours, bare = interleaved(lambda: _noted(told, _imported(folder)), lambda: 1 / _copied(rows), rounds=ROUNDS)
        return [
            _speed(
                "import over COPY of the same rows",
                [1 / (1 / rate - one["counting"]) for rate, one in zip(ours, told, strict=True)],
                bare,
                told,
            ),
            _speed("the same, words counted for search", ours, bare, told, wanted=""),
            _memory([*told, second]),
            _again(second, told),
            _meanwhile(_changed(folder, Path(scratch) / "changed")),
        ]


def _noted(told: list[dict[str, float]], one: dict[str, float]) -> float:
    told.append(one)
    return 1 / (one["judging"] + one["applying"] + one["counting"])


def _speed(
    name: str,
    ours: Sequence[float],
    bare: Sequence[float],
    told: list[dict[str, float]],
    wanted: str = f"at least {WANTED}",
) -> Row:
    middle, low, high = ratios(ours, bare)
    seconds = f"{1 / max(ours):.1f} s", f"{1 / max(bare):.1f} s"
    return Row(
        name,
        *seconds,
        middle,
        low,
        high,
        wanted,
        middle >= WANTED if wanted else None,
        {"rounds": told, "beside": [1 / one for one in bare]},
    )


def _memory(told: list[dict[str, float]]) -> Row:
    most = max(one["memory"] for one in told)
    return Row("memory of an import", f"{most:.0f} MB", "", None, wanted=f"at most {MEMORY} MB", good=most <= MEMORY)


def _again(second: dict[str, float], told: list[dict[str, float]]) -> Row:
    first = min(one["judging"] + one["applying"] + one["counting"] for one in told)
    took = second["judging"] + second["applying"] + second["counting"]
    return Row("second run over the first", f"{took:.1f} s", f"{first:.1f} s", took / first)


def _meanwhile(folder: Path) -> Row:
    """Searches alone, then while an import renames every part."""
    alone = _worker(OURS, "search")["p95"]
    importing = _begun(OURS, "bring_in", str(folder))
    during: list[float] = []
    while importing.poll() is None:
        during.append(_worker(OURS, "search")["p95"])
    worst = max(during)
    return Row(
        "search p95 while an import runs over alone",
        f"{worst:.0f} ms",
        f"{alone:.0f} ms",
        worst / alone,
        facts={"during": during},
    )


def _imported(folder: Path) -> dict[str, float]:
    """Into a fresh database."""
    database.create(OURS, EMPTY)
    return _worker(OURS, "bring_in", str(folder))


def _copied(rows: dict[str, tuple[str, bytes]]) -> float:
    """Seconds of COPY alone, in a fresh database with the same tables, indexes and constraints."""
    with psycopg.connect(database.create(BARE, EMPTY)) as connection:
        began = time.perf_counter()
        for table in TABLES:
            columns, data = rows[table]
            with (
                connection.cursor() as cursor,
                cursor.copy(f"COPY catalog_{table} ({columns}) FROM STDIN".encode()) as copy,
            ):
                copy.write(data)
            connection.commit()
        return time.perf_counter() - began


def _dumped() -> dict[str, tuple[str, bytes]]:
    """What an import wrote, by table: its columns and its rows as COPY reads them."""
    found = {}
    with psycopg.connect(embedded.url(database.DATA, OURS)) as connection:
        for table in TABLES:
            name = f"catalog_{table}"
            own = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"
            columns = sql.SQL(", ").join(sql.Identifier(column) for (column,) in connection.execute(own, [name]))
            with connection.cursor().copy(
                sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(name), columns)
            ) as copy:
                found[table] = columns.as_string(connection), b"".join(bytes(piece) for piece in copy)
    return found


def _worker(name: str, *asked: str) -> dict[str, float]:
    told, _ = (child := _begun(name, *asked)).communicate()
    if child.returncode:
        raise SystemExit(f"{' '.join(asked)} failed")
    answer: dict[str, float] = json.loads(told)
    return answer


def _begun(name: str, *asked: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"DATABASE_URL": embedded.url(database.DATA, name)}
    return subprocess.Popen(
        [sys.executable, "-m", "bench.imports_worker", *asked], env=environment, stdout=subprocess.PIPE
    )


def _migrated(url: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "portal", "migrate", "-v0"], env=os.environ | {"DATABASE_URL": url}, check=True
    )


def _made(folder: Path) -> Path:
    """A catalogue of our own: numbers, names, bills and successions by a seed."""
    folder.mkdir()
    draw = random.Random(3)
    words = [
        f"{a}{b}"
        for a in ("seal", "pump", "hose", "ring", "cover", "shaft")
        for b in (" kit", " small", " left", " right", " 2x4", " M8")
    ]
    numbers = [f"{draw.choice('ABCDEFGH')}{number:06d}-{draw.randrange(100):02d}" for number in range(PARTS)]
    _write(
        folder / "parts.csv",
        "part_number,name,category",
        ((one, " ".join(draw.sample(words, 3)), draw.choice(words)) for one in numbers),
    )
    _write(folder / "models.csv", "code,name", ((f"HX-{number}", f"digger {number}") for number in range(200)))
    bill = (
        (f"HX-{draw.randrange(200)}", f"Figure {n // 20 % 50}", n, draw.choice(numbers), draw.randint(1, 9))
        for n in range(PARTS)
    )
    _write(folder / "bom.csv", "code,assembly,label,part_number,quantity", bill)
    _write(
        folder / "supersession.csv",
        "old,new,date",
        ((old, new, "2024-01-01") for old, new in zip(numbers[:500], numbers[500:1000], strict=True)),
    )
    return folder


def _changed(folder: Path, into: Path) -> Path:
    """A later delivery: every part under another category."""
    into.mkdir()
    packed = folder / "parts.csv.gz"
    with (
        gzip.open(packed, "rt", encoding="utf-8")
        if packed.exists()
        else (folder / "parts.csv").open(encoding="utf-8") as file
    ):
        rows = [(row["part_number"], row["category"] + " 2") for row in csv.DictReader(file)]
    _write(into / "parts.csv", "part_number,category", rows)
    return into


def _write(path: Path, heading: str, rows: Any) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(heading.split(","))
        writer.writerows(rows)
