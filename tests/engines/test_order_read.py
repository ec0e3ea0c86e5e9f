"""Saleor's answers about orders, as a real one gave them, in the port's words."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from orders.engines.saleor_events import order_read, refund_read, refund_words
from portal.engine_mirror import Flow, RefundAnswer, RefundAsked, TheirOrder

TOLD = json.loads((Path(__file__).parent / "told" / "orders.json").read_text())


def read(name: str, change: Callable[[dict[str, Any]], None] = lambda told: None, **links: Any) -> TheirOrder:
    """The recorded order, changed before it is read."""
    told = json.loads(json.dumps(TOLD[name]))
    change(told)
    found = order_read(told, line_links=links.get("lines", {}), shipment_links=links.get("shipments", {}))
    assert found is not None
    return found


def test_what_left_and_what_came_back_of_it_are_counted_by_line() -> None:
    order = read("partly_returned")
    assert (order.quantities, order.back, order.cancelled, order.unknown) == ({1: 4}, {1: 3}, False, ())
    (one,) = order.hand_overs
    assert (one.ours, one.warehouse, one.pieces, one.undone) == ("10025-1", "HOME", {1: 1}, False)
    assert (order.total, order.granted) == (Decimal(40000), Decimal(30000))


def test_a_cancelled_fulfilment_stays_in_the_list_as_undone() -> None:
    assert [(one.ours, one.undone) for one in read("undone_and_shipped_again").hand_overs] == [
        ("10027-1", True),
        ("10027-2", False),
    ]


def test_our_transaction_is_known_by_its_reference_though_saleor_forgot_who_made_it() -> None:
    """The app was installed anew since: `createdBy` is null."""
    source = read("partly_returned").sources["bank:10025"]
    assert (source.foreign, source.charged, source.seen) == (False, Decimal(40000), {(Flow.CHARGED, "payment:22")})


@pytest.mark.parametrize(
    ("reference", "by"),
    [("bank:10025", {"__typename": "User"}), ("INV-1", None), ("pi_1", {"__typename": "App"})],
)
def test_what_somebody_else_entered_is_money_of_the_store(reference: str, by: Any) -> None:
    def change(told: dict[str, Any]) -> None:
        told["transactions"][0] |= {"pspReference": reference, "createdBy": by}

    (source,) = read("partly_returned", change).sources.values()
    assert (source.foreign, source.last) == (True, "VHJhbnNhY3Rpb25FdmVudDoyNA==")


def test_a_refund_that_is_asked_for_is_not_gone_yet() -> None:
    def change(told: dict[str, Any]) -> None:
        told["transactions"][0] |= {"chargedAmount": {"amount": 30000.0}, "refundPendingAmount": {"amount": 10000.0}}

    assert read("partly_returned", change).charged == Decimal(40000)


def test_lines_without_our_mark_or_link_are_named() -> None:
    def change(told: dict[str, Any]) -> None:
        told["lines"][0]["metadata"] = []

    line_id = TOLD["partly_returned"]["lines"][0]["id"]
    assert read("partly_returned", change).unknown == ("4 x TP-1",)
    assert read("partly_returned", change, lines={line_id: 1}).quantities == {1: 4}


def test_a_shipment_all_of_which_came_back_is_listed_no_more() -> None:
    order = read("partly_returned", shipments={"gone": "10025-9", "RnVsZmlsbG1lbnQ6MjY=": "10025-1"})
    assert order.lost == {"10025-9"}


def test_a_draft_is_no_order() -> None:
    assert order_read({**TOLD["partly_returned"], "status": "DRAFT"}, line_links={}, shipment_links={}) is None


def test_what_waits_for_approval_has_not_left() -> None:
    def change(told: dict[str, Any]) -> None:
        told["fulfillments"][0]["status"] = "WAITING_FOR_APPROVAL"

    assert read("partly_returned", change).hand_overs == ()


def test_a_refund_asked_for_is_read_and_answered() -> None:
    asked = {
        "action": {"amount": 10.1, "currency": "EUR"},
        "transaction": {"pspReference": "card:pi_1", "order": {"externalReference": "portal:7"}},
    }
    assert refund_read(asked) == RefundAsked("7", "card:pi_1", Decimal("10.1"), "EUR")
    assert refund_words(RefundAnswer(ref="refund:3")) == {"pspReference": "refund:3", "actions": ["REFUND"]}
    assert refund_words(RefundAnswer(refused="No."))["result"] == "REFUND_FAILURE"
