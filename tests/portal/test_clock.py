"""One reader of time; a demo's can be moved, nobody else's."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from portal import clock
from portal.clock_demo import clock_advance, clock_start
from portal.errors import Code, PortalError
from portal.models import ClockOffset
from portal.outbox.models import OutboxMessage
from tests.portal import outbox_handlers
from tests.portal.helpers import message

A_MOMENT = timedelta(seconds=30)


@pytest.fixture
def demo(outbox, settings):
    settings.DEMO = True
    settings.DEMO_ADVANCE = ["portal.outbox.services.outbox_drain"]


def test_now_is_aware_and_utc():
    assert clock.now().tzinfo is UTC


def test_outside_a_demo_time_is_the_machines_and_asks_no_database(django_assert_num_queries, db):
    ClockOffset.objects.create(pk=1, ahead=timedelta(days=3))
    with django_assert_num_queries(0):
        assert clock.now() - clock.real_now() < A_MOMENT


def test_outside_a_demo_the_clock_cannot_be_moved(db):
    with pytest.raises(PortalError) as refused:
        clock_advance(1)
    assert refused.value.code == Code.NOT_FOUND


def test_in_a_demo_it_moves_by_the_hours_asked(demo):
    assert abs(clock_advance(49) - clock.real_now() - timedelta(hours=49)) < A_MOMENT
    clock_advance(1)
    assert abs(clock.now() - clock.real_now() - timedelta(hours=50)) < A_MOMENT


@pytest.mark.parametrize("hours", [0, -1, 24 * 366 + 1])
def test_it_moves_forward_only_and_not_for_ever(demo, hours):
    with pytest.raises(PortalError) as refused:
        clock_advance(hours)
    assert refused.value.code == Code.INVALID
    assert not ClockOffset.objects.exists()


def test_moving_it_does_what_has_become_due_and_leaves_the_rest(demo):
    soon = message(due_at=clock.now() + timedelta(hours=5))
    later = message(due_at=clock.now() + timedelta(hours=9))
    clock_advance(6)
    assert outbox_handlers.effects() == [soon.pk]
    later.refresh_from_db()
    assert later.done_at is None


def test_moving_it_also_does_what_the_doing_brings(demo):
    message(kind="test.another", due_at=clock.now() + timedelta(hours=5))
    clock_advance(6)
    assert OutboxMessage.objects.filter(done_at=None).count() == 0
    assert len(outbox_handlers.effects()) == 2


def test_what_fails_does_not_keep_it_from_answering(demo):
    message(kind="test.fail", due_at=clock.now() + timedelta(hours=1))
    clock_advance(2)
    assert OutboxMessage.objects.get().attempts == 1


def test_starting_a_demo_again_leaves_its_clock_where_it_was(demo):
    clock_advance(5)
    clock_start()
    assert clock.ahead() == timedelta(hours=5)
