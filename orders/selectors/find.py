"""One box for staff: an order, a repair card, a machine, a tracking number, a company."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q

from catalog.rules.numbers import normalise
from orders.models import Order
from orders.selectors.orders import orders_for
from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.accounts.selectors import companies_for
from warranty.models import Equipment, RepairCard
from warranty.selectors.cards import cards_list
from warranty.selectors.equipment import equipments_list

MOST = 20


@dataclass
class Found:
    """What a word may mean, few of each."""

    orders: list[Order] = field(default_factory=list)
    by: dict[int, str] = field(default_factory=dict)  # of an order's key: NUMBER, PO, STORE, TRACKING or SHIPMENT
    cards: list[RepairCard] = field(default_factory=list)
    machines: list[Equipment] = field(default_factory=list)
    companies: list[Company] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many things there are."""
        return len(self.orders) + len(self.cards) + len(self.machines) + len(self.companies)


def find_anything(actor: Actor, text: str) -> Found:
    """What staff may mean by `text`, of what the actor may see; five queries. Parts are found by the search."""
    bare = normalise(text)
    if not bare:
        return Found()
    word = text.replace("\x00", "").strip()
    by_order = Q(number=word) | Q(po_number__iexact=word) | Q(store_number=word)
    by_shipment = Q(shipments__tracking_number__iexact=word) | Q(shipments__number__iexact=word)
    orders = list(orders_for(actor).filter(by_order | by_shipment).distinct().prefetch_related("shipments")[:MOST])
    return Found(
        orders=orders,
        by={one.pk: _by(one, word.casefold()) for one in orders},
        cards=list(cards_list(actor=actor).filter(number__iexact=word)[:MOST]),
        machines=list(equipments_list(actor).filter(normalised__startswith=bare)[:MOST]),
        companies=list(companies_for(actor).filter(name__icontains=word)[:MOST]),
    )


def _by(order: Order, word: str) -> str:
    """By what of it an order was found."""
    if order.number == word:
        return "NUMBER"
    if order.po_number.casefold() == word:
        return "PO"
    if any(one.tracking_number.casefold() == word for one in order.shipments.all()):
        return "TRACKING"
    return "SHIPMENT" if any(one.number.casefold() == word for one in order.shipments.all()) else "STORE"
