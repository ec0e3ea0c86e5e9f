"""The promise bar in words: what a person reads beside it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import Part
from frontend.bars import awaited, bar_view
from orders.services.holding import order_hold
from tests import factories as make
from tests.frontend.conftest import browser, text
from tests.orders.world import SEOUL, World, free, line, promise


@pytest.fixture(autouse=True)
def _in_seoul():
    with timezone.override(SEOUL):
        yield


def _bar(world: World, number: str) -> tuple[str, str, str]:
    from orders.models import Order

    order = Order.objects.get(number=number)
    view = bar_view(promise(order), world.now, awaited(order.state, order.total))
    return view.tone, view.left, view.right


def test_an_offer_starts_with_payment(world: World, part: Part):
    order = world.place(line(part))
    assert _bar(world, order.number) == ("offered", "ships by Wed 25 Nov if paid when ordered", "starts with payment")


def test_what_a_person_decides_first_starts_with_the_decision(world: World, part: Part):
    make.make_warranty_term()
    machine = world.machine(part, held=4)  # a fifth piece is looked at by a person
    order = world.place(free(part, machine, world.card(machine), 5), payment="NONE")
    assert order.state == "AWAITING_REVIEW"
    page = text(browser(world.people.customer).get(f"/orders/{order.number}/"))
    assert "starts with the decision" in page
    assert "starts with payment" not in page


def test_an_order_above_its_credit_starts_with_the_approval():
    assert awaited("AWAITING_APPROVAL", Decimal(100)) == "approval"
    assert awaited("AWAITING_REVIEW", Decimal(100)) == ""


def test_a_running_promise_names_its_day_and_the_time_left(world: World, part: Part):
    order = world.paid(line(part))
    assert _bar(world, order.number) == ("running", "ships by Wed 25 Nov", "2 days 14 h left")


def test_a_promise_nearly_used_up_says_so_by_its_tone(world: World, part: Part):
    order = world.paid(line(part))
    world.now += timedelta(days=2, hours=8)
    assert _bar(world, order.number) == ("near", "ships by Wed 25 Nov", "6 h left")


def test_a_late_promise_counts_days(world: World, part: Part):
    order = world.paid(line(part))
    world.days(4)
    assert _bar(world, order.number) == ("late", "ships by Wed 25 Nov", "2 days late")


def test_a_kept_promise_says_how_early(world: World, part: Part):
    order = world.paid(line(part))
    world.days(1)
    world.ship(order)
    assert _bar(world, order.number) == ("kept", "ships by Wed 25 Nov", "kept, 1 day early")


def test_a_promise_kept_late_says_how_late(world: World, part: Part):
    order = world.paid(line(part))
    world.days(3)
    world.ship(order)
    assert _bar(world, order.number) == ("kept_late", "ships by Wed 25 Nov", "kept, 1 day late")


def test_a_paused_promise_keeps_the_time_it_had(world: World, part: Part):
    order = world.paid(line(part))
    hold = {"reason": "BAD_ADDRESS", "note": "no such street"}
    order_hold(actor=world.people.desk, order_id=order.pk, now=world.now, **hold)
    world.days(5)
    assert _bar(world, order.number) == ("paused", "paused since Mon 23 Nov", "2 days 14 h left then")


def test_a_hold_of_ours_does_not_hide_that_it_is_late(world: World, part: Part):
    order = world.paid(line(part))
    order_hold(actor=world.people.desk, order_id=order.pk, reason="OUT_OF_STOCK", note="empty shelf", now=world.now)
    world.days(4)
    assert order.number in text(browser(world.people.manager).get("/queue/?group=late"))


def test_bars_of_an_open_page_go_on_for_who_may_see_the_order_and_for_nobody_else(world: World, part: Part):
    order = world.paid(line(part))
    key = promise(order).pk
    world.days(4)
    mine = text(browser(world.people.customer).get(f"/promises/now/?id={key}&id=x&id=99999999"))
    assert f'id="promise-{key}"' in mine
    assert "2 days late" in mine
    assert 'hx-swap-oob="true"' in mine
    assert "promise" not in text(browser(world.people.dealer).get(f"/promises/now/?id={key}"))


def test_a_bar_says_to_a_screen_reader_what_it_says_to_the_eye(world: World, part: Part):
    order = world.paid(line(part))
    page = text(browser(world.people.customer).get(f"/orders/{order.number}/"))
    assert 'role="meter" aria-label="ships by Wed 25 Nov"' in page
    assert 'aria-valuetext="2 days 14 h left"' in page
