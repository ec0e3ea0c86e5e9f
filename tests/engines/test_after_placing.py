"""What a store that keeps a copy of our orders promises after placing: each step is done once and seen by the next look. Recorded from a real Saleor."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from portal import clock
from portal.engine import EngineOrder, EventKind
from portal.engine_mirror import Act, Flow, Movement, Step, StepRefusedError, TheirOrder
from portal.saleor.client import SaleorClient
from tests.engines.contract import line, order, placed
from tests.engines.test_saleor import FROZEN, RecordedSaleor
from tests.shop import Shop, did, part_make, shop_make
from tests.store import staff_ask

SHOP = Path(__file__).parent / "cassettes" / "after_placing.json"
AT = datetime(2026, 11, 23, 10, tzinfo=UTC)


@dataclass
class Copy:
    """The store's copy of one order; it remembers nothing."""

    stage: RecordedSaleor
    number: str

    @property
    def seen(self) -> TheirOrder:
        """As the store has it now."""
        found = self.stage.engine.look(self.number)
        assert found is not None
        return found

    def do(self, act: Act, key: str = "", target: str = "", **more: Any) -> TheirOrder:
        """One step; answers how the copy looks then."""
        self.stage.engine.carry_out(self.seen, Step(act, key or self.number, target, **more))
        return self.seen

    def money(self, flow: Flow, ref: str, amount: str) -> TheirOrder:
        """A movement at the bank."""
        source = f"bank:{self.number}"
        moved = Movement(source, flow, ref, Decimal(amount), AT)
        return self.do(Act.REPORT, source, self.seen.sources[source].key, movement=moved)

    def ship(self, key: str, pieces: dict[int, int], **more: Any) -> TheirOrder:
        """Pieces leave the home shelf."""
        return self.do(Act.SHIP, key, warehouse=self.stage.home, pieces=pieces, **more)


@pytest.fixture(scope="module")
def shop(record_mode: str) -> Shop:
    """Made anew for a recording, read from beside the recordings otherwise."""
    if record_mode == "none":
        return Shop(**json.loads(SHOP.read_text()))
    return shop_make(clock.real_now().strftime("a%m%d%H%M%S"))


@pytest.fixture
def stage(recorded: SaleorClient, recording: bool, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> RecordedSaleor:
    """Connected, linked, at a moment that does not move."""
    if recording and not shop.variants:
        for name in ("A", "B"):
            part_make(shop, name, home=1000)
        SHOP.write_text(json.dumps(shop.as_json(), indent=1) + "\n")
    shop.link()
    monkeypatch.setattr(clock, "real_now", lambda: FROZEN)
    return RecordedSaleor(shop, recording)


@pytest.fixture
def copy(request: pytest.FixtureRequest, stage: RecordedSaleor) -> Copy:
    """An order of five and two pieces at ten, as it was accepted."""
    name = request.node.name.removeprefix("test_")[:20]
    wanted = order(stage, name, line(stage, 1, "A", 5, "50.00"), line(stage, 2, "B", 2, "20.00"))
    assert placed(stage, wanted).kind == EventKind.ACCEPTED
    return Copy(stage, wanted.number)


def left(seen: TheirOrder) -> list[tuple[str, dict[int, int], str, bool]]:
    """(ours, pieces, tracking number, undone) of every hand-over."""
    return [(one.ours, dict(one.pieces), one.tracking, one.undone) for one in seen.hand_overs]


pytestmark = pytest.mark.vcr


def test_goods_leave_are_tracked_undone_and_come_back(copy: Copy) -> None:
    one, two = f"{copy.number}-1", f"{copy.number}-2"
    copy.ship(one, {1: 3, 2: 2})
    seen = copy.do(Act.TRACK, one, copy.seen.hand_overs[0].key, tracking="TRK-1")
    assert left(seen) == [(one, {1: 3, 2: 2}, "TRK-1", False)]
    seen = copy.ship(two, {1: 1}, tracking="TRK-2")
    seen = copy.do(Act.UNSHIP, two, seen.hand_overs[1].key, warehouse=copy.stage.home)
    assert left(seen)[1] == (two, {1: 1}, "TRK-2", True)
    assert copy.do(Act.STRIKE, target=seen.key, pieces={1: 2}).back == {1: 2}
    seen = copy.do(Act.TAKE_BACK, target=seen.key, pieces={1: 1, 2: 2})
    assert (seen.back, seen.hand_overs[0].pieces) == ({1: 3, 2: 2}, {1: 2})
    assert (seen.quantities, seen.unknown, seen.cancelled) == ({1: 5, 2: 2}, (), False)


def test_money_comes_in_goes_out_and_is_owed_no_more(copy: Copy) -> None:
    source = f"bank:{copy.number}"
    seen = copy.do(Act.SOURCE, source)
    assert (seen.charged, seen.sources[source].foreign) == (Decimal(0), False)
    seen = copy.money(Flow.CHARGED, "payment:1", "70.00")
    again = copy.money(Flow.CHARGED, "payment:1", "70.00")
    assert (seen.charged, again.charged) == (Decimal(70), Decimal(70))
    seen = copy.do(Act.LOWER, target=seen.sources[source].key, amount=Decimal(20))
    assert (seen.total, seen.granted) == (Decimal(70), Decimal(20))
    seen = copy.money(Flow.REFUNDED, "refund:1", "20.00")
    assert seen.charged == Decimal(50)
    assert seen.sources[source].seen == {(Flow.CHARGED, "payment:1"), (Flow.REFUNDED, "refund:1")}


def test_a_card_is_reserved_charged_in_parts_and_disputed(copy: Copy) -> None:
    source = "card:pi_1"

    def moved(flow: Flow, ref: str, amount: int) -> tuple[Decimal, Decimal]:
        movement = Movement(source, flow, ref, Decimal(amount), AT)
        seen = copy.do(Act.REPORT, source, copy.seen.sources[source].key, movement=movement)
        return seen.charged, seen.sources[source].authorised

    copy.do(Act.SOURCE, source)
    assert moved(Flow.AUTHORISED, "pi_1:authorised", 70) == (0, 70)
    assert moved(Flow.CHARGED, "pi_1:captured:30", 30) == (30, 40)
    assert moved(Flow.RELEASED, "pi_1:released", 40) == (30, 0)
    assert moved(Flow.DISPUTED, "dp_1:DISPUTED", 30) == (0, 0)
    assert moved(Flow.CHARGED, "dp_1:DISPUTE_WON", 30) == (30, 0)


def test_cancelled_as_a_whole(copy: Copy) -> None:
    seen = copy.do(Act.CANCEL, target=copy.seen.key)
    assert (seen.cancelled, seen.quantities) == (True, {1: 5, 2: 2})


def test_what_the_store_will_not_have_is_refused_in_its_words_and_changes_nothing(copy: Copy) -> None:
    before = copy.seen
    with pytest.raises(StepRefusedError, match="Only 5 items remaining"):
        copy.ship("9", {1: 9})
    with pytest.raises(StepRefusedError, match="no line 7 of ours"):
        copy.ship("9", {7: 1})
    with pytest.raises(StepRefusedError, match="no warehouse MOON"):
        copy.do(Act.SHIP, "9", warehouse="MOON", pieces={1: 1})
    assert copy.seen == before


def test_what_it_never_had_is_nothing(copy: Copy) -> None:
    assert copy.stage.engine.look("never-heard-of") is None


_DRAFT = "query($e: String!) { order(externalReference: $e) { id lines { id quantity } } }"
_ADD = "mutation($id: ID!, $l: [OrderLineCreateInput!]!) { orderLinesCreate(id: $id, input: $l) { errors { field message } } }"
_COMPLETE = "mutation($id: ID!) { draftOrderComplete(id: $id) { errors { field message } } }"


class DiedError(Exception):
    """The worker, over an order."""


def half(stage: RecordedSaleor, name: str, before: str, *, complete: bool) -> EngineOrder:
    """An order over which a worker died before that call; somebody puts a line into its draft, and may complete it."""
    wanted = order(stage, name, line(stage, 1, "A", 3, "30.00"))
    real = SaleorClient.call

    def call(self: SaleorClient, asked: str, /, **given: Any) -> Any:
        if asked == before:
            raise DiedError
        return real(self, asked, **given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SaleorClient, "call", call)
        with pytest.raises(DiedError):
            stage.engine.place(wanted, now=AT)
    if stage.recording:
        draft = staff_ask(_DRAFT, e=wanted.key)["order"]["id"]
        did(staff_ask(_ADD, id=draft, l=[{"variantId": stage.shop.variants[stage.part("B")], "quantity": 2}]))
        if complete:
            did(staff_ask(_COMPLETE, id=draft))
    return wanted


@pytest.mark.parametrize("before", ["draft_finish"])
def test_completed_by_somebody_with_a_line_more_it_is_the_order_and_our_lines_are_known(
    stage: RecordedSaleor, before: str
) -> None:
    wanted = half(stage, f"more-{before}", before, complete=True)
    event = placed(stage, wanted)
    assert (event.kind, event.data) == (EventKind.ACCEPTED, {"found": True})
    seen = Copy(stage, wanted.number).seen
    assert (seen.quantities, seen.unknown) == ({1: 3}, (f"2 x {stage.part('B')}",))


def test_a_draft_that_somebody_changed_is_refused_in_words_and_made_anew_when_tried_again(
    stage: RecordedSaleor, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = half(stage, "changed", "draft_finish", complete=False)
    monkeypatch.setattr(clock, "real_now", lambda: FROZEN + timedelta(minutes=10))  # nobody is at it any more
    event = placed(stage, wanted)
    (told,) = event.refusals
    assert (event.kind, told.reason, told.words.startswith("Somebody changed draft ")) == (
        EventKind.REFUSED,
        "OTHER",
        True,
    )
    assert stage.engine.look(wanted.number) is None
    assert placed(stage, replace(wanted, attempt=2)).kind == EventKind.ACCEPTED
    assert Copy(stage, wanted.number).seen.unknown == ()
