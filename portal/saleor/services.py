"""The connection as the rest of the program uses it: `client()`. And the ids of things in the store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.db import transaction

from portal import clock
from portal.bulk import rows_insert
from portal.locks import key_lock_session_try
from portal.outbox.services import outbox_write
from portal.saleor.breaker import Breaker
from portal.saleor.client import SaleorClient
from portal.saleor.errors import NotConnected, SaleorBroken, SaleorDenied
from portal.saleor.models import Connection, Difference, StoreLink, Sweep, sweep_lock
from portal.saleor.secrets import unseal

_LONGEST_ID = 200


def connection_get() -> Connection:
    """The store we are connected to. Raises NotConnected."""
    found = Connection.objects.exclude(token_sealed="").first()
    if found is None:
        raise NotConnected("No store is connected: python -m portal saleor_connect URL")
    return found


def client() -> SaleorClient:
    """The store, asked as our app; its connections are kept for the life of the process. Raises NotConnected."""
    found = connection_get()
    return _client(found.api_url, unseal(found.token_sealed))


@lru_cache(maxsize=2)
def _client(api_url: str, token: str) -> SaleorClient:
    return SaleorClient(api_url, token, breaker=Breaker(sha256(f"{api_url} {token}".encode()).hexdigest()[:16]))


def link_get(kind: str, key: str) -> str | None:
    """The store's id of our thing, or None."""
    return StoreLink.objects.filter(kind=kind, key=key).values_list("store_id", flat=True).first()


def link_set(kind: str, key: str, store_id: str) -> None:
    """Remember the store's id of our thing. A new id replaces an old one (the store was set up afresh).

    Raises IntegrityError when the store's id already belongs to another thing of ours.
    """
    StoreLink.objects.update_or_create(kind=kind, key=key, defaults={"store_id": store_id})


def links_set(kind: str, links: Iterable[tuple[str, str]]) -> None:
    """Remember many at once: (key, store id) pairs."""
    rows = [{"kind": kind, "key": key, "store_id": store_id} for key, store_id in links]
    rows_insert(StoreLink, rows, conflict="ON CONFLICT (kind, key) DO UPDATE SET store_id = EXCLUDED.store_id")


def links_of(kind: str, keys: Iterable[str] | None = None) -> dict[str, str]:
    """Key -> store id, of all things of a kind or of those named."""
    rows = StoreLink.objects.filter(kind=kind)
    return dict((rows if keys is None else rows.filter(key__in=list(keys))).values_list("key", "store_id"))


def key_of(kind: str, store_id: str) -> str | None:
    """Our key of the store's thing, or None."""
    return StoreLink.objects.filter(kind=kind, store_id=store_id).values_list("key", flat=True).first()


def difference_note(
    *, kind: str, subject: str, ours: str, theirs: str, now: datetime, facts: Mapping[str, Any] | None = None
) -> Difference:
    """The books differ. Found again while it is open, it is the same row with the newest figures."""
    values = {"ours": ours[:500], "theirs": theirs[:500], "facts": dict(facts or {})}
    with transaction.atomic():
        found, _ = Difference.objects.update_or_create(
            kind=kind, subject=subject, mended_at=None, defaults=values, create_defaults={**values, "found_at": now}
        )
    return found


def difference_mended(*, kind: str, subject: str, now: datetime) -> bool:
    """The books agree on this again; answers whether they had differed."""
    return bool(Difference.objects.filter(kind=kind, subject=subject, mended_at=None).update(mended_at=now))


def app_of(asked: SaleorClient) -> dict[str, Any]:
    """The app the client's token belongs to, as the store has it. Raises SaleorDenied for a token that is nobody's."""
    found = asked.call("who_am_i")
    if found is None:
        raise SaleorDenied("The store does not know this token.")
    return dict(found)


def sweep_noted(*, kind: str, began: datetime, ended: datetime | None, seen: int = 0, differences: int = 0) -> None:
    """A sweep began (`ended` None) or ended: `seen` things were compared, of which so many differed. The staff page shows the last of each kind."""
    values = {"began_at": began, "ended_at": ended, "seen": seen, "differences": differences, "broken_by": ""}
    Sweep.objects.update_or_create(kind=kind, defaults=values)


@contextmanager
def sweep_run(*, kind: str, began: datetime, seen: int = 0, differences: int = 0) -> Iterator[None]:
    """A sweep runs for as long as this lasts; what breaks it off is noted and raised. That it came to its end says `sweep_noted`.

    Who was killed noted nothing, and is known by the lock that is free again.
    """
    sweep_noted(kind=kind, began=began, ended=None, seen=seen, differences=differences)
    with key_lock_session_try(sweep_lock(kind)):
        try:
            yield
        except Exception as error:
            by = getattr(error, "code", "") or type(error).__name__
            Sweep.objects.filter(kind=kind).update(ended_at=clock.now(), broken_by=str(by)[:60])
            raise


@transaction.atomic
def check_ask(*, now: datetime) -> None:
    """Have a worker look what is wrong with the store."""
    outbox_write(kind="store.check", key="store.check", payload={}, now=now)


def order_number_of(store_id: str) -> str:
    """Our number of the store's order, "" when it is not one of ours. Raises SaleorError when only the store knows and cannot be asked."""
    if known := key_of("order", store_id):
        return known
    if not store_id or len(store_id) > _LONGEST_ID:
        return ""
    try:
        found = client().within(3).call("order_named", id=store_id)
    except SaleorBroken:  # what is no id at all
        return ""
    reference = (found or {}).get("externalReference") or ""
    return reference.removeprefix("portal:") if reference.startswith("portal:") else ""
