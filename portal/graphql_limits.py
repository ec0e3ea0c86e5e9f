"""Limits on what one document may ask: depth, aliases, cost, size.

A fragment is measured once, wherever it is spread: thirty fragments that name each other twice would else be counted a
thousand million times. Fragments in a circle are refused by the standard rules; here they must only not be walked forever.
"""

from __future__ import annotations

from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    IntValueNode,
    OperationDefinitionNode,
    ValidationContext,
    ValidationRule,
)
from graphql.language import VariableNode

from portal.errors import Code

MAX_DEPTH = 12
MAX_ALIASES = 30
MAX_COST = 20_000
MAX_BODY = 2 * 1024 * 1024
_PAGE = 20
_CAP = 100


def refused(message: str, node: Any) -> GraphQLError:
    """The one shape of a document that asks too much."""
    return GraphQLError(message, node, extensions={"code": Code.INVALID})


class AliasLimit(ValidationRule):
    """At most `MAX_ALIASES` aliases a document: one call must not be a thousand."""

    count = 0

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Count, and refuse once."""
        self.count += node.alias is not None
        if self.count == MAX_ALIASES + 1:
            self.report_error(refused(f"More than {MAX_ALIASES} aliases.", node))


class _Measure(ValidationRule):
    """A number for every selection, each fragment's kept."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._fragments: dict[str, int] = {}

    def _of_fragment(self, node: FragmentSpreadNode) -> int:
        name = node.name.value
        if name not in self._fragments:
            self._fragments[name] = 0  # a circle ends here
            fragment = self.context.get_fragment(name)
            self._fragments[name] = self._of(fragment) if fragment else 0
        return self._fragments[name]

    def _of(self, node: Any) -> int:
        raise NotImplementedError


class DepthLimit(_Measure):
    """At most `MAX_DEPTH` fields inside each other below a root field; questions about the schema itself are free."""

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        """Measure the operation."""
        depth = self._of(node)
        if depth > MAX_DEPTH:
            self.report_error(refused(f"The document is {depth} fields deep, the limit is {MAX_DEPTH}.", node))

    def _of(self, node: Any) -> int:
        return max((self._below(one) for one in _selections(node)), default=0)

    def _below(self, node: Any) -> int:
        if isinstance(node, FragmentSpreadNode):
            return self._of_fragment(node)
        if not isinstance(node, FieldNode):
            return self._of(node)
        return 1 + self._of(node) if node.selection_set and not node.name.value.startswith("__") else 0


class CostLimit(_Measure):
    """Every field costs one, times the pages around it; a fragment costs the same wherever it is spread."""

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        """Add the operation up and refuse what is too dear."""
        cost = self._of(node)
        if cost > MAX_COST:
            text = f"The document costs more than the limit of {MAX_COST}. Ask for smaller pages."
            self.report_error(refused(text, node))

    def _of(self, node: Any) -> int:
        total = 0
        for one in _selections(node):
            if isinstance(one, FieldNode):
                total += 1 + _times(one) * self._of(one)
            else:
                total += self._of_fragment(one) if isinstance(one, FragmentSpreadNode) else self._of(one)
        return min(total, MAX_COST + 1)  # enough is enough


def _selections(node: Any) -> tuple[Any, ...]:
    return tuple(node.selection_set.selections) if node.selection_set else ()


def _times(node: FieldNode) -> int:
    """How many rows a page may hold: as asked, the cap when a variable will say it, the default when nobody does."""
    for argument in node.arguments:
        if argument.name.value == "first":
            if isinstance(argument.value, IntValueNode):
                return max(1, min(int(argument.value.value), _CAP))
            if isinstance(argument.value, VariableNode):
                return _CAP
    is_page = any(isinstance(one, FieldNode) and one.name.value == "edges" for one in _selections(node))
    return _PAGE if is_page else 1


LIMITS = (DepthLimit, AliasLimit, CostLimit)
