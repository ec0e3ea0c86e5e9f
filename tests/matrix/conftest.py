"""The realm is made once a module; every test works in a transaction of its own inside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from portal import clock
from tests.matrix.realm import Realm, realm_make


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[Realm]:
    patch = pytest.MonkeyPatch()
    with django_db_blocker.unblock(), transaction.atomic():
        realm = realm_make(tell=lambda read: patch.setattr(clock, "now", read))
        yield realm
        transaction.set_rollback(True)
    patch.undo()


@pytest.fixture
def realm(made: Realm, db: None) -> Realm:
    return made
