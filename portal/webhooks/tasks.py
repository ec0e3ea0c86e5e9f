"""What workers do about deliveries."""

from __future__ import annotations

from celery import shared_task
from django.db import transaction

from catalog.services.store_sweep import (
    SweepingElsewhere,
    catalogue_of_store,
    store_look,
    store_sweep,
    variants_meant,
)
from portal import clock
from portal.ending import EndingError
from portal.management.store_ours import ours_read
from portal.outbox.handlers import outbox_handler
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_done
from portal.saleor.quiet import webhooks_wake
from portal.saleor.services import client
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


@outbox_handler(remote=True, absorbs=True)
def variant_look(message: OutboxMessage) -> None:
    """`variant.look`: look at a part of the store again, whatever was told of it, outside any transaction."""
    catalogue = catalogue_of_store()
    if catalogue is not None and (store_ids := variants_meant(message.payload)):
        store_look(catalogue=catalogue, ours=ours_read(clock.now()), store_ids=store_ids)
    with transaction.atomic():
        outbox_done(message)


@shared_task(ignore_result=True)
def store_sweep_all() -> int:
    """Look through the whole store: webhooks get lost, and some changes ring none. Answers how many parts changed here."""
    catalogue = catalogue_of_store()
    if catalogue is None:
        return 0
    webhooks_wake(client())
    try:
        return store_sweep(catalogue=catalogue, ours=ours_read(clock.now()), now=clock.now()).changes
    except (SweepingElsewhere, EndingError):  # the next one goes on where this one stood
        return 0
