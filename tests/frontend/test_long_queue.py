"""A long queue: it is walked page by page in the database, says what the rule says, and asks no more than a short one."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Part
from orders.models import Order
from orders.selectors.queue import QueuePage, shipping_queue
from orders.services.holding import order_hold
from portal.promises.selectors import promises_of, share_used
from tests.frontend.conftest import browser, text
from tests.many_orders import orders_copied
from tests.orders.world import World, line

MANY = 400
_GROUPS = {"late": "late", "near": "risk", "running": "time", "paused": "held"}


@pytest.fixture
def long_queue(world: World, part: Part) -> list[Order]:
    """Four hundred orders of which some are late, some at risk."""
    order = world.paid(line(part, 2))
    world.now += timedelta(hours=30)
    return [order, *orders_copied(order, MANY - 1)]


def walked(world: World, **asked: Any) -> list[QueuePage]:
    """Every page, first to last."""
    pages = [shipping_queue(world.people.manager, now=world.now, **asked)]
    while pages[-1].later:
        pages.append(shipping_queue(world.people.manager, now=world.now, after=pages[-1].later, **asked))
    return pages


def numbers(*pages: QueuePage) -> list[str]:
    return [row.order.number for page in pages for row in page.rows]


def test_every_order_comes_once_the_least_time_left_first(world: World, long_queue: list[Order]):
    pages = walked(world)
    assert [len(page.rows) for page in pages] == [50] * 8
    assert numbers(*pages) == [one.number for one in [*reversed(long_queue[2:]), *long_queue[:2]]]
    assert [(page.first, page.last) for page in pages[:2]] == [(1, 50), (51, 100)]


def test_the_way_back_is_the_way_there(world: World, long_queue: list[Order]):
    pages = walked(world)
    back = shipping_queue(world.people.manager, now=world.now, before=pages[3].earlier)
    assert numbers(back) == numbers(pages[2])
    first = shipping_queue(world.people.manager, now=world.now, before=pages[1].earlier)
    assert numbers(first) == numbers(pages[0])
    assert not first.earlier


def test_what_left_meanwhile_is_gone_and_nothing_is_skipped(world: World, long_queue: list[Order]):
    first, second = walked(world)[:2]
    Order.objects.filter(number__in=numbers(first)[10:]).update(state="CANCELLED")
    after = shipping_queue(world.people.manager, now=world.now, after=first.later)
    assert numbers(after) == numbers(second)
    back = shipping_queue(world.people.manager, now=world.now, before=after.earlier)
    assert numbers(back)[:10] == numbers(first)[:10]  # a page that is not full any more is the first one, filled up


def test_how_an_order_stands_is_what_its_bar_says(world: World, long_queue: list[Order]):
    order_hold(
        actor=world.people.manager,
        order_id=long_queue[3].pk,
        reason="CUSTOMER_ASKED",
        note="asked to wait",
        now=world.now,
    )
    counts = shipping_queue(world.people.manager, now=world.now).counts
    assert min(counts[name] for name in ("late", "risk", "time", "held")) >= 1
    bars = promises_of("order", [one.number for one in long_queue])
    told = {number: _GROUPS[share_used(one, world.now).tone] for number, [one] in bars.items()}
    shown = {row.order.number: row.standing for page in walked(world) for row in page.rows}
    assert shown == told
    assert {name: len(numbers(*walked(world, standing=name))) for name in counts} == counts


@pytest.mark.parametrize("cursor", ["nonsense", "1e400~1", "nan~3", "1~", "~", "1~99999999999999999999", "-1e18~0"])
def test_a_cursor_that_makes_no_sense_leads_somewhere(world: World, long_queue: list[Order], cursor: str):
    manager = browser(world.people.manager)
    for name in ("after", "before"):
        page = text(manager.get("/queue/", {name: cursor}))
        assert len(re.findall('id="job-', page)) == 50


def test_a_long_queue_asks_no_more_than_a_short_one(world: World, part: Part):
    order = world.paid(line(part, 2))
    manager = browser(world.people.manager)
    manager.get("/queue/")

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            manager.get("/queue/")
        return len(seen)

    short = asked()
    orders_copied(order, MANY)
    assert asked() == short
    assert short <= 22


def test_a_page_of_the_queue_is_small_on_the_wire(world: World, long_queue: list[Order]):
    answer = browser(world.people.manager).get("/queue/", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) < 30_000


def test_only_what_lies_at_a_warehouse_is_shown(world: World, part: Part):
    here, there = world.paid(line(part)), world.paid(line(world.part(away=3)))
    page = text(browser(world.people.manager).get("/queue/?place=AWAY"))
    assert there.number in page
    assert f"job-{here.number}" not in page
