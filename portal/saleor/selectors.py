"""How things stand between the portal and its store, from our own tables: the store is not asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet

from portal.locks import key_lock_held
from portal.outbox.models import OutboxMessage
from portal.saleor.findings import Finding
from portal.saleor.models import Connection, Difference, Sweep, sweep_lock
from portal.saleor.watch import Heard, heard


@dataclass(frozen=True)
class Waiting:
    """Messages for the store that are not done: a kind, how many, since when, the failed attempts of the worst."""

    kind: str
    count: int
    since: datetime


@dataclass(frozen=True)
class Swept:
    """The last sweep of a kind. `state`: running, ended, broken (by an error) or killed (it never said how it ended, and runs no more)."""

    sweep: Sweep
    runs: bool

    @property
    def state(self) -> str:
        """How it stands with it."""
        if self.sweep.ended_at is None:
            return "running" if self.runs else "killed"
        return "broken" if self.sweep.broken_by else "ended"

    @property
    def broken_by(self) -> str:
        """What broke it off, in words where we have some."""
        return Finding(self.sweep.broken_by, False, {"said": ""}).words


@dataclass(frozen=True)
class StoreState:
    """What the staff page shows. `store` None: none is connected."""

    store: Connection | None
    heard: Heard
    waiting: Sequence[Waiting]
    sweeps: Sequence[Swept]
    open_differences: int

    @property
    def troubles(self) -> list[Finding]:
        """What the last check found wrong."""
        found = [Finding.read(one) for one in (self.store.findings if self.store else [])]
        return [one for one in found if not one.well]


def store_state(now: datetime) -> StoreState:
    """Everything but the list of differences."""
    return StoreState(
        store=Connection.objects.exclude(token_sealed="").first(),
        heard=heard(now),
        waiting=_waiting(now),
        sweeps=[_swept(one) for one in Sweep.objects.order_by("kind")],
        open_differences=Difference.objects.filter(mended_at=None).count(),
    )


def _swept(sweep: Sweep) -> Swept:
    return Swept(sweep, runs=sweep.ended_at is None and key_lock_held(sweep_lock(sweep.kind)))


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
STORE_KINDS = ("order.submit", "order.mirror", "order.look", "stock.tell", "store.check", "variant.look")
