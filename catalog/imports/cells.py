"""A cell's text, checked and set as PostgreSQL's COPY wants it, or the reason why not. Pure.

A checker is made once per column and file: asking each cell what kind it is cost more than checking it (measured).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from catalog.imports.types import Column, Kind

NULL = r"\N"
Check = Callable[[str], str]
_YES, _NO = frozenset(("1", "yes", "y", "true", "t", "x")), frozenset(("0", "no", "n", "false", "f"))
_BIGGEST = 2_147_483_647  # quantities are four-byte columns
_MOST_DIGITS = 19  # of a bigint; longer ones need not be counted out
_MOST_DECIMALS = 30


class CellError(ValueError):
    """`reason` as in reasons.py."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def checker(column: Column) -> Check:
    """The check of a column: from a cell's text to its text for COPY (NULL when empty and not required). It raises CellError."""
    read = _READERS[column.kind](column)
    required = column.required

    def check(text: str) -> str:
        if text:
            return read(text)
        if required:
            raise CellError("missing")
        return NULL

    return check


def value_of(column: Column, text: str) -> str:
    """One cell checked by itself. Raises CellError."""
    return checker(column)(text)


def escaped(text: str) -> str:
    """Text for COPY; what would end a cell or a line is written otherwise, a NUL is dropped."""
    if text.isalnum():
        return text
    if "\x00" in text:
        text = text.replace("\x00", "")
    return text.replace("\\", r"\\").replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")


def _text(column: Column) -> Check:
    most = column.most

    def read(text: str) -> str:
        if most is not None and len(text) > most:
            raise CellError("too_long")
        return escaped(text)

    return read


def _integer(column: Column) -> Check:
    bound = _bound(column)

    def read(text: str) -> str:
        if not (text.isascii() and text.removeprefix("-").isdigit()):
            raise CellError("not_a_number")
        if len(text) > _MOST_DIGITS:
            text = text.removeprefix("-").lstrip("0")
        if len(text) > _MOST_DIGITS:
            raise CellError("too_great")
        return str(bound(int(text)))

    return read


def _decimal(column: Column) -> Check:
    bound = _bound(column)

    def read(text: str) -> str:
        try:
            amount = Decimal(text)
        except InvalidOperation:
            raise CellError("not_an_amount") from None
        if not amount.is_finite():
            raise CellError("not_an_amount")
        bound(amount)
        exponent = amount.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -_MOST_DECIMALS:
            raise CellError("too_small" if amount else "not_an_amount")
        return f"{amount:f}"

    return read


def _bound(column: Column) -> Callable[[Decimal | int], Decimal | int]:
    least, most = column.least, _BIGGEST if column.most is None else column.most

    def bound(number: Decimal | int) -> Decimal | int:
        if least is not None and number < least:
            raise CellError("too_small")
        if number > most:
            raise CellError("too_great")
        return number

    return bound


def _date(_: Column) -> Check:
    def read(text: str) -> str:
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise CellError("not_a_date") from None

    return read


def _yes_no(_: Column) -> Check:
    def read(text: str) -> str:
        word = text.lower()
        if word in _YES:
            return "t"
        if word in _NO:
            return "f"
        raise CellError("not_yes_or_no")

    return read


_READERS: dict[Kind, Callable[[Column], Check]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _date,
    Kind.YES_NO: _yes_no,
}
