"""Three kinds of buyers: by the service, by the service without its lock, and in bare SQL. Each has a connection of its own."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable
from typing import Any

from django.db import connection

from bench import database
from bench.replay import Replay
from catalog.services import stock
from orders.services.placing import order_place
from orders.types import LineRequest, OrderRequest
from portal import clock
from portal.accounts.actor import Actor, actor_for
from portal.accounts.models import Membership
from portal.errors import Code, PortalError

Buy = Callable[[str, int], bool]


def _buyer() -> Actor:
    return actor_for(Membership.objects.select_related("user", "company").get(company__name="Customer"))


class Portal:
    """Orders through the service."""

    def __init__(self, url: str, slot: int) -> None:
        self.slot, self.count = slot, 0

    def __enter__(self) -> Buy:
        connection.ensure_connection()
        self.actor = _buyer()
        return self.buy

    def __exit__(self, *error: object) -> None:
        connection.close()

    def buy(self, number: str, level: int) -> bool:
        """One piece; False when it is gone."""
        self.count += 1
        lines = (LineRequest(part_number=number, quantity=1),)
        asked = OrderRequest(lines=lines, payment="TRANSFER", reference=f"{time.time_ns()}-{self.slot}-{self.count}")
        try:
            order_place(actor=self.actor, request=asked, now=clock.now())
        except PortalError as refused:
            if refused.code != Code.OUT_OF_STOCK:
                raise
            return False
        return True


class Unlocked(Portal):
    """The control: `lock_rows` reads and locks nothing."""

    def __enter__(self) -> Buy:
        setattr(stock, "lock_rows", _only_read)  # noqa: B010  for this process alone
        return super().__enter__()


def _only_read(queryset: Any, timeout: float = 0) -> list[Any]:
    return list(queryset.order_by("pk"))


class BareSql:
    """The rows of one such order, written once by the service, again and again in bare SQL."""

    def __init__(self, url: str, slot: int) -> None:
        written = pickle.loads((database.DATA / "written").read_bytes())
        self.replay = Replay(url, written, own=slot * 100_000)

    def __enter__(self) -> Buy:
        return self.buy

    def __exit__(self, *error: object) -> None:
        self.replay.close()

    def buy(self, number: str, level: int) -> bool:
        """The same rows; the level is locked first, as we do."""
        self.replay.write([(level, 1)], lock=True)
        return True


KINDS = {"portal": Portal, "unlocked": Unlocked, "sql": BareSql}
