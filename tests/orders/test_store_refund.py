"""A refund somebody presses for in the store's dashboard: done by us, or refused in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from catalog.models import Part
from orders.models import CardPayment, CardRefund, Order
from orders.services.cancelling import order_cancel
from portal.webhooks.saleor_refund import refund_door
from tests.orders.world import World, line, lines_of


@pytest.fixture
def order(world: World, part: Part) -> Order:
    """Four pieces at 10,000, paid."""
    return world.paid(line(part, 4))


def pressed(order: Order | None, source: str, amount: float, currency: str = "KRW") -> dict[str, Any]:
    """What Saleor asks, as `told_refund` tells it."""
    reference = {"id": "O", "externalReference": f"portal:{order.number}" if order else None}
    return {
        "__typename": "TransactionRefundRequested",
        "action": {"actionType": "REFUND", "amount": amount, "currency": currency},
        "transaction": {"id": "T", "pspReference": source, "order": reference},
    }


def refused(world: World, asked: dict[str, Any]) -> str:
    """The words it is refused with."""
    answer = dict(refund_door(asked, world.now))
    assert answer["result"] == "REFUND_FAILURE"
    return str(answer["message"])


def test_what_was_paid_too_much_goes_back_by_the_bank(world: World, order: Order) -> None:
    order_cancel(actor=world.people.manager, order_id=order.pk, line_ids=None, pieces={lines_of(order)[0].pk: 1}, reason="less", now=world.now)  # fmt: skip
    answer = dict(refund_door(pressed(order, f"bank:{order.number}", 10000.0), world.now))
    assert answer["pspReference"] == f"refund:{order.number}:{3}" or answer["pspReference"].startswith("refund:")
    assert "result" not in answer
    order.refresh_from_db()
    assert order.payment_state == "PAID"


def test_a_card_gives_back_what_it_was_charged_and_no_more(world: World, order: Order) -> None:
    card = CardPayment.objects.create(
        order=order, attempt=1, intent_id="pi_1", state="CAPTURED", amount=500, authorised=500, captured=500, created_at=world.now, looked_at=world.now
    )  # fmt: skip
    answer = dict(refund_door(pressed(order, "card:pi_1", 300.0), world.now))
    row = CardRefund.objects.get(card=card)
    assert (answer["pspReference"], row.amount, row.state) == (f"refund:{row.pk}", Decimal(300), "WANTED")
    assert "200" in refused(world, pressed(order, "card:pi_1", 300.0))


@pytest.mark.parametrize("source", ["credit:{}", "T-7", "card:pi_nobody", "bank:other"])
def test_money_that_is_not_ours_to_send_is_refused_in_words(world: World, order: Order, source: str) -> None:
    assert refused(world, pressed(order, source.format(order.number), 1000.0))


def test_nothing_too_much_another_currency_and_a_strange_order_are_refused(world: World, order: Order) -> None:
    bank = f"bank:{order.number}"
    assert refused(world, pressed(order, bank, 1000.0))
    assert refused(world, pressed(order, bank, 0.5))
    assert "KRW" in refused(world, pressed(order, bank, 1000.0, "EUR"))
    assert refused(world, pressed(None, bank, 1000.0))
    order.refresh_from_db()
    assert order.payment_state == "PAID"
