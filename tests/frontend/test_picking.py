"""A batch on paper and in the scanner: what is picked, what is left out and why, and what is said at the hand-over."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

from pypdf import PdfReader

from catalog.models import Part, StockLevel
from orders.models import Shipment
from orders.papers.bars import QUIET, code_bars
from orders.selectors.picking import MOST, batch_of, leaving_today
from orders.services.holding import order_hold
from portal.accounts.models import User
from tests import factories as make
from tests.frontend.conftest import browser, text
from tests.many_orders import orders_copied
from tests.orders.world import World, line
from tests.people import company_of


def shelved(part: Part, place: str) -> Part:
    StockLevel.objects.filter(part=part).update(place=place)
    return part


def test_the_walk_goes_by_shelf_and_names_whose_each_piece_is(world: World) -> None:
    far, near, lost = shelved(world.part(home=9), "A-10"), shelved(world.part(home=9), "A-2"), world.part(home=9)
    first = world.paid(line(far, 2), line(lost))
    second = world.paid(line(near), line(far, 3))
    [one] = batch_of(world.people.manager, [first.number, second.number], language="en").rounds
    assert [(stop.shelf, stop.number, stop.pieces) for stop in one.stops] == [
        ("A-2", near.number, 1), ("A-10", far.number, 5), ("", lost.number, 1),
    ]  # fmt: skip
    assert one.stops[1].shares == [(first.number, 2), (second.number, 3)]
    assert [(slip.code, slip.pieces, slip.later) for slip in one.slips] == [
        (f"{first.number}-HOME", 3, 0), (f"{second.number}-HOME", 4, 0),
    ]  # fmt: skip


def test_what_lies_in_two_places_has_a_slip_in_each(world: World, part: Part) -> None:
    order = world.paid(line(part), line(world.part(away=3), 2))
    rounds = batch_of(world.people.manager, [order.number], language="en").rounds
    assert [(one.warehouse.code, one.slips[0].pieces, one.slips[0].later) for one in rounds] == [
        ("AWAY", 2, 1), ("HOME", 1, 2),
    ]  # fmt: skip


def test_what_cannot_leave_is_left_out_and_says_why(world: World, part: Part) -> None:
    held, gone = world.paid(line(part)), world.paid(line(part))
    order_hold(actor=world.people.manager, order_id=held.pk, reason="CUSTOMER_ASKED", note="wait", now=world.now)
    world.ship(gone)
    page = text(browser(world.people.manager).get("/picking/", {"order": [held.number, gone.number]}))
    assert "it is held back" in page
    assert "nothing of it lies on a shelf here" in page
    assert "Nothing to pick." in page


def test_all_that_leaves_a_warehouse_today_is_what_is_due_by_its_midnight(world: World, part: Part) -> None:
    today = world.paid(line(part))
    world.days(1)
    tomorrow = world.paid(line(part))
    world.now += timedelta(hours=24)  # Wednesday: the first is due at midnight
    away = world.paid(line(world.part(away=3)))
    found = leaving_today(world.people.manager, world.home, now=world.now)
    assert found == [today.number]
    page = text(browser(world.people.manager).get("/picking/?place=HOME&leaving=today"))
    assert today.number in page
    assert tomorrow.number not in page
    assert away.number not in page


def test_a_batch_asks_no_more_for_many_orders_and_ends_at_two_hundred(
    world: World, part: Part, django_assert_max_num_queries
) -> None:
    order = world.paid(line(part))
    numbers = [one.number for one in orders_copied(order, MOST + 9)]
    with django_assert_max_num_queries(7):
        batch = batch_of(world.people.manager, numbers, language="en")
    assert len(batch.rounds[0].slips) == MOST


def test_the_batch_is_a_pdf_with_a_page_for_each_parcel(world: World) -> None:
    part = shelved(world.part(home=9, name="Seal kit"), "B-7")
    orders = [world.paid(line(part)), world.paid(line(part, 2), po_number="PO-7")]
    manager = browser(world.people.manager)
    for language, title in (("en", "Pick list"), ("ko", "피킹 리스트"), ("ja", "ピッキングリスト")):
        User.objects.update(language=language)
        answer = manager.get("/picking/", {"order": [one.number for one in orders], "as": "pdf"})
        assert answer["Content-Type"] == "application/pdf"
        pages = [page.extract_text().replace("\x00", "") for page in PdfReader(BytesIO(answer.content)).pages]
        assert len(pages) == 3
        assert title in pages[0]
        assert "B-7" in pages[0]
        assert f"{orders[1].number}-HOME" in pages[2]
        assert "PO-7" in pages[2]


def test_the_bars_are_what_the_code_says() -> None:
    bars, width = code_bars("1002-HOME")
    drawn = "".join(_modules(bars, width))
    assert drawn[:QUIET] == "0" * QUIET
    assert drawn[-QUIET:] == "0" * QUIET
    symbols = [drawn[QUIET + at : QUIET + at + 11] for at in range(0, width - 2 * QUIET - 13, 11)]
    assert symbols[0] == "11010011100"  # start in set C, for digits in pairs
    assert drawn[-QUIET - 13 : -QUIET] == "1100011101011"  # stop
    assert len(symbols) == 1 + 2 + 1 + 5 + 1  # start, two pairs, into set B, five signs, check


def _modules(bars: list[tuple[int, int]], width: int) -> list[str]:
    modules = ["0"] * width
    for at, wide in bars:
        modules[at : at + wide] = ["1"] * wide
    return modules


def test_a_scan_ships_keeps_the_carrier_and_says_so(world: World, part: Part) -> None:
    first, second = world.paid(line(part)), world.paid(line(part))
    manager = browser(world.people.manager)
    answer = manager.post("/scan/", {"code": f"{first.number}-HOME", "carrier": "CJ", "here": "HOME"}, follow=True)
    assert f"Handed over: order {first.number}" in text(answer)
    assert 'value="CJ"' in text(answer)
    answer = manager.post("/scan/", {"code": f"{second.number}-HOME", "next": "/queue/?group=time"})
    assert answer["Location"] == "/queue/?group=time"
    assert Shipment.objects.get(order=second).carrier == "CJ"


def test_a_first_scan_from_the_queue_asks_for_the_carrier_and_keeps_the_code(world: World, part: Part) -> None:
    order = world.paid(line(part))
    answer = browser(world.people.manager).post("/scan/", {"code": f"{order.number}-HOME", "next": "/queue/"})
    assert answer.status_code == 422
    assert f'value="{order.number}-HOME"' in text(answer)
    assert not Shipment.objects.exists()


def test_somebody_else_was_first_and_what_was_typed_is_kept(world: World, part: Part) -> None:
    order = world.paid(line(part))
    colleague = make.make_actor(company_of(world.people.manager), "PARTS_MANAGER")
    world.ship(order, carrier="DHL")
    answer = browser(colleague).post(
        "/scan/", {"code": f"{order.number}-HOME", "carrier": "CJ", "tracking_number": "T-9"}
    )
    page = text(answer)
    assert answer.status_code == 422
    assert f"{world.people.manager.name} handed this order to DHL already" in page
    for typed in (f"{order.number}-HOME", "CJ", "T-9"):
        assert f'value="{typed}"' in page
    assert Shipment.objects.count() == 1


def test_the_queue_says_who_shipped_it_first(world: World, part: Part) -> None:
    order = world.paid(line(part))
    manager = browser(world.people.manager)
    world.ship(order, carrier="DHL")
    answer = manager.post(f"/orders/{order.number}/ship/", {"ship-carrier": "CJ", "ship-reference": "r-1"})
    assert answer.status_code == 422
    assert "handed this order to DHL already" in text(answer)
    assert 'value="CJ"' in text(answer)


def test_no_code_breaks_the_page(world: World) -> None:
    manager = browser(world.people.manager)
    for code in ("", " ", "😀", "x" * 61, "'; DROP TABLE--", "\x00", "9" * 40, "\u202e10023"):
        answer = manager.post("/scan/", {"code": code, "carrier": "CJ"})
        assert answer.status_code == 422, code
    assert re.search("No order has the code", text(manager.post("/scan/", {"code": "1-HOME", "carrier": "CJ"})))
