"""Run by test_money_survives.py in a process of its own: money is moved and the process killed right after its n-th write or commit, n = 1, 2, ...

For each n four fresh orders. The child reads a statement that pays two of them and brings a sum for nobody, then ends the unpaid
transfer and says what is due; the parent does it again. It stops at the first n at which the child comes to its end.
Prints how many were killed, and what is wrong.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any

import django

from tests.killing import Killer, killed_child


def begin(world: Any, part: Any) -> dict[str, Any]:
    """Two orders about to be paid, one that waits too long, and one that owes."""
    from tests.orders.world import line

    paid = [world.place(line(part)) for _ in range(2)]
    late = world.place(line(part))
    owing = world.place(line(part), by=world.people.dealer, payment="ACCOUNT")
    world.ship(owing)
    return {"paid": paid, "late": late, "owing": owing}


def work(world: Any, orders: dict[str, Any]) -> None:
    """What an accountant and the worker do with them, a month later; again it changes nothing."""
    from orders.services.banking import statement_read
    from orders.services.dunning import dunning_sweep
    from orders.services.expiring import transfers_sweep

    now = world.now + timedelta(days=31)
    day, numbers = now.date().isoformat(), [order.number for order in orders["paid"]]
    rows = [*(f"{day},10000,KRW,{number}" for number in numbers), f"{day},7,KRW,who knows beside {numbers[0]}x"]
    data = "\n".join(["date,amount,currency,text", *rows]).encode()
    statement_read(actor=world.people.accountant, data=data, name="bank.csv", now=now)
    transfers_sweep(now)
    dunning_sweep(now)


def wrong(orders: dict[str, Any], number: int) -> list[str]:
    """What is not as it should be in the end; `number` such stories were told so far."""
    from orders.models import BankLine, LedgerEntry, Order, OrderEvent, Payment
    from orders.selectors.ledger_check import ledger_disagreements
    from portal.promises.models import Promise

    mine = [*orders["paid"], orders["late"], orders["owing"]]
    fresh = {order.pk: order for order in Order.objects.filter(pk__in=[one.pk for one in mine])}
    promised = Promise.objects.filter(policy_code="ship", subject__in=[one.number for one in orders["paid"]])
    facts = {
        "paid": [fresh[one.pk].payment_state for one in orders["paid"]],
        "payments": Payment.objects.filter(order__in=mine).count(),
        "entries": Counter(LedgerEntry.objects.filter(order__in=mine).values_list("kind", flat=True)),
        "lines": Counter(BankLine.objects.values_list("state", flat=True)),
        "late": fresh[orders["late"].pk].state,
        "dunned": OrderEvent.objects.filter(order=orders["owing"], kind="dunned").count(),
        "clocks": promised.exclude(state="OFFERED").count(),
        "books": [str(one) for one in ledger_disagreements()],
    }
    right = {
        "paid": ["PAID", "PAID"], "payments": 2, "entries": {"BILLED": 1, "PAID": 2}, "late": "CANCELLED", "dunned": 1, "clocks": 2, "books": [],
        "lines": {"BOOKED": 2 * number, "WAITING": number},
    }  # fmt: skip
    return [f"{name}: {facts[name]}" for name in right if facts[name] != right[name]]


def main() -> None:
    """Kill one point later each time."""
    from portal import clock
    from tests.orders.world import world_make

    world = world_make()
    clock.now = lambda: world.now
    part = world.part(home=10_000)
    problems: list[str] = []
    for after in range(1, 1000):
        orders = begin(world, part)
        killed = killed_child(partial(work, world, orders), Killer(after))
        work(world, orders)
        problems += [f"killed after {after}: {one}" for one in wrong(orders, after)]
        world.pay(orders["owing"])  # else every later story would dun it again, and the account's limit be reached
        if not killed:
            print(json.dumps({"killed": after - 1, "wrong": problems}))
            return
    raise SystemExit("the work never came to its end")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    main()
