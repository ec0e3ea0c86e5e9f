"""Tell the nine stories of the portal's main job over HTTP alone, against a running demo.

    make stories                        a running demo (var/demo.json); without one, a fresh demo of its own, stopped at the end
    make stories ARGS="a e --quiet"     only these
    make stories ARGS="--demo FILE"     another demo's demo.json
    make stories ARGS="--fresh"         a fresh demo of its own, even though one runs
    make stories-real SEEDS="1 2 3"     on ../shared/data/catalogue: each seed draws models, machines, parts, prices and stock, imported into a fresh demo

A fresh demo keeps its data in a temporary folder and listens on a free port. The script needs Python and rich, imports
nothing of the portal, never looks into its database; it sets up what it needs by the API, on a real catalogue by the import,
and moves the demo's clock, so use a demo whose dates you do not care about. Exit code 1 when a story failed.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.stories import (
    a_warranty,
    b_late,
    c_dealer,
    d_fit,
    e_last_piece,
    f_strangers,
    g_served,
    h_contract,
    i_holds,
    real_numbers,
)
from tests.stories.client import JOURNAL, Answered
from tests.stories.demo import demo_for
from tests.stories.telling import Stopped, Teller
from tests.stories.world import World

# In the order they are told: those that move the clock by weeks come last, so that the sample's machines are still young.
STORIES: dict[str, Callable[[World], None]] = {
    "n": real_numbers.tell,
    "a": a_warranty.tell,
    "d": d_fit.tell,
    "g": g_served.tell,
    "h": h_contract.tell,
    "e": e_last_piece.tell,
    "f": f_strangers.tell,
    "i": i_holds.tell,
    "b": b_late.tell,
    "c": c_dealer.tell,
}
REAL_ALONE = ("n",)


@dataclass(frozen=True)
class Told:
    """How one story went with one seed."""

    name: str
    seed: int
    title: str
    checks: int
    seconds: float
    failures: list[str]


def main() -> int:
    """Tell the wanted stories with every seed; 1 when one failed."""
    args = _arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a demo of our own is stopped
    console = Console(quiet=args.quiet, highlight=False)
    possible = [name for name in STORIES if args.real or name not in REAL_ALONE]
    wanted = [name for name in possible if name in (args.stories or possible)]
    told: list[Told] = []
    for seed in args.seeds:
        with demo_for(args, console, seed=seed) as demo:
            told += [_one(name, demo, console, seed) for name in wanted]
    _table(told, Console(highlight=False))
    return 1 if any(one.failures for one in told) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make stories", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("stories", nargs="*", choices=[[], *STORIES], help="only these")
    parser.add_argument("--demo", type=Path, help="the demo.json of a running demo")
    parser.add_argument("--fresh", action="store_true", help="start a demo of its own")
    parser.add_argument("--real", action="store_true", help="on the real catalogue, each seed in a fresh demo")
    parser.add_argument(
        "--catalogue", type=Path, default=Path("../shared/data/catalogue"), help="the real catalogue's folder"
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=[20260], help="draw machines, parts and quantities")
    parser.add_argument("--quiet", action="store_true", help="only the table")
    return parser.parse_args()


def _one(name: str, demo: dict, console: Console, seed: int) -> Told:
    teller, began = Teller(console), time.monotonic()
    tell = STORIES[name]
    title = (sys.modules[tell.__module__].__doc__ or "").splitlines()[0]
    console.print(f"\n[bold cyan]({name})[/bold cyan] {title}")
    try:
        tell(World.of(demo, teller, seed=f"{seed}{name}"))
    except Stopped:
        pass
    except Answered as why:
        teller.check(str(why), False)
    except (KeyError, TypeError, IndexError, ValueError, OSError) as error:
        console.print_exception(max_frames=6)
        teller.failures.append(f"{type(error).__name__}: {error}; the last exchange was {JOURNAL.last}")
    return Told(name, seed, title, teller.checks, time.monotonic() - began, teller.failures)


def _table(told: list[Told], console: Console) -> None:
    """A row a story, a column a seed."""
    table = Table(title="Stories")
    seeds = list(dict.fromkeys(one.seed for one in told))
    for heading in ("story", "", *(f"seed {seed}" for seed in seeds)):
        table.add_column(heading, overflow="fold")
    for name in sorted({one.name for one in told}):
        row = [one for one in told if one.name == name]
        table.add_row(f"({name})", row[0].title, *map(_cell, row))
    console.print(table)
    for one in sorted(told, key=lambda one: (one.name, one.seed)):
        for failure in one.failures:
            console.print(f"({one.name}, seed {one.seed}) {failure[:1500]}", style="red", markup=False, soft_wrap=True)


def _cell(one: Told) -> str:
    verdict = f"[red]no: {len(one.failures)}[/red] of" if one.failures else "[green]yes[/green]:"
    return f"{verdict} {one.checks} checks, {one.seconds:.0f} s"


if __name__ == "__main__":
    sys.exit(main())
