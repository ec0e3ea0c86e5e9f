"""Limits on what one document may ask: depth, aliases, cost, size."""

from __future__ import annotations

from typing import Any

from graphene.validation import depth_limit_validator
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    IntValueNode,
    OperationDefinitionNode,
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


class AliasLimit(ValidationRule):
    """At most `MAX_ALIASES` aliases a document: one call must not be a thousand."""

    count = 0

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Count, and refuse once."""
        self.count += node.alias is not None
        if self.count == MAX_ALIASES + 1:
            self.report_error(
                GraphQLError(f"More than {MAX_ALIASES} aliases.", node, extensions={"code": Code.INVALID})
            )


class CostLimit(ValidationRule):
    """Every field costs one, times the pages around it; fragments are counted wherever they are spread."""

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        """Add the operation up and refuse what is too dear."""
        cost = self._cost(node, frozenset())
        if cost > MAX_COST:
            self.report_error(
                GraphQLError(
                    f"The document costs {cost}, the limit is {MAX_COST}. Ask for smaller pages.",
                    node,
                    extensions={"code": Code.INVALID},
                )
            )

    def _cost(self, node: Any, inside: frozenset[str]) -> int:
        total = 0
        for one in node.selection_set.selections if node.selection_set else ():
            if isinstance(one, FieldNode):
                total += 1 + _times(one) * self._cost(one, inside)
            elif one.kind == "fragment_spread":
                name = one.name.value
                fragment: FragmentDefinitionNode | None = self.context.get_fragment(name)
                if fragment is not None and name not in inside:
                    total += self._cost(fragment, inside | {name})
            else:
                total += self._cost(one, inside)
            if total > MAX_COST * 100:
                return total  # enough is enough: counting must not be the attack
        return total


def _times(node: FieldNode) -> int:
    for argument in node.arguments:
        if argument.name.value == "first":
            if isinstance(argument.value, IntValueNode):
                return max(1, min(int(argument.value.value), _CAP))
            if isinstance(argument.value, VariableNode):
                return _PAGE
    return 1


LIMITS = (depth_limit_validator(max_depth=MAX_DEPTH), AliasLimit, CostLimit)
