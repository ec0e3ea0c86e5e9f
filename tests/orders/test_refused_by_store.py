"""What the store would not take: told by line, settled in one step, and the order goes out again as it now is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

import pytest

from catalog.models import Part
from orders.engines.embedded import EmbeddedEngine
from orders.models import LineHold, Order, StoreRefusal
from orders.selectors.refusals import refusals_open
from orders.services.cancelling import order_cancel
from orders.services.placing import order_place
from orders.services.refusals import refusal_settle
from orders.services.stocking import stock_expect
from portal.engine import EngineEvent, EngineOrder, EventKind, LineRefusal, Refusal
from portal.errors import PortalError
from portal.notices.models import Notice
from portal.outbox.services import outbox_run
from tests import factories as make
from tests.orders.world import World, free, level, line, lines_of, refused, request, won


@dataclass
class Shelf:
    """A store that others buy from, too: `gone` says how many pieces of a part it lacks, until somebody asks for fewer."""

    gone: dict[str, int] = field(default_factory=dict)
    asked: list[EngineOrder] = field(default_factory=list)

    def place(self, engine: EmbeddedEngine, order: EngineOrder, *, now: datetime) -> list[EngineEvent]:
        """As a store does that keeps its own stock."""
        self.asked.append(order)
        short = [
            LineRefusal(Refusal.OUT_OF_STOCK, one.position, self.gone[one.part_number])
            for one in order.lines
            if self.gone.get(one.part_number, 0) and one.holds.get("HOME")
        ]
        if short:
            event_id = f"{order.number}:REFUSED:{order.attempt}"
            return [EngineEvent(event_id, EventKind.REFUSED, order.number, now, reason="OUT_OF_STOCK", refusals=short)]
        return [EngineEvent(f"{order.number}:ACCEPTED:S1", EventKind.ACCEPTED, order.number, now, store_number="S1")]


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """The store of these tests, in the embedded engine's place."""
    store = Shelf()
    monkeypatch.setattr(EmbeddedEngine, "place", lambda engine, order, *, now: store.place(engine, order, now=now))
    return store


@pytest.fixture
def part(world: World) -> Part:
    """Five at home, five away."""
    return world.part(home=5, away=5)


def refuse(world: World, shelf: Shelf, part: Part, *, missing: int = 2, pieces: int = 4) -> tuple[Order, StoreRefusal]:
    """An order of `pieces` that the store is short of."""
    shelf.gone[part.number] = missing
    order = world.paid(line(part, pieces))
    assert order.engine_state == "REFUSED"
    return order, StoreRefusal.objects.get(order=order)


def settle(world: World, found: StoreRefusal, act: str) -> Order:
    """The manager does that, and the store is asked again."""
    refusal_settle(actor=world.people.manager, refusal_id=found.pk, act=act, now=world.now)
    outbox_run(f"store:{found.order.number}")
    return Order.objects.get(pk=found.order_id)


def holds(order: Order) -> dict[str, int]:
    """Warehouse to pieces of the first line; `later` is what is expected."""
    rows = LineHold.objects.filter(line__order=order).select_related("warehouse").order_by("line__position", "pk")
    return {("later" if one.receipt_id else one.warehouse.code): one.quantity for one in rows}


def test_the_line_that_is_short_is_named_and_people_are_told_in_words(world: World, shelf: Shelf, part: Part) -> None:
    order, found = refuse(world, shelf, part)
    assert (found.line.part, found.reason, found.missing, found.settled_at) == (part, "OUT_OF_STOCK", 2, None)
    told = {one.kind: (one.company_id, one.role) for one in Notice.objects.filter(subject=order.number)}
    assert told["order.refused"] == (None, "PARTS_MANAGER")
    assert told["order.short"] == (order.company_id, "")
    (row,) = refusals_open(world.people.manager, language="en", now=world.now)
    assert (row.free, row.acts) == (
        5,
        ["RESOURCE", "WAIT"],
    )  # those away; of the five at home four are held, two of them gone


def test_pieces_a_stranger_has_are_promised_to_nobody_else(world: World, shelf: Shelf, part: Part) -> None:
    refuse(world, shelf, part)
    assert refused(lambda: world.place(line(part, 9))) == [("OUT_OF_STOCK", "lines[0].quantity")]


def test_taken_from_another_warehouse_it_goes_through(world: World, shelf: Shelf, part: Part) -> None:
    order, found = refuse(world, shelf, part)
    order = settle(world, found, "RESOURCE")
    assert (order.engine_state, order.store_number, holds(order)) == ("ACCEPTED", "S1", {"AWAY": 4})
    assert [one.attempt for one in shelf.asked] == [1, 2]
    assert level(part, world.home) == (5, 0)
    found.refresh_from_db()
    assert (found.act, found.settled_at) == ("RESOURCE", world.now)


def test_what_lies_nowhere_cannot_be_taken_from_elsewhere_and_nothing_moves(world: World, shelf: Shelf) -> None:
    part = world.part(home=4)
    order, found = refuse(world, shelf, part)
    assert refused(lambda: settle(world, found, "RESOURCE")) == [("OUT_OF_STOCK", "line")]
    assert holds(order) == {"HOME": 4}


def test_it_may_wait_for_what_is_expected_and_the_buyer_hears_the_day(world: World, shelf: Shelf) -> None:
    part = world.part(home=4)
    order, found = refuse(world, shelf, part)
    stock_expect(actor=world.people.manager, part_number=part.number, warehouse="HOME", quantity=9, on=date(2026, 12, 3), now=world.now)  # fmt: skip
    shelf.gone.clear()
    order = settle(world, found, "WAIT")
    assert (order.engine_state, holds(order)) == ("ACCEPTED", {"HOME": 2, "later": 2})
    assert shelf.asked[-1].lines[0].waiting == 2
    told = Notice.objects.get(kind="line.waits.dated", subject=order.number)
    assert (told.company_id, told.data["expected_on"]) == (order.company_id, "2026-12-03")
    assert lines_of(order)[0].expected_on == date(2026, 12, 3)


def test_it_may_wait_though_nobody_knows_for_how_long(world: World, shelf: Shelf) -> None:
    part = world.part(home=4)
    order, found = refuse(world, shelf, part)
    shelf.gone.clear()
    order = settle(world, found, "WAIT")
    assert (holds(order), shelf.asked[-1].lines[0].waiting) == ({"HOME": 2}, 2)
    assert Notice.objects.filter(kind="line.waits", subject=order.number).count() == 1


def test_the_successor_takes_its_place_at_the_lower_price(world: World, shelf: Shelf, part: Part) -> None:
    better = world.part(home=9, price="12000")
    make.make_supersession(part, better)
    make.make_stock(part, world.away, 0)
    order, found = refuse(world, shelf, part)
    (row,) = refusals_open(world.people.manager, language="en", now=world.now)
    assert row.successor == better
    order = settle(world, found, "SUBSTITUTE")
    old, new = lines_of(order)
    assert (old.cancelled, new.part, new.quantity, new.gross) == (4, better, 4, won(40000))
    assert (order.engine_state, order.payment_state) == ("ACCEPTED", "PAID")
    assert [one.part_number for one in shelf.asked[-1].lines] == [better.number]
    assert new.cleared_at is not None  # paid before: its clock runs


def test_a_free_successor_stays_on_its_repair_card(world: World, shelf: Shelf, part: Part) -> None:
    make.make_warranty_term()
    machine = world.machine(part)
    card = world.card(machine)
    shelf.gone[part.number] = 1
    order = world.place(free(part, machine, card), payment="NONE")
    better = world.part(home=9)
    make.make_supersession(part, better)
    order = settle(world, StoreRefusal.objects.get(order=order), "SUBSTITUTE")
    new = lines_of(order)[1]
    assert (new.payer, new.gross, new.card_id) == ("WARRANTY", 0, card.pk)
    assert [(one.part_id, one.open_quantity) for one in card.lines.order_by("pk")] == [
        (part.pk, 0),
        (better.pk, 1),
    ]


def test_without_the_cancelled_line_the_rest_goes_through(world: World, shelf: Shelf, part: Part) -> None:
    other = world.part(home=3)
    shelf.gone[part.number] = 1
    order = world.paid(line(part, 4), line(other, 1))
    first = lines_of(order)[0]
    order_cancel(actor=world.people.manager, order_id=order.pk, line_ids=[first.pk], reason="sold", now=world.now)
    outbox_run(f"store:{order.number}")
    order.refresh_from_db()
    assert (order.engine_state, [one.part_number for one in shelf.asked[-1].lines]) == ("ACCEPTED", [other.number])
    assert [one.act for one in StoreRefusal.objects.filter(order=order)] == ["CANCEL"]


def test_a_cancelled_order_is_no_exception_any_more(world: World, shelf: Shelf, part: Part) -> None:
    order, _ = refuse(world, shelf, part)
    order_cancel(actor=world.people.customer, order_id=order.pk, line_ids=None, reason="too late", now=world.now)
    outbox_run(f"store:{order.number}")
    assert refusals_open(world.people.manager, language="en", now=world.now) == []
    assert len(shelf.asked) == 1


def test_an_order_cancelled_before_the_store_had_it_waits_for_nobody(world: World, part: Part) -> None:
    order = order_place(actor=world.people.customer, request=request(line(part, 4)), now=world.now)
    order_cancel(actor=world.people.customer, order_id=order.pk, line_ids=None, reason="too late", now=world.now)
    outbox_run(f"store:{order.number}")
    order.refresh_from_db()
    assert (order.state, order.engine_state, order.store_number) == ("CANCELLED", "WITHDRAWN", "")


def test_two_lines_short_go_out_once_both_are_settled(world: World, shelf: Shelf, part: Part) -> None:
    other = world.part(home=2, away=3)
    shelf.gone |= {part.number: 2, other.number: 1}
    order = world.paid(line(part, 4), line(other, 2))
    one, two = StoreRefusal.objects.filter(order=order)
    assert settle(world, one, "RESOURCE").engine_state == "REFUSED"
    assert settle(world, two, "RESOURCE").engine_state == "ACCEPTED"
    assert len(shelf.asked) == 2


def test_one_act_settles_a_refusal_once(world: World, shelf: Shelf, part: Part) -> None:
    _, found = refuse(world, shelf, part)
    settle(world, found, "RESOURCE")
    with pytest.raises(PortalError, match="WRONG_STATE"):
        settle(world, found, "RESOURCE")


@pytest.mark.parametrize("who", ["customer", "dealer", "desk"])
def test_only_who_answers_for_stock_settles_and_strangers_see_nothing(
    world: World, shelf: Shelf, part: Part, who: str
) -> None:
    _, found = refuse(world, shelf, part)
    actor = getattr(world.people, who)
    with pytest.raises(PortalError, match=r"NOT_ALLOWED|NOT_FOUND"):
        refusal_settle(actor=actor, refusal_id=found.pk, act="RESOURCE", now=world.now)
    if who != "desk":
        assert refusals_open(actor, language="en", now=world.now) == []


TOLD = "postalCode: This value is not valid for the address."
RIGHT = {"name": "Works", "street": "12 Harbour Road", "city": "Incheon", "postalCode": "22000", "country": "KR"}


@pytest.fixture
def picky(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    """A store that sends nothing to Incheon with another postal code than 22000."""
    store = Shelf()

    def place(engine: EmbeddedEngine, order: EngineOrder, *, now: datetime) -> list[EngineEvent]:
        if order.deliver_to.get("postalCode") == "22000":
            return store.place(engine, order, now=now)
        why = [LineRefusal(Refusal.ADDRESS, words=TOLD)]
        return [EngineEvent(f"{order.number}:REFUSED:{order.attempt}", EventKind.REFUSED, order.number, now, refusals=why)]  # fmt: skip

    monkeypatch.setattr(EmbeddedEngine, "place", place)
    return store


def misdirected(world: World, part: Part) -> tuple[Order, StoreRefusal]:
    """A paid order with a postal code the store does not take."""
    order = world.paid(line(part, 1), deliver_to={**RIGHT, "postalCode": "22009"})
    assert order.engine_state == "REFUSED"
    return order, StoreRefusal.objects.get(order=order)


def correct(world: World, found: StoreRefusal, **address: str) -> Order:
    """The manager gives another address, and the store is asked again."""
    given = {key: value for key, value in {**RIGHT, **address}.items() if value}
    refusal_settle(actor=world.people.manager, refusal_id=found.pk, act="ADDRESS", deliver_to=given, now=world.now)
    outbox_run(f"store:{found.order.number}")
    return Order.objects.get(pk=found.order_id)


def test_a_wrong_postal_code_is_corrected_and_nothing_else_of_the_order_moves(world: World, picky: Shelf, part: Part):
    order, found = misdirected(world, part)
    (row,) = refusals_open(world.people.manager, language="en", now=world.now)
    assert row.acts == ["ADDRESS", "RETRY"]
    after = correct(world, found)
    assert (after.engine_state, after.deliver_to) == ("ACCEPTED", RIGHT)
    assert (after.total, after.payment_state) == (order.total, "PAID")
    found.refresh_from_db()
    assert found.act == "ADDRESS"
    assert after.events.get(kind="readdressed").data == {"fields": ["postalCode"]}  # which, never what it says
    told = Notice.objects.get(kind="order.readdressed", subject=order.number)
    assert told.company_id == order.company_id


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ({"postalCode": "2"}, "deliverTo.postalCode"),
        ({"street": ""}, "deliverTo.street"),
        ({"country": "JP", "city": "Tokyo", "region": "Tokyo", "postalCode": "100-0001"}, "deliverTo.country"),
        ({"postalCode": "22009"}, "deliverTo"),
        ({"note": "x" * 301}, "deliverTo.note"),
    ],
)
def test_an_address_that_is_no_better_is_refused_by_field_and_the_order_waits(world: World, picky: Shelf, part: Part, address: dict[str, str], field: str):  # fmt: skip
    order, found = misdirected(world, part)
    was = order.deliver_to
    assert ("INVALID", field) in refused(lambda: correct(world, found, **address))
    order.refresh_from_db()
    assert (order.engine_state, order.deliver_to) == ("REFUSED", was)


def test_an_address_settles_no_want_of_stock(world: World, shelf: Shelf, part: Part):
    _, found = refuse(world, shelf, part)
    assert refused(lambda: correct(world, found)) == [("INVALID", "act")]
