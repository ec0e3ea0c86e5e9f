"""The service desk: a caller in one box, the board of cards, a card moved on from it, and its sheet of paper."""

from __future__ import annotations

import re
from html import unescape

import pytest

from catalog.models import Part
from tests import factories as make
from tests.frontend.conftest import browser, hidden, text
from tests.orders.world import World, line
from tests.people import company_of
from warranty.models import Equipment, RepairCall, RepairCard
from warranty.services.repair_calls import repair_call_open
from warranty.services.repair_cards import repair_card_confirm, repair_card_open


@pytest.fixture
def machine(world: World, part: Part) -> Equipment:
    return world.machine(part)


def card_of(world: World, machine: Equipment, fault: str = "Leaks") -> RepairCard:
    return repair_card_open(actor=world.people.desk, serial=machine.serial, fault=fault, now=world.now)


def test_a_caller_shows_the_machine_with_a_way_to_take_the_call(world: World, machine: Equipment):
    page = text(browser(world.people.desk).get(f"/desk/?q={machine.serial}"))
    assert f"/machines/{machine.normalised}/?act=call" in page
    opened = text(browser(world.people.desk).get(f"/machines/{machine.normalised}/?act=call&contact=010-4455-6677"))
    assert re.search(r'<details class="act" id="call" open>', opened)
    assert 'value="010-4455-6677"' in opened


def test_machines_that_are_not_shown_are_counted_and_one_press_away(world: World, machine: Equipment):
    owner = company_of(world.people.customer)
    for number in range(14):
        make.make_equipment(f"ZZ-{number:02}", model=machine.model, owner=owner)
    desk = browser(world.people.desk)
    page = text(desk.get("/desk/", {"q": owner.name}))
    assert "1 to 12 of 15 machines" in page
    more = re.search(r'<a [^>]*rel="next" href="([^"]*)">3 more machines</a>', page)
    assert more
    rest = text(desk.get("/desk/" + unescape(more[1])))
    assert [f"ZZ-{number:02}" in rest for number in (0, 10, 11, 12, 13)] == [False, False, True, True, True]
    assert "13 to 15 of 15 machines" in rest
    assert "more machine" not in rest
    for odd in ("x", "99"):
        assert "1 to 12 of 15 machines" in text(desk.get("/desk/", {"q": owner.name, "after": odd}))


def test_nobody_found_says_what_to_ask(world: World):
    assert "Nobody found." in text(browser(world.people.desk).get("/desk/?q=zzqq"))


def test_a_card_opened_from_a_call_is_that_calls_card(world: World, machine: Equipment):
    call = repair_call_open(
        actor=world.people.customer, serial=machine.serial, fault="Leaks", contact="Kim", now=world.now
    )
    desk = browser(world.people.desk)
    address = re.findall(r'href="([^"]*act=card[^"]*)#card"', text(desk.get("/desk/")))[0].replace("&amp;", "&")
    form = text(desk.get(address))
    assert "Leaks</textarea>" in form
    sent = {name: hidden(form, f"card-{name}") for name in ("call_id", "reference")}
    assert (
        desk.post(
            f"/machines/{machine.normalised}/card/",
            {"card-fault": "Leaks", **{f"card-{k}": v for k, v in sent.items()}},
        ).status_code
        == 302
    )
    assert RepairCard.objects.get().call == call
    assert "Every call has its card." in text(desk.get("/desk/"))
    assert RepairCall.objects.get().state == "OPEN"


def test_the_board_has_a_column_a_state_and_moves_a_card_on(world: World, machine: Equipment):
    card = card_of(world, machine)
    desk = browser(world.people.desk)
    page = text(desk.get("/cards/?q=leaks"))
    assert re.findall(r'<h2 id="(\w+)">', page) == ["OPEN", "WORKING", "CONFIRMED", "CLOSED"]
    moved = desk.post(f"/cards/{card.number}/confirm/", {"next": "/cards/?q=leaks"})
    assert moved.headers["Location"] == "/cards/?q=leaks"
    card.refresh_from_db()
    assert card.state == "CONFIRMED"
    desk.post(f"/cards/{card.number}/close/", {"close-minutes": "40", "close-note": "Sealed", "next": "/cards/"})
    card.refresh_from_db()
    assert (card.state, card.minutes) == ("CLOSED", 40)


def test_a_card_that_cannot_close_says_why_and_keeps_what_was_typed(world: World, part: Part, machine: Equipment):
    card = card_of(world, machine)
    world.place(line(part, serial=machine.serial, repair_card=card.number))
    repair_card_confirm(actor=world.people.desk, card_id=card.pk, now=world.now)
    answer = browser(world.people.desk).post(
        f"/cards/{card.number}/close/", {"close-minutes": "40", "close-note": "Sealed", "next": "/cards/"}
    )
    assert answer.status_code == 422
    assert "Sealed</textarea>" in text(answer)


def test_the_board_leads_nowhere_else(world: World, machine: Equipment):
    card = card_of(world, machine)
    moved = browser(world.people.desk).post(f"/cards/{card.number}/confirm/", {"next": "https://evil.example/"})
    assert moved.headers["Location"] == f"/cards/{card.number}/"


def test_an_owner_sees_the_board_of_its_machines_and_moves_nothing(world: World, machine: Equipment):
    card = card_of(world, machine)
    page = text(browser(world.people.customer).get("/cards/"))
    assert card.number in page
    assert 'class="move"' not in page
    assert card.number not in text(browser(world.people.other).get("/cards/"))


def test_a_column_of_many_leads_to_all_of_them(world: World, machine: Equipment, django_assert_max_num_queries):
    RepairCard.objects.bulk_create(
        RepairCard(number=f"RC-9{n:05d}", equipment=machine, fault=f"Fault {n}", opened_at=world.now) for n in range(60)
    )
    desk = browser(world.people.desk)
    desk.get("/cards/")
    with django_assert_max_num_queries(22):
        page = text(desk.get("/cards/"))
    assert page.count('class="card tile"') == 15
    assert "All 60" in page
    assert text(desk.get("/cards/?state=OPEN&page=2")).count("Fault ") == 30
    assert desk.get("/cards/?state=NONE").status_code == 200


def test_the_sheet_says_what_is_known_and_leaves_room_for_the_rest(world: World, part: Part, machine: Equipment):
    card = card_of(world, machine, "Leaks at the seal")
    world.place(line(part, serial=machine.serial, repair_card=card.number))
    page = text(browser(world.people.desk).get(f"/cards/{card.number}/sheet/"))
    assert all(said in page for said in (card.number, machine.serial, "Leaks at the seal", part.number))
    assert page.count("<tr>") == 12  # head and eleven rows, written on or blank


def test_the_sheet_bears_a_code_that_opens_the_card(world: World, machine: Equipment):
    card = card_of(world, machine)
    desk = browser(world.people.desk)
    sheet = text(desk.get(f"/cards/{card.number}/sheet/"))
    assert f'aria-label="{card.number}"' in sheet
    assert "<path d=" in sheet
    scanned = desk.get("/desk/", {"q": card.number.lower()})  # a scanner types it into the caller's box
    assert scanned.headers["Location"] == f"/cards/{card.number}/"
    assert desk.get("/desk/", {"q": "RC-999999"}).status_code == 200


def test_the_desk_is_told_of_the_call_and_not_spoken_to_as_its_caller(world: World, machine: Equipment):
    desk, address = browser(world.people.desk), f"/machines/{machine.normalised}/"
    sent = {
        "call-fault": "Leaks",
        "call-contact": "Kim",
        "call-reference": hidden(text(desk.get(address)), "call-reference"),
    }
    page = text(desk.post(f"{address}call/", sent, follow=True))
    assert "is taken; its service voucher is" in page
    assert "We have your call" not in page
