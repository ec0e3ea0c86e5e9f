"""What a dealer's shelf needs again: every part of the company's own history, with the proposal, its reason and how it would be served."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from catalog.selectors.listing import ListedPart, Shopper, parts_listed
from catalog.selectors.parts import parts_resolve
from orders.rules.restock import Bought, Horizon, Proposal, Shelf, lead_days, restock_propose
from orders.selectors.restock import History, by_day, delivery_days, shelf_history
from orders.services.carts import cart_lines
from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.money import line_total
from portal.promises.selectors import policy_get

COVER_WEEKS = (2, 4, 6, 8, 12)
USUAL = 4


@dataclass(frozen=True)
class RestockRow:
    """A part with its proposal. `was`: old numbers of it that were ordered; `bought`: by day, oldest first."""

    listed: ListedPart
    proposal: Proposal
    bought: list[Bought]
    was: list[str]

    @property
    def state(self) -> str:
        """GOOD, or why it needs a look: STOP_SALE, NO_PRICE, SHORT (not so many are free)."""
        if self.listed.part.stop_sale:
            return "STOP_SALE"
        if self.listed.price is None:
            return "NO_PRICE"
        return "SHORT" if self.proposal.quantity > self.listed.stock.free else "GOOD"

    @property
    def amount(self) -> Decimal:
        """What the proposed pieces cost, as the list's prices are published."""
        price, pieces = self.listed.price, self.proposal.quantity
        if price is None or not pieces:
            return Decimal(0)
        tier = price.at(pieces)
        return line_total(tier.amount, per_quantity=tier.per_quantity, quantity=pieces, currency=price.currency)


@dataclass(frozen=True)
class Restock:
    """All of it. `lead_known`: was a delivery of the window the measure, or the promise's allowance?"""

    rows: list[RestockRow]
    horizon: Horizon
    lead_known: bool

    @property
    def wanted(self) -> list[RestockRow]:
        """The rows to order now, what needs a look first."""
        return [row for row in self.rows if row.proposal.quantity]

    @property
    def enough(self) -> list[RestockRow]:
        """The rows that can wait."""
        return [row for row in self.rows if not row.proposal.quantity]

    @property
    def currency(self) -> str:
        """Of the list's prices."""
        return next((row.listed.price.currency for row in self.rows if row.listed.price), "")

    @property
    def total(self) -> Decimal:
        """Of all that is proposed."""
        return sum((row.amount for row in self.rows), Decimal(0))


def restock_page(*, actor: Actor, shopper: Shopper, cover_weeks: int, now: datetime) -> Restock:
    """Proposals for the actor's company, those that need a look first, then the largest sums."""
    company = Company.objects.get(pk=actor.company_id or 0)
    day = now.astimezone(ZoneInfo(company.zone)).date()
    took = delivery_days(company, now=now)
    horizon = Horizon(day, cover_weeks, lead_days(took, otherwise=_allowance(company, now)))
    shelves, was = _todays(shelf_history(company, now=now), now=now)
    in_cart = _in_cart(actor)
    listed = parts_listed(list(shelves), shopper=shopper, on=day)
    rows = [row for one in listed if (row := _row(one, shelves[one.part.pk], was, in_cart, horizon))]
    rows.sort(key=lambda row: (not row.proposal.quantity, row.state == "GOOD", -row.amount, row.listed.part.number))
    return Restock(rows, horizon, bool(took))


def _row(
    listed: ListedPart, history: History, was: Mapping[int, list[str]], in_cart: Counter[str], horizon: Horizon
) -> RestockRow | None:
    part = listed.part
    packed = Horizon(
        horizon.today, horizon.cover_weeks, horizon.lead_days, part.pack_quantity, max(1, part.minimum_quantity)
    )
    bought = by_day(history.bought)
    proposal = restock_propose(Shelf(bought, history.on_order, in_cart[part.number]), packed)
    return RestockRow(listed, proposal, bought, was.get(part.pk, [])) if proposal else None


def _todays(histories: dict[int, History], *, now: datetime) -> tuple[dict[int, History], dict[int, list[str]]]:
    """Histories by the part that is sold today: what was ordered under a replaced number counts for its single successor."""
    meant = parts_resolve({one.number for one in histories.values()}, on=now.date())
    found: dict[int, History] = {}
    was: dict[int, list[str]] = {}
    for key, history in histories.items():
        part = meant[history.number].part
        into = found.setdefault(part.pk if part else key, History(part.number if part else history.number))
        into.bought += history.bought
        into.on_order += history.on_order
        if part and part.pk != key:
            was.setdefault(part.pk, []).append(history.number)
    return found, was


def _in_cart(actor: Actor) -> Counter[str]:
    """Pieces in the actor's cart by number, those for a machine left out."""
    pieces: Counter[str] = Counter()
    for line in cart_lines(actor):
        if not line.serial and not line.repair_card:
            pieces[line.part_number] += line.quantity
    return pieces


def _allowance(company: Company, now: datetime) -> int:
    """The days of the delivery promise, while nothing was delivered yet."""
    day = now.astimezone(ZoneInfo(company.zone)).date()
    return policy_get("dealer-delivery", day).allowance
