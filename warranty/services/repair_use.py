"""What the technician put on the machine, noted on its card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from catalog.selectors.parts import Resolution, parts_resolve
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.errors import Code, PortalError, Problem, refusal
from warranty.models import CardState, HowReplaced, Payer, RepairCard, RepairCardLine, Replacement
from warranty.services.equipment import BUYER_ROLES
from warranty.services.inputs import MOST_PIECES, without_nul
from warranty.services.repair_cards import card_locked
from warranty.types import UsedPart

_WORKABLE = (CardState.OPEN, CardState.WORKING, CardState.CONFIRMED)


@transaction.atomic
def repair_card_use(*, actor: Actor, card_id: int, parts: Sequence[UsedPart], now: datetime) -> RepairCard:
    """Note parts as used on a card, all or none; a confirmed card goes back to work. Each part's own warranty starts.

    A part named without its order line is taken from the card's order lines of that part first; what no order line holds
    stands on a line of its own. Raises NOT_FOUND, NOT_ALLOWED, WRONG_STATE, and for parts[i] INVALID (quantity, payer),
    UNKNOWN_PART, AMBIGUOUS_PART, NOT_FOUND (orderLine), WRONG_STATE (more than ordered).
    """
    actor.need(*((Role.SERVICE_DESK, Role.TECHNICIAN) if actor.is_house else BUYER_ROLES))
    if not parts:
        raise refusal(Code.INVALID, "parts", "empty")
    card = card_locked(actor, card_id, now)
    if card.state not in _WORKABLE:
        raise refusal(Code.WRONG_STATE, "card", "card_state", state=card.state, number=card.number)
    known = parts_resolve({part.part_number for part in parts if part.part_number}, on=now.date())
    sheet = _Sheet(card, list(card.lines.select_related("part").order_by("pk")), known)
    problems = [problem for place, part in enumerate(parts) if (problem := sheet.use(part, f"parts[{place}]"))]
    if problems:
        raise PortalError(problems)
    sheet.save(now.date())
    card.state, card.confirmed_by, card.confirmed_at = CardState.WORKING, None, None
    card.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    return card


class _Sheet:
    """The lines of a card while uses are written on them."""

    def __init__(self, card: RepairCard, lines: list[RepairCardLine], known: Mapping[str, Resolution]) -> None:
        self.card, self.lines, self.known = card, lines, known
        self.touched: list[RepairCardLine] = []

    def use(self, used: UsedPart, field: str) -> Problem | None:
        """Write one use; answers what speaks against it."""
        if not 1 <= used.quantity <= MOST_PIECES:
            return Problem(Code.INVALID, f"{field}.quantity", {"least": 1, "most": MOST_PIECES}, "out_of_range")
        if used.payer is not None and used.payer not in Payer.values:
            return Problem(Code.INVALID, f"{field}.payer")
        if used.order_line:
            return self._use_ordered(used, field)
        return self._use_part(used, field)

    def _use_ordered(self, used: UsedPart, field: str) -> Problem | None:
        line = next((line for line in self.lines if line.order_line == used.order_line), None)
        if line is None:
            return Problem(Code.NOT_FOUND, f"{field}.orderLine")
        if used.quantity > line.open_quantity:
            details = {
                "open": line.open_quantity,
                "ordered": line.ordered,
                "used": line.used,
                "sentBack": line.sent_back,
            }
            return Problem(Code.WRONG_STATE, f"{field}.quantity", details, "more_than_ordered")
        self._write(line, used, used.quantity)
        return None

    def _use_part(self, used: UsedPart, field: str) -> Problem | None:
        found = self.known.get(used.part_number)
        if found is None or (found.part is None and found.asked_part is None and not found.ambiguous):
            return Problem(Code.UNKNOWN_PART, f"{field}.partNumber", {"partNumber": used.part_number})
        if found.ambiguous:
            candidates = [part.number for part in found.candidates]
            return Problem(
                Code.AMBIGUOUS_PART, f"{field}.partNumber", {"partNumber": used.part_number, "candidates": candidates}
            )
        # An old part may still be in the van: the number on the bag counts, and an order line for it or its successor
        named = [part.pk for part in (found.asked_part, found.part) if part is not None]
        left = used.quantity
        for line in self.lines:
            if left and line.order_line and line.part_id in named and line.open_quantity:
                taken = min(left, line.open_quantity)
                self._write(line, used, taken)
                left -= taken
        if left:
            self._write(self._line_without_order(named[0], used.payer or Payer.PAID), used, left)
        return None

    def _line_without_order(self, part_id: int, payer: str) -> RepairCardLine:
        for line in self.lines:
            if not line.order_line and line.part_id == part_id and line.payer == payer:
                return line
        self.lines.append(RepairCardLine(card=self.card, part_id=part_id, payer=payer))
        return self.lines[-1]

    def _write(self, line: RepairCardLine, used: UsedPart, quantity: int) -> None:
        line.used += quantity
        line.failed_serial = _joined(line.failed_serial, used.failed_serial)
        line.new_serial = _joined(line.new_serial, used.new_serial)
        if used.old_part_kept is not None:
            line.old_part_kept = used.old_part_kept
        if line not in self.touched:
            self.touched.append(line)

    def save(self, on: date) -> None:
        """Store the touched lines and what they put on the machine."""
        for line in self.touched:
            line.used_on = line.used_on or on
            line.save()
            Replacement.objects.update_or_create(
                ref=f"card-line:{line.pk}",
                defaults={"quantity": line.used},
                create_defaults={
                    "equipment_id": self.card.equipment_id,
                    "part_id": line.part_id,
                    "quantity": line.used,
                    "replaced_on": line.used_on,
                    "how": HowReplaced.FITTED,
                },
            )


def _joined(before: str, more: str) -> str:
    """Unit serials, several of one line separated by commas."""
    more = without_nul(more)
    return ", ".join(text for text in (before, more) if text)[:300]
