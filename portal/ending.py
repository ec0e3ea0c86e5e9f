"""Whether this process was told to end. Long work looks between two steps and leaves the rest to whoever comes next, who finds it."""

from __future__ import annotations

from threading import Event

_told = Event()


class EndingError(Exception):
    """Work was broken off between two steps, because its process ends."""

    code = "ENDING"


def end() -> None:
    """The process was told to end: no new step is begun."""
    _told.set()


def ending() -> bool:
    """Whether it was."""
    return _told.is_set()


def step() -> None:
    """Between two steps of long work. Raises EndingError when the process ends."""
    if _told.is_set():
        raise EndingError("This process was told to end.")
