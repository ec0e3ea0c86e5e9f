"""An order as the store gets it: what is still wanted of it, at the price it was taken at; and when it gets it again."""

from __future__ import annotations

from datetime import datetime

from catalog.rules.store import store_key
from orders.models import EngineState, Order, OrderLine, OrderState, RefusalAct, StoreRefusal
from orders.services.engines import store_queue
from portal.engine import EngineLine, EngineOrder
from portal.outbox.services import outbox_write


def engine_order(order: Order) -> EngineOrder:
    """The order for the engine; cancelled pieces are left out."""
    lines = order.lines.select_related("part", "card").prefetch_related("holds__warehouse").order_by("position")
    sender = order.placed_by.user.email if order.placed_by else ""
    return EngineOrder(
        key=f"portal:{order.number}",
        number=order.number,
        attempt=1 + order.events.filter(kind=f"engine.{EngineState.REFUSED.lower()}").count(),
        channel=order.channel,
        currency=order.currency,
        company=order.company.name,
        email=sender or (order.company.contact.email if order.company.contact else ""),
        deliver_to=order.deliver_to,
        freight=order.freight + order.freight_tax,
        tax=order.tax,
        total=order.total,
        lines=[_line(line) for line in lines if line.quantity > line.cancelled],
        facts={
            "type": order.type,
            "po-number": order.po_number,
            "reference": order.reference,
            "payment": order.payment_method,
            "tax-treatment": order.tax_treatment,
            "tax-country": order.tax_country,
        },
    )


def _line(line: OrderLine) -> EngineLine:
    holds: dict[str, int] = {}
    for hold in line.holds.all():
        if hold.receipt_id is None:
            holds[hold.warehouse.code] = holds.get(hold.warehouse.code, 0) + hold.quantity
    quantity = line.quantity - line.cancelled
    facts = {
        "payer": line.payer,
        "serial": line.serial,
        "repair-card": line.card.number if line.card else "",
        "expected": line.expected_on.isoformat() if line.expected_on else "",
        "core-deposit": str(line.core_net) if line.core_net else "",  # in the line's price there
    }
    return EngineLine(
        position=line.position,
        part=store_key(line.part.maker, line.part.number),
        part_number=line.part.number,
        quantity=quantity,
        net=line.net + line.core_net,
        tax=line.tax + line.core_tax,
        tax_rate=line.tax_rate,
        holds=holds,
        waiting=quantity - line.shipped - sum(holds.values()),
        facts=facts,
    )


def order_hand_over_again(order: Order, *, now: datetime) -> None:
    """Nothing open any more: the order goes to the store again. The caller holds the order's lock."""
    if order.engine_state != EngineState.REFUSED or order.state == OrderState.CANCELLED:
        return
    gone = [one for one in order.refusals.filter(settled_at=None).select_related("line") if _is_gone(one)]
    StoreRefusal.objects.filter(pk__in=[one.pk for one in gone]).update(settled_at=now, act=RefusalAct.CANCEL)
    if order.refusals.filter(settled_at=None).exists():
        return
    order.engine_state = EngineState.PENDING
    order.save(update_fields=["engine_state"])
    outbox_write(kind="order.submit", key=store_queue(order.number), payload={"order": order.pk}, now=now)


def _is_gone(one: StoreRefusal) -> bool:
    return one.line is not None and not one.line.open_quantity


def refusals_close(order: Order, *, now: datetime) -> None:
    """A cancelled order has no open refusals; one that lives goes out again without the lines that were cancelled."""
    if order.state == OrderState.CANCELLED:
        order.refusals.filter(settled_at=None).update(settled_at=now, act=RefusalAct.CANCEL)
    order_hand_over_again(order, now=now)
