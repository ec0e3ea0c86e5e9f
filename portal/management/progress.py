"""A bar over all parts, for commands that go through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from catalog.models import Part


@contextmanager
def parts_bar(console: Console, words: str) -> Iterator[Callable[[int], None]]:
    """Gives what is to be called with how many more parts are done."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(words, total=Part.objects.count())
        yield lambda parts: bar.advance(task, parts)
