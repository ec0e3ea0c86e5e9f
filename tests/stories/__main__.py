"""Tell the nine stories of the portal's main job over HTTP alone, against a running demo.

    make stories                        a running demo (var/demo.json); without one, a fresh demo of its own, stopped at the end
    make stories ARGS="a e --quiet"     only these
    make stories ARGS="--demo FILE"     another demo's demo.json
    make stories ARGS="--fresh"         a fresh demo of its own, even though one runs
    make stories ARGS="--real"          (a), (b), (d) on a real model of ../shared/data/catalogue in a fresh demo; --seed draws it

A fresh demo keeps its data in a temporary folder and listens on a free port. The script needs Python and rich, imports
nothing of the portal, never looks into its database; it sets up what it needs by the API and moves the demo's clock, so
use a demo whose dates you do not care about. Exit code 1 when a story failed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
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
)
from tests.stories.client import JOURNAL, Answered
from tests.stories.demo import demo_for
from tests.stories.telling import Stopped, Teller
from tests.stories.world import World

# In the order they are told: those that move the clock by weeks come last, so that the sample's machines are still young.
STORIES: dict[str, Callable[[World], None]] = {
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
REAL = ("a", "d", "b")


def main() -> int:
    """Tell the wanted stories; 1 when one failed."""
    args = _arguments()
    console = Console(quiet=args.quiet, highlight=False)
    wanted = [name for name in STORIES if name in (args.stories or (REAL if args.real else STORIES))]
    with demo_for(args, console) as demo:
        rows = [_one(name, demo, console, args.seed) for name in wanted]
    _table(sorted(rows), Console(highlight=False))
    return 1 if any(failures for *_, failures in rows) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make stories", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("stories", nargs="*", choices=[[], *STORIES], help="only these")
    parser.add_argument("--demo", type=Path, help="the demo.json of a running demo")
    parser.add_argument("--fresh", action="store_true", help="start a demo of its own")
    parser.add_argument("--real", action="store_true", help="a, b, d on a real model, in a demo of its own")
    parser.add_argument(
        "--catalogue", type=Path, default=Path("../shared/data/catalogue"), help="the real catalogue's folder"
    )
    parser.add_argument("--seed", type=int, default=20260, help="draws machines, parts and quantities")
    parser.add_argument("--quiet", action="store_true", help="only the table")
    return parser.parse_args()


def _one(name: str, demo: dict, console: Console, seed: int) -> tuple[str, str, int, float, list[str]]:
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
    return name, title, teller.checks, time.monotonic() - began, teller.failures


def _table(rows: list[tuple[str, str, int, float, list[str]]], console: Console) -> None:
    table = Table(title="Stories")
    for heading in ("story", "", "passed", "checks", "seconds"):
        table.add_column(heading, overflow="fold")
    for name, title, checks, seconds, failures in rows:
        verdict = "[green]yes[/green]" if not failures else f"[red]no ({len(failures)})[/red]"
        table.add_row(f"({name})", title, verdict, str(checks), f"{seconds:.1f}")
    console.print(table)
    for name, _title, _checks, _seconds, failures in rows:
        for failure in failures:
            console.print(f"[red]({name})[/red] {failure[:1500]}", markup=True, soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
