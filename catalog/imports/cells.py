"""A cell's text to a value, or the reason why not. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from catalog.imports.types import Column, Kind

_YES, _NO = {"1", "yes", "y", "true", "t", "x"}, {"0", "no", "n", "false", "f"}
_BIGGEST = 2_147_483_647  # quantities are four-byte columns


class CellError(ValueError):
    """`reason` as in reasons.py."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def value_of(column: Column, text: str) -> object:
    """The cell's value; None when empty and not required. Raises CellError."""
    if not text:
        if column.required:
            raise CellError("missing")
        return None
    return _READERS[column.kind](column, text)


def _text(column: Column, text: str) -> str:
    if column.most is not None and len(text) > column.most:
        raise CellError("too_long")
    return text.replace("\x00", "")


def _integer(column: Column, text: str) -> int:
    if not (text.isascii() and text.removeprefix("-").isdigit()):
        raise CellError("not_a_number")
    return int(_bounded(column, Decimal(text)))


def _decimal(column: Column, text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise CellError("not_an_amount") from None
    if not amount.is_finite():
        raise CellError("not_an_amount")
    return _bounded(column, amount)


def _bounded(column: Column, number: Decimal) -> Decimal:
    if column.least is not None and number < column.least:
        raise CellError("too_small")
    if number > (_BIGGEST if column.most is None else column.most):
        raise CellError("too_great")
    return number


def _date(_: Column, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CellError("not_a_date") from None


def _yes_no(_: Column, text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise CellError("not_yes_or_no")
    return text.lower() in _YES


_READERS: dict[Kind, Callable[[Column, str], object]] = {
    Kind.TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _date,
    Kind.YES_NO: _yes_no,
}
