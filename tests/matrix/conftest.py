"""The realm is made once a module; every test works in a transaction of its own inside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.matrix.realm import Realm, realm_fixture


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[Realm]:
    yield from realm_fixture(django_db_blocker)


@pytest.fixture
def realm(made: Realm, db: None) -> Realm:
    return made
