"""A store that was away is back: what waits for it goes then, and not an hour later."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_run
from portal.saleor import waking
from portal.saleor.models import Connection
from portal.saleor.waking import store_back
from tests.webhooks.the_store import TheStore

NOW = clock.real_now()
AWAY, BROKEN = "SaleorAway: http://store.test/ cannot be reached", "SaleorBroken: order_fulfill: IntegrityError"


def failed(number: int, *, error: str = AWAY, kind: str = "order.mirror") -> OutboxMessage:
    """A message that is tried again in half an hour."""
    later = {"due_at": NOW + timedelta(minutes=30), "created_at": NOW, "attempts": 9, "last_error": error}
    return OutboxMessage.objects.create(kind=kind, key=f"store:{number}", payload={"order": 0}, **later)


def due() -> list[str]:
    """What may go now."""
    return sorted(OutboxMessage.objects.filter(due_at__lte=NOW).values_list("key", flat=True))


def test_what_found_it_away_goes_as_soon_as_it_answers(connection: Connection, store: TheStore):
    failed(1)
    failed(2, kind="order.submit")
    failed(3, error=BROKEN)  # it had answered
    failed(4, kind="notice.email", error="SaleorAway: somebody else's words")
    store.away = True
    assert (store_back(now=NOW), due()) == (0, [])
    store.away = False
    assert (store_back(now=NOW), due()) == (2, ["store:1", "store:2"])
    assert store_back(now=NOW) == 0


def test_nobody_is_asked_when_nothing_waits(connection: Connection, store: TheStore):
    failed(3, error=BROKEN)
    assert (store_back(now=NOW), store.asked) == (0, [])


def test_a_store_that_has_just_come_up_gets_the_oldest_first_and_not_all_at_once(
    connection: Connection, store: TheStore, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(waking, "AT_ONCE", 2)
    for number in (1, 2, 3):
        failed(number)
    assert (store_back(now=NOW), due()) == (2, ["store:1", "store:2"])
    assert (store_back(now=NOW), due()) == (1, ["store:1", "store:2", "store:3"])


def test_without_a_store_nothing_is_hurried(db: None):
    failed(1)
    assert (store_back(now=NOW), outbox_run("store:1")) == (0, 0)
