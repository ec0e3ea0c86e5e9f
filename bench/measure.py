"""Rounds, ratios, and how they are shown."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.progress import track


@dataclass(frozen=True)
class Row:
    """One line of the table. `ratio` is the median over the rounds; `wanted` says which ratio is good enough, if any."""

    name: str
    ours: str
    beside: str
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    wanted: str = ""
    good: bool | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def rate(act: Callable[[], object], times: int) -> float:
    """How often a second `act` runs, over `times` runs."""
    began = time.perf_counter()
    for _ in range(times):
        act()
    return times / (time.perf_counter() - began)


def interleaved(
    ours: Callable[[], float], beside: Callable[[], float], *, rounds: int, name: str = "rounds"
) -> tuple[list[float], list[float]]:
    """Both sides in turns, each first in every other round, so that a busy moment of the machine meets both; a bar says how far it is."""
    first, second = [], []
    for number in track(range(rounds), description=name):
        if number % 2:
            second.append(beside())
            first.append(ours())
        else:
            first.append(ours())
            second.append(beside())
    return first, second


def ratios(first: Sequence[float], second: Sequence[float]) -> tuple[float, float, float]:
    """Median, least and greatest ratio of rounds measured side by side."""
    found = [one / other for one, other in zip(first, second, strict=True)]
    return statistics.median(found), min(found), max(found)


def show(rows: Sequence[Row], file: Path) -> None:
    """Print the table and keep it as JSON."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(row) for row in rows], indent=2, ensure_ascii=False))
    head = ("what", "ours", "beside it", "ratio (range)", "wanted", "")
    body = [head, *(_cells(row) for row in rows)]
    widths = [max(len(line[place]) for line in body) for place in range(len(head))]
    for line in body:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    print(f"\nKept in {file}")


def _cells(row: Row) -> tuple[str, ...]:
    ratio = "" if row.ratio is None else f"{row.ratio:.3f}"
    if row.low is not None and row.high is not None:
        ratio += f" ({row.low:.3f} to {row.high:.3f})"
    good = {None: "", True: "good", False: "NOT REACHED"}[row.good]
    return (row.name, row.ours, row.beside, ratio, row.wanted, good)
