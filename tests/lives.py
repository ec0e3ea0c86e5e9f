"""Many lives of one small world: sequences of random steps, each checked after every step, grown as a tree.

A tree keeps a savepoint before each of its steps. From the end of one sequence it goes back some steps and goes on otherwise, so
that two sequences share their beginnings and every one still ends differently: the world is made once, and a step is paid for once.
A step is its name and the seed it draws by; a sequence that fails is told as its steps, made as short as it stays wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from django.db import transaction

Step = tuple[str, int]


class Life:
    """A world that steps are taken in. A subclass says which (`steps`: how often each is drawn), what holds, and what it keeps beside the database."""

    steps: dict[str, int]

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()

    def take(self, step: Step) -> None:
        """Take a step and look whether all that must hold holds."""
        name, seed = step
        getattr(self, name)(Random(seed))
        self.check()

    def check(self) -> None:
        """Raise AssertionError for what must never be."""
        raise NotImplementedError

    def check_end(self) -> None:
        """What is looked at only where a sequence ends: a dearer look at the same."""

    def keep(self) -> Any:
        """Whatever changes outside the database."""
        raise NotImplementedError

    def back(self, kept: Any) -> None:
        """Be as you were then."""
        raise NotImplementedError


@dataclass
class Grown:
    """`sequences` that ended, all different; `steps` taken for them; `lengths`: how many sequences had how many steps."""

    sequences: int = 0
    steps: int = 0
    lengths: Counter[int] = field(default_factory=Counter)


# How far the next sequence goes back: mostly a step or two, so that 10,000 cost about 20,000 steps; now and then far.
BACK = (1, 1, 1, 1, 1, 1, 1, 2, 2, 8)


def tree_grow(life: Life, *, seed: int, ends: int, most: int = 50) -> Iterator[Grown]:
    """Grow one tree of `ends` sequences of at most `most` steps; told after every end. Leaves the world as it was.

    The first one is grown from nothing; each other one goes back from the last by one of BACK and grows by about as much.
    """
    chance, grown = Random(seed), Grown()
    path: list[Step] = []
    kept: list[tuple[str, Any]] = []
    names, weights = list(life.steps), list(life.steps.values())
    root = (transaction.savepoint(), life.keep())
    try:
        for number in range(ends):
            if number:
                _return(life, path, kept, min(chance.choice(BACK), len(path)))
            for _ in range(_growth(chance, most - len(path), first=not number)):
                path.append((chance.choices(names, weights)[0], chance.getrandbits(32)))
                kept.append((transaction.savepoint(), life.keep()))
                _checked(life, path, root, lambda: life.take(path[-1]))
                grown.steps += 1
            _checked(life, path, root, life.check_end)
            grown.sequences += 1
            grown.lengths[len(path)] += 1
            yield grown
    finally:
        _to(life, *root)


def _growth(chance: Random, room: int, *, first: bool) -> int:
    """How many steps to grow by: the trunk to more than half its height, a branch by about as much as branches are gone back."""
    return chance.randint(room // 2, room) if first else min(chance.choice(BACK), room)


def _return(life: Life, path: list[Step], kept: list[tuple[str, Any]], steps: int) -> None:
    del path[-steps:]
    point = kept[-steps]
    del kept[-steps:]
    _to(life, *point)


def _to(life: Life, point: str, kept: Any) -> None:
    transaction.savepoint_rollback(point)
    life.back(kept)


def _checked(life: Life, path: Sequence[Step], root: tuple[str, Any], act: Callable[[], None]) -> None:
    try:
        act()
    except Exception as error:
        kind = type(error)
        short = shortest(path, lambda steps: _fails(life, steps, root, kind))
        raise AssertionError(f"after {len(path)} steps, as after these {len(short)}: {short}") from error


def _fails(life: Life, steps: Sequence[Step], root: tuple[str, Any], kind: type[Exception]) -> bool:
    """Does this sequence go wrong in the same way from the beginning?"""
    _to(life, *root)
    point = transaction.savepoint()
    try:
        for step in steps:
            life.take(step)
        life.check_end()
    except Exception as error:
        return type(error) is kind
    finally:
        transaction.set_rollback(False)
        transaction.savepoint_rollback(point)
    return False


def shortest(path: Sequence[Step], fails: Callable[[Sequence[Step]], bool]) -> list[Step]:
    """A shorter sequence that fails too: pieces are left out, halves first, single steps last."""
    short, size = list(path), max(len(path) // 2, 1)
    while size:
        start = 0
        while start < len(short):
            tried = short[:start] + short[start + size :]
            if tried and fails(tried):
                short = tried
            else:
                start += size
        size //= 2
    return short
