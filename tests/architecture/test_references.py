"""A reference repeated with other content is refused: whatever a service is told is part of that content."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.source import files, tree

_CLAIMS = ("reference_claim", "_claim")
_SELF = {"actor", "now", "reference", "approved", "operation"}  # who and when, not what
_BECOMES = {"part_number": "part", "warehouse": "place", "serial": "bare"}  # told by name, looked up before


def _names(*nodes: ast.AST) -> set[str]:
    return {one.id for node in nodes for one in ast.walk(node) if isinstance(one, ast.Name)}


def _left_out(service: ast.FunctionDef) -> set[str]:
    """Arguments that are not in the body the reference stands for."""
    claims = [one for one in ast.walk(service) if isinstance(one, ast.Call) and getattr(one.func, "id", "") in _CLAIMS]
    body = _names(
        *(one.value for call in claims for one in call.keywords), *(arg for call in claims for arg in call.args)
    )
    for one in ast.walk(service):
        targets = one.targets if isinstance(one, ast.Assign) else [one.target] if isinstance(one, ast.AugAssign) else []
        if any(getattr(target, "id", "") == "body" for target in targets):
            body |= _names(one.value)
    told = {one.arg for one in service.args.args + service.args.kwonlyargs} - _SELF
    return {name for name in told if name not in body and _BECOMES.get(name) not in body}


def _services() -> Iterator[ast.FunctionDef]:
    for path in files("orders", "warranty", "catalog", "portal"):
        for one in ast.walk(tree(path)):
            if isinstance(one, ast.FunctionDef) and one.name not in _CLAIMS and _names(one) & {*_CLAIMS}:
                yield one


def test_all_that_a_service_is_told_is_the_content_of_its_reference() -> None:
    found = {one.name: _left_out(one) for one in _services()}
    assert len(found) >= 16
    assert {name: left for name, left in found.items() if left} == {}
