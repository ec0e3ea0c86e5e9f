from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from tests.portal import outbox_handlers


@pytest.fixture
def outbox(transactional_db: None, settings: Any) -> Iterator[None]:
    """The outbox with the handlers of these tests, nothing remembered before, nothing left after."""
    settings.OUTBOX_ROUTES = outbox_handlers.ROUTES
    outbox_handlers.calls.clear()
    outbox_handlers.in_transaction.clear()
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS test_effect")
