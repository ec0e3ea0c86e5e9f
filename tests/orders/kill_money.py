"""Run by test_money_survives.py in a process of its own: money is moved and the process killed right after the n-th statement, n = 1, 1 + step, ...

Each child does what the parent names: reads a statement that pays an order and brings a sum for nobody, then ends unpaid
transfers and says what is due. It stops at the first n at which the child comes to its end; prints how many were killed.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime

import django

from tests.promises.kill_sweep import killer


def work(accountant: int, numbers: list[str], now: datetime) -> None:
    from orders.services.banking import statement_read
    from orders.services.dunning import dunning_sweep
    from orders.services.expiring import transfers_sweep
    from portal.accounts.actor import actor_for
    from portal.accounts.models import Membership

    actor = actor_for(Membership.objects.select_related("user", "company").get(pk=accountant))
    rows = [f"{now.date().isoformat()},10000,KRW,{number}" for number in numbers]
    data = "\n".join(["date,amount,currency,text", *rows, f"{now.date().isoformat()},7,KRW,who knows"]).encode()
    statement_read(actor=actor, data=data, name="bank.csv", now=now)
    transfers_sweep(now)
    dunning_sweep(now)


def main(accountant: int, numbers: list[str], now: datetime, step: int) -> int:
    """Kill after so many statements more each time; the number of children killed."""
    from django.db import connection, connections

    killed, after = 0, 1
    while after < 4000:
        connections.close_all()
        pid = os.fork()
        if pid == 0:
            with connection.execute_wrapper(killer(after)):
                work(accountant, numbers, now)
            os._exit(0)
        if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0:
            return killed
        killed, after = killed + 1, after + step
    raise SystemExit("the work never came to its end")


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    print(main(int(sys.argv[1]), sys.argv[2].split(","), datetime.fromisoformat(sys.argv[3]), int(sys.argv[4])))
