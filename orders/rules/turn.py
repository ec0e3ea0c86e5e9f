"""Whose turn it is when goods arrive (rules.md section 5): by order type, then by time of payment. Pure."""

from __future__ import annotations

from datetime import datetime

TYPES = ("MACHINE_DOWN", "WARRANTY", "CAMPAIGN", "CUSTOMER", "STOCK", "INTERNAL")


def turn_key(
    *, order_type: str, cleared_at: datetime | None, placed_at: datetime, line_id: int
) -> tuple[int, bool, datetime, int]:
    """Sorts waiting lines; within a type the paid come before the unpaid, oldest first."""
    return (TYPES.index(order_type), cleared_at is None, cleared_at or placed_at, line_id)
