"""`python -m portal schema_print > docs/schema.graphql`: the public schema, as it is committed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from graphql import print_schema

from portal.schema import schema_build


def schema_text() -> str:
    """The schema of an installation (no demo) in GraphQL's own language."""
    return print_schema(schema_build(demo=False).graphql_schema) + "\n"


class Command(BaseCommand):
    """Print the public schema."""

    help = "Print the GraphQL schema; docs/schema.graphql is its committed copy."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it to standard output."""
        self.stdout.write(schema_text(), ending="")
