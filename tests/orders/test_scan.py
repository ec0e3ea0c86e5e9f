"""A slip is scanned, its parcel leaves; whatever else a code may be, what is said tells what happened."""

from __future__ import annotations

from datetime import UTC, date, timedelta

import pytest
from django.utils.translation import override

from catalog.models import Part, Warehouse
from orders.models import Shipment
from orders.rules.slips import code_read, slip_code
from orders.services.cancelling import order_cancel
from orders.services.holding import order_hold
from orders.services.scanning import slip_hand_over
from portal.errors import PortalError
from tests import factories as make
from tests.orders.world import World, details, line, refused


def scanned(world: World, code: str, **given: str) -> list[Shipment]:
    told = {"carrier": "Post"} | given
    return slip_hand_over(actor=world.people.manager, code=code, now=world.now, **told)


def said(world: World, code: str, **given: str) -> str:
    """The words of the refusal."""
    with pytest.raises(PortalError) as caught:
        scanned(world, code, **given)
    return caught.value.problems[0].message


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("10023-HOME", ("10023", "HOME")),
        (" 10023-home\n", ("10023", "HOME")),
        ("10023ßHOME", ("10023", "HOME")),  # an American scanner on a German keyboard
        ("10023", ("10023", "")),
        ("#10023 NEW-YORK", ("10023", "NEWYORK")),
        ("", ("", "")),
        ("---", ("", "")),
        ("주문", ("", "")),
    ],
)
def test_a_code_is_read_in_any_dress(typed: str, read: tuple[str, str]) -> None:
    assert code_read(typed) == read


def test_a_code_is_plain_letters_and_digits() -> None:
    assert slip_code("10023", "Seoul 2") == "10023-SEOUL2"
    assert slip_code("10023", "서울") == "10023"


def test_one_scan_hands_the_order_over(world: World, part: Part) -> None:
    order = world.paid(line(part, 2))
    [made] = scanned(world, f"{order.number}-HOME", tracking_number="T-1")
    assert (made.warehouse.code, made.carrier, made.tracking_number) == ("HOME", "Post", "T-1")
    order.refresh_from_db()
    assert order.state == "SHIPPED"


def test_a_slip_hands_over_only_what_lies_at_its_warehouse(world: World, part: Part) -> None:
    order = world.paid(line(part), line(world.part(away=3)))
    [made] = scanned(world, f"{order.number}-AWAY")
    assert made.warehouse.code == "AWAY"
    order.refresh_from_db()
    assert order.state == "PARTLY_SHIPPED"
    [rest] = scanned(world, order.number)  # typed by hand: all that is left
    assert rest.warehouse.code == "HOME"


def test_a_number_alone_means_the_warehouse_one_stands_at(world: World, part: Part) -> None:
    order = world.paid(line(part), line(world.part(away=3)))
    [made] = scanned(world, order.number, here="AWAY")
    assert made.warehouse.code == "AWAY"


def test_a_code_nobody_has_says_so(world: World) -> None:
    assert refused(lambda: scanned(world, "77777-HOME")) == [("NOT_FOUND", "code")]
    assert "77777-HOME" in said(world, "77777-HOME")


def test_a_place_nobody_has_says_so(world: World, part: Part) -> None:
    order = world.paid(line(part))
    assert refused(lambda: scanned(world, f"{order.number}-MOON")) == [("NOT_FOUND", "code")]


def test_a_slip_of_another_warehouse_says_where_it_belongs(world: World, part: Part) -> None:
    order = world.paid(line(part))
    assert refused(lambda: scanned(world, f"{order.number}-HOME", here="AWAY")) == [("WRONG_STATE", "code")]
    told = details(lambda: scanned(world, f"{order.number}-HOME", here="AWAY"))
    assert told == {"place": world.home.name, "here": world.away.name}


@pytest.mark.parametrize(("language", "named"), [("en", "Home shelf"), ("ko", "본사 창고"), ("ja", "本社倉庫")])
def test_a_refused_scan_names_warehouses_in_the_readers_language(
    world: World, part: Part, language: str, named: str
) -> None:
    Warehouse.objects.filter(code="HOME").update(name="Home shelf", names={"ko": "본사 창고", "ja": "本社倉庫"})
    order = world.paid(line(part))
    elsewhere = world.paid(line(world.part(away=3)))
    with override(language):
        assert details(lambda: scanned(world, f"{order.number}-HOME", here="AWAY"))["place"] == named
        assert details(lambda: scanned(world, f"{order.number}-AWAY", here="HOME"))["here"] == named
        assert details(lambda: scanned(world, f"{elsewhere.number}-HOME")) == {"place": named}


def test_scanned_twice_it_left_once_and_says_with_whom_and_when(world: World, part: Part) -> None:
    order = world.paid(line(part))
    scanned(world, f"{order.number}-HOME")
    left = world.now
    world.now += timedelta(minutes=5)
    told = details(lambda: scanned(world, f"{order.number}-HOME", carrier="DHL"))
    assert told == {
        "by": world.people.manager.name, "at": left.astimezone(UTC).isoformat(), "carrier": "Post", "shipment": f"{order.number}-1",
    }  # fmt: skip
    assert Shipment.objects.count() == 1
    assert details(lambda: scanned(world, f"{order.number}-1")) == told  # the number of its packing slip


def test_what_waits_for_goods_says_until_when(world: World) -> None:
    part = world.part()
    make.make_expected(part, world.home, 5, date(2026, 12, 4))
    order = world.paid(line(part, 2, accept_expected_on=date(2026, 12, 4)))
    assert details(lambda: scanned(world, order.number)) == {"pieces": 2, "expectedOn": "2026-12-04"}


def test_what_lies_elsewhere_has_nothing_here(world: World, part: Part) -> None:
    order = world.paid(line(part))
    assert "lies in another warehouse" in said(world, f"{order.number}-AWAY")


def test_what_is_held_back_stays(world: World, part: Part) -> None:
    order = world.paid(line(part))
    order_hold(actor=world.people.manager, order_id=order.pk, reason="CUSTOMER_ASKED", note="wait", now=world.now)
    assert "held back" in said(world, order.number)


def test_a_cancelled_order_goes_back_to_its_shelf(world: World, part: Part) -> None:
    order = world.paid(line(part))
    order_cancel(actor=world.people.manager, order_id=order.pk, line_ids=None, reason="no need", now=world.now)
    assert "cancelled" in said(world, order.number)


def test_others_have_no_scanner(world: World, part: Part) -> None:
    order = world.paid(line(part))
    with pytest.raises(PortalError, match="NOT_ALLOWED"):
        slip_hand_over(actor=world.people.customer, code=order.number, carrier="Post", now=world.now)


def test_the_slip_of_a_warehouse_that_has_nothing_of_it_says_where_to_look(world: World) -> None:
    order = world.paid(line(world.part(away=3)))
    told = said(world, f"{order.number}-HOME")
    assert (
        told
        == f"Nothing of this order is ready in {world.home.name}; what is ready lies in another warehouse. See the order."
    )
    waiting = world.place(line(world.part(away=3)))  # not paid: nothing of it may leave anywhere
    assert said(world, f"{waiting.number}-HOME") == "Nothing of this order is ready on a shelf."
