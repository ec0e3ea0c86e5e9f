"""Money of cards in the books: the one place where they hear of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db import connection
from django.db.models import Sum

from orders.models import (
    AccountKind,
    CardMovement,
    CardPayment,
    EntryKind,
    LedgerEntry,
    LedgerPosting,
    Order,
    Payment,
    PaymentMethod,
)
from orders.rules.card_amounts import card_amount
from orders.rules.money import ZERO
from orders.services.booking import payment_book
from orders.services.ledger import Fact, entry_post
from portal.accounts.actor import SYSTEM

Kind = CardMovement.Kind
# Where a movement takes the buyer's card money from (below zero) or brings it to, and whose other side it is. A refund of what
# was paid too much lowers what settled the order; what is given on purpose is goodwill; a dispute waits for its end.
_HOUSE = {
    (Kind.REFUNDED, False): (-1, AccountKind.GOODWILL),
    (Kind.REFUND_FAILED, False): (1, AccountKind.GOODWILL),
    (Kind.DISPUTED, False): (-1, AccountKind.UNASSIGNED),
    (Kind.DISPUTE_WON, False): (1, AccountKind.UNASSIGNED),
}
_ORDER = {Kind.REFUNDED: -1, Kind.REFUND_FAILED: 1}


def card_money_post(
    *,
    order: Order,
    card: CardPayment,
    kind: Kind,
    amount: Decimal,
    key: str,
    at: datetime,
    now: datetime,
    owed: bool = False,
) -> bool:
    """Write one movement of a card's money, once per `key`; answers whether it is new. The caller holds the order's lock.

    What was charged is money received, and so becomes a Payment; what is only reserved does not. `owed`: a refund of what
    was paid too much.
    """
    if not amount or not _moved(card, kind, amount, key, at, now):
        return False
    if kind == Kind.CAPTURED:
        payment = Payment.objects.create(
            order=order, card=card, method=PaymentMethod.CARD, amount=amount, received_at=at, recorded_at=now,
            recorded_by=SYSTEM.name, reference=card.intent_id or "",
        )  # fmt: skip
        payment_book(payment, order=order, actor=SYSTEM, now=now)
    elif owed and kind in _ORDER:
        sides = {AccountKind.CARD: _ORDER[kind] * amount, AccountKind.RECEIVABLE: -_ORDER[kind] * amount}
        _post(order, kind, key, at, now, sides, {})
    elif (kind, owed) in _HOUSE:
        sign, other = _HOUSE[kind, owed]
        _post(order, kind, key, at, now, {AccountKind.CARD: sign * amount}, {other: -sign * amount})
    return True


def dispute_lost_post(*, order: Order, dispute_id: str, amount: Decimal, now: datetime) -> None:
    """What the bank took in a dispute stays gone: it waits no longer for its end and is the house's loss. Once."""
    fact = Fact(
        f"card:{dispute_id}:lost"[:120], EntryKind.REFUNDED, order.company_id, order.currency, now, order, reason="card DISPUTE_LOST"
    )  # fmt: skip
    house = {AccountKind.GOODWILL: amount, AccountKind.UNASSIGNED: -amount}
    entry_post(fact, {}, actor=SYSTEM, now=now, house=house)


def _moved(card: CardPayment, kind: Kind, amount: Decimal, key: str, at: datetime, now: datetime) -> bool:
    """Write the movement unless its key is there; answers whether it is new."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_cardmovement (card_id, kind, amount, key, at, recorded_at)"
            " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (key) DO NOTHING",
            [card.pk, kind, amount, key, at, now],
        )
        return bool(cursor.rowcount)


def fils_settle(*, order: Order, due: Decimal, paid: Decimal, at: datetime, now: datetime) -> Decimal:
    """Settle the last of three decimals, which no card takes; answers by how much that changes what settled the order.

    What is short, when all that can be charged is, the house lets off. What is too much takes back what was let off before; what
    then cannot go back to a card that was charged becomes the buyer's credit. The caller holds the order's lock.
    """
    rest = due - paid - card_amount(due - paid, order.currency)
    if not rest or (rest > ZERO and rest != due - paid):
        return ZERO
    mine = LedgerEntry.objects.filter(order=order, key__startswith="rounding:")
    key = f"rounding:{order.number}:{mine.count() + 1}"
    postings = LedgerPosting.objects.filter(entry__in=mine, account__kind=AccountKind.GOODWILL)
    let_off = postings.aggregate(sum=Sum("amount"))["sum"] or ZERO
    if not any(card.captured for card in order.cards.all()):
        rest = max(rest, -let_off)  # what came at the bank goes back whole
    house = max(rest, -let_off)
    fact = Fact(key, EntryKind.GOODWILL, order.company_id, order.currency, at, order, reason="rounding")
    entry_post(fact, {AccountKind.RECEIVABLE: -house}, actor=SYSTEM, now=now, house={AccountKind.GOODWILL: house})
    credit = house - rest
    fact = replace(fact, key=f"{key}:credit", kind=EntryKind.CREDITED)
    entry_post(fact, {AccountKind.RECEIVABLE: credit, AccountKind.CREDIT: -credit}, actor=SYSTEM, now=now)
    return rest


def _post(
    order: Order, kind: Kind, key: str, at: datetime, now: datetime,
    own: Mapping[AccountKind, Decimal], house: Mapping[AccountKind, Decimal],
) -> None:  # fmt: skip
    fact = Fact(
        f"card:{key}"[:120], EntryKind.REFUNDED, order.company_id, order.currency, at, order, reason=f"card {kind}"
    )
    entry_post(fact, own, actor=SYSTEM, now=now, house=house)
