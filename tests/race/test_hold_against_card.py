"""The house holds an order back while its buyer pays: who waits for the order's lock sees the hold that was set meanwhile."""

from __future__ import annotations

import threading
import time

from django.db import connection, transaction

from orders.services.card_paying import card_open, card_returned
from orders.services.holding import order_hold
from tests.cards.conftest import answers  # noqa: F401  the fixture
from tests.cards.stripe_answers import StripeAnswers
from tests.orders.world import World, line, promises


def test_a_hold_set_while_the_cards_answer_waited_stops_the_clock_from_its_first_moment(
    world: World, answers: StripeAnswers  # noqa: F811
) -> None:  # fmt: skip
    people = world.people
    order = world.place(line(world.part(home=1)), payment="CARD")
    form = card_open(actor=people.customer, order_id=order.pk, now=world.now)
    assert form is not None
    answers.buyer(str(form.card.intent_id))

    def returned() -> None:
        try:
            card_returned(actor=people.customer, order_id=order.pk, now=world.now)
        finally:
            connection.close()

    back = threading.Thread(target=returned)
    with transaction.atomic():
        order_hold(actor=people.manager, order_id=order.pk, reason="BAD_ADDRESS", note="no such street", now=world.now)
        back.start()
        assert _somebody_waits(), "nobody came to the lock"
    back.join(timeout=30)
    assert not back.is_alive()
    order.refresh_from_db()
    assert (order.payment_state, promises(order)) == ("AUTHORISED", {"ship": "PAUSED"})


def _somebody_waits() -> bool:
    asked = (
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"
    )
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(asked)
            if cursor.fetchone()[0]:
                return True
        time.sleep(0.02)
    return False
