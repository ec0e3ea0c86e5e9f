"""Old parts of free repairs: asked back when the line is cleared, due when the repair card closes (rules.md section 3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from orders.models import Order, OrderLine, Return, ReturnReason, ReturnState
from warranty.rules.old_parts import OldPart
from warranty.selectors.old_parts import OldPartAsked, old_parts_for

_COVERED = ("WARRANTY", "CONTRACT")


def old_parts_expect(*, order: Order, lines: Sequence[OrderLine], now: datetime) -> None:
    """Bring the expected old parts to what the cleared lines say: one row a line, none for what was cancelled."""
    covered = [line for line in lines if line.payer in _COVERED and line.card_id and line.cleared_at]
    if not covered:
        return
    asked = _asked(order, covered, now)
    known = {row.line_id: row for row in Return.objects.filter(line__in=covered, reason=ReturnReason.OLD_PART)}
    for line in covered:
        due, row = line.quantity - line.cancelled, known.get(line.pk)
        if row is None and due and asked[str(line.pk)].kind == "RETURN":
            Return.objects.create(line=line, reason=ReturnReason.OLD_PART, quantity=due, created_at=now)
        elif row is not None and row.state == ReturnState.EXPECTED and row.quantity != due:
            row.quantity = max(due, row.received, 1)
            row.state = ReturnState.EXPECTED if due > row.received else ReturnState.CANCELLED
            row.save(update_fields=["quantity", "state"])


@transaction.atomic
def old_parts_due(*, card_number: str, closed_at: datetime) -> int:
    """The card is closed: its expected old parts are due so many days later. Answers how many."""
    found = Return.objects.filter(line__card__number=card_number, reason=ReturnReason.OLD_PART, due_on=None)
    rows = list(found.select_related("line__order__company", "line__part"))
    for row in rows:
        order = row.line.order
        days = _asked(order, [row.line], closed_at)[str(row.line_id)].days
        row.due_on = closed_at.astimezone(ZoneInfo(order.company.zone)).date() + timedelta(days=days)
    Return.objects.bulk_update(rows, ["due_on"])
    return len(rows)


def _asked(order: Order, lines: Sequence[OrderLine], now: datetime) -> dict[str, OldPart]:
    asked = [OldPartAsked(str(line.pk), line.part_id, line.published_each, order.currency) for line in lines]
    return old_parts_for(asked, on=now.astimezone(ZoneInfo(order.company.zone)).date())
