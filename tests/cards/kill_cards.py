"""Run by test_cards_survive.py in a process of its own: an order by card is paid and shipped, and the worker is killed after its
n-th write, commit or word with Stripe, n = 1, 2, ...; then another worker comes. Prints how many were killed, and what is wrong.

Stripe stands in a file, so that what a killed worker did there stays done.
"""

from __future__ import annotations

import itertools
import json
import os
import pickle
import sys
from functools import partial
from pathlib import Path
from typing import Any

import django

from tests.killing import Killer, killed_child


def filed(file: Path, killer: Killer | None = None) -> Any:
    """Stripe at the socket, its state in a file after each request."""
    from tests.cards.stripe_answers import StripeAnswers

    class Filed(StripeAnswers):
        def request(self, *given: Any, **more: Any) -> tuple[str, int, dict[str, str]]:
            answer = super().request(*given, **more)
            file.write_bytes(pickle.dumps((self.things, self.keys, self.events, next(self._ids))))
            if killer:
                killer.word()
            return answer

    made, last = Filed(), int(file.name.removeprefix("stripe-")) * 10_000  # no two orders meet the same names
    if file.exists():
        made.things, made.keys, made.events, last = pickle.loads(file.read_bytes())
    made._ids = itertools.count(last + 1)
    return made


def stripe_at(file: Path, killer: Killer | None = None) -> Any:
    from orders import stripe

    made = filed(file, killer)
    stripe.http_client = lambda: made
    stripe.client.cache_clear()
    return made


def begin(world: Any, part: Any, file: Path) -> Any:
    """An accepted card, of which nobody has told us yet, and a hand-over waiting for it."""
    from orders.services.card_paying import card_open
    from tests.orders.world import line

    order = world.place(line(part, 2), payment="CARD")
    there = stripe_at(file)
    form = card_open(actor=world.people.customer, order_id=order.pk, now=world.now)
    assert form is not None
    there.buyer(str(form.card.intent_id))
    file.write_bytes(pickle.dumps((there.things, there.keys, there.events, next(there._ids))))
    return order


def work(world: Any, order: Any) -> None:
    """What workers do, from the card's acceptance to the last charge; again and again it changes nothing."""
    from orders.services.card_settling import cards_ask, cards_settle
    from portal.outbox.services import outbox_run
    from tests.orders.world import lines_of

    cards_settle(order_id=order.pk, now=world.now)
    row = lines_of(order)[0]
    for so_far in (0, 1):
        order.refresh_from_db()
        if lines_of(order)[0].shipped == so_far:
            world.ship(order, (row, 1))
        outbox_run(f"card:{order.number}")
    cards_ask(now=world.now)


def wrong(order: Any, there: Any) -> list[str]:
    """What is not as it should be in the end."""
    from orders.models import Payment

    order.refresh_from_db()
    taken = sum(one["amount_received"] for one in there.intents())
    reserved = there.intents(status="requires_capture")
    payments = [int(one) for one in Payment.objects.filter(order=order).order_by("pk").values_list("amount", flat=True)]
    cleared = order.events.filter(kind="cleared").count()
    facts = {
        "state": order.state,
        "paid": order.payment_state,
        "taken": taken,
        "payments": payments,
        "cleared": cleared,
    }
    right = {"state": "SHIPPED", "paid": "PAID", "taken": 20000, "payments": [10000, 10000], "cleared": 1}
    return ([] if facts == right else [json.dumps(facts)]) + [f"left reserved: {one['id']}" for one in reserved]


def main(folder: Path) -> None:
    from portal import clock
    from tests.orders.world import world_make

    world = world_make()
    world.now = clock.real_now()
    part = world.part(home=10_000)
    problems: list[str] = []
    for after in range(1, 2000):
        file = folder / f"stripe-{after}"
        order = begin(world, part, file)
        killer = Killer(after)
        killed = killed_child(partial(_child, world, order, file, killer), killer)
        there = stripe_at(file)
        work(world, order)
        problems += [f"killed after {after}: {one}" for one in wrong(order, there)]
        if not killed:
            print(json.dumps({"killed": after - 1, "wrong": problems}))  # the last line said
            return
    raise SystemExit("the work never came to its end")


def _child(world: Any, order: Any, file: Path, killer: Killer) -> None:
    stripe_at(file, killer)
    work(world, order)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ |= {f"STRIPE_{name}": f"test_{name}" for name in ("SECRET_KEY", "PUBLISHABLE_KEY", "WEBHOOK_SECRET")}
    django.setup()
    main(Path(sys.argv[1]))
