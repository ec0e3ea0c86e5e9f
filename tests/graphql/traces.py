"""What the database holds, so that a test can say: nothing was left behind."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from django.apps import apps
from django.db import connection

_PASSING = {"accounts_apitoken", "django_session"}  # they note that somebody came, not what was done


@cache
def _question() -> str:
    tables = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)} - _PASSING)
    parts = [
        f"SELECT '{name}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {name} t" for name in tables
    ]
    return " UNION ALL ".join(parts)


def traces() -> dict[str, tuple[int, Decimal]]:
    """{table: (rows, sum of the hashes of all they say)}; one query, and a quick one: it is asked after every call."""
    with connection.cursor() as cursor:
        cursor.execute(_question())
        return {name: (count, digest) for name, count, digest in cursor.fetchall()}


def changed(before: dict[str, tuple[int, Decimal]]) -> list[str]:
    """Tables that differ from before."""
    return sorted(name for name, held in traces().items() if held != before[name])
