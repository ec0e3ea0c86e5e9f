"""A hand-over that did not happen after all, and a number for tracking that came later."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from catalog.models.stock import UNDONE
from catalog.rules.stock import Want
from catalog.services.stock import Movement, stock_hold, stock_post
from orders.models import LineHold, Order, OrderLine, Shipment, ShipmentLine
from orders.selectors.orders import order_locked, shipment_find
from orders.services.advancing import order_advance
from orders.services.booking import order_bill
from orders.services.cores import cores_unexpect
from orders.services.engines import stock_told_apart
from orders.services.events import actor_name, event_write
from orders.services.issuing import shipment_paper_undo
from orders.services.settling import order_settle
from orders.services.texts import text_read
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.errors import Code, refusal
from portal.notices.services import notice_send


@transaction.atomic
def shipment_undo(*, actor: Actor, shipment_id: int, reason: str, now: datetime) -> Shipment:
    """The goods never left: they lie on their shelf again, held for their lines; promises run on from their first due moment.

    What was billed is taken back, an invoice by a credit note. Raises WRONG_STATE once delivered or partly sent back, INVALID
    without a reason. A repeat changes nothing.
    """
    actor.need(Role.PARTS_MANAGER)
    found = shipment_find(actor, shipment_id)
    order = order_locked(actor, found.order_id)
    shipment = Shipment.objects.select_related("warehouse").get(pk=found.pk)
    if shipment.undone_at is not None:
        return shipment
    why = text_read(reason, "reason")
    rows = list(shipment.lines.select_related("line__part").order_by("line__position"))
    if shipment.delivered_at is not None:
        raise refusal(Code.WRONG_STATE, "shipment", "delivered", deliveredAt=shipment.delivered_at.isoformat())
    if any(row.line.shipped - row.quantity < max(row.line.returned, row.line.core_ended) for row in rows):
        raise refusal(Code.WRONG_STATE, "shipment", "sent_back")
    shipment_paper_undo(order, shipment, now=now)
    cores_unexpect(order, shipment, rows)
    _back_on_the_shelf(shipment, rows, now, actor)
    shipment.undone_at = now
    shipment.save(update_fields=["undone_at"])
    pieces = {row.line.position: row.quantity for row in rows}
    event_write(
        order=order, kind="unshipped", at=now, actor=actor,
        data={"shipment": shipment.number, "pieces": pieces, "reason": why}, event_id=f"{order.number}:unshipped:{shipment.number}",
    )  # fmt: skip
    order_settle(order, now=now)
    order_bill(order, list(order.lines.all()), at=now, now=now, actor=actor, undone=True)
    order_advance(order=order, at=now, now=now, actor=actor)
    _tell(order, shipment, now)
    return shipment


def _back_on_the_shelf(shipment: Shipment, rows: list[ShipmentLine], now: datetime, actor: Actor) -> None:
    """Stock as it was before: there, and held for the same lines."""
    place = shipment.warehouse_id
    for row in rows:
        row.line.shipped -= row.quantity
    OrderLine.objects.bulk_update([row.line for row in rows], ["shipped"])
    ShipmentLine.objects.filter(shipment=shipment).delete()
    stock_post(
        movements=[
            Movement(row.line.part_id, place, row.quantity, "CORRECTION", f"{UNDONE}{shipment.number}:{row.line_id}")
            for row in rows
        ],
        now=now,
        actor=actor_name(actor),
        tell=stock_told_apart(shipment.order),
    )
    held, _ = stock_hold(
        wants=[Want(str(row.line_id), row.line.part_id, row.quantity) for row in rows], warehouses=[place]
    )
    LineHold.objects.bulk_create(
        [LineHold(line_id=int(one.key), warehouse_id=place, quantity=one.quantity) for one in held]
    )


def _tell(order: Order, shipment: Shipment, now: datetime) -> None:
    notice_send(
        company_id=order.company_id, role=None, kind="order.unshipped", subject_kind="order", subject=order.number,
        data={"shipment": shipment.number}, key=f"order.unshipped:{shipment.number}", now=now,
    )  # fmt: skip


@transaction.atomic
def shipment_track(*, actor: Actor, shipment_id: int, tracking_number: str, now: datetime) -> Shipment:
    """Write the carrier's number of a hand-over, or another one. Raises INVALID when it is too long."""
    actor.need(Role.PARTS_MANAGER)
    found = shipment_find(actor, shipment_id)
    order = order_locked(actor, found.order_id)
    shipment = Shipment.objects.get(pk=found.pk)
    number = tracking_number.strip()
    if len(number) > 80:
        raise refusal(Code.INVALID, "trackingNumber", "too_long", limit=80)
    if number == shipment.tracking_number:
        return shipment
    before, shipment.tracking_number = shipment.tracking_number, number
    shipment.save(update_fields=["tracking_number"])
    data = {"shipment": shipment.number, "before": before, "trackingNumber": number}
    event_write(order=order, kind="tracked", at=now, actor=actor, data=data)
    return shipment
