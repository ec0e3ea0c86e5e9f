"""Placing an order: what is held, priced, covered and promised."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from orders.models import LineHold, OrderEvent
from portal.notices.models import Notice
from portal.outbox.models import OutboxMessage
from portal.promises.models import Promise
from tests import factories as make
from tests.orders.world import World, free, level, line, lines_of, promise, promises, seoul, won
from tests.people import ADDRESS
from warranty.models import Decision, RepairCardLine


def test_an_order_in_advance_holds_stock_shows_its_promise_and_waits_for_money(world: World) -> None:
    part = world.part(home=5)
    order = world.place(line(part, 2))
    assert (order.state, order.payment_state, order.total, order.currency) == (
        "AWAITING_PAYMENT",
        "UNPAID",
        won(20000),
        "KRW",
    )
    assert level(part, world.home) == (5, 2)
    assert promise(order).state == "OFFERED"
    assert promise(order).offered_day == date(2026, 11, 25)
    assert order.deliver_to == ADDRESS


def test_an_order_on_account_is_ready_and_both_clocks_of_a_dealer_run_at_once(world: World) -> None:
    order = world.place(line(world.part(home=5)), by=world.people.dealer, payment="ACCOUNT")
    assert (order.state, order.payment_state, order.paid_at) == ("READY", "ON_ACCOUNT", world.now)
    assert promises(order) == {"ship": "RUNNING", "dealer-delivery": "RUNNING"}
    assert promise(order).due_at == seoul("11-26 00:00")
    assert promise(order, "dealer-delivery").due_at == seoul("12-04 00:00")


def test_a_free_line_on_a_repair_card_starts_its_clock_at_once_and_stands_on_the_card(world: World) -> None:
    part = world.part(home=5)
    make.make_warranty_term()
    machine = world.machine(part)
    card = world.card(machine)
    order = world.place(free(part, machine, card), payment="NONE")
    row = lines_of(order)[0]
    assert (order.total, order.state, order.payment_state) == (won(0), "READY", "NOTHING_TO_PAY")
    assert (row.payer, row.net, row.published_amount, row.fit_verdict) == ("WARRANTY", won(0), won(10000), "FITS")
    assert promise(order).state == "RUNNING"
    on_card = RepairCardLine.objects.get(card=card)
    assert (on_card.ordered, on_card.payer, on_card.order_line) == (1, "WARRANTY", str(row.pk))


def test_the_decision_of_every_line_is_kept_as_evidence(world: World) -> None:
    order = world.place(line(world.part(home=5)), line(world.part(home=5)))
    kept = Decision.objects.filter(subject__startswith=f"order:{order.number}/").order_by("subject")
    assert [one.subject for one in kept] == [f"order:{order.number}/1", f"order:{order.number}/2"]
    assert [one.pk for one in kept] == [row.decision_id for row in lines_of(order)]
    assert all(one.inputs["value"] == "10000" for one in kept)


def test_history_notice_and_the_message_to_the_store_are_written(world: World) -> None:
    order = world.place(line(world.part(home=5)))
    kinds = OrderEvent.objects.filter(order=order).values_list("kind", flat=True)
    assert list(kinds) == ["placed", "engine.accepted"]
    assert Notice.objects.filter(subject=order.number, kind="order.placed").count() == 1
    assert OutboxMessage.objects.get(key=f"store:{order.number}", kind="order.submit").done_at is not None
    assert (order.engine_state, order.store_number) == ("ACCEPTED", order.number)


def test_one_line_is_split_over_two_warehouses_only_when_neither_has_all(world: World) -> None:
    split, whole = world.part(home=3, away=3), world.part(home=3, away=5)
    order = world.place(line(split, 5), line(whole, 5))
    holds = {
        (one.line.position, one.warehouse.code): one.quantity for one in LineHold.objects.filter(line__order=order)
    }
    assert holds == {(1, "HOME"): 3, (1, "AWAY"): 2, (2, "AWAY"): 5}


def test_of_several_warehouses_the_one_whose_day_closes_first_keeps_the_clock(world: World) -> None:
    order = world.place(line(world.part(home=1)), line(world.part(away=1)), by=world.people.dealer, payment="ACCOUNT")
    assert (promise(order).zone, promise(order).due_at) == ("Asia/Seoul", seoul("11-26 00:00"))
    assert promise(order).lines.count() == 2


def test_what_waits_for_a_receipt_is_a_promise_of_its_own_to_the_day_agreed(world: World) -> None:
    part = world.part(home=2)
    make.make_expected(part, world.home, 10, date(2026, 12, 10))
    order = world.paid(line(part, 5, accept_expected_on=date(2026, 12, 10)))
    found = {one.agreed_on: one for one in Promise.objects.filter(subject=order.number)}
    assert {day: [one.quantity for one in made.lines.all()] for day, made in found.items()} == {
        None: [2],
        date(2026, 12, 10): [3],
    }
    assert found[date(2026, 12, 10)].due_at == seoul("12-11 00:00")
    assert lines_of(order)[0].expected_on == date(2026, 12, 10)


def test_an_agreed_day_of_delivery_is_promised_beside_the_hand_over(world: World) -> None:
    order = world.paid(line(world.part(home=1)), deliver_on=date(2026, 12, 1))
    assert promise(order, "agreed-delivery").due_at == seoul("12-02 00:00")
    assert promise(order).due_at == seoul("11-26 00:00")


def test_the_price_per_hundred_is_rounded_once_for_the_whole_line(world: World) -> None:
    order = world.place(line(world.part(home=50, price="333", per=100), 50))
    assert order.total == Decimal("167")  # 166.5 won, half up


def test_freight_is_published_by_weight_and_none_falls_on_a_wholly_free_order(world: World) -> None:
    make.make_freight("3000", up_to_g=1000)
    make.make_freight("9000")
    part = world.part(home=9, weight_g=600)
    assert world.place(line(part)).freight == won(3000)
    assert world.place(line(part, 2)).total == won(29000)
    make.make_warranty_term()
    machine = world.machine(part)
    assert world.place(free(part, machine, world.card(machine)), payment="NONE").freight == won(0)


def test_staff_order_for_a_buyer_at_the_buyers_prices_and_with_the_buyers_eyes(world: World) -> None:
    part = world.part(home=5)
    make.make_warranty_term()
    strangers = world.machine(part, owner=world.people.other)
    card = world.card(strangers)
    buyer = world.people.customer.company_id
    order = world.place(line(part), by=world.people.desk, company_id=buyer)
    assert (order.company_id, order.placed_by_id) == (buyer, world.people.desk.membership_id)
    paid = world.place(line(part, serial=strangers.serial), by=world.people.desk, company_id=buyer)
    assert lines_of(paid)[0].payer == "PAID"  # the machine is not the buyer's, whoever types
    assert card.state == "OPEN"


def test_an_order_of_nothing_to_pay_by_card_needs_no_way_of_paying(world: World) -> None:
    part = world.part(home=5)
    make.make_warranty_term()
    machine = world.machine(part)
    order = world.place(free(part, machine, world.card(machine)), payment="CARD")
    assert (order.payment_method, order.payment_state) == ("NONE", "NOTHING_TO_PAY")


def test_the_house_orders_for_itself_at_its_own_cost(world: World) -> None:
    part = world.part(home=5)
    order = world.place(line(part), by=world.people.manager, type="INTERNAL", payment="NONE")
    assert (lines_of(order)[0].payer, order.total, order.state) == ("INTERNAL", won(0), "READY")
