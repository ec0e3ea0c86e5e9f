"""Where other systems knock: the signature is checked, what they say is kept, the answer is given at once."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from orders.stripe import StripeRefused, StripeUnread, cards_offered, event_read
from portal import clock
from portal.webhooks.services import STRIPE, malformed_store, stripe_event_store

logger = logging.getLogger(__name__)
LARGEST = 512 * 1024


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """200: kept. 400: not from Stripe, too old, or unreadable; 404 where no cards are taken, 413 when larger than any event.

    What is unreadable is kept too, for a person. It is 400 all the same, and each repeat the same row: Stripe sends it for
    three days more, in which a program that can read it may be put in place.
    """
    if not cards_offered():
        return HttpResponse(status=404)
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return HttpResponse(status=413)
    body, now = request.body, clock.now()
    try:
        event = event_read(body, request.headers.get("Stripe-Signature", ""))
    except StripeUnread as unread:
        logger.warning("A webhook cannot be read: %s", unread)
        malformed_store(source=STRIPE, body=body, why=unread.code, now=now)
        return HttpResponse(status=400)
    except StripeRefused as refused:
        logger.warning("A webhook was refused: %s", refused.code)
        return HttpResponse(status=400)
    stripe_event_store(event=event, now=now)
    return HttpResponse(status=200)
