"""Arguments for any field, read off the schema: some right, most wrong, some spiteful."""

from __future__ import annotations

from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
)
from hypothesis import strategies as st

TEXTS = [
    "",
    " ",
    "x",
    "\x00",
    "a\x00b",
    "🛠️🛠️",
    "ＳＥＲ－１",
    "'; DROP TABLE x; --",
    "%_\\",
    "\ud800",
    "a\udfffb",
    "x" * 121,
    "x" * 5000,
    "１２",
    "null",
]
DATES = ["0001-01-01", "9999-12-31", "2026-11-23", "2026-11-30", "2026-12-01", "2027-06-01", "tomorrow"]
TIMES = [
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59+14:00",
    "2026-12-01T00:00:00+09:00",
    "2026-12-01T10:00:00",
    "2026-11-25T10:00:00Z",
    "25:00",
]
DECIMALS = ["NaN", "sNaN", "Infinity", "-Infinity", "1e400", "-1", "0", "0.5", "1e-400", "1" * 60, "0.00001", "ten"]
INTS = [0, 1, 2, -1, 2**31 - 1, -(2**31), 2**31]
BROKEN_IDS = [
    "",
    "x",
    "T3JkZXI6",
    "T3JkZXI6LTE=",
    "T3JkZXI6MA==",
    "T3JkZXI6OTIyMzM3MjAzNjg1NDc3NTgwOA==",
    "\x00",
    "🛠️",
    "x" * 5000,
    12,
]


def arguments(field: GraphQLField, things: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Variables of a field; `things` are ids and numbers that exist."""
    return _object({name: one.type for name, one in field.args.items()}, things)


def _object(fields: dict[str, Any], things: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    required = {name: _value(kind, things) for name, kind in fields.items() if isinstance(kind, GraphQLNonNull)}
    optional = {name: _value(kind, things) for name, kind in fields.items() if name not in required}
    return st.fixed_dictionaries(required, optional=optional)


def _value(kind: Any, things: list[str]) -> st.SearchStrategy[Any]:
    if isinstance(kind, GraphQLNonNull):
        return _value(kind.of_type, things)
    if isinstance(kind, GraphQLList):
        return st.lists(_value(kind.of_type, things), max_size=3)
    if isinstance(kind, GraphQLInputObjectType):
        return _object({name: one.type for name, one in kind.fields.items()}, things)
    if isinstance(kind, GraphQLEnumType):
        return st.sampled_from(sorted(kind.values))
    return _scalar(kind.name, things)


def _scalar(name: str, things: list[str]) -> st.SearchStrategy[Any]:
    known = {
        "Int": st.sampled_from(INTS) | st.integers(-(2**31), 2**31 - 1),
        "Decimal": st.sampled_from(DECIMALS),
        "Date": st.sampled_from(DATES),
        "DateTime": st.sampled_from(TIMES),
        "Boolean": st.booleans(),
        "ID": st.sampled_from(things) | st.sampled_from(BROKEN_IDS),
        "String": st.sampled_from(things) | st.sampled_from(TEXTS) | st.text(max_size=20),
    }
    return known[name]


def document(operation: str, name: str, field: GraphQLField) -> str:
    """A document whose variables are all of the field's arguments."""
    kinds = ", ".join(f"${key}: {one.type}" for key, one in field.args.items())
    given = ", ".join(f"{key}: ${key}" for key in field.args)
    head = f"{operation}({kinds})" if kinds else operation
    return f"{head} {{ {name}{f'({given})' if given else ''} {_leaves(field)} }}"


def _leaves(field: GraphQLField) -> str:
    kind = get_named_type(field.type)
    assert isinstance(kind, GraphQLObjectType)
    if "errors" in kind.fields:
        return "{ errors { field code message details } }"
    plain = [key for key, one in kind.fields.items() if not isinstance(get_named_type(one.type), GraphQLObjectType)]
    return "{ " + " ".join(plain) + " }"
