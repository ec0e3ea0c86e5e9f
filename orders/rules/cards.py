"""What is to be done with an order's cards: the next step from where it stands, whatever happened before. Pure.

The same question is asked after each step, each fact a webhook tells, and each crash; doing nothing is the answer that ends it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from orders.rules.card_amounts import card_amount
from orders.rules.money import ZERO

RENEW_BEFORE = timedelta(hours=24)
_NEVER = datetime.max.replace(tzinfo=UTC)


class Act(StrEnum):
    """CAPTURE takes `amount`; RELEASE lets all that is not taken go; RENEW reserves `amount` on the saved card; HOLD: it cannot be."""

    CAPTURE = "CAPTURE"
    RELEASE = "RELEASE"
    RENEW = "RENEW"
    HOLD = "HOLD"


@dataclass(frozen=True)
class Card:
    """One payment by card. `told`: Stripe knows of it; `saved`: the card may be asked again without the buyer."""

    pk: int
    state: str
    amount: Decimal
    authorised: Decimal = ZERO
    captured: Decimal = ZERO
    authorised_at: datetime | None = None
    expires_at: datetime | None = None
    multicapture: bool = False
    off_session: bool = False
    declined: bool = False
    saved: bool = False
    told: bool = True

    @property
    def reserved(self) -> Decimal:
        """What the bank still keeps for us; past its day it may let go at any moment."""
        return self.authorised - self.captured if self.state == "AUTHORISED" else ZERO

    def room(self, at: datetime) -> Decimal:
        """What can be relied on at that moment."""
        lapsed = self.expires_at is not None and self.expires_at <= at
        return ZERO if lapsed else self.reserved

    def lasts(self, now: datetime) -> Decimal:
        """What needs no renewal now: it stays for another day, or was reserved within this one, however short the bank keeps it."""
        fresh = self.authorised_at is not None and now - self.authorised_at < RENEW_BEFORE
        return self.room(now if fresh else now + RENEW_BEFORE)


@dataclass(frozen=True)
class Standing:
    """Money of an order. `due`: to be paid by card for all decided lines; `left`: for what was handed over; `settled`: paid,
    by whatever way; `cleared`: for all lines whose clock runs; `held`: the order is held back because of the card.
    """

    currency: str
    due: Decimal
    left: Decimal
    cleared: Decimal
    settled: Decimal
    held: bool = False

    @property
    def to_capture(self) -> Decimal:
        """Handed over and not paid."""
        return self._chargeable(min(self.left, self.due))

    @property
    def to_reserve(self) -> Decimal:
        """Still to come for what was promised."""
        return self._chargeable(min(self.cleared, self.due))

    @property
    def open(self) -> Decimal:
        """To be paid and not paid."""
        return self._chargeable(self.due)

    def _chargeable(self, amount: Decimal) -> Decimal:
        return max(card_amount(amount - self.settled, self.currency), ZERO)


@dataclass(frozen=True)
class Step:
    """`final`: nothing more will be taken from this card after it."""

    act: Act
    card: int | None = None
    amount: Decimal = ZERO
    final: bool = True


def next_step(order: Standing, cards: Sequence[Card], *, now: datetime) -> Step | None:
    """The one thing to do now; None when all is as it should be."""
    return _capture(order, cards) or _release(order, cards, now) or _renew(order, cards, now)


def _capture(order: Standing, cards: Sequence[Card]) -> Step | None:
    for card in cards:
        amount = min(order.to_capture, card.reserved)
        if amount > ZERO:
            last = not card.multicapture or amount == card.reserved or amount == order.open
            return Step(Act.CAPTURE, card.pk, amount, final=last)
    return None


def _release(order: Standing, cards: Sequence[Card], now: datetime) -> Step | None:
    """An empty form with another sum than is still to be reserved, and what is reserved beyond what is open, oldest first: its successor stays."""
    wanted = max(order.open - sum((card.room(now) for card in cards), ZERO), ZERO)  # what a form is opened for
    for card in cards:
        stale = card.declined if card.off_session else card.amount != wanted
        if card.state == "OPEN" and card.told and (order.open == ZERO or stale):
            return Step(Act.RELEASE, card.pk)
    spare = sum((card.room(now) for card in cards), ZERO) - order.open
    for card in sorted((one for one in cards if one.reserved), key=lambda one: (one.expires_at or _NEVER, one.pk)):
        if spare >= card.room(now):
            return Step(Act.RELEASE, card.pk)
    return None


def _renew(order: Standing, cards: Sequence[Card], now: datetime) -> Step | None:
    """Reserve anew what lapses within a day, or what one single capture gave up; when the card refuses, hold what it covered."""
    lasting = sum((card.lasts(now) for card in cards), ZERO)
    missing = order.to_reserve - lasting
    if missing <= ZERO:
        return None
    tried = _renewal(cards)
    if tried is not None and tried.declined:
        real = sum((card.room(now) for card in cards), ZERO)
        return Step(Act.HOLD) if real < order.to_reserve and not order.held else None
    saved = [card for card in cards if card.saved and card.authorised]
    if tried is not None and tried.state == "OPEN":
        return Step(Act.RENEW, tried.pk, tried.amount)
    if saved:
        return Step(Act.RENEW, None, missing)
    return None if order.held or not any(card.authorised for card in cards) else Step(Act.HOLD)


def _renewal(cards: Sequence[Card]) -> Card | None:
    """The last try without the buyer since the buyer paid last: one refusal is enough."""
    last = max((place for place, card in enumerate(cards) if card.authorised and not card.off_session), default=-1)
    since = [card for card in cards[last + 1 :] if card.off_session]
    return since[-1] if since else None
