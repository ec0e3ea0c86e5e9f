"""Goods handed to a carrier, delivered, and what later proof says of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from catalog.models import Warehouse
from catalog.selectors.stock import warehouse_get
from catalog.services.stock import Held, stock_issue
from orders.models import EngineState, LineHold, Order, OrderHold, OrderLine, PaymentMethod, Shipment, ShipmentLine
from orders.selectors.handed_over import nothing_to_ship
from orders.selectors.orders import order_locked, shipment_find
from orders.services.booking import order_bill
from orders.services.card_covering import cards_cover, cards_wake_now
from orders.services.cores import cores_expect
from orders.services.cover_effects import counter_sales_note
from orders.services.engines import stock_told_apart
from orders.services.events import actor_name, event_write, order_move
from orders.services.issuing import shipment_papers_issue
from orders.services.picking import Pick, picks_for
from orders.services.settling import evidence_needed, order_settle
from orders.services.texts import text_read
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.accounts.references import reference_claim
from portal.errors import Code, refusal
from portal.notices.services import notice_send


@dataclass(frozen=True)
class ShipLine:
    """Pieces of an order line to hand over, with unit serials or lot codes."""

    line_id: int
    quantity: int
    units: tuple[str, ...] = ()


@transaction.atomic
def shipment_create(
    *,
    actor: Actor,
    order_id: int,
    lines: Sequence[ShipLine] | None,
    carrier: str,
    now: datetime,
    tracking_number: str = "",
    warehouse: str | None = None,
    shipped_at: datetime | None = None,
    reference: str | None = None,
) -> list[Shipment]:
    """Record the hand-over of `lines`, or of all that remain on the shelf; one shipment a warehouse.

    Raises WRONG_STATE (held, not cleared, nothing there), INVALID, NOT_FOUND.
    """
    actor.need(Role.PARTS_MANAGER)
    body = {
        "order": order_id,
        "lines": lines,
        "carrier": carrier,
        "tracking": tracking_number,
        "warehouse": warehouse,
        "at": shipped_at,
    }
    claim = reference_claim(company_id=actor.company_id, operation="ship", reference=reference, body=body)
    if claim.made:
        first = Shipment.objects.get(pk=claim.made)
        return list(Shipment.objects.filter(order=first.order, recorded_at=first.recorded_at).order_by("pk"))
    order = order_locked(actor, order_id)
    place = _place(warehouse)
    at = shipped_at or now
    evidence = tracking_number or "store" * actor.is_system  # the store wrote the moment down itself
    evidence_needed(order, at=at, now=now, evidence=evidence, field="trackingNumber")
    picks = picks_for(order=order, wanted=_wanted(order, lines), place=place)
    _may_ship(order, picks, carrier, at, now)
    shipments = _ship(order, picks, carrier, tracking_number, at, now, actor, _units(lines))
    _after_hand_over(order, shipments, at, now, actor)
    claim.bind(shipments[0].pk)
    return shipments


def _place(code: str | None) -> Warehouse | None:
    place = warehouse_get(code)
    if code and place is None:
        raise refusal(Code.NOT_FOUND, "warehouse")
    return place


def _wanted(order: Order, lines: Sequence[ShipLine] | None) -> Mapping[int, int] | None:
    if lines is None:
        return None
    own = {line.pk: line for line in order.lines.all()}
    for place, one in enumerate(lines):
        if one.line_id not in own:
            raise refusal(Code.NOT_FOUND, f"lines[{place}].line")
        if not 1 <= one.quantity <= own[one.line_id].open_quantity:
            raise refusal(Code.INVALID, f"lines[{place}].quantity", "quantity", limit=own[one.line_id].open_quantity)
        if any(not unit.strip() or len(unit) > 80 for unit in one.units):
            raise refusal(Code.INVALID, f"lines[{place}].units", "too_long", limit=80)
        if len(one.units) not in (0, one.quantity):
            raise refusal(Code.INVALID, f"lines[{place}].units", "units", quantity=one.quantity)
    if len({one.line_id for one in lines}) != len(lines) or not lines:
        raise refusal(Code.INVALID, "lines", "twice")
    return {one.line_id: one.quantity for one in lines}


def _units(lines: Sequence[ShipLine] | None) -> dict[int, tuple[str, ...]]:
    return {one.line_id: one.units for one in lines or ()}


def _may_ship(order: Order, picks: Sequence[Pick], carrier: str, at: datetime, now: datetime) -> None:
    if order.engine_state != EngineState.ACCEPTED:
        raise refusal(Code.WRONG_STATE, "order", "not_confirmed", engineState=order.engine_state)
    if OrderHold.objects.filter(order=order, until=None).exists():
        raise refusal(Code.WRONG_STATE, "order", "held")
    if not picks:
        raise nothing_to_ship(order)
    if order.payment_method == PaymentMethod.CARD and not cards_cover(
        order, {p.line.pk: p.quantity for p in picks}, now
    ):
        raise refusal(Code.WRONG_STATE, "order", "card_lapsed")
    if not carrier.strip() or len(carrier) > 60:
        raise refusal(Code.INVALID, "carrier", "missing")
    earliest = max(pick.line.cleared_at for pick in picks if pick.line.cleared_at)
    if not earliest <= at <= now:
        raise refusal(Code.INVALID, "shippedAt", "when", earliest=earliest.isoformat(), latest=now.isoformat())


def _ship(
    order: Order,
    picks: Sequence[Pick],
    carrier: str,
    tracking: str,
    at: datetime,
    now: datetime,
    actor: Actor,
    units: dict[int, tuple[str, ...]],
) -> list[Shipment]:
    """Write shipments and their lines, end the holds, post the ledger."""
    shipments: list[Shipment] = []
    apart = stock_told_apart(order)
    count = order.shipments.count()
    for warehouse in sorted({pick.hold.warehouse for pick in picks}, key=lambda one: one.code):
        count += 1
        mine = [pick for pick in picks if pick.hold.warehouse == warehouse]
        shipment = Shipment.objects.create(
            order=order, number=f"{order.number}-{count}", warehouse=warehouse, carrier=carrier.strip(),
            tracking_number=tracking[:80], shipped_at=at, recorded_at=now,
        )  # fmt: skip
        shipments.append(shipment)
        _write_lines(shipment, mine, units)
        held = [Held(str(p.line.pk), p.line.part_id, warehouse.pk, p.quantity) for p in mine]
        stock_issue(held=held, reference=f"shipment:{shipment.number}", now=now, actor=actor_name(actor), tell=apart)
    return shipments


def _write_lines(shipment: Shipment, picks: Sequence[Pick], units: dict[int, tuple[str, ...]]) -> None:
    quantities: dict[int, int] = {}
    for pick in picks:
        quantities[pick.line.pk] = quantities.get(pick.line.pk, 0) + pick.quantity
        pick.line.shipped += pick.quantity
        pick.hold.quantity -= pick.quantity
    rows = []
    for line_id, quantity in quantities.items():
        taken, rest = units.get(line_id, ())[:quantity], units.get(line_id, ())[quantity:]
        units[line_id] = rest
        rows.append(ShipmentLine(shipment=shipment, line_id=line_id, quantity=quantity, units=list(taken)))
    ShipmentLine.objects.bulk_create(rows)
    LineHold.objects.filter(pk__in=[pick.hold.pk for pick in picks if not pick.hold.quantity]).delete()
    LineHold.objects.bulk_update([pick.hold for pick in picks if pick.hold.quantity], ["quantity"])
    OrderLine.objects.bulk_update({pick.line.pk: pick.line for pick in picks}.values(), ["shipped"])


def _after_hand_over(order: Order, shipments: Sequence[Shipment], at: datetime, now: datetime, actor: Actor) -> None:
    for shipment in shipments:
        data = {"shipment": shipment.number, "carrier": shipment.carrier, "warehouse": shipment.warehouse.code}
        event_write(
            order=order,
            kind="shipped",
            at=at,
            actor=actor,
            data=data,
            event_id=f"{order.number}:shipped:{shipment.number}",
        )
        notice_send(
            company_id=order.company_id, role=None, kind="order.shipped", subject_kind="order", subject=order.number,
            data={**data, "warehouse": shipment.warehouse.names_told(), "carrier": f"{shipment.carrier} {shipment.tracking_number}".strip()}, key=f"order.shipped:{shipment.number}", now=now,
        )  # fmt: skip
    order_settle(order, now=now)
    lines = list(order.lines.all())
    order_move(order=order, lines=lines, at=at, actor=actor)
    counter_sales_note(order, at=at)
    order_bill(order, lines, at=at, now=now, actor=actor)
    if any(line.core_due for line in lines):
        cores_expect(order, shipments, now=now)
    if order.payment_method == PaymentMethod.CARD:
        cards_wake_now(order, now=now)  # what left is charged now
    for shipment in shipments:  # last: who issues an invoice holds the counter until the commit
        shipment_papers_issue(order, shipment, now=now)


@transaction.atomic
def shipment_deliver(
    *, actor: Actor, shipment_id: int, now: datetime, delivered_at: datetime | None = None, received_by: str = ""
) -> Shipment:
    """Record the delivery, by the carrier's word. A buyer's own word would decide its own credit. A repeat changes nothing."""
    actor.need(Role.PARTS_MANAGER, Role.SERVICE_DESK)
    found = shipment_find(actor, shipment_id)
    order = order_locked(actor, found.order_id)
    shipment = Shipment.objects.select_related("warehouse").get(pk=found.pk)
    at = delivered_at or now
    if shipment.delivered_at is not None:
        if delivered_at in (None, shipment.delivered_at):
            return shipment
        raise refusal(Code.WRONG_STATE, "shipment", "delivered", deliveredAt=shipment.delivered_at.isoformat())
    if not shipment.shipped_at <= at <= now:
        raise refusal(
            Code.INVALID, "deliveredAt", "when", earliest=shipment.shipped_at.isoformat(), latest=now.isoformat()
        )
    evidence_needed(order, at=at, now=now, evidence=received_by, field="receivedBy")
    shipment.delivered_at = at
    shipment.received_by = text_read(received_by, "receivedBy", most=200, needed=False)
    shipment.save(update_fields=["delivered_at", "received_by"])
    lines = list(shipment.lines.select_related("line"))
    for one in lines:
        one.line.delivered += one.quantity
    OrderLine.objects.bulk_update([one.line for one in lines], ["delivered"])
    event_write(
        order=order,
        kind="delivered",
        at=at,
        actor=actor,
        data={"shipment": shipment.number},
        event_id=f"{order.number}:delivered:{shipment.number}",
    )
    order_settle(order, now=now)
    order_move(order=order, lines=order.lines.all(), at=at, actor=actor)
    notice_send(
        company_id=order.company_id, role=None, kind="order.delivered", subject_kind="order", subject=order.number,
        data={"shipment": shipment.number}, key=f"order.delivered:{shipment.number}", now=now,
    )  # fmt: skip
    return shipment


@transaction.atomic
def shipment_correct(
    *,
    actor: Actor,
    shipment_id: int,
    evidence: str,
    now: datetime,
    shipped_at: datetime | None = None,
    delivered_at: datetime | None = None,
) -> Shipment:
    """Late proof of when it really happened: promises are judged again, credits beyond the real late days are reversed."""
    actor.need(Role.PARTS_MANAGER)
    found = shipment_find(actor, shipment_id)
    order = order_locked(actor, found.order_id)
    shipment = Shipment.objects.select_related("warehouse").get(pk=found.pk)
    if not evidence.strip():
        raise refusal(Code.INVALID, "evidence", "missing")
    if delivered_at and shipment.delivered_at is None:
        raise refusal(Code.WRONG_STATE, "deliveredAt", "not_delivered")
    before = {
        "shippedAt": shipment.shipped_at.isoformat(),
        "deliveredAt": shipment.delivered_at and shipment.delivered_at.isoformat(),
    }
    shipment.shipped_at = shipped_at or shipment.shipped_at
    shipment.delivered_at = delivered_at or shipment.delivered_at
    _times_hold(order, shipment, now)
    shipment.save(update_fields=["shipped_at", "delivered_at"])
    event_write(
        order=order,
        kind="corrected",
        at=now,
        actor=actor,
        data={"shipment": shipment.number, "before": before, "evidence": evidence[:1000]},
    )
    order_settle(order, now=now)
    return shipment


def _times_hold(order: Order, shipment: Shipment, now: datetime) -> None:
    """Never in the future, nor before the step it follows."""
    cleared = [one.line.cleared_at for one in shipment.lines.select_related("line") if one.line.cleared_at]
    earliest = max(cleared, default=order.placed_at)
    if not earliest <= shipment.shipped_at <= now:
        raise refusal(Code.INVALID, "shippedAt", "when", earliest=earliest.isoformat(), latest=now.isoformat())
    if shipment.delivered_at and not shipment.shipped_at <= shipment.delivered_at <= now:
        raise refusal(
            Code.INVALID, "deliveredAt", "when", earliest=shipment.shipped_at.isoformat(), latest=now.isoformat()
        )
