"""Loading the sample: every state on whatever day (after long holidays, on a Sunday, past midnight), and all or nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from orders.models import Order, OrderState
from portal import clock
from portal.accounts.models import Company
from portal.outbox.handlers import outbox_handler
from portal.outbox.models import OutboxMessage
from portal.promises.models import Promise
from portal.promises.rules.words import State
from portal.sample.load import sample_load
from portal.sample.timeline import StuckError

pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.timeout(600)]


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2027, 1, 4, 0, 10, tzinfo=UTC),  # the new year
        datetime(2027, 2, 14, 8, 0, tzinfo=UTC),  # a Sunday after the lunar new year
        datetime(2027, 5, 9, 15, 5, tzinfo=UTC),  # Japan's golden week; another day already in Seoul
        datetime(2027, 9, 18, 23, 30, tzinfo=UTC),  # the days of Chuseok
    ],
)
def test_every_order_and_promise_state_is_there(moment, monkeypatch):
    monkeypatch.setattr(clock, "real_now", lambda: moment)
    assert sample_load(moment)
    assert set(Order.objects.values_list("state", flat=True)) == set(OrderState.values)
    assert set(Promise.objects.filter(policy_code="ship").values_list("state", flat=True)) == set(State)
    assert not OutboxMessage.objects.filter(done_at=None).exists()
    assert not OutboxMessage.objects.filter(attempts__gt=0).exists()


@outbox_handler
def refuses(message: OutboxMessage) -> None:
    """A handler that is broken."""
    raise ValueError(message.kind)


def test_a_message_that_cannot_be_handled_loads_nothing(settings):
    settings.OUTBOX_ROUTES = settings.OUTBOX_ROUTES | {"order.submit": f"{__name__}.refuses"}
    with pytest.raises(StuckError, match=r"order\.submit"):
        sample_load(clock.now())
    assert not Company.objects.exists()
