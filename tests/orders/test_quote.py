"""A quote shows the order as it would be, keeps its price for half an hour and holds nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from catalog.models import Part
from orders.services.placing import order_place
from orders.services.previewing import order_preview
from orders.services.quoting import Quoted, order_quote
from orders.types import LineRequest, OrderRequest
from portal.promises.models import Promise
from tests import factories as make
from tests.orders.world import World, details, level, line, lines_of, refused, request, won


def quote(world: World, asked: OrderRequest) -> Quoted:
    """The customer's quote."""
    return order_quote(actor=world.people.customer, request=asked, now=world.now)


def test_a_quote_lists_problems_and_holds_nothing(world: World, part: Part) -> None:
    quoted = quote(world, request(line(part, 2), line("NO-SUCH"), line(part, 99)))
    assert [(one.code.value, one.field) for one in quoted.draft.problems] == [
        ("UNKNOWN_PART", "lines[1].partNumber"),
        ("OUT_OF_STOCK", "lines[2].quantity"),
    ]
    assert [row.net for row in quoted.draft.lines] == [won(20000), won(990000)]
    assert level(part, world.home) == (9, 0)
    assert not Promise.objects.exists()


def test_a_quote_shows_the_promises_the_order_would_make(world: World, part: Part) -> None:
    quoted = quote(world, request(line(part), deliver_on=date(2026, 12, 1)))
    assert {plan.offer.policy: plan.offer.day for plan in quoted.plans} == {
        "ship": date(2026, 11, 25),
        "agreed-delivery": date(2026, 12, 1),
    }


def test_the_quoted_price_is_kept_for_half_an_hour_and_not_a_moment_longer(world: World, part: Part) -> None:
    asked = request(line(part, 2))
    quoted = quote(world, asked)
    world.prices.prices.update(amount=11000)
    world.now += timedelta(minutes=30, seconds=-1)
    kept = order_place(actor=world.people.customer, request=replace(asked, quote_id=quoted.pk), now=world.now)
    assert (kept.total, lines_of(kept)[0].published_amount) == (won(20000), won(10000))
    world.now += timedelta(seconds=1)
    late = replace(asked, quote_id=quoted.pk, reference="later")
    found = refused(lambda: order_place(actor=world.people.customer, request=late, now=world.now))
    assert found == [("PRICE_CHANGED", "quote")]


def test_a_promise_that_has_become_later_is_told_again(world: World) -> None:
    part = world.part(home=1)
    make.make_expected(part, world.home, 5, date(2026, 12, 10))
    asked = request(line(part, accept_expected_on=date(2026, 12, 10)))
    quoted = quote(world, asked)
    world.place(line(part), by=world.people.other)
    late = replace(asked, quote_id=quoted.pk)
    found = refused(lambda: order_place(actor=world.people.customer, request=late, now=world.now))
    assert found == [("PROMISE_CHANGED", "quote")]


def test_the_midnight_between_quote_and_order_changes_the_promise(world: World, part: Part) -> None:
    world.now = world.now.replace(hour=23, minute=50)
    asked = request(line(part))
    quoted = quote(world, asked)
    world.now += timedelta(minutes=20)
    late = replace(asked, quote_id=quoted.pk)
    told = details(lambda: order_place(actor=world.people.customer, request=late, now=world.now))
    assert told == {"promises": {"ship": "2026-11-26"}}


def test_a_quote_holds_for_its_own_lines_alone(world: World, part: Part) -> None:
    asked = request(line(part))
    quoted = quote(world, asked)
    other = replace(asked, lines=(line(part, 2),), quote_id=quoted.pk)
    found = refused(lambda: order_place(actor=world.people.customer, request=other, now=world.now))
    assert found == [("INVALID", "quote")]


def test_another_companys_quote_is_not_there(world: World, part: Part) -> None:
    asked = request(line(part))
    theirs = replace(asked, quote_id=quote(world, asked).pk)
    found = refused(lambda: order_place(actor=world.people.other, request=theirs, now=world.now))
    assert found == [("NOT_FOUND", "quote")]


def test_a_preview_is_a_quote_that_writes_nothing_and_its_name_follows_the_price(world: World, part: Part) -> None:
    lines: tuple[LineRequest, ...] = (line(part),)

    def look() -> str:
        return order_preview(actor=world.people.customer, request=request(*lines), now=world.now).digest

    first = look()
    assert look() == first
    world.prices.prices.update(amount=11000)
    assert look() != first


def test_a_quoted_price_does_not_pass_to_another_part(world: World) -> None:
    old, new = world.part(home=1, price="50000"), world.part(home=5, price="10000")
    make.make_supersession(old, new)  # the old one is used up first
    asked = request(line(old), allow_substitute=True)
    quoted = quote(world, asked)
    assert quoted.draft.lines[0].part == old
    assert world.paid(line(old)).lines.get().part == old  # the last old piece goes to somebody
    by_quote = replace(asked, quote_id=quoted.pk)
    found = refused(lambda: order_place(actor=world.people.customer, request=by_quote, now=world.now))
    assert found == [("PRICE_CHANGED", "quote")]
