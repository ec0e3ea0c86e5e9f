"""Whose turn it is when goods arrive (rules.md section 5): by order type, then by time of payment. Pure."""

from __future__ import annotations

from datetime import datetime

TYPES = ("MACHINE_DOWN", "CUSTOMER", "STOCK", "WARRANTY", "CAMPAIGN", "INTERNAL")


def turn_type(*, order_type: str, payer: str, has_machine: bool) -> str:
    """The type that counts: nobody gets a better turn by naming a type the line does not live up to.

    Machine-down needs a machine of the buyer's, warranty and campaign a line that is covered; else it is a customer's line.
    """
    if order_type == "MACHINE_DOWN" and not has_machine:
        return "CUSTOMER"
    return "CUSTOMER" if order_type in ("WARRANTY", "CAMPAIGN") and payer == "PAID" else order_type


def turn_key(
    *, order_type: str, cleared_at: datetime | None, placed_at: datetime, line_id: int
) -> tuple[int, bool, datetime, int]:
    """Sorts waiting lines; within a type the paid come before the unpaid, oldest first."""
    return (TYPES.index(order_type), cleared_at is None, cleared_at or placed_at, line_id)
