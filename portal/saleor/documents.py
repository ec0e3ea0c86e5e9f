"""The documents the portal sends: one a file under `operations/`, read once, held to the store's schemas by a test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from graphql import FieldNode, OperationDefinitionNode, OperationType, parse

from portal.saleor.errors import Problem

FOLDER = Path(__file__).resolve().parent / "operations"


@dataclass(frozen=True)
class Document:
    """A document: `roots` are the names of the fields it answers under `data`."""

    name: str
    text: str
    operation: str
    roots: tuple[str, ...]
    is_mutation: bool


@cache
def document(name: str) -> Document:
    """The document `operations/<name>.graphql`. FileNotFoundError when there is none."""
    text = (FOLDER / f"{name}.graphql").read_text()
    found = next(node for node in parse(text).definitions if isinstance(node, OperationDefinitionNode))
    return Document(
        name=name,
        text=text,
        operation=found.name.value if found.name else "",
        roots=tuple(_answered_as(node) for node in found.selection_set.selections if isinstance(node, FieldNode)),
        is_mutation=found.operation is OperationType.MUTATION,
    )


def _answered_as(node: FieldNode) -> str:
    return (node.alias or node.name).value


def problems_of(payload: Any) -> list[Problem]:
    """What a mutation's payload refuses. Of a bulk call with rows (`results`) none: the rows' errors are the caller's."""
    if not isinstance(payload, Mapping) or payload.get("results"):
        return []
    return [problem_read(row) for row in payload.get("errors") or ()]


def problem_read(row: Mapping[str, Any]) -> Problem:
    """One entry of `errors[]`, also of a row of a bulk call, which may say `path` for `field`."""
    extra = {key: value for key, value in row.items() if key not in ("field", "path", "code", "message")}
    return Problem(row.get("field") or row.get("path") or "", row.get("code") or "", row.get("message") or "", extra)
