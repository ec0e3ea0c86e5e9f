"""What a company ordered for its shelf, part by part; constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from orders.models import OrderLine, OrderState, OrderType, Shipment
from orders.rules.restock import Bought
from portal.accounts.models import Company

WINDOW = timedelta(weeks=26)
_DELIVERIES = 8


@dataclass
class History:
    """A part's orders in the window, and the pieces of all its orders that are still to come."""

    number: str
    bought: list[Bought] = field(default_factory=list)
    on_order: int = 0


def shelf_history(company: Company, *, now: datetime) -> dict[int, History]:
    """Orders of the last half year by part key. What was ordered for a machine or on a repair card never lay on a shelf."""
    zone = ZoneInfo(company.zone)
    found: dict[int, History] = {}
    rows = _shelf_lines(company).filter(order__placed_at__gt=now - WINDOW)
    fields = ("part_id", "part__number", "order__placed_at", "quantity", "cancelled", "returned", "delivered")
    for part, number, at, quantity, cancelled, returned, delivered in rows.values_list(*fields):
        history = found.setdefault(part, History(number))
        history.bought.append(Bought(at.astimezone(zone).date(), quantity - cancelled - returned))
        history.on_order += max(quantity - cancelled - delivered, 0)
    return found


def _shelf_lines(company: Company) -> QuerySet[OrderLine]:
    lines = OrderLine.objects.filter(order__company=company, serial="", card=None)
    return lines.exclude(order__state=OrderState.CANCELLED).exclude(order__type=OrderType.INTERNAL)


def delivery_days(company: Company, *, now: datetime) -> list[int]:
    """How many days the company's last deliveries took, from the order to the door."""
    rows = Shipment.objects.filter(order__company=company, delivered_at__gt=now - WINDOW).order_by(
        "-delivered_at", "-pk"
    )
    took = rows.values_list("order__placed_at", "delivered_at")[:_DELIVERIES]
    return [max(-((placed - there) // timedelta(days=1)), 1) for placed, there in took if there]


def by_day(bought: list[Bought]) -> list[Bought]:
    """Orders of one day as one."""
    days: dict[date, int] = defaultdict(int)
    for one in bought:
        days[one.on] += one.pieces
    return [Bought(on, pieces) for on, pieces in sorted(days.items())]
