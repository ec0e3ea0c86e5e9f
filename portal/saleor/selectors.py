"""How things stand between the portal and its store, from our own tables: the store is not asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet

from portal.outbox.models import OutboxMessage
from portal.saleor.models import Connection, Difference, Sweep
from portal.saleor.watch import Heard, heard


@dataclass(frozen=True)
class Waiting:
    """Messages for the store that are not done: a kind, how many, since when, the failed attempts of the worst."""

    kind: str
    count: int
    since: datetime


@dataclass(frozen=True)
class StoreState:
    """What the staff page shows. `store` None: none is connected."""

    store: Connection | None
    heard: Heard
    waiting: Sequence[Waiting]
    sweeps: Sequence[Sweep]
    open_differences: int

    @property
    def troubles(self) -> list[dict[str, str]]:
        """What the last check found wrong."""
        return [one for one in (self.store.findings if self.store else []) if not one["well"]]


def store_state(now: datetime) -> StoreState:
    """Everything but the list of differences."""
    return StoreState(
        store=Connection.objects.exclude(token_sealed="").first(),
        heard=heard(now),
        waiting=_waiting(now),
        sweeps=list(Sweep.objects.order_by("kind")),
        open_differences=Difference.objects.filter(mended_at=None).count(),
    )


def differences_open() -> QuerySet[Difference]:
    """Where the books differ now, the oldest first."""
    return Difference.objects.filter(mended_at=None).order_by("found_at", "pk")


def _waiting(now: datetime) -> list[Waiting]:
    rows = OutboxMessage.objects.filter(done_at=None, kind__in=STORE_KINDS, created_at__lte=now).values("kind")
    return [
        Waiting(row["kind"], row["n"], row["since"])
        for row in rows.annotate(n=Count("pk"), since=Min("created_at")).order_by("kind")
    ]


# Messages whose handlers speak to the store.
STORE_KINDS = ("order.submit", "order.mirror", "order.look", "variant.look", "stock.tell")
