"""A real catalogue for the stories: what a seed draws is written as import files and brought in by the import alone."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from rich.console import Console

from tests.stories.catalogue import Catalogue
from tests.stories.client import Client, Json
from tests.stories.delivery import Delivery
from tests.stories.drawn import KEYS, draw_world


def real_import(demo: Json, *, data: Path, catalogue: Path, seed: int, console: Console) -> Json:
    """Bring the catalogue and what the seed drew into this demo; the demo with what was `drawn`."""
    if not catalogue.is_dir():
        raise SystemExit(f"The real catalogue is not at {catalogue}; name its folder with --catalogue")
    began = time.monotonic()
    tables = Catalogue(catalogue)
    drawn = draw_world(tables, seed)
    token = {one["role"]: one["token"] for one in demo["accounts"]}
    buyers = {role: Client(demo["graphql"], role, token[role]).me["company"] for role in KEYS if role in token}
    now = Client(demo["graphql"], "admin", token["admin"]).do("clockAdvance", hours=1)["value"]
    folder = data.with_name(f"{data.name}-delivery")
    ours = Delivery(tables, drawn, buyers, datetime.fromisoformat(now)).write(folder)
    console.print(f"Seed {seed} drew {', '.join(drawn.models)} and {len(drawn.sold())} parts; importing {folder}")
    _run(folder, data, console)
    _nothing_left_out(data, ours)
    console.print(f"Imported after {time.monotonic() - began:.1f} s")
    return {**demo, "drawn": drawn}


def _run(folder: Path, data: Path, console: Console) -> None:
    command = [sys.executable, "-m", "portal", "import_catalogue", str(folder)]
    run = subprocess.run(
        command, env={**os.environ, "PORTAL_DATA": str(data)}, capture_output=True, text=True, check=False
    )
    console.print(run.stdout[-3500:])
    if run.returncode:
        raise SystemExit(f"The import failed:\n{run.stdout[-2000:]}\n{run.stderr[-3000:]}")


def _nothing_left_out(data: Path, ours: set[str]) -> None:
    """Of the files written here every row comes in; the catalogue's own traps are not theirs. What the parts of bills say twice is the maker's."""
    for listed in (data / "imports").glob("rejected-*.csv"):
        with listed.open(encoding="utf-8", newline="") as file:
            strange = [row for row in csv.DictReader(file) if row["file"] in ours - {"bom.csv", "parts.csv"}]
        if strange:
            raise SystemExit(f"The import left out what was drawn: {strange[:5]}")
