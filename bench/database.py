"""A PostgreSQL of the bench's own with durability on; must be asked for before Django reads its settings."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from portal import embedded

DATA = Path(__file__).resolve().parent.parent / "var" / "bench"


@contextmanager
def server() -> Iterator[str]:
    """Start it on an empty folder, point the program at it, and remove it afterwards; gives the DATABASE_URL."""
    own = embedded.Server(DATA)
    own.wipe()
    DATA.mkdir(parents=True, exist_ok=True)
    own.start()
    environment(embedded.url(DATA))
    try:
        yield embedded.url(DATA)
    finally:
        own.wipe()


def environment(url: str) -> None:
    """What the program reads: no demo, no debugging, nobody to ring for."""
    os.environ |= {
        "DATABASE_URL": url,
        "PORTAL_DATA": str(DATA),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "SECRET_KEY": "0123456789 abcdefghijklmnopqrstuvwxyz for the bench alone",
        "DEBUG": "0",
        "DEMO": "0",
        "CELERY_BROKER_URL": "memory://nobody",
        "EMAIL_URL": "memorymail://",
    }


def create(name: str, template: str = "template1") -> str:
    """A fresh database, empty or as another one that nobody is connected to. Answers its DATABASE_URL."""
    with psycopg.connect(embedded.url(DATA, "postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return embedded.url(DATA, name)


def copy(url: str, name: str) -> str:
    """A copy of the database under another name; nobody may be connected to the first. Answers its DATABASE_URL."""
    return create(name, "portal")
