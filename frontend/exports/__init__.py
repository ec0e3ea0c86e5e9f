"""Tables as files: what a page shows, all of it, in the reader's words, row by row as the database gives them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TypeVar

from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.functional import Promise

from frontend.pages import Asked
from portal.accounts.actor import Actor
from portal.cells import harmless
from portal.promises.rules.days import last_day

if TYPE_CHECKING:
    from portal.promises.models import Promise as PromiseRow

T = TypeVar("T")
Words = Promise | str


@dataclass(frozen=True)
class Export:
    """A table's file. `rows` reads through the actor, as the page does, with the page's own query.

    `house`: the roles of the house it is for, without any for all of the house and for buyers; `buyers`: for buyers beside those roles.
    """

    name: str
    columns: Sequence[Words]
    rows: Callable[[Asked], Iterable[Sequence[Any]]]
    house: tuple[str, ...] = ()
    buyers: bool = False

    def may(self, actor: Actor) -> bool:
        """Is there such a table for the actor?"""
        if not actor.is_house:
            return self.buyers or not self.house
        return not self.house or actor.has(*self.house)


def batched(rows: Iterable[T], many: int) -> Iterator[list[T]]:
    """Rows in lists of `many` (Python has it from 3.12 on)."""
    every = iter(rows)
    while some := list(islice(every, many)):
        yield some


def due_day(promise: PromiseRow | None) -> date | None:
    """The day a promise is due, as its bar says it; the midnight that closes it lies in the next one."""
    return last_day(promise.due_at, promise.zone) if promise and promise.due_at else None


def csv_answer(export: Export, request: Asked) -> StreamingHttpResponse:
    """The file, UTF-8 with a mark, so that spreadsheets read it; numbers and days plain, so that they can go on working with it."""
    answer = StreamingHttpResponse(_lines(export, request), content_type="text/csv; charset=utf-8")
    day = timezone.localtime(request.now).date().isoformat()
    answer["Content-Disposition"] = f'attachment; filename="{export.name}-{day}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


class _Echo:
    """A file that hands back what is written."""

    def write(self, value: str) -> str:
        """The value itself."""
        return value


def _lines(export: Export, request: Asked) -> Iterator[str]:
    """Written while it is sent, when the page's own language and zone are gone: both are kept."""
    language, zone = translation.get_language() or "en", timezone.get_current_timezone()
    return _written(export, request, language, zone)


def _written(export: Export, request: Asked, language: str, zone: Any) -> Iterator[str]:
    with translation.override(language), timezone.override(zone):
        headings = [safe(str(one)) for one in export.columns]
        yield from csv_lines(chain([headings], ([safe(one) for one in row] for row in export.rows(request))))


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """CSV written while it is sent; a mark first, so that spreadsheets read UTF-8. Cells as they are: `safe` is the caller's."""
    writer: Any = csv.writer(_Echo())
    mark = "\ufeff"
    for row in rows:
        yield mark + writer.writerow(row)
        mark = ""


def safe(value: Any) -> Any:
    """A cell: days and moments in ISO (of the reader's zone), words in the reader's language, nothing for None.

    Text that begins like a formula is made harmless. A number is no text, and stays one.
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")  # 9000, not 9000.000 as the database keeps it; never with an exponent
    if isinstance(value, Promise):
        value = str(value)
    return harmless(value) if isinstance(value, str) else value
