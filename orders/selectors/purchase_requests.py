"""Orders that wait for a colleague's approval; another company's do not exist, and the house sees none: nothing is ordered yet."""

from __future__ import annotations

from django.db.models import QuerySet

from orders.models import PurchaseRequest, RequestState
from portal.accounts.actor import Actor


def purchase_requests_for(actor: Actor | None) -> QuerySet[PurchaseRequest]:
    """The company's requests, newest first."""
    company = 0 if actor is None or actor.is_house else actor.company_id or 0
    rows = PurchaseRequest.objects.filter(company_id=company)
    return rows.select_related("requested_by__user", "decided_by__user", "order").order_by("-requested_at", "-pk")


def purchase_request_get(actor: Actor | None, pk: int) -> PurchaseRequest | None:
    """One request, or None."""
    return purchase_requests_for(actor).filter(pk=pk).first()


def requests_waiting(actor: Actor) -> int:
    """How many of colleagues wait that the actor may decide by its own limit."""
    rows = purchase_requests_for(actor).filter(state=RequestState.WAITING).exclude(requested_by=actor.membership_id)
    if actor.order_limit is not None:
        rows = rows.filter(total__lte=actor.order_limit)
    return rows.count()
