"""A real model for the stories: prices, stock and machines made by a seed, imported beside the real catalogue."""

from __future__ import annotations

import csv
import gzip
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console

from tests.stories import documents as docs
from tests.stories.client import Client, Json

NEAR = (0.9, 1.1)  # a bill this near to the official count of pieces is a good one
MACHINES = 4
SECOND_VERSION = 1001  # where the import lets version 2 of a model begin
OTHER_PARTS = 300  # priced parts of other models, of which nobody knows whether they fit


def real_import(demo: Json, *, data: Path, catalogue: Path, seed: int, console: Console) -> Json:
    """Bring the catalogue into this demo and say which machines, parts and old numbers the stories may draw."""
    if not catalogue.is_dir():
        raise SystemExit(f"The real catalogue is not at {catalogue}; name its folder with --catalogue")
    draw, began = random.Random(seed), time.monotonic()
    folder = data.with_name("stories-real")
    chosen = _choose(catalogue, draw)
    _write(folder, catalogue, chosen, _price_list(demo), draw)
    console.print(
        f"Model {chosen['model']} with {len(chosen['parts'])} parts, drawn by seed {seed}; importing {folder}"
    )
    command = [sys.executable, "-m", "portal", "import_catalogue", str(folder)]
    run = subprocess.run(
        command, env={**os.environ, "PORTAL_DATA": str(data)}, capture_output=True, text=True, check=False
    )
    console.print(run.stdout[-3500:])
    if run.returncode:
        raise SystemExit(f"The import failed:\n{run.stderr[-3000:]}")
    console.print(f"Imported after {time.monotonic() - began:.1f} s")
    _hand_over(demo, chosen)
    return {
        **demo,
        "machines": chosen["serials"],
        "priced": chosen["other"],
        "foreign": [chosen["foreign"]],
        "old": chosen["old"],
        "misfit": chosen["misfit"],
    }


def _choose(catalogue: Path, draw: random.Random) -> Json:
    """A model with a good bill and two versions, old numbers that became parts of its bill, and a pair of parts to tell apart."""
    quality = {row["set_num"]: float(row["ratio"]) for row in _rows(catalogue, "bom_quality")}
    twice = {row["set_num"] for row in _rows(catalogue, "model_versions") if row["version"] == "2"}
    known = {row["part_number"] for row in _rows(catalogue, "parts") if row["status"] == "active"}
    replaced: dict[str, list[str]] = {}
    for row in _rows(catalogue, "supersession"):
        replaced.setdefault(row["old"], []).append(row["new"])
    bills: dict[str, set[str]] = {}
    for row in _rows(catalogue, "bom"):
        if row["part_number"] in known and row["part_number"] not in replaced:
            bills.setdefault(row["set_num"], set()).add(row["part_number"])
    good = sorted(
        one
        for one, ratio in quality.items()
        if NEAR[0] <= ratio <= NEAR[1] and one in twice and len(bills.get(one, ())) > 40
    )
    model = draw.choice(good)
    parts = sorted(bills[model])
    old = sorted(one for one, new in replaced.items() if len(new) == 1 and new[0] in known and new[0] not in replaced)
    wrong, right = draw.sample(parts, 2)
    elsewhere = sorted(known - set(parts) - set(replaced))
    serials = [
        f"{model}-{place:05d}" for place in range(SECOND_VERSION + 100, SECOND_VERSION + 100 + MACHINES * 1000, 1000)
    ]
    return {
        "model": model, "parts": parts, "old": draw.sample(old, 12), "successors": {one: replaced[one][0] for one in old},
        "misfit": [wrong, right], "other": draw.sample(elsewhere, OTHER_PARTS), "serials": serials,
        "foreign": f"{model}-{SECOND_VERSION + 77:05d}",
    }  # fmt: skip


def _price_list(demo: Json) -> tuple[str, str, str]:
    """Market, currency and first day of the customer's present price list, as the API tells them."""
    account = next(one for one in demo["accounts"] if one["role"] == "customer")
    client = Client(demo["graphql"], "customer", account["token"])
    edges = client.ask(docs.PARTS, first=50)["parts"]["edges"]
    price = next(edge["node"]["price"] for edge in edges if edge["node"]["price"])
    return client.me["company"]["market"], price["currency"], price["validFrom"]


def _write(folder: Path, catalogue: Path, chosen: Json, prices: tuple[str, str, str], draw: random.Random) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for one in folder.iterdir():
        one.unlink()
    for file in catalogue.iterdir():
        if not file.name.startswith(("applicability", "README", "bom_quality")):
            (folder / file.name).symlink_to(file.resolve())
    market, currency, since = prices
    sold = sorted({*chosen["parts"], *chosen["other"], *(chosen["successors"][one] for one in chosen["old"])})
    price = {one: draw.randrange(900, 400_000, 10) for one in sold}
    _table(
        folder,
        "prices",
        [
            {
                "part_number": one,
                "market": market,
                "currency": currency,
                "kind": "CUSTOMER",
                "amount": price[one],
                "valid_from": since,
            }
            for one in sold
        ],
    )
    _table(
        folder, "stock", [{"part_number": one, "warehouse": "ICN", "on_hand": draw.randrange(20, 200)} for one in sold]
    )
    neighbour = {"key": "stories:neighbour", "name": "Neighbour Works", "kind": "CUSTOMER", "market": market}
    _table(folder, "companies", [{**neighbour, "zone": "Asia/Seoul", "calendar": "KR"}])
    machines = [{"serial": one, "model": chosen["model"]} for one in chosen["serials"]]
    foreign = {"serial": chosen["foreign"], "model": chosen["model"], "owner": neighbour["key"]}
    _table(folder, "machines", [*machines, foreign])
    wrong, right = chosen["misfit"]
    rows: list[Json] = [
        {"part_number": row["part_number"], "set_num": row["set_num"]} for row in _rows(catalogue, "applicability")
    ]
    rows.append(
        {
            "part_number": wrong,
            "set_num": chosen["model"],
            "fits": "no",
            "serial_from": SECOND_VERSION,
            "instead": right,
            "note": "Changed with version 2",
        }
    )
    _table(folder, "applicability", rows)


def _rows(catalogue: Path, name: str) -> Iterable[dict[str, str]]:
    with gzip.open(catalogue / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _table(folder: Path, name: str, rows: list[Json]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def _hand_over(demo: Json, chosen: Json) -> None:
    """The imported machines are on record without an owner; the service desk hands them over, the last one years ago."""
    token = {one["role"]: one["token"] for one in demo["accounts"]}
    desk, admin = (Client(demo["graphql"], role, token[role]) for role in ("service_desk", "admin"))
    owner = Client(demo["graphql"], "customer", token["customer"]).me["company"]["id"]
    now: Any = admin.do("clockAdvance", hours=1)["value"]
    for serial in chosen["serials"]:
        age = timedelta(days=1500 if serial == chosen["serials"][-1] else 30)
        since = (datetime.fromisoformat(now) - age).date().isoformat()
        desk.do("equipmentRegister", serial=serial, model=chosen["model"], soldOn=since, inServiceOn=since, owner=owner)
