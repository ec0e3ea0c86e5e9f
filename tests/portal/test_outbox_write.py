"""Messages are written with the change they announce, and a doorbell never hurts the writer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from portal.clock import now
from portal.outbox import tasks
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_write
from tests.portal import outbox_handlers

pytestmark = pytest.mark.usefixtures("outbox")


@pytest.fixture
def rung(monkeypatch):
    """Keys the doorbell was rung for."""
    keys = []
    monkeypatch.setattr(tasks.handle, "apply_async", lambda args, **_: keys.append(args[0]))
    return keys


def _write(kind: str = "test.note", due_at: datetime | None = None, *, at_once: bool = False) -> OutboxMessage:
    with transaction.atomic():
        return outbox_write(kind=kind, key="a", payload={"n": 1}, now=now(), due_at=due_at, at_once=at_once)


def test_a_message_rings_once_its_transaction_is_committed(rung):
    with transaction.atomic():
        outbox_write(kind="test.note", key="a", payload={}, now=now())
        assert rung == []
    assert rung == ["a"]
    assert outbox_handlers.effects() == []  # ringing is not doing


def test_a_message_of_a_rolled_back_change_never_was(rung):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox_write(kind="test.note", key="a", payload={}, now=now())
        1 / 0  # noqa: B018
    assert rung == []
    assert not OutboxMessage.objects.exists()


def test_a_message_needs_a_transaction():
    with pytest.raises(transaction.TransactionManagementError):
        outbox_write(kind="test.note", key="a", payload={}, now=now())


def test_a_kind_nobody_handles_is_refused_when_written():
    with pytest.raises(ImproperlyConfigured, match=r"test\.unheard"):
        _write(kind="test.unheard")


def test_a_broken_doorbell_does_not_fail_the_writer(monkeypatch):
    def broken(**_):
        raise OSError("No space left on device")

    monkeypatch.setattr(tasks.handle, "apply_async", broken)
    message = _write()
    assert OutboxMessage.objects.get(pk=message.pk).done_at is None


def test_a_message_for_later_does_not_ring_now(rung):
    _write(due_at=now() + timedelta(hours=1))
    assert rung == []


def test_at_once_is_handled_before_the_writer_goes_on(rung):
    message = _write(at_once=True)
    assert outbox_handlers.effects() == [message.pk]
    assert OutboxMessage.objects.get(pk=message.pk).done_at is not None
    assert rung == []


def test_at_once_waits_for_the_commit():
    with transaction.atomic():
        outbox_write(kind="test.note", key="a", payload={}, now=now(), at_once=True)
        assert outbox_handlers.calls == []
    assert len(outbox_handlers.calls) == 1


def test_a_failure_at_once_does_not_reach_the_writer():
    message = _write(kind="test.fail", at_once=True)
    message.refresh_from_db()
    assert (message.done_at, message.attempts) == (None, 1)
