"""Stock as its keeper sees it: levels, one part with its ledger and acts, and what to order again."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from catalog.models import Part, StockLedger, StockLevel
from orders.services.undoing import shipment_undo
from portal.accounts.models import User
from tests import factories as make
from tests.frontend.conftest import browser, hidden, text
from tests.orders.world import World, level, line


def plan(part: Part, safety: int, point: int) -> None:
    StockLevel.objects.filter(part=part).update(safety_stock=safety, reorder_point=point)


def numbers(page: str) -> list[str]:
    return re.findall(r'href="/stock/\d+/">([^<]+)</a>', page)


def test_levels_are_walked_by_part_number_and_narrowed(world: World) -> None:
    parts = world.parts([(f"Seal {number}", number % 3) for number in range(120)])
    low = world.part(home=2, number="ZZ-LOW")
    plan(low, 5, 8)
    make.make_expected(low, world.home, 4, date(2026, 12, 4))
    manager = browser(world.people.manager)
    first = text(manager.get("/stock/"))
    after = re.search(r'rel="next" href="([^"]+)"', first)
    assert after is not None
    second = text(manager.get("/stock/" + after[1].replace("&amp;", "&")))
    assert len(numbers(first)) == 50
    assert min(numbers(second)) > max(numbers(first))
    assert numbers(text(manager.get("/stock/?q=zz low"))) == ["ZZ-LOW"]
    for only in ("reorder", "safety", "coming"):
        assert numbers(text(manager.get(f"/stock/?only={only}"))) == ["ZZ-LOW"], only
    assert "ZZ-LOW" not in numbers(text(manager.get("/stock/?only=none")))
    assert "below safety stock" in text(manager.get("/stock/?q=zz"))
    assert "No part stands so." in text(manager.get("/stock/?q=nothing"))
    for cursor in ("nonsense", "~", "x~99999999999999999999", parts[0].number):
        assert manager.get("/stock/", {"after": cursor}).status_code == 200


def test_the_list_asks_no_more_for_many_parts(world: World) -> None:
    manager = browser(world.people.manager)

    def asked(page: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            manager.get(page)
        return len(seen)

    world.parts([("Seal", 1)])
    manager.get("/stock/")
    few = asked("/stock/")
    made = world.parts([(f"Seal {number}", 1) for number in range(60)])
    assert asked("/stock/") == few <= 14
    for part in made:
        plan(part, 2, 5)
    assert asked("/stock/reorder/") <= 16


def test_a_part_shows_what_moved_why_and_by_whom(world: World, part: Part) -> None:
    order = world.paid(line(part, 2))
    world.ship(order)
    manager = browser(world.people.manager)
    page = text(manager.get(f"/stock/{part.pk}/"))
    assert "shipment" in page
    assert "-2" in page
    assert world.people.manager.name in page
    assert "2 pieces went out in 12 weeks" in page


def test_a_hand_over_that_was_undone_is_no_demand(world: World, part: Part) -> None:
    [made] = world.ship(world.paid(line(part, 2)))
    shipment_undo(actor=world.people.manager, shipment_id=made.pk, reason="not collected", now=world.now)
    assert "pieces went out in 12 weeks" not in text(browser(world.people.manager).get(f"/stock/{part.pk}/"))


def test_who_ordered_and_waits_is_named(world: World, part: Part) -> None:
    order = world.paid(line(part, 2))
    assert order.number in text(browser(world.people.manager).get(f"/stock/{part.pk}/"))


def test_who_holds_pieces_and_has_not_paid_is_named_too(world: World, part: Part) -> None:
    waiting, ready = world.place(line(part)), world.paid(line(part))
    page = text(browser(world.people.manager).get(f"/stock/{part.pk}/"))
    assert page.index(ready.number) < page.index(waiting.number)  # who may leave stands first
    assert "waiting for payment" in page[page.index(waiting.number) :]


def test_stock_is_counted_corrected_booked_in_announced_and_planned(world: World, part: Part) -> None:
    manager, address = browser(world.people.manager), f"/stock/{part.pk}/"

    def act(name: str, **typed: object) -> int:
        reference = (
            {f"{name}-reference": hidden(text(manager.get(address)), f"{name}-reference")} if name != "plan" else {}
        )
        data = {f"{name}-{key}": value for key, value in {"warehouse": "HOME", **typed}.items()}
        return int(manager.post(f"{address}{name}/", data | reference).status_code)

    assert act("count", counted=7) == 302
    assert act("adjust", change=-2, reason="DAMAGE", note="dropped") == 302
    assert act("receive", quantity=5) == 302
    assert level(part, world.home) == (10, 0)
    assert act("expect", quantity=3, on="2026-12-04") == 302
    assert act("plan", safety_stock=2, reorder_point=4, place="A-7") == 302
    assert act("adjust", change=-1, reason="DAMAGE", note="") == 422  # a correction without what happened
    page = text(manager.get(address))
    for told in ("dropped", "A-7", "3 pieces, 0 came, 0 held"):
        assert told in page


def test_a_refused_count_keeps_what_was_typed(world: World, part: Part) -> None:
    world.paid(line(part, 4))
    answer = browser(world.people.manager).post(
        f"/stock/{part.pk}/count/",
        {"count-warehouse": "HOME", "count-counted": "3", "count-note": "twice looked", "count-reference": "c-1"},
    )
    assert answer.status_code == 422
    page = text(answer)
    assert "Orders hold 4 of the 9 pieces there" in page
    assert 'value="twice looked"' in page


def test_the_ledger_goes_back_page_by_page(world: World, part: Part) -> None:
    StockLedger.objects.bulk_create(
        StockLedger(part=part, warehouse=world.home, change=0, reason="COUNT", note=f"count {number}.", at=world.now)
        for number in range(70)
    )
    manager = browser(world.people.manager)
    first = text(manager.get(f"/stock/{part.pk}/"))
    more = re.search(r'rel="next" href="([^"]+)"', first)
    assert more is not None
    assert "count 69." in first
    assert "count 5." in text(manager.get(f"/stock/{part.pk}/{more[1]}"))
    assert manager.get(f"/stock/{part.pk}/?before=x").status_code == 200


def test_what_to_order_says_how_much_and_why(world: World) -> None:
    part = world.part(home=9, number="RE-1")
    plan(part, 3, 8)
    world.ship(world.paid(line(part, 6)))
    world.days(1)
    page = text(browser(world.people.manager).get("/stock/reorder/"))
    assert "RE-1" in page
    assert "Order 7" in page  # back over the point of 8, from 3, and two more for four weeks
    assert "reorder point" in page
    assert "6 pieces went out in 12 weeks, 0.5 a week" in page
    assert "RE-1" not in text(browser(world.people.manager).get("/stock/reorder/?place=AWAY"))


def test_who_waits_without_a_source_stands_first(world: World) -> None:
    low = world.part(home=1, number="AA-LOW")
    plan(low, 0, 8)
    part = world.part(number="ZZ-WAIT")
    receipt = make.make_expected(part, world.home, 5, date(2026, 12, 4))
    order = world.paid(line(part, 2, accept_expected_on=date(2026, 12, 4)))
    order.lines.get().holds.all().delete()  # the supplier let us down
    receipt.delete()
    world.now += timedelta(minutes=1)
    page = text(browser(world.people.manager).get("/stock/reorder/"))
    assert page.index("ZZ-WAIT") < page.index("AA-LOW")
    assert "buyers wait, and nothing is on its way for them" in page


def test_a_shelf_with_enough_is_not_there(world: World, part: Part) -> None:
    assert "Every shelf has enough." in text(browser(world.people.manager).get("/stock/reorder/"))


def test_what_is_left_empty_stays_as_it_is_at_that_warehouse(world: World, part: Part) -> None:
    """The form showed the first warehouse's shelf and numbers, which were then set for whichever was chosen."""
    make.make_stock(part, world.away, 5)
    for where, shelf in ((world.home, "A-1"), (world.away, "B-2")):
        StockLevel.objects.filter(part=part, warehouse=where).update(safety_stock=3, reorder_point=8, place=shelf)
    manager = browser(world.people.manager)
    assert 'value="A-1"' not in text(manager.get(f"/stock/{part.pk}/"))
    sent = {"plan-warehouse": "AWAY", "plan-safety_stock": "", "plan-reorder_point": "9", "plan-place": ""}
    assert manager.post(f"/stock/{part.pk}/plan/", sent).status_code == 302
    away = StockLevel.objects.get(part=part, warehouse=world.away)
    assert (away.safety_stock, away.reorder_point, away.place) == (3, 9, "B-2")


@pytest.mark.parametrize(("safety", "point", "warned"), [(5, 3, True), (5, 5, False), (5, 0, False), (0, 3, False)])
def test_a_reorder_point_below_the_safety_stock_is_set_with_a_warning(
    world: World, part: Part, safety: int, point: int, warned: bool
) -> None:
    sent = {"plan-warehouse": "HOME", "plan-safety_stock": safety, "plan-reorder_point": point, "plan-place": ""}
    page = text(browser(world.people.manager).post(f"/stock/{part.pk}/plan/", sent, follow=True))
    assert ("The reorder point, 3, is below the safety stock, 5" in page) == warned
    assert "Safety stock, reorder point and shelf are set." in page


def test_warehouses_are_chosen_by_their_names_in_the_readers_language(world: World, part: Part) -> None:
    world.home.names = {"ko": "인천 창고"}
    world.home.save()
    User.objects.filter(pk=world.people.manager.user_id).update(language="ko")
    manager = browser(world.people.manager)
    with translation.override("en"):  # the pages leave their reader's language behind
        for address in (f"/stock/{part.pk}/", "/goods-in/", "/scan/"):
            assert "인천 창고</option>" in text(manager.get(address)), address
