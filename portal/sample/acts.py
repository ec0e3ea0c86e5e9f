"""What people did to an order, each through the service that does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from orders.models import Order, OrderLine, Return, ReturnReason, ReturnState, Review, Shipment
from orders.services.cancelling import order_cancel
from orders.services.holding import order_hold, order_release
from orders.services.paying import order_approve, order_pay
from orders.services.placing import order_place
from orders.services.returning import ReturnLine, return_create, return_receive
from orders.services.reviewing import line_review
from orders.services.shipping import ShipLine, shipment_correct, shipment_create, shipment_deliver
from orders.services.submitting import order_apply, order_submit
from orders.types import LineRequest, OrderRequest
from portal.accounts.actor import Actor
from portal.sample.plans import Plan
from portal.sample.world import World
from warranty.models import RepairCard
from warranty.services.repair_cards import repair_card_close, repair_card_confirm, repair_card_open
from warranty.services.repair_use import repair_card_use
from warranty.types import UsedPart

CARRIERS = {"KR": "Gaon Express", "JP": "Hayate Unyu", "EU": "Nordfracht"}
Verb = Callable[[World, Plan, Any, datetime], None]


def place(world: World, plan: Plan, at: datetime) -> None:
    """Open the repair card where one is needed, order, and let the store confirm."""
    card = _card_open(world, plan, at) if plan.card else None
    actor = world.house("manager") if plan.type == "INTERNAL" else world.buyer(plan.buyer)
    request = OrderRequest(
        lines=tuple(_line(world, plan, key, quantity, card) for key, quantity in plan.lines),
        payment=plan.payment,
        reference=f"sample-{plan.name}",
        type=plan.type,
        po_number=f"PO-{at:%y%m}-{len(world.orders) + 1:03}",
        deliver_on=None if plan.deliver_in is None else at.date() + timedelta(days=plan.deliver_in),
        allow_substitute=plan.substitute,
    )
    order = order_place(actor=actor, request=request, now=at)
    for event in order_submit(order_id=order.pk, now=at):
        order_apply(event=event, now=at)
    world.orders[plan.name] = order


def _card_open(world: World, plan: Plan, at: datetime) -> RepairCard:
    serial = world.machine(*plan.machine).row.serial if plan.machine else ""
    card = repair_card_open(actor=_workshop(world, plan), serial=serial, fault=plan.fault, now=at)
    world.cards[plan.name] = card
    return card


def _workshop(world: World, plan: Plan) -> Actor:
    """A dealer repairs by itself; for a customer the house does."""
    return world.buyer(plan.buyer) if world.company(plan.buyer).kind == "DEALER" else world.house("desk")


def _line(world: World, plan: Plan, key: str, quantity: int, card: RepairCard | None) -> LineRequest:
    """`@kind` is the part of that kind which sits on the plan's machine, `#number` a number as it was typed, else a part's key."""
    machine = world.machine(*plan.machine) if plan.machine else None
    if key.startswith("@") and machine:
        key = world.fitting(machine, key[1:])
    return LineRequest(
        part_number=key[1:] if key.startswith("#") else world.number(key),
        quantity=quantity,
        serial=machine.row.serial if machine else "",
        repair_card=card.number if card else "",
        accept_expected_on=None if plan.accept is None else world.now.date() + timedelta(days=plan.accept),
    )


def pay(world: World, plan: Plan, part: float | None, at: datetime) -> None:
    """The bank's list shows the money: all of it, or a part."""
    order = _order(world, plan)
    amount = None if part is None else (order.total * round(part * 100) / 100).quantize(order.total)
    order_pay(actor=world.house("accountant"), order_id=order.pk, method="TRANSFER", amount=amount, now=at)


def approve(world: World, plan: Plan, note: str, at: datetime) -> None:
    """Credit over the limit is granted."""
    order_approve(actor=world.house("approver"), order_id=_order(world, plan).pk, note=note, now=at)


def review(world: World, plan: Plan, payer: str, at: datetime) -> None:
    """A person decides every line that waits for one."""
    notes = {
        "PAID": "Failure shows use against the manual.",
        "WARRANTY": "Photos seen: the finding did not cause the failure.",
    }
    for line in _order(world, plan).lines.filter(review=Review.PENDING):
        line_review(
            actor=world.house("approver"), line_id=line.pk, payer=payer, customer_share=None, note=notes[payer], now=at
        )


def hold(world: World, plan: Plan, why: tuple[str, str], at: datetime) -> None:
    """Held back, with a reason and a note."""
    order_hold(actor=world.house("manager"), order_id=_order(world, plan).pk, reason=why[0], note=why[1], now=at)


def release(world: World, plan: Plan, _: None, at: datetime) -> None:
    """The hold ends."""
    order_release(actor=world.house("manager"), order_id=_order(world, plan).pk, now=at)


def cancel(world: World, plan: Plan, lines: int | None, at: datetime) -> None:
    """The buyer cancels: everything, or the last so many lines."""
    order = _order(world, plan)
    named = None if lines is None else [line.pk for line in order.lines.order_by("-position")[:lines]]
    order_cancel(actor=world.buyer(plan.buyer), order_id=order.pk, line_ids=named, reason="Ordered twice.", now=at)


def ship(world: World, plan: Plan, lines: int | None, at: datetime) -> None:
    """Handed to the carrier: all that is on the shelf, or the first so many lines."""
    order = _order(world, plan)
    chosen: list[ShipLine] | None = None
    if lines is not None:
        chosen = [ShipLine(line.pk, line.open_quantity) for line in order.lines.order_by("position")[:lines]]
    tracking = f"{CARRIERS[order.market][:2].upper()}{order.pk:07}{order.shipments.count() + 1}"
    shipment_create(
        actor=world.house("manager"),
        order_id=order.pk,
        lines=chosen,
        carrier=CARRIERS[order.market],
        tracking_number=tracking,
        now=at,
    )


def deliver(world: World, plan: Plan, _: None, at: datetime) -> None:
    """The carrier's proof of delivery comes in for everything on its way."""
    for shipment in Shipment.objects.filter(order=_order(world, plan), delivered_at=None):
        shipment_deliver(actor=world.house("manager"), shipment_id=shipment.pk, received_by="Gate", now=at)


def correct(world: World, plan: Plan, days_before: float, at: datetime) -> None:
    """Late proof: the carriers had it so many days earlier than was typed."""
    for shipment in Shipment.objects.filter(order=_order(world, plan)):
        shipment_correct(
            actor=world.house("manager"),
            shipment_id=shipment.pk,
            shipped_at=shipment.shipped_at - timedelta(days=days_before),
            evidence="Collection scan sent by the carrier.",
            now=at,
        )


def give_back(world: World, plan: Plan, what: tuple[str, int], at: datetime) -> None:
    """The buyer announces a return of pieces of the first line."""
    line = _lines(world, plan)[0]
    return_create(
        actor=world.buyer(plan.buyer),
        order_id=line.order_id,
        lines=[ReturnLine(line.pk, what[1])],
        reason=what[0],
        now=at,
    )


def take_back(world: World, plan: Plan, condition: str, at: datetime) -> None:
    """What was expected back arrives: old parts and returns."""
    for row in Return.objects.filter(line__order=_order(world, plan), state=ReturnState.EXPECTED):
        return_receive(actor=world.house("desk"), return_id=row.pk, condition=condition, now=at)


def unused(world: World, plan: Plan, quantity: int, at: datetime) -> None:
    """Pieces that the repair did not need go back into stock."""
    line = _lines(world, plan)[-1]
    actor = _workshop(world, plan)
    rows = return_create(
        actor=actor, order_id=line.order_id, lines=[ReturnLine(line.pk, quantity)], reason=ReturnReason.UNUSED, now=at
    )
    for row in rows:
        return_receive(actor=world.house("desk"), return_id=row.pk, condition="Unopened", now=at)


def use(world: World, plan: Plan, keep: int, at: datetime) -> None:
    """The technician fits the parts; `keep` pieces of the last line stay in the box."""
    lines = _lines(world, plan)
    used = [
        UsedPart(line.shipped - (keep if line is lines[-1] else 0), order_line=str(line.pk), old_part_kept=True)
        for line in lines
    ]
    actor = _workshop(world, plan)
    actor = world.house("technician") if actor.is_house else actor
    repair_card_use(actor=actor, card_id=world.cards[plan.name].pk, parts=[one for one in used if one.quantity], now=at)


def confirm(world: World, plan: Plan, _: None, at: datetime) -> None:
    """The head of workshop confirms the work."""
    repair_card_confirm(actor=_workshop(world, plan), card_id=world.cards[plan.name].pk, now=at)


def close(world: World, plan: Plan, minutes: int, at: datetime) -> None:
    """The card closes; the days of its old parts begin."""
    repair_card_close(
        actor=_workshop(world, plan),
        card_id=world.cards[plan.name].pk,
        minutes=minutes,
        note="Tested under load.",
        now=at,
    )


def _order(world: World, plan: Plan) -> Order:
    return Order.objects.get(pk=world.orders[plan.name].pk)


def _lines(world: World, plan: Plan) -> list[OrderLine]:
    return list(_order(world, plan).lines.order_by("position"))


VERBS: dict[str, Verb] = {
    "pay": pay, "approve": approve, "review": review, "hold": hold, "release": release, "cancel": cancel, "ship": ship, "deliver": deliver,
    "correct": correct, "give back": give_back, "take back": take_back, "unused": unused, "use": use, "confirm": confirm, "close": close,
}  # fmt: skip
