"""What belongs to others is not there: the same answer as for what never was."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.test import Client

from catalog.models import Part
from orders.models import CartLine, Order
from portal.notices.models import Notice
from tests.frontend.conftest import browser
from tests.orders.world import World, line
from warranty.models import Equipment, RepairCard

ORDER_ACTS = (
    "ship",
    "approve",
    "paid",
    "transfer",
    "refund",
    "give-back",
    "deliver",
    "release",
    "receive",
    "hold",
    "return",
    "correct",
    "cancel",
)


@pytest.fixture
def theirs(world: World, part: Part) -> dict[str, Any]:
    """An order, a machine with a card, a notice and a cart line of the other customer."""
    other = world.people.other
    machine = world.machine(part, owner=other)
    order = world.paid(line(part), by=other)
    browser(other).post("/cart/add/", {"part_number": part.number, "quantity": 1})
    return {
        "order": order,
        "machine": machine,
        "card": world.card(machine),
        "notice": Notice.objects.filter(company=other.company_id).first(),
    }


def _answer(client: Client, address: str) -> tuple[int, int]:
    return client.get(address).status_code, client.post(address, {"reason": "x"}).status_code


def test_an_order_of_others_is_not_there(world: World, theirs: dict[str, Any]):
    client, number = browser(world.people.customer), theirs["order"].number
    assert client.get(f"/orders/{number}/").status_code == 404
    for act in ORDER_ACTS:
        assert _answer(client, f"/orders/{number}/{act}/") == _answer(client, f"/orders/999999/{act}/")
    assert Order.objects.get(number=number).state == "READY"


def test_a_machine_of_others_is_not_there(world: World, theirs: dict[str, Any]):
    client, machine = browser(world.people.customer), theirs["machine"]
    assert client.get(f"/machines/{machine.normalised}/").status_code == 404
    for act in ("call", "card", "reading"):
        assert _answer(client, f"/machines/{machine.normalised}/{act}/") == _answer(client, f"/machines/NOSUCH/{act}/")


def test_a_repair_card_of_others_is_not_there(world: World, theirs: dict[str, Any]):
    client, card = browser(world.people.customer), theirs["card"]
    assert client.get(f"/cards/{card.number}/").status_code == 404
    for act in ("use", "confirm", "close", "void"):
        assert _answer(client, f"/cards/{card.number}/{act}/") == _answer(client, f"/cards/RC-999999/{act}/")
    assert RepairCard.objects.get(pk=card.pk).state == "OPEN"


def test_a_notice_of_others_is_not_there(world: World, theirs: dict[str, Any]):
    notice = theirs["notice"]
    assert browser(world.people.customer).post(f"/notices/{notice.pk}/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_a_cart_line_of_others_is_not_there(world: World, theirs: dict[str, Any]):
    line_id = CartLine.objects.get().pk
    client = browser(world.people.customer)
    assert client.get(f"/cart/lines/{line_id}/").status_code == 404
    assert client.post(f"/cart/lines/{line_id}/", {"remove": "1"}).status_code == 404
    assert CartLine.objects.count() == 1


def test_an_exported_file_holds_ones_own_orders_alone(world: World, theirs: dict[str, Any], part: Part):
    mine = world.paid(line(part))
    foreign = theirs["order"]
    for address in ("/orders/export.csv", f"/orders/export.csv?company={foreign.company_id}"):
        rows = _rows(browser(world.people.customer), address)
        assert foreign.number not in {row["Order"] for row in rows}
    assert {row["Order"] for row in _rows(browser(world.people.customer), "/orders/export.csv")} == {mine.number}
    assert {row["Order"] for row in _rows(browser(world.people.manager), "/orders/export.csv")} == {
        mine.number,
        foreign.number,
    }


def test_a_foreign_serial_says_no_more_than_an_unknown_one(world: World, theirs: dict[str, Any], part: Part):
    client = browser(world.people.customer)

    def told(serial: str) -> str:
        page = client.get(f"/parts/{part.pk}/", {"serial": serial}).content.decode()
        return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", page).replace(serial, "")

    assert told(theirs["machine"].serial) == told("X" * len(theirs["machine"].serial))
    assert not Equipment.objects.filter(owner=world.people.customer.company_id).exists()


def _rows(client: Client, address: str) -> list[dict[str, str]]:
    answer = client.get(address)
    body = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(body)))
