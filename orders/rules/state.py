"""Where an order stands, from its lines; and which moves are possible. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

AWAITING = ("AWAITING_REVIEW", "AWAITING_APPROVAL", "AWAITING_PAYMENT")

# One table for every move; what is not here is refused. Late proof and corrections never move an order back; a hand-over that did
# not happen does.
TRANSITIONS: dict[str, frozenset[str]] = {
    "AWAITING_REVIEW": frozenset({"AWAITING_APPROVAL", "AWAITING_PAYMENT", "READY", "CANCELLED"}),
    # A line reviewed to paid may ask for approval while its neighbours, cleared before, go on leaving.
    "AWAITING_APPROVAL": frozenset(
        {"AWAITING_REVIEW", "AWAITING_PAYMENT", "READY", "PARTLY_SHIPPED", "SHIPPED", "CANCELLED"}
    ),
    "AWAITING_PAYMENT": frozenset({"AWAITING_REVIEW", "AWAITING_APPROVAL", "READY", "CANCELLED"}),
    # A line reviewed to paid, or the last cleared line cancelled, sends a ready order back to waiting.
    "READY": frozenset({*AWAITING, "PARTLY_SHIPPED", "SHIPPED", "CANCELLED"}),
    "PARTLY_SHIPPED": frozenset({"SHIPPED", "DELIVERED", "READY"}),
    "SHIPPED": frozenset({"DELIVERED", "PARTLY_SHIPPED", "READY"}),
    "DELIVERED": frozenset(),
    "CANCELLED": frozenset(),
}


@dataclass(frozen=True)
class LineFacts:
    """What the order's state needs to know of a line."""

    quantity: int
    cancelled: int
    shipped: int
    delivered: int
    in_review: bool
    cleared: bool

    @property
    def due(self) -> int:
        """Pieces that are to be shipped in the end."""
        return self.quantity - self.cancelled


def order_state(lines: Sequence[LineFacts], *, needs_approval: bool) -> str:
    """The state that the lines add up to."""
    living = [line for line in lines if line.due]
    if not living:
        return "CANCELLED"
    if any(line.shipped for line in living):
        return _shipping_state(living)
    if needs_approval:
        return "AWAITING_APPROVAL"
    if all(line.in_review for line in living):
        return "AWAITING_REVIEW"
    return "READY" if any(line.cleared for line in living) else "AWAITING_PAYMENT"


def _shipping_state(living: Sequence[LineFacts]) -> str:
    if any(line.shipped < line.due for line in living):
        return "PARTLY_SHIPPED"
    return "DELIVERED" if all(line.delivered == line.due for line in living) else "SHIPPED"


def may_move(old: str, new: str) -> bool:
    """Is this move in the table? Staying is always possible."""
    return old == new or new in TRANSITIONS[old]
