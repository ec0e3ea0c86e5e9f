"""What workers do about deliveries."""

from __future__ import annotations

from celery import shared_task
from django.db import transaction

from portal import clock
from portal.outbox.handlers import outbox_handler
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_done
from portal.webhooks.models import Delivery
from portal.webhooks.services import deliveries_prune, stripe_event_apply, stripe_missed


@outbox_handler(remote=True)
def stripe_delivery(message: OutboxMessage) -> None:
    """`webhook.stripe`: look again at what the event is about, then note how it ended."""
    delivery = Delivery.objects.get(pk=message.payload["delivery"])
    state, note = stripe_event_apply(delivery=delivery, now=clock.now())
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(state=state, note=note[:500])
        outbox_done(message)


@shared_task(ignore_result=True)
def stripe_ask() -> int:
    """What Stripe told in vain is asked for."""
    return stripe_missed(now=clock.now(), real_now=clock.real_now())


@shared_task(ignore_result=True)
def prune() -> int:
    """Old deliveries go."""
    return deliveries_prune(now=clock.now())
