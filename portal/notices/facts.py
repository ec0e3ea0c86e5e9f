"""What a letter shows below its words: facts and lines. The app that owns the subject knows them and registers how to read them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise as LazyText

if TYPE_CHECKING:
    from portal.notices.models import Notice


@dataclass(frozen=True)
class Piece:
    """One line of goods: part number, name in the reader's language, how many, and what to know about it."""

    number: str
    name: str
    quantity: int
    note: str = ""


@dataclass(frozen=True)
class Facts:
    """Labels with their values, the first lines of goods, and how many more there are. Never a price: letters are passed on."""

    rows: tuple[tuple[LazyText | str, str], ...] = ()
    pieces: tuple[Piece, ...] = ()
    more: int = 0


Reader = Callable[["Notice", str], Facts]
_READERS: dict[str, Reader] = {}


def register_notice_facts(subject_kind: str, read: Reader) -> None:
    """Say how the facts about a subject are read: `read(notice, language)`."""
    _READERS[subject_kind] = read


def notice_facts(notice: Notice, language: str) -> Facts:
    """The facts of a notice; none when nobody registered any for its subject."""
    read = _READERS.get(notice.subject_kind)
    return read(notice, language) if read else Facts()
