"""What orders write on repair cards: ordered, cancelled and sent-back quantities, and who pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from portal.errors import Code, PortalError, Problem
from portal.locks import lock_rows
from warranty.models import RepairCard, RepairCardLine
from warranty.selectors.cards import TAKES_ORDERS


@dataclass(frozen=True)
class CardEntry:
    """Pieces of a part ordered on a card by one order line."""

    card_id: int
    part_id: int
    payer: str
    quantity: int
    order_line_ref: str


@transaction.atomic
def card_lines_ordered(*, entries: Sequence[CardEntry], now: datetime) -> list[RepairCardLine]:
    """Write one card line per order line. Locks the cards, so that none closes meanwhile.

    Raises CARD_REQUIRED (field: the order line's reference) for a card that takes no orders any more.
    """
    if not entries:
        return []
    cards = {
        card.pk: card for card in lock_rows(RepairCard.objects.filter(pk__in={entry.card_id for entry in entries}))
    }
    closed = [
        entry for entry in entries if entry.card_id not in cards or cards[entry.card_id].state not in TAKES_ORDERS
    ]
    if closed:
        raise PortalError(
            Problem(Code.CARD_REQUIRED, entry.order_line_ref, _card_details(cards, entry)) for entry in closed
        )
    lines = [
        RepairCardLine(
            card_id=entry.card_id,
            part_id=entry.part_id,
            payer=entry.payer,
            ordered=entry.quantity,
            order_line=entry.order_line_ref,
        )
        for entry in entries
    ]
    return RepairCardLine.objects.bulk_create(lines)


@transaction.atomic
def card_lines_cancelled(*, quantities: Mapping[str, int], now: datetime) -> None:
    """Take cancelled pieces off the card lines, by order line reference; references on no card are passed over.

    Raises WRONG_STATE (field: the reference) when they are used or sent back already.
    """
    lines = _locked(quantities)
    short = [line for line in lines if quantities[line.order_line] > line.open_quantity]
    if short:
        raise PortalError(
            Problem(Code.WRONG_STATE, line.order_line, {"open": line.open_quantity}, "more_than_ordered")
            for line in short
        )
    for line in lines:
        line.ordered -= quantities[line.order_line]
    RepairCardLine.objects.bulk_update(lines, ["ordered"])


@transaction.atomic
def card_line_sent_back(*, order_line_ref: str, quantity: int) -> None:
    """Pieces of an order line came back. Those that were used before (a part dead on arrival) stay used on the card."""
    for line in _locked([order_line_ref]):
        line.sent_back += min(quantity, line.open_quantity)
        line.save(update_fields=["sent_back"])


@transaction.atomic
def card_line_payer_set(*, order_line_ref: str, payer: str) -> None:
    """A person decided who pays for an order line: its card shows it."""
    RepairCardLine.objects.filter(order_line=order_line_ref).update(payer=payer)


def _locked(refs: Mapping[str, int] | list[str]) -> list[RepairCardLine]:
    return lock_rows(RepairCardLine.objects.filter(order_line__in=[ref for ref in refs if ref]))


def _card_details(cards: Mapping[int, RepairCard], entry: CardEntry) -> dict[str, str]:
    card = cards.get(entry.card_id)
    return {"repairCard": card.number, "state": card.state} if card else {}
