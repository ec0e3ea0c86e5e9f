"""What a receiver sees of an order behind its public link: goods, parcels, days. No price, no name, no address, no reason."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.crypto import constant_time_compare, salted_hmac

from catalog.selectors.parts import part_names
from orders.models import Order, OrderLine, Shipment, TrackingLink
from portal.promises.models import Promise
from portal.promises.selectors import promises_of

_SALT = "orders.tracking"
_GOODS = ("ship", "dealer-delivery", "agreed-delivery")  # promises about goods; others are between buyer and house


@dataclass(frozen=True)
class TrackedLine:
    """A part and how far its pieces are."""

    line: OrderLine
    name: str

    @property
    def pieces(self) -> int:
        """Pieces that come, or have come."""
        return self.line.quantity - self.line.cancelled


@dataclass(frozen=True)
class Tracked:
    """An order as its receiver follows it."""

    order: Order
    lines: list[TrackedLine]
    shipments: list[Shipment]
    promises: list[Promise]


def tracking_token(link: TrackingLink) -> str:
    """The address of a link: its key and a seal nobody can make without the installation's secret."""
    return f"{link.pk}-{_seal(link)}"


def link_living(order: Order) -> TrackingLink | None:
    """The order's link, None when there is none or it was withdrawn."""
    return TrackingLink.objects.filter(order=order, withdrawn_at=None).first()


def tracked(token: str, *, language: str) -> Tracked | None:
    """What is behind an address; None for one that was never given out, or was withdrawn."""
    key, _, seal = token.partition("-")
    if not (key.isascii() and key.isdigit() and len(key) < 18):
        return None
    link = TrackingLink.objects.select_related("order").filter(pk=int(key), withdrawn_at=None).first()
    if link is None or not constant_time_compare(seal, _seal(link)):
        return None
    lines = list(link.order.lines.select_related("part").order_by("position"))
    names = part_names([line.part for line in lines], language)
    rows = [TrackedLine(line, names.get(line.part_id, "")) for line in lines if line.quantity > line.cancelled]
    shipments = link.order.shipments.filter(undone_at=None).prefetch_related("lines__line__part")
    promises = promises_of("order", [link.order.number])[link.order.number]
    living = [one for one in promises if one.policy_code in _GOODS and one.state != "CANCELLED"]
    return Tracked(link.order, rows, list(shipments.order_by("shipped_at", "pk")), living)


def _seal(link: TrackingLink) -> str:
    return salted_hmac(_SALT, f"{link.pk}:{link.nonce}", algorithm="sha256").hexdigest()[:40]
