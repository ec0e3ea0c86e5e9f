"""Parts sold over the counter for a machine: their own warranty runs from the invoice."""

from __future__ import annotations

from datetime import date

from warranty.models import HowReplaced, Replacement


def counter_sale_record(
    *, equipment_id: int, part_id: int, quantity: int, sold_on: date, order_line_ref: str
) -> Replacement:
    """Note that a part was sold for a machine without being fitted by us; a repeat for the same order line sets the quantity."""
    row, _ = Replacement.objects.update_or_create(
        ref=f"order-line:{order_line_ref}",
        defaults={"quantity": quantity},
        create_defaults={
            "equipment_id": equipment_id,
            "part_id": part_id,
            "quantity": quantity,
            "replaced_on": sold_on,
            "how": HowReplaced.COUNTER,
        },
    )
    return row
