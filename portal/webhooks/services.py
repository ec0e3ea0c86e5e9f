"""Deliveries are stored once, then handed over; what was told in vain is asked for."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from orders.rules.card_answers import EventTold, EventUnread, kept
from orders.selectors.cards import cards_age
from orders.services.card_events import card_event_apply
from orders.stripe import StripeUnread, cards_offered, events_since
from portal.notices.services import notice_send
from portal.outbox.services import outbox_write
from portal.webhooks.models import Asked, Delivery, DeliveryState

logger = logging.getLogger(__name__)
STRIPE = "stripe"
OVERLAP = timedelta(hours=1)  # an event may be written a while after it happened
REMEMBERED = timedelta(days=30)  # Stripe forgets older events


@transaction.atomic
def stripe_event_store(*, event: EventTold, now: datetime, asked: bool = False) -> bool:
    """Store an event and have it applied after the commit; answers whether it is new. A repeat is one statement."""
    pk = _written(event, now, asked=asked)
    if pk is None:
        return False
    # a key of its own each: they may be applied in any order, and one that fails holds up no other
    outbox_write(kind="webhook.stripe", key=f"stripe:{event.id}"[:120], payload={"delivery": pk}, now=now)
    return True


def _written(event: EventTold, now: datetime, *, asked: bool) -> int | None:
    """The key of its row; None when it is there already, a twin that is writing it being waited for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO webhooks_delivery (source, event_id, kind, body, state, note, asked, happened_at, received_at)"
            " VALUES (%s, %s, %s, %s, %s, '', %s, %s, %s) ON CONFLICT (source, event_id) DO NOTHING RETURNING id",
            [STRIPE, event.id[:120], event.kind[:80], json.dumps(_kept(event), allow_nan=False), DeliveryState.NEW, asked, event.at, now],
        )  # fmt: skip
        row = cursor.fetchone()
    return row[0] if row else None


def _kept(event: EventTold) -> dict[str, Any]:
    """What we go by, and where it stands: the rest is Stripe's to tell, and may name a person."""
    about: Mapping[str, Any] = event.about
    words = ("id", "object", "status", "amount", "currency", "metadata")
    return {
        "intent": event.intent_id,
        "dispute": event.dispute_id,
        "about": {word: kept(about.get(word)) for word in words},
    }


@transaction.atomic
def malformed_store(*, source: str, body: bytes, why: str, now: datetime) -> None:
    """Keep what carried a good signature and could not be read; staff are told once a day."""
    digest = sha256(body).hexdigest()
    defaults = {"kind": "", "state": DeliveryState.MALFORMED, "note": why[:500], "happened_at": now, "received_at": now}
    text = body.decode("utf-8", "replace").replace("\x00", "")[:20_000]
    _, is_new = Delivery.objects.get_or_create(
        source=source, event_id=digest, defaults={**defaults, "body": {"text": text}}
    )
    if is_new:
        _unread_tell(source, why, now)


def _unread_tell(source: str, why: str, now: datetime) -> None:
    notice_send(
        company_id=None, role="ADMIN", kind="webhook.malformed", subject_kind="delivery", subject=source,
        data={"why": why[:200]}, key=f"webhook.malformed:{source}:{now:%Y-%m-%d}", now=now,
    )  # fmt: skip


def stripe_event_apply(*, delivery: Delivery, now: datetime) -> tuple[DeliveryState, str]:
    """Look again at what the event is about. Asks Stripe, so no transaction is open; answers how it ended.

    What Stripe answers and nobody can read is not asked for again by this event: staff are told.
    """
    try:
        applied, note = card_event_apply(
            kind=delivery.kind, intent_id=delivery.body["intent"], dispute_id=delivery.body["dispute"], now=now
        )
    except StripeUnread as unread:
        logger.warning("What Stripe says of event %s cannot be read: %s", delivery.event_id, unread)
        with transaction.atomic():
            _unread_tell(delivery.source, unread.code, now)
        return DeliveryState.MALFORMED, unread.code
    return (DeliveryState.APPLIED if applied else DeliveryState.IGNORED), note


def stripe_missed(*, now: datetime, real_now: datetime) -> int:
    """Ask Stripe for its events since we last asked and store those that never came; answers how many.

    Who never asked before asks for all since our first card.
    """
    if not cards_offered():
        return 0
    row = Asked.objects.filter(source=STRIPE).first()
    age = real_now - row.until if row else cards_age(now)
    since = real_now - min(age + OVERLAP, REMEMBERED)
    found = 0
    for event in list(events_since(since)):
        if isinstance(event, EventUnread):
            malformed_store(source=STRIPE, body=event.body, why=event.why, now=now)
        else:
            found += stripe_event_store(event=event, now=now, asked=True)
    Asked.objects.update_or_create(source=STRIPE, defaults={"until": real_now})
    return found


def deliveries_prune(*, now: datetime) -> int:
    """Forget deliveries as old as done messages; answers how many."""
    old = Delivery.objects.filter(received_at__lt=now - timedelta(days=settings.OUTBOX_KEEP_DAYS))
    return old.exclude(state=DeliveryState.NEW).delete()[0]
