"""What the store tells us: kept once, never applied. It names an order or a part, and that is looked at again (docs/adr/0060)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from statistics import median
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.dateparse import parse_datetime

from orders.services.engines import store_queue
from portal import clock
from portal.outbox.services import outbox_write
from portal.saleor.watch import Heard
from portal.webhooks.models import Delivery, DeliveryState

SALEOR = "saleor"
_OURS = "portal:"


@dataclass(frozen=True)
class Told:
    """An event as it came: `kind` is its `__typename`, `by` the store's id of who caused it."""

    kind: str
    at: datetime
    by: str
    said: Mapping[str, Any]
    digest: str


@dataclass(frozen=True)
class Look:
    """What to look at again: an outbox message."""

    kind: str
    key: str
    payload: Mapping[str, Any]


def told_read(body: bytes) -> Told:
    """Read a body whose signature is good. ValueError when it is not what our queries ask for."""
    said = json.loads(body)
    if not isinstance(said, dict) or not isinstance(said.get("__typename"), str):
        raise ValueError("no __typename")
    at = parse_datetime(str(said.get("issuedAt")))
    if at is None or at.tzinfo is None:
        raise ValueError("no issuedAt")
    kind, by = said["__typename"][:80], str(_thing(said.get("issuingPrincipal") or {}).get("id") or "")
    return Told(kind, at, by, said, sha256(kind.encode() + body).hexdigest())


def looks(told: Told) -> Iterator[Look]:
    """What the event is about. ValueError when it names a thing without an id."""
    for order in [told.said.get("order"), *(told.said.get("orders") or ())]:
        if order:
            yield _order_look(*_named("order", order))
    for what in ("productVariant", "product"):
        if thing := told.said.get(what):
            yield _part_look(what, *_named(what, thing))


def _thing(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"no object: {value!r}"[:100])
    return value


def _named(what: str, value: Any) -> tuple[str, str]:
    """Our reference ("" when it has none) and the store's id."""
    thing = _thing(value)
    if not thing.get("id"):
        raise ValueError(f"{what} without id")
    return str(thing.get("externalReference") or ""), str(thing["id"])


def _order_look(reference: str, store_id: str) -> Look:
    if reference.startswith(_OURS):
        number = reference.removeprefix(_OURS)
        return Look("order.look", store_queue(number)[:120], {"order": number, "store_id": store_id})
    return Look("order.look", f"store:{store_id}"[:120], {"order": "", "store_id": store_id})


def _part_look(what: str, reference: str, store_id: str) -> Look:
    payload = {"external_reference": reference, "store_id": store_id, "is_product": what == "product"}
    # The id is in the key: one look does all that wait for the same thing, and for no other that shares its reference.
    return Look("variant.look", f"part:{store_id} {reference}".strip()[:120], payload)


@transaction.atomic
def told_store(told: Told, *, own_app: str, now: datetime) -> Delivery:
    """Keep an event and ring for what it is about; the same event again is the same row.

    What our own calls cause rings nothing: their answers, or a look after a doubt, have told us already.
    """
    delivery, is_new = Delivery.objects.get_or_create(
        source=SALEOR,
        event_id=told.digest,
        defaults={
            "kind": told.kind,
            "body": told.said,
            "happened_at": clock.business(told.at),
            "received_at": now,
        },
    )
    if is_new:
        own = bool(told.by) and told.by == own_app
        rung = [] if own else list(looks(told))
        for look in rung:
            outbox_write(kind=look.kind, key=look.key, payload=look.payload, now=now)
        delivery.state = DeliveryState.APPLIED if rung else DeliveryState.IGNORED
        delivery.note = ", ".join(look.key for look in rung)[:500] or ("own" if own else "")
        delivery.save(update_fields=["state", "note"])
    return delivery


def refused_store(*, kind: str, why: str, now: datetime) -> None:
    """Keep that something was refused: once a day and reason, since anybody may knock."""
    key = f"refused:{kind}:{why}:{now:%Y-%m-%d}"[:120]
    Delivery.objects.get_or_create(
        source=SALEOR,
        event_id=key,
        defaults={"kind": kind[:80], "state": DeliveryState.REFUSED, "note": why[:500], "happened_at": now, "received_at": now},
    )  # fmt: skip


def ping_arrived(nonce: str) -> bool:
    """Whether the store has told us of this ping."""
    return Delivery.objects.filter(source=SALEOR, kind="ShopMetadataUpdated", body__shop__metafield=nonce).exists()


def heard(now: datetime) -> Heard:
    """The day before `now`, as the staff page shows it; the lag is that of the newest thousand."""
    day = Delivery.objects.filter(source=SALEOR, received_at__gt=now - timedelta(days=1), received_at__lte=now)
    read = day.filter(state__in=(DeliveryState.APPLIED, DeliveryState.IGNORED), asked=False)
    lags = sorted(
        (received - happened).total_seconds()
        for received, happened in read.order_by("-pk").values_list("received_at", "happened_at")[:1000]
    )
    refused = day.filter(state=DeliveryState.REFUSED).order_by("-pk").values_list("received_at", "kind", "note")
    return Heard(
        last_at=read.aggregate(last=Max("received_at"))["last"],
        count=read.count(),
        median_lag=median(lags) if lags else None,
        longest_lag=lags[-1] if lags else None,
        malformed=day.filter(state=DeliveryState.MALFORMED).count(),
        refusals=list(refused[:10]),
    )
