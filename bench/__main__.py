"""`make bench`, or `python -m bench [order] [cards] [rush] [listing] [imports] [start] [search] [pages] [queue] [search_million] [store]
[saleor_pull] [saleor_memory]`; the last four only when named."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import django
from django.core.management import call_command

from bench import database
from bench.measure import Row, show

WORKLOADS = ("order", "cards", "rush", "listing", "imports", "start", "search", "pages", "queue")
LONG = ("search_million", "store", "saleor_pull", "saleor_memory")
FILE = Path(__file__).resolve().parent.parent / "var" / "bench.json"


def main(names: list[str]) -> None:
    """Run the workloads named, or all."""
    rows: list[Row] = []
    with database.server() as url:
        _migrate()
        shop = importlib.import_module("bench.world").shop()
        for name in [one for one in (*WORKLOADS, *LONG) if one in names or (not names and one not in LONG)]:
            print(f"... {name}", flush=True)
            rows += importlib.import_module(f"bench.{name}").run(shop, url)
    show(rows, FILE)


def _migrate() -> None:
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


if __name__ == "__main__":
    main(sys.argv[1:])
