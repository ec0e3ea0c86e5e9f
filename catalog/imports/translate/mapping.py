"""A maker's own table by a saved mapping: which of its columns is which of ours, in which units and words. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase

from catalog.imports.read import USUAL, Fault, ReadOptions, Table
from catalog.imports.translate.tables import Translated
from catalog.imports.types import Column, Importer, Kind

DECIMALS = 3  # of prices as we keep them
EXACT = "exact"
_LARGEST_PER = 1_000_000_000
_MOST_DIGITS = 100
_SPACES = re.compile(r"[\s\u00a0\u202f'’]")
_SIGN = re.compile(r"^[^\d\-+.,]+|[^\d.,]+$")


@dataclass(frozen=True)
class MappedTable:
    """One of our tables: `columns` ours to theirs, `constants` ours to a text for every row, `values` ours to (their word to ours).

    `price_per`: "" leaves amounts as they are; "1000" writes them for so many times as many pieces; "exact" takes the smallest power of ten that
    keeps every decimal.
    """

    stem: str
    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    price_per: str = ""


@dataclass(frozen=True)
class TableMapping:
    """How files whose name matches `pattern` (as `pricelist*`) are read, and which of our tables they make."""

    name: str
    pattern: str
    tables: tuple[MappedTable, ...]
    options: ReadOptions = USUAL
    decimal_comma: bool = False
    date_format: str = ""


def is_for(pattern: str, name: str) -> bool:
    """Is a mapping with this pattern for a file of this name? Capitals make no difference: makers are not constant in them."""
    return fnmatchcase(name.casefold(), pattern.casefold())


def mapped_rows(table: Table, mapping: TableMapping, importers: Mapping[str, Importer]) -> Iterator[Translated]:
    """Rows of our tables from one of theirs; a price that would lose decimals is a fault of its row. Raises UnreadableError."""
    places = {title.strip().casefold(): place for place, title in reversed(list(enumerate(table.titles)))}
    makers = [(one.stem, _RowMaker(one, mapping, places, importers[one.stem])) for one in mapping.tables]
    for line, cells, fault in table.rows:
        if fault:
            yield from ((stem, line, {}, fault) for stem, _ in makers)
        elif any(cell.strip() for cell in cells):
            for stem, maker in makers:
                yield stem, line, *maker.row(cells)


def titles_missing(table: Table, mapping: TableMapping) -> list[str]:
    """Columns of theirs that the mapping names and the file does not have."""
    there = {title.strip().casefold() for title in table.titles}
    named = {title for one in mapping.tables for title in one.columns.values()}
    return sorted(title for title in named if title.strip().casefold() not in there)


class _RowMaker:
    """One of our tables from rows of theirs."""

    def __init__(
        self, table: MappedTable, mapping: TableMapping, places: Mapping[str, int], importer: Importer
    ) -> None:
        kinds = {column.name: column for column in importer.columns}
        self.table = table
        self.constants = dict(table.constants)
        self.cells = [
            (name, places[title.strip().casefold()], self._reader(name, kinds[name], mapping))
            for name, title in table.columns.items()
        ]

    def row(self, cells: Sequence[str]) -> tuple[dict[str, str], Fault | None]:
        made = self.constants | {name: read(cells[place].strip()) for name, place, read in self.cells}
        return with_price_per(made, self.table.price_per) if self.table.price_per else (made, None)

    def _reader(self, name: str, column: Column, mapping: TableMapping) -> Callable[[str], str]:
        words = {theirs.casefold(): ours for theirs, ours in self.table.values.get(name, {}).items()}
        plain = _plain_reader(column.kind, mapping)
        return (lambda text: words[text.casefold()] if text.casefold() in words else plain(text)) if words else plain


def _plain_reader(kind: Kind, mapping: TableMapping) -> Callable[[str], str]:
    if kind in (Kind.DECIMAL, Kind.INTEGER):
        return lambda text: plain_number(text, decimal_comma=mapping.decimal_comma)
    if kind == Kind.DATE and mapping.date_format:
        return lambda text: plain_date(text, mapping.date_format)
    return lambda text: text


def plain_number(text: str, *, decimal_comma: bool) -> str:
    """`1.234,50 €` as `1234.50`; what is no number stays as it is, to be refused with its own text."""
    if text.isascii() and text.isdigit():
        return text
    bare = _SIGN.sub("", _SPACES.sub("", text))
    mark, thousands = (",", ".") if decimal_comma else (".", ",")
    whole, _, rest = bare.partition(mark)
    groups = whole.lstrip("+-").split(thousands)
    grouped = len(groups) == 1 or (1 <= len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))
    if (
        not grouped
        or not all(group.isascii() and group.isdigit() for group in groups)
        or not re.fullmatch(r"\d*", rest)
    ):
        return text
    sign = "-" if bare.startswith("-") else ""
    return f"{sign}{''.join(groups)}{'.' + rest if rest else ''}"


def plain_date(text: str, written: str) -> str:
    """A day in the mapping's form as 2026-05-31; anything else stays as it is."""
    try:
        return datetime.strptime(text, written).date().isoformat()  # noqa: DTZ007
    except ValueError:
        return text


def with_price_per(cells: dict[str, str], price_per: str) -> tuple[dict[str, str], Fault | None]:
    """The price for more pieces, so that none of its decimals is lost."""
    try:
        amount, pieces = Decimal(cells.get("amount", "")), int(cells.get("per_quantity") or 1)
    except (InvalidOperation, ValueError):
        return cells, None  # refused when it is judged, with its own text
    if not amount.is_finite() or amount <= 0:
        return cells, None
    if amount.adjusted() > _MOST_DIGITS or amount.adjusted() < -_MOST_DIGITS:
        return cells, None  # no price, and too great to be reckoned with
    per = exact_per(amount, pieces) if price_per == EXACT else int(price_per)
    if not per or not is_exact(amount * per) or pieces * per > _LARGEST_PER:
        return cells, Fault("price_not_exact", "amount", cells["amount"])
    return cells | {"amount": format((amount * per).normalize(), "f"), "per_quantity": str(pieces * per)}, None


def exact_per(amount: Decimal, pieces: int = 1) -> int:
    """The smallest power of ten for which `amount` times it has no more decimals than we keep; 0 when there is none."""
    per = 1
    while pieces * per <= _LARGEST_PER:
        if is_exact(amount * per):
            return per
        per *= 10
    return 0


def is_exact(amount: Decimal) -> bool:
    """Has the amount no more decimals than we keep?"""
    exponent = amount.normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -DECIMALS
