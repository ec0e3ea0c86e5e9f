"""A case as JSON and back: the evidence of a decision can be judged again, on any day, with the same verdict."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from warranty.rules.case import Case

T = TypeVar("T")


def case_to_json(case: Case) -> dict[str, Any]:
    """Plain JSON of a case: ISO dates, decimals as text."""
    encoded: dict[str, Any] = _encode(case)
    return encoded


def case_from_json(data: dict[str, Any]) -> Case:
    """The case that `case_to_json` wrote, or wrote before a fact with a default was added. Raises TypeError, ValueError for anything else."""
    return _decode(Case, data)


def _encode(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _encode(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [_encode(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value.value if isinstance(value, Enum) else value


def _decode(kind: type[T], data: dict[str, Any]) -> T:
    hints = get_type_hints(kind)
    known = [f.name for f in fields(kind) if f.name in data]  # type: ignore[arg-type]
    return kind(**{name: _decode_value(hints[name], data[name]) for name in known})


def _decode_value(hint: Any, value: Any) -> Any:
    if isinstance(hint, UnionType):
        hint = next(arg for arg in get_args(hint) if arg is not type(None))
    if value is None:
        return None
    if get_origin(hint) is tuple:
        return tuple(_decode_value(get_args(hint)[0], item) for item in value)
    if is_dataclass(hint):
        return _decode(hint, value)  # type: ignore[arg-type]
    if hint is date:
        return date.fromisoformat(value)
    return hint(value)
