"""The board of repair cards: what stands on a tile, and which act moves it on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from frontend.forms.card import CloseForm
from frontend.pages import Asked, today
from orders.selectors.related import RelatedLine, lines_by_card
from portal.accounts.actor import Actor
from warranty.selectors.board import Column, cards_board

if TYPE_CHECKING:
    from warranty.models import RepairCard


@dataclass(frozen=True)
class Tile:
    """A card on the board: days it has been open, pieces neither used nor sent back, the line it waits for, and the act that moves it on."""

    card: RepairCard
    days: int
    pieces: int
    waits_for: RelatedLine | None
    act: str
    form: CloseForm | None


def card_board(request: Asked, text: str) -> list[tuple[Column, list[Tile]]]:
    """The columns with their tiles; a constant number of queries."""
    columns = cards_board(actor=request.actor, text=text, now=request.now)
    ordered = lines_by_card(request.actor, [card.pk for column in columns for card in column.cards])
    return [(column, [_tile(request, card, ordered.get(card.pk, [])) for card in column.cards]) for column in columns]


def _tile(request: Asked, card: RepairCard, ordered: list[RelatedLine]) -> Tile:
    act = next_act(request.actor, card)
    return Tile(
        card=card,
        days=(
            (timezone.localtime(card.closed_at).date() if card.closed_at else today(request))
            - timezone.localtime(card.opened_at).date()
        ).days,
        pieces=sum(line.open_quantity for line in card.lines.all()),
        waits_for=_waits_for(ordered) if card.is_open else None,
        act=act,
        form=CloseForm(thing=card, prefix="close", auto_id=f"{card.number}_%s") if act == "close" else None,
    )


def next_act(actor: Actor, card: Any) -> str:
    """What moves the card one column on, for an actor who may: confirm, close, or nothing."""
    own = actor.has("SERVICE_DESK") if actor.is_house else actor.is_dealer and card.company_id == actor.company_id
    return {"OPEN": "confirm", "WORKING": "confirm", "CONFIRMED": "close"}.get(card.state, "") if own else ""


def _waits_for(ordered: list[RelatedLine]) -> RelatedLine | None:
    """Of the lines whose goods have not left, the one promised last: before it the repair cannot end."""
    waiting = [(one, one.promise) for one in ordered if one.promise and one.shipped < one.quantity]
    open_ones = [(one, promise.due_at) for one, promise in waiting if not promise.stopped_at]
    return max(open_ones, key=lambda pair: (pair[1] is None, pair[1]), default=(None, None))[0]
