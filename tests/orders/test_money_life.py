"""Whatever is done with money, in whatever order: none is made and none is lost, and the books agree after every step.

`make test-long ARGS=tests/orders/test_money_life.py` lives 600 sequences of up to fifty steps; MONEY_LIVES=10000 as many. Every tree
of a hundred has a seed and is written down when it is done, so that a run that was stopped goes on: MONEY_DONE names the file,
MONEY_FIRST the first seed (two processes with different ones share the work).
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.lives import Life, Step, shortest, tree_grow
from tests.orders.money_life import MoneyLife, cards_taken

LIVES = int(os.environ.get("MONEY_LIVES", "600"))
FIRST = int(os.environ.get("MONEY_FIRST", "1"))
A_TREE = 100


@pytest.mark.django_db
def test_a_few_lives_of_money() -> None:
    with cards_taken() as patch:
        life = MoneyLife(patch)
        grown = [[*tree_grow(life, seed=seed, ends=12, most=24)][-1] for seed in (1, 2, 3)]
    assert sum(one.sequences for one in grown) == 36
    assert sum(one.steps for one in grown) > 60
    assert sum(count > 0 for name, count in life.done.items() if "refused" not in name) >= 8, life.done  # not idle


@pytest.mark.long
@pytest.mark.timeout(24 * 3600)
@pytest.mark.django_db
def test_many_lives_of_money(capfd: pytest.CaptureFixture[str]) -> None:
    told = os.environ.get("MONEY_DONE")
    done: dict[str, Any] = json.loads(Path(told).read_text()) if told and Path(told).exists() else {}
    seeds = [str(seed) for seed in range(FIRST, FIRST + -(-LIVES // A_TREE))]
    with capfd.disabled(), cards_taken() as patch, _progress() as progress:
        task = progress.add_task("money", total=len(seeds) * A_TREE, completed=A_TREE * len(done.keys() & set(seeds)))
        life = MoneyLife(patch)
        for seed in seeds:
            if seed in done:
                continue
            for grown in tree_grow(life, seed=int(seed), ends=A_TREE):
                progress.update(task, advance=1, description=f"money, {grown.steps} steps")
            done[seed] = {"sequences": grown.sequences, "steps": grown.steps, "lengths": dict(grown.lengths)}
            if told:
                Path(told).write_text(json.dumps(done))
    assert sum(done[seed]["sequences"] for seed in seeds) >= LIVES


def _progress() -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())


class Purse(Life):
    """A life that goes wrong when more than two coins were taken and one was lost: to see that a failure is found and told shortly."""

    steps = {"take_one": 3, "lose_one": 1, "look": 5}

    def __init__(self) -> None:
        super().__init__()
        self.has: Counter[str] = Counter()

    def take_one(self, _: Any) -> None:
        self.has["taken"] += 1

    def lose_one(self, _: Any) -> None:
        self.has["lost"] += 1

    def look(self, _: Any) -> None:
        pass

    def check(self) -> None:
        assert not (self.has["taken"] > 2 and self.has["lost"])

    def keep(self) -> Any:
        return Counter(self.has)

    def back(self, kept: Any) -> None:
        self.has = Counter(kept)


@pytest.mark.django_db
def test_a_life_that_goes_wrong_is_told_by_its_fewest_steps() -> None:
    with pytest.raises(AssertionError, match=r"as after these 4: ") as caught, transaction.atomic():
        for _ in tree_grow(Purse(), seed=3, ends=20):
            pass
    assert "look" not in str(caught.value).split("these 4: ")[1]


def test_a_short_sequence_keeps_what_it_needs() -> None:
    path: list[Step] = [(name, 0) for name in "abcdefgh"]
    assert shortest(path, lambda steps: {("c", 0), ("g", 0)} <= set(steps)) == [("c", 0), ("g", 0)]
