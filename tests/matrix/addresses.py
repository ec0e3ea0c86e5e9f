"""Every place of the API where a caller can name a thing that belongs to somebody, read off the schema."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLInputObjectType, GraphQLObjectType, GraphQLSchema, get_named_type

# A text of these names is a thing's number. Part numbers, models and warehouses belong to nobody.
_NUMBERS = {"serial", "number", "order", "repairCard", "reference"}
_NOBODYS = {"part.number"}  # a part number, by the name the trade gives it


def addresses(schema: GraphQLSchema) -> set[str]:
    """`orderPlace.input.lines.serial` and all its like, `Part.fits.serial` for a field below the roots."""
    found = set(_of_fields(schema.query_type, "", queries=True)) | set(_of_fields(schema.mutation_type, ""))
    roots = {schema.query_type, schema.mutation_type}
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and kind not in roots and not kind.name.startswith("__"):
            found |= set(_of_fields(kind, f"{kind.name}.", queries=True))
    return found - _NOBODYS


def _of_fields(kind: GraphQLObjectType | None, before: str, *, queries: bool = False) -> Iterator[str]:
    for name, field in kind.fields.items() if kind else ():
        for argument, given in field.args.items():
            yield from _of_argument(f"{before}{name}.{argument}", given.type, queries)


def _of_argument(path: str, kind: object, queries: bool) -> Iterator[str]:
    """A mutation's `reference` is the caller's own key: it makes a name, it asks for none."""
    named = get_named_type(kind)  # type: ignore[call-overload]
    last = path.rsplit(".", 1)[1]
    if isinstance(named, GraphQLInputObjectType):
        for name, one in named.fields.items():
            yield from _of_argument(f"{path}.{name}", one.type, queries and not path.startswith("quote."))
    elif named.name == "ID" or (last in _NUMBERS and (queries or last != "reference")):
        yield path
