"""What is held back: why, since when, whose cause it is and what frees it; hand-overs undone and tracked on the order's page."""

from __future__ import annotations

from typing import Any

from catalog.models import Part
from orders.models import Shipment
from orders.services.holding import order_hold
from tests.frontend.conftest import browser, text
from tests.orders.world import World, level, line


def test_each_hold_says_why_and_what_frees_it(world: World, part: Part) -> None:
    first, second = world.paid(line(part)), world.paid(line(part))
    hold: dict[str, Any] = {"actor": world.people.manager, "now": world.now}
    order_hold(order_id=first.pk, reason="CUSTOMER_ASKED", note="back on Friday", **hold)
    order_hold(order_id=second.pk, reason="PICKING_ERROR", note="wrong shelf", **hold)
    manager = browser(world.people.manager)
    page = text(manager.get("/holds/"))
    for said in (
        "2 orders held back",
        "back on Friday",
        "The buyer says when",
        "Count the shelf",
        "the promise is paused",
    ):
        assert said in page
    assert second.number not in text(manager.get("/holds/?reason=CUSTOMER_ASKED"))
    assert text(manager.get("/holds/?reason=nonsense")).count("<article") == 2


def test_a_hold_is_lifted_where_it_is_read(world: World, part: Part) -> None:
    order = world.paid(line(part))
    order_hold(actor=world.people.manager, order_id=order.pk, reason="PICKING_ERROR", note="x", now=world.now)
    manager = browser(world.people.manager)
    answer = manager.post(f"/orders/{order.number}/release/", {"next": "/holds/"})
    assert answer["Location"] == "/holds/"
    assert "Nothing is held back." in text(manager.get("/holds/"))


def test_what_waits_for_somebody_else_is_counted(world: World, part: Part) -> None:
    world.place(line(part))
    page = text(browser(world.people.desk).get("/holds/"))
    assert "?state=AWAITING_PAYMENT" in page
    assert "Nothing is held back." in page


def test_many_holds_ask_no_more(world: World, part: Part, django_assert_max_num_queries) -> None:
    for _ in range(6):
        order = world.paid(line(part))
        order_hold(actor=world.people.manager, order_id=order.pk, reason="PICKING_ERROR", note="x", now=world.now)
    manager = browser(world.people.manager)
    manager.get("/holds/")
    with django_assert_max_num_queries(16):
        manager.get("/holds/")


def test_a_tracking_number_comes_later(world: World, part: Part) -> None:
    order = world.paid(line(part))
    [made] = world.ship(order)
    manager = browser(world.people.manager)
    typed = {"track-shipment": made.pk, "track-tracking_number": "T-77"}
    assert manager.post(f"/orders/{order.number}/track/", typed).status_code == 302
    assert Shipment.objects.get().tracking_number == "T-77"
    assert "T-77" in text(manager.get(f"/orders/{order.number}/"))


def test_a_hand_over_that_did_not_happen_is_undone(world: World, part: Part) -> None:
    order = world.paid(line(part, 2))
    [made] = world.ship(order)
    manager = browser(world.people.manager)
    refused = manager.post(f"/orders/{order.number}/undo/", {"undo-shipment": made.pk, "undo-reason": ""})
    assert refused.status_code == 422
    answer = manager.post(
        f"/orders/{order.number}/undo/", {"undo-shipment": made.pk, "undo-reason": "not collected"}, follow=True
    )
    page = text(answer)
    assert "not collected" in page
    assert "on its way" not in page
    assert level(part, world.home) == (9, 2)
    assert order.number in text(manager.get("/queue/"))


def test_undone_twice_says_so(world: World, part: Part) -> None:
    order = world.paid(line(part))
    [made] = world.ship(order)
    manager = browser(world.people.manager)
    typed = {"undo-shipment": made.pk, "undo-reason": "not collected"}
    manager.post(f"/orders/{order.number}/undo/", typed)
    assert manager.post(f"/orders/{order.number}/undo/", typed).status_code == 422
    assert level(part, world.home) == (9, 1)
