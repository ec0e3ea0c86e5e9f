"""The public link to an order's goods: made, shown again, withdrawn."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from orders.models import TrackingLink
from orders.selectors.orders import order_locked
from orders.services.events import event_write
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.errors import Code, refusal

_WHO = (Role.BUYER, Role.COMPANY_ADMIN, Role.PARTS_MANAGER, Role.SERVICE_DESK)


@transaction.atomic
def tracking_link_make(*, actor: Actor, order_id: int, now: datetime) -> TrackingLink:
    """The order's living link, made if there is none. Raises NOT_FOUND for an order that is not the actor's."""
    actor.need(*_WHO)
    order = order_locked(actor, order_id)
    living = TrackingLink.objects.filter(order=order, withdrawn_at=None).first()
    if living:
        return living
    event_write(order=order, kind="link.made", at=now, actor=actor, data={})
    return TrackingLink.objects.create(
        order=order, nonce=secrets.token_urlsafe(24), made_by_id=actor.membership_id, made_at=now
    )


@transaction.atomic
def tracking_link_withdraw(*, actor: Actor, order_id: int, now: datetime) -> TrackingLink:
    """From now on the link opens nothing; a new one has another address. Raises NOT_FOUND, WRONG_STATE when there is none."""
    actor.need(*_WHO)
    order = order_locked(actor, order_id)
    living = TrackingLink.objects.filter(order=order, withdrawn_at=None).first()
    if living is None:
        raise refusal(Code.WRONG_STATE, "order", "no_link")
    living.withdrawn_at = now
    living.save(update_fields=["withdrawn_at"])
    event_write(order=order, kind="link.withdrawn", at=now, actor=actor, data={})
    return living
