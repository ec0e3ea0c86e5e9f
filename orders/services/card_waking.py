"""What an order's cards are to do next, and the message that has it done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from orders.models import CardRefund, Order, OrderLine, PaymentMethod, RefundOrigin, RefundState
from orders.rules.card_amounts import card_amount
from orders.rules.cards import Standing, Step, next_step
from orders.rules.money import ZERO
from orders.selectors.cards import card_facts, cards_held
from orders.selectors.orders import unpaid_hold_of
from orders.services.taxing import pieces_step
from portal.outbox.services import outbox_write


def card_standing(order: Order, lines: Iterable[OrderLine], *, due: Decimal, settled: Decimal) -> Standing:
    """Where the order's money stands; `due` for all decided lines, `settled` what was received for it less what was given back."""
    rows = list(lines)
    by_card = order.payment_method == PaymentMethod.CARD
    return Standing(
        currency=order.currency,
        due=due if by_card else ZERO,
        left=value_of(order, [(line, line.shipped) for line in rows]),
        cleared=_cleared(order, rows),
        settled=settled,
        held=unpaid_hold_of(order) is not None,
    )


def _cleared(order: Order, lines: Sequence[OrderLine]) -> Decimal:
    """What all pieces whose clock runs are billed: when nothing waits, what the order was counted to cost."""
    if all(line.cleared_at or line.quantity == line.cancelled for line in lines):
        return order.total
    return value_of(order, [(line, (line.quantity - line.cancelled) * bool(line.cleared_at)) for line in lines])


def value_of(order: Order, pieces: Sequence[tuple[OrderLine, int]]) -> Decimal:
    """What so many pieces of the order's lines (all of them named) are billed; freight comes with the first that cost anything."""
    if not any(count for _, count in pieces):
        return ZERO
    return pieces_step(order, [(line, 0, count) for line, count in pieces]).total


def card_step(
    order: Order, lines: Iterable[OrderLine], *, due: Decimal, settled: Decimal, now: datetime
) -> Step | None:
    """The next thing to do with the order's cards, from what is written here."""
    return next_step(card_standing(order, lines, due=due, settled=settled), card_facts(order), now=now)


def cards_wake(order: Order, lines: Sequence[OrderLine], *, due: Decimal, settled: Decimal, now: datetime) -> bool:
    """Have the cards done after this commit if there is anything to do; answers whether there was. Nothing remote happens here."""
    taken = [card.pk for card in order.cards.all() if card.captured]
    wanted = bool(taken) and CardRefund.objects.filter(card__in=taken, state=RefundState.WANTED).exists()
    standing = card_standing(order, lines, due=due, settled=settled)
    lifts = standing.held and cards_held(order, now)[0] >= standing.to_reserve  # paid by another way while it was held
    if not wanted and not lifts and next_step(standing, card_facts(order), now=now) is None:
        return False
    card_message(order, now=now)
    return True


def cards_give_back(order: Order, excess: Decimal, *, now: datetime) -> None:
    """Write refunds for what was paid too much, to the cards it came from. What a bank refused to take is a person's work."""
    if excess <= ZERO:
        return
    mine = CardRefund.objects.filter(card__order=order, origin=RefundOrigin.OWED)
    asked = mine.exclude(state__in=[RefundState.PENDING, RefundState.DONE])
    left = excess - sum((one.amount for one in asked), ZERO)
    for card in order.cards.filter(captured__gt=ZERO).order_by("-pk"):
        room = card.captured - sum((one.amount for one in card.refunds.exclude(state=RefundState.FAILED)), ZERO)
        amount = card_amount(min(left, room), order.currency)
        if amount > ZERO:
            CardRefund.objects.create(card=card, amount=amount, origin=RefundOrigin.OWED, created_at=now)
            left -= amount


def card_message(order: Order, *, now: datetime) -> None:
    """Write it; a key of its own, so that a Stripe that is away holds up nothing else of the order."""
    outbox_write(kind="card.settle", key=f"card:{order.number}", payload={"order": order.pk}, now=now)
