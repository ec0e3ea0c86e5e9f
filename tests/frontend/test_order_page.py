"""One order's page: what it shows, and what is done from it."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Part
from orders.models import Order, OrderHold, Payment, Return, Shipment
from portal.accounts.models import Role
from portal.notices.models import Notice
from tests.frontend.conftest import browser, hidden, text
from tests.orders.world import World, line, lines_of, promises


@pytest.fixture
def order(world: World, part: Part) -> Order:
    return world.paid(line(part, 3))


def _act(world: World, role: str, order: Order, act: str, **typed: Any) -> Any:
    """Fill in the act's form and send it."""
    given = {f"{act}-{name}": value for name, value in typed.items()}
    return browser(getattr(world.people, role)).post(f"/orders/{order.number}/{act}/", given)


def test_the_manager_ships_from_the_page_and_the_promise_is_kept(world: World, order: Order):
    answer = _act(world, "manager", order, "ship", carrier="Post", tracking_number="T-1", reference="r-1")
    assert answer.status_code == 302
    order.refresh_from_db()
    assert (order.state, promises(order)) == ("SHIPPED", {"ship": "KEPT"})
    assert "T-1" in text(browser(world.people.customer).get(f"/orders/{order.number}/"))


def test_a_part_of_the_pieces_is_shipped(world: World, order: Order):
    [only] = lines_of(order)
    _act(world, "manager", order, "ship", carrier="Post", reference="r-1", **{f"line_{only.pk}": 2})
    order.refresh_from_db()
    assert (order.state, lines_of(order)[0].shipped) == ("PARTLY_SHIPPED", 2)


def test_a_hand_over_sent_twice_is_one_shipment(world: World, order: Order):
    [only] = lines_of(order)
    for _ in range(2):
        assert (
            _act(world, "manager", order, "ship", carrier="Post", reference="r-1", **{f"line_{only.pk}": 1}).status_code
            == 302
        )
    assert (Shipment.objects.count(), lines_of(order)[0].shipped) == (1, 1)


def test_a_refused_hand_over_comes_back_with_what_was_typed(world: World, order: Order):
    answer = _act(
        world,
        "manager",
        order,
        "ship",
        carrier="Kim & Sons",
        tracking_number="T-9",
        shipped_at="2030-01-01T10:00",
        reference="r-1",
    )
    page = text(answer)
    assert answer.status_code == 422
    assert 'value="Kim &amp; Sons"' in page
    assert 'value="T-9"' in page
    assert 'class="error"' in page
    assert hidden(page, "ship-reference") == "r-1"
    assert "between Mon 23 Nov 10:00 and Mon 23 Nov 10:00" in page
    assert not Shipment.objects.exists()


@pytest.mark.parametrize("role", ["customer", "desk", "approver", "accountant", "technician"])
def test_only_the_manager_ships(world: World, order: Order, role: str):
    assert _act(world, role, order, "ship", carrier="Post", reference="r-1").status_code == 403
    assert 'id="ship"' not in text(browser(getattr(world.people, role)).get(f"/orders/{order.number}/"))
    assert not Shipment.objects.exists()


def test_money_is_recorded_with_its_value_date(world: World, part: Part):
    order = world.place(line(part, 2))
    assert "waiting for payment" in text(browser(world.people.accountant).get(f"/orders/{order.number}/"))
    assert (
        _act(
            world, "accountant", order, "paid", method="TRANSFER", amount="", received_at="", reference="r-2"
        ).status_code
        == 302
    )
    order.refresh_from_db()
    assert (order.payment_state, Payment.objects.get().amount) == ("PAID", order.total)


def test_too_much_money_is_refused_beside_its_field(world: World, part: Part):
    order = world.place(line(part, 2))
    answer = _act(world, "accountant", order, "paid", method="TRANSFER", amount="999999", reference="r-2")
    assert answer.status_code == 422
    assert 'value="999999"' in text(answer)
    assert not Payment.objects.exists()


def test_an_order_is_held_with_a_reason_and_released(world: World, order: Order):
    assert _act(world, "desk", order, "hold", reason="BAD_ADDRESS", note="").status_code == 422
    assert _act(world, "desk", order, "hold", reason="BAD_ADDRESS", note="no such street").status_code == 302
    assert promises(order) == {"ship": "PAUSED"}
    assert "no such street" in text(browser(world.people.customer).get(f"/orders/{order.number}/"))
    assert _act(world, "desk", order, "release").status_code == 302
    assert not OrderHold.objects.filter(until=None).exists()
    assert promises(order) == {"ship": "RUNNING"}


def test_a_buyer_cancels_what_is_not_handed_over(world: World, order: Order):
    assert _act(world, "customer", order, "cancel", reason="not needed").status_code == 302
    order.refresh_from_db()
    assert order.state == "CANCELLED"
    assert _act(world, "customer", order, "cancel", reason="again").status_code == 422


def test_a_buyer_who_cancels_one_line_is_told_of_that_line(world: World):
    order = world.paid(line(world.part(home=3)), line(world.part(home=3)))
    first, _second = order.lines.order_by("position")
    typed = {"cancel-lines": [first.pk], "cancel-reason": "not needed"}
    answer = browser(world.people.customer).post(f"/orders/{order.number}/cancel/", typed, follow=True)
    assert "Of the lines you chose" in text(answer)
    order.refresh_from_db()
    assert order.state != "CANCELLED"


def test_a_delivery_is_recorded_and_something_sent_back(world: World, order: Order):
    world.ship(order)
    [shipment] = Shipment.objects.all()
    assert _act(world, "customer", order, "deliver", shipment=shipment.pk, received_by="Lee").status_code == 403
    assert _act(world, "desk", order, "deliver", shipment=shipment.pk, received_by="Lee").status_code == 302
    order.refresh_from_db()
    assert order.state == "DELIVERED"
    [only] = lines_of(order)
    assert (
        _act(
            world, "customer", order, "return", reason="DAMAGED", reference="r-3", **{f"line_{only.pk}": 1}
        ).status_code
        == 302
    )
    [back] = Return.objects.all()
    assert _act(world, "desk", order, "receive", returned=back.pk, condition="broken").status_code == 302
    back.refresh_from_db()
    assert (back.state, back.condition) == ("RECEIVED", "broken")


def test_late_proof_turns_a_late_promise_to_kept(world: World, order: Order):
    handed_over = world.now
    world.days(4)
    world.ship(order)
    world.settle()
    assert promises(order) == {"ship": "KEPT_LATE"}
    [shipment] = Shipment.objects.all()
    when = handed_over.strftime("%Y-%m-%dT%H:%M")
    assert (
        _act(world, "manager", order, "correct", shipment=shipment.pk, shipped_at=when, evidence="scan").status_code
        == 302
    )
    assert promises(order) == {"ship": "KEPT"}


def test_credit_over_the_limit_is_approved_from_the_page(world: World):
    part = world.part(home=9, price="200000")
    order = world.place(line(part, 9), by=world.people.dealer, payment="ACCOUNT")
    assert order.state == "AWAITING_APPROVAL"
    assert _act(world, "approver", order, "approve", note="known for years").status_code == 302
    order.refresh_from_db()
    assert order.state == "READY"


def test_an_unknown_act_is_not_there(world: World, order: Order):
    assert _act(world, "manager", order, "explode").status_code == 404


def test_a_late_order_says_so_in_words(world: World, order: Order):
    world.days(5)
    page = text(browser(world.people.customer).get(f"/orders/{order.number}/"))
    assert "3 days late" in page
    assert "credit so far" in page


def test_the_house_reads_who_was_told_and_a_buyer_only_what(world: World, order: Order):
    told = Notice.objects.create(
        key="k", role=Role.PARTS_MANAGER, kind="order.placed", subject_kind="order", subject=order.number, created_at=order.placed_at
    )  # fmt: skip
    page = text(browser(world.people.manager).get(f"/orders/{order.number}/"))
    buyers = page.split("What was told")[1]
    assert f"{order.company.name} ·" in buyers
    assert f"{told.get_role_display()} ·" in buyers
    assert (
        f"{order.company.name} ·"
        not in text(browser(world.people.customer).get(f"/orders/{order.number}/")).split("What was told")[1]
    )
