"""What the store gave to strangers, as a refusal and the next look at the store tell it: exactly once, and our own goods on their way never."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from catalog.models import Part, StockLevel
from catalog.services.store_stock import store_stock_take
from orders.engines.embedded import EmbeddedEngine
from orders.models import StoreRefusal
from orders.selectors.store_claims import store_claims
from orders.services.refusals import refusal_settle
from orders.services.stocking import stock_expect
from portal.engine import EngineEvent, EngineOrder, EventKind, LineRefusal, Refusal, ShelfStock
from portal.outbox.services import outbox_run
from portal.saleor.plan import EXPECTED
from tests.orders.world import World, line


@dataclass
class Elsewhere:
    """A store that lacks `missing` pieces of whatever lies at home, for as long as they are missing."""

    missing: int = 0

    def place(self, engine: EmbeddedEngine, order: EngineOrder, *, now: object) -> list[EngineEvent]:
        """Refused, or taken."""
        number, at = order.number, now
        if self.missing and any(one.holds.get("HOME") for one in order.lines):
            short = [LineRefusal(Refusal.OUT_OF_STOCK, 1, self.missing)]
            return [EngineEvent(f"{number}:REFUSED:{order.attempt}", EventKind.REFUSED, number, at, refusals=short)]  # type: ignore[arg-type]
        return [EngineEvent(f"{number}:ACCEPTED:S1", EventKind.ACCEPTED, number, at, store_number="S1")]  # type: ignore[arg-type]


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Elsewhere:
    """In the embedded engine's place."""
    made = Elsewhere()
    monkeypatch.setattr(EmbeddedEngine, "place", lambda engine, order, *, now: made.place(engine, order, now=now))
    return made


def look(world: World, part: Part, **told: tuple[int, int]) -> None:
    """The store tells (on hand, allocated) by warehouse, after all of ours has arrived there; `later` is what is expected."""
    world.go_to(world.now.replace(hour=world.now.hour + 1))
    stock = {EXPECTED if code == "later" else code: ShelfStock(*pieces) for code, pieces in told.items()}
    codes = {"HOME": world.home.pk, "AWAY": world.away.pk}
    taken = store_stock_take(told={part.pk: stock}, warehouses=codes, claims_of=store_claims, asked_at=world.now, now=world.now)  # fmt: skip
    assert not taken.waiting


def others(part: Part) -> dict[str, int]:
    """Pieces held back for strangers."""
    rows = StockLevel.objects.filter(part=part, allocated_elsewhere__gt=0)
    return dict(rows.values_list("warehouse__code", "allocated_elsewhere"))


def test_what_a_refusal_told_the_look_says_exactly_and_not_twice(world: World, store: Elsewhere) -> None:
    part, store.missing = world.part(home=5, away=5), 2
    world.paid(line(part, 4))
    assert others(part) == {"HOME": 2}
    look(world, part, HOME=(5, 3), AWAY=(5, 0))  # of five the strangers have three
    assert others(part) == {"HOME": 3}
    look(world, part, HOME=(5, 3), AWAY=(5, 0))
    assert others(part) == {"HOME": 3}
    look(world, part, HOME=(5, 0), AWAY=(5, 0))  # they gave them back
    assert others(part) == {}


def test_our_own_goods_on_their_way_are_nobody_elses(world: World, store: Elsewhere) -> None:
    part, store.missing = world.part(home=4, away=0), 2
    order = world.paid(line(part, 4))
    stock_expect(actor=world.people.manager, part_number=part.number, warehouse="HOME", quantity=9, on=date(2026, 12, 3), now=world.now)  # fmt: skip
    store.missing = 0
    found = StoreRefusal.objects.get(order=order)
    refusal_settle(actor=world.people.manager, refusal_id=found.pk, act="WAIT", now=world.now)
    outbox_run(f"store:{order.number}")
    look(
        world, part, HOME=(4, 4), AWAY=(0, 0), later=(2, 2)
    )  # two of ours and two of theirs lie there, two of ours come
    assert others(part) == {"HOME": 2}


def test_ours_on_another_shelf_than_we_hold_it_on_is_no_strangers_though_more_is_on_its_way(world: World, store: Elsewhere) -> None:  # fmt: skip
    part = world.part(home=3, away=0)
    stock_expect(actor=world.people.manager, part_number=part.number, warehouse="HOME", quantity=9, on=date(2026, 12, 3), now=world.now)  # fmt: skip
    assert world.paid(line(part, 5, accept_expected_on=date(2026, 12, 3))).engine_state == "ACCEPTED"
    look(world, part, HOME=(3, 2), AWAY=(1, 1), later=(2, 2))
    assert others(part) == {}
