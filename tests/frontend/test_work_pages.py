"""The house's daily pages: shipping queue, reviews, repair cards, goods in, one box to find things."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from catalog.models import Part, StockLevel
from orders.models import Order, OrderLine
from tests import factories as make
from tests.frontend.conftest import browser, hidden, text
from tests.orders.world import World, free, line, lines_of
from warranty.models import NoteKind, RepairCard
from warranty.services.repair_cards import repair_card_open


def _positions(page: str, *numbers: str) -> list[int]:
    return [page.index(f">{number}</a>") for number in numbers]


def test_the_queue_has_the_least_time_left_first(world: World, part: Part):
    older = world.paid(line(part))
    world.days(1)
    newer = world.paid(line(part))
    page = text(browser(world.people.manager).get("/queue/"))
    assert _positions(page, older.number, newer.number) == sorted(_positions(page, older.number, newer.number))
    assert "2 orders to ship" in page


def test_what_to_pick_names_the_shelf_of_what_is_there(world: World):
    there, coming = world.part(home=3, number="HERE-1"), world.part(number="LATER-1")
    make.make_expected(coming, world.home, 5, date(2026, 12, 4))
    StockLevel.objects.update_or_create(part=there, warehouse=world.home, defaults={"place": "A-12"})
    StockLevel.objects.update_or_create(part=coming, warehouse=world.home, defaults={"place": "B-7"})
    world.paid(line(there), line(coming, accept_expected_on=date(2026, 12, 4)))
    picks = text(browser(world.people.manager).get("/queue/")).split('class="plain picks"')[1].split("</ul>")[0]
    assert [one in picks for one in ("HERE-1", "A-12", "LATER-1", "B-7")] == [True, True, True, False]


def test_the_queue_narrows_to_what_is_late(world: World, part: Part):
    late = world.paid(line(part))
    world.days(4)
    early = world.paid(line(part))
    page = text(browser(world.people.manager).get("/queue/?group=late"))
    assert late.number in page
    assert early.number not in page


def test_the_queue_ships_with_carrier_alone(world: World, part: Part):
    order = world.paid(line(part))
    manager = browser(world.people.manager)
    reference = hidden(text(manager.get("/queue/")), "ship-reference")
    answer = manager.post(f"/orders/{order.number}/ship/", {"ship-carrier": "Post", "ship-reference": reference})
    assert answer.status_code == 302
    assert Order.objects.get(pk=order.pk).state == "SHIPPED"


def test_the_queue_asks_no_more_for_many_orders(world: World, part: Part, django_assert_max_num_queries):
    for _ in range(6):
        world.paid(line(part))
    manager = browser(world.people.manager)
    with django_assert_max_num_queries(25):
        manager.get("/queue/")


@pytest.fixture
def waiting(world: World, part: Part) -> OrderLine:
    """A covered line that needs a person: misuse was recorded on its machine."""
    make.make_warranty_term(months=24)
    machine = world.machine(part)
    machine.notes.create(kind=NoteKind.MISUSE, recorded_on=date(2026, 11, 1), note="dropped")
    order = world.place(free(part, machine, world.card(machine)))
    return lines_of(order)[0]


def test_an_approver_sees_the_reasons_and_decides(world: World, waiting: OrderLine):
    approver = browser(world.people.approver)
    assert "misuse was recorded" in text(approver.get("/reviews/"))
    typed = {
        f"{waiting.pk}-payer": "WARRANTY",
        f"{waiting.pk}-customer_share": "",
        f"{waiting.pk}-note": "not its fault",
    }
    assert approver.post(f"/reviews/{waiting.pk}/", typed).status_code == 302
    waiting.refresh_from_db()
    assert (waiting.review, waiting.payer, waiting.net) == ("DONE", "WARRANTY", Decimal(0))
    assert "No line waits" in text(approver.get("/reviews/"))


def test_a_decision_without_a_reason_is_refused_and_keeps_the_choice(world: World, waiting: OrderLine):
    answer = browser(world.people.approver).post(
        f"/reviews/{waiting.pk}/", {f"{waiting.pk}-payer": "PAID", f"{waiting.pk}-note": ""}
    )
    assert answer.status_code == 422
    assert 'value="PAID"' in text(answer)
    waiting.refresh_from_db()
    assert waiting.review == "PENDING"


def test_a_line_that_does_not_wait_is_not_there_to_review(world: World, part: Part):
    [line_one] = lines_of(world.paid(line(part)))
    assert browser(world.people.approver).post(f"/reviews/{line_one.pk}/", {}).status_code == 404


def test_a_repair_from_card_to_close(world: World, part: Part):
    make.make_warranty_term(months=24)
    machine = world.machine(part)
    desk = browser(world.people.desk)
    opened = desk.post("/cards/", {"serial": machine.serial, "fault": "leaks", "reference": "c-1"})
    card = RepairCard.objects.get()
    assert opened["Location"] == f"/cards/{card.number}/"
    order = world.place(free(part, machine, card, quantity=2))
    world.ship(order)
    [only] = lines_of(order)
    assert order.number in text(desk.get(f"/cards/{card.number}/"))
    early = desk.post(f"/cards/{card.number}/confirm/", {})
    assert early.status_code == 302
    refused = desk.post(f"/cards/{card.number}/close/", {"close-minutes": "30", "close-note": "done so far"})
    assert refused.status_code == 422
    assert "done so far" in text(refused)
    technician = browser(world.people.technician)
    assert technician.post(f"/cards/{card.number}/use/", {f"use-line_{only.pk}": "2"}).status_code == 302
    desk.post(f"/cards/{card.number}/confirm/", {})
    assert desk.post(f"/cards/{card.number}/close/", {"close-minutes": "30"}).status_code == 302
    card.refresh_from_db()
    assert (card.state, card.minutes) == ("CLOSED", 30)


def test_a_card_form_sent_twice_opens_one_card(world: World, part: Part):
    machine, desk = world.machine(part), browser(world.people.desk)
    typed = {"serial": machine.serial, "fault": "leaks", "reference": "c-1"}
    assert desk.post("/cards/", typed)["Location"] == desk.post("/cards/", typed)["Location"]
    assert RepairCard.objects.count() == 1


def test_an_owner_sees_the_card_and_changes_nothing_on_it(world: World, part: Part):
    card = repair_card_open(actor=world.people.desk, serial=world.machine(part).serial, fault="leaks", now=world.now)
    owner = browser(world.people.customer)
    assert owner.get(f"/cards/{card.number}/").status_code == 200
    assert owner.post(f"/cards/{card.number}/void/", {"void-note": "x"}).status_code == 403
    assert owner.post("/cards/", {"serial": card.equipment.serial, "fault": "x", "reference": "c"}).status_code == 403
    card.refresh_from_db()
    assert card.state == "OPEN"


def test_goods_in_fill_the_waiting_line(world: World):
    part = world.part(home=0)
    make.make_expected(part, world.home, 5, date(2026, 12, 4))
    order = world.paid(line(part, 2, accept_expected_on=date(2026, 12, 4)))
    manager = browser(world.people.manager)
    typed = {"part_number": part.number, "warehouse": "HOME", "quantity": "5", "reference": "g-1"}
    assert manager.post("/goods-in/", typed).status_code == 302
    hold = lines_of(order)[0].holds.get()
    assert (hold.quantity, hold.receipt_id) == (2, None)


def test_goods_in_of_an_unknown_part_keep_what_was_typed(world: World):
    answer = browser(world.people.manager).post(
        "/goods-in/", {"part_number": "NO-1", "warehouse": "HOME", "quantity": "5", "reference": "g-1"}
    )
    assert answer.status_code == 422
    assert 'value="NO-1"' in text(answer)


def test_one_box_opens_an_order_a_card_a_machine_a_shipment(world: World, part: Part):
    machine = world.machine(part, serial="ZQ-00417")
    card, order = world.card(machine), world.paid(line(part))
    world.ship(order, tracking_number="TRK-55")
    desk = browser(world.people.desk)
    led = {
        query: desk.get("/find/", {"q": query})["Location"]
        for query in (order.number, card.number, "zq 00417", "TRK-55")
    }
    order_page = f"/orders/{order.number}/"
    assert led == {
        order.number: order_page,
        card.number: f"/cards/{card.number}/",
        "zq 00417": f"/machines/{machine.normalised}/",
        "TRK-55": order_page,
    }
    assert "TRK-55: tracking number of order" in text(desk.get("/find/", {"q": "trk-55"}, follow=True))
    assert desk.get("/find/", {"q": "seal kit"})["Location"] == "/search/?q=seal+kit"
    assert "Customer" in text(desk.get("/find/", {"q": "customer"}))
