"""The engine that needs no store: the portal's own tables already hold stock and prices."""

from __future__ import annotations

from datetime import datetime

from portal.engine import EngineEvent, EngineOrder, EventKind


class EmbeddedEngine:
    """Accepts what the portal accepted; its own stock was locked when the order was placed."""

    in_process = True
    mirrored = False

    def place(self, order: EngineOrder, *, now: datetime) -> list[EngineEvent]:
        """The order's number is the store's number, too."""
        if not order.lines:
            return []
        return [
            EngineEvent(
                event_id=f"{order.number}:{EventKind.ACCEPTED}:{order.number}",
                kind=EventKind.ACCEPTED,
                order_number=order.number,
                at=now,
                store_number=order.number,
            )
        ]
