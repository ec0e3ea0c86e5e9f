"""Hand-overs as the house looks back on them."""

from __future__ import annotations

from django.db.models import Count, Sum

from catalog.models import Warehouse
from orders.models import Shipment
from orders.selectors.orders import orders_for
from portal.accounts.actor import Actor

FEW = 8


def shipments_lately(actor: Actor, *, warehouse: Warehouse | None = None) -> list[Shipment]:
    """The last few hand-overs, newest first, each with its `pieces` and `rows`; at a warehouse or at all."""
    rows = Shipment.objects.filter(order__in=orders_for(actor).order_by(), undone_at=None)
    if warehouse is not None:
        rows = rows.filter(warehouse=warehouse)
    counted = rows.annotate(pieces=Sum("lines__quantity"), rows=Count("lines"))
    return list(counted.select_related("order__company", "warehouse").order_by("-recorded_at", "-pk")[:FEW])
