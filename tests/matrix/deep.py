"""The deepest questions the schema allows: every field that can be reached from a root, each type whole once on a path, then what it says of itself."""

from __future__ import annotations

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema, get_named_type, is_required_argument

# What a thing says of itself: selected wherever the thing is met.
_VALUES = {"Money", "Price", "Company", "CoverageDecision", "Reason", "LineHold", "Hold", "Contract"}
# Everybody's: below them is nothing of anybody's.
_SHALLOW = {"Part", "Assembly", "Campaign", "PageInfo"}


def everything_below(schema: GraphQLSchema, name: str, arguments: str, *, depth: int = 6) -> str:
    """A document that selects all there is below one query field."""
    assert schema.query_type is not None
    kind = get_named_type(schema.query_type.fields[name].type)
    return f"{{ {name}{arguments} {_selection(kind, frozenset(), depth)} }}"


def _selection(kind: object, above: frozenset[str], depth: int) -> str:
    assert isinstance(kind, GraphQLObjectType)
    whole = depth > 0 and kind.name not in above and kind.name not in _SHALLOW
    told = [_field(name, field, above | {kind.name}, depth, whole) for name, field in kind.fields.items()]
    return "{ " + " ".join(one for one in told if one) + " }"


def _field(name: str, field: GraphQLField, above: frozenset[str], depth: int, whole: bool) -> str:
    below = get_named_type(field.type)
    if any(is_required_argument(argument) for argument in field.args.values()):
        return ""
    if not isinstance(below, GraphQLObjectType):
        return name
    if not whole and below.name not in _VALUES:
        return ""
    return f"{name} {_selection(below, above, depth - 1)}"
