"""Both copies of an order compared: whatever both sides did, in whatever order it is told, both end up the same."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from orders.rules.mirror import at_once, gaps, mirror_plan, store_facts
from portal.engine import EngineEvent, EventKind
from portal.engine_mirror import Act, Flow, HandOver, LineCount, Movement, OurOrder, Source, Step, TheirOrder

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
ORDERED = {1: 5, 2: 3}


@dataclass
class Books:
    """Both sides as plain values, with what each side's people can do to its own. `serial` draws names."""

    ours: OurOrder = field(
        default_factory=lambda: OurOrder("10", "EUR", {place: LineCount(count) for place, count in ORDERED.items()})
    )
    theirs: TheirOrder = field(default_factory=lambda: TheirOrder("O", "1", cancelled=False, quantities=ORDERED))
    followed: list[str] = field(default_factory=list)
    serial: int = 0

    def name(self, word: str) -> str:
        self.serial += 1
        return f"{word}{self.serial}"

    # --- what is counted -------------------------------------------------------------------------------------------

    def line(self, place: int, **more: int) -> None:
        old = self.ours.lines[place]
        new = replace(old, **{name: getattr(old, name) + count for name, count in more.items()})
        assert 0 <= new.returned <= new.shipped <= new.quantity - new.cancelled
        self.ours = replace(self.ours, lines={**self.ours.lines, place: new})

    def open_there(self, place: int) -> int:
        left = sum(one.pieces.get(place, 0) for one in self.theirs.hand_overs if not one.undone)
        return ORDERED[place] - left - self.theirs.back.get(place, 0)

    def back_there(self, place: int, count: int) -> None:
        back = {**self.theirs.back, place: self.theirs.back.get(place, 0) + count}
        self.theirs = replace(self.theirs, back=back, back_ref=self.name("back"))

    def hand_over_there(self, one: HandOver) -> None:
        self.theirs = replace(self.theirs, hand_overs=(*self.theirs.hand_overs, one))

    def change_there(self, key: str, **new: Any) -> None:
        rows = tuple(replace(one, **new) if one.key == key else one for one in self.theirs.hand_overs)
        self.theirs = replace(self.theirs, hand_overs=rows)

    def change_here(self, key: str, **new: Any) -> None:
        rows = tuple(replace(one, **new) if one.key == key else one for one in self.ours.hand_overs)
        self.ours = replace(self.ours, hand_overs=rows)

    # --- our people ------------------------------------------------------------------------------------------------

    def ship(self, place: int, count: int, warehouse: str = "HOME", tracking: str = "") -> None:
        count = min(count, self.ours.lines[place].open)
        if count > 0:
            self.line(place, shipped=count)
            one = HandOver(self.name("10-"), warehouse, {place: count}, tracking)
            self.ours = replace(self.ours, hand_overs=(*self.ours.hand_overs, one))

    def undo(self, key: str) -> None:
        one = next((each for each in self.ours.hand_overs if each.key == key and not each.undone), None)
        if one and all(
            self.ours.lines[place].shipped - count >= self.ours.lines[place].returned
            for place, count in one.pieces.items()
        ):
            for place, count in one.pieces.items():
                self.line(place, shipped=-count)
            self.change_here(key, undone=True, pieces={})

    def cancel(self, place: int, count: int) -> None:
        self.line(place, cancelled=min(count, self.ours.lines[place].open))

    def take(self, place: int, count: int) -> None:
        line = self.ours.lines[place]
        self.line(place, returned=min(count, line.shipped - line.returned))

    def money(self, source: str, flow: Flow, amount: int) -> None:
        one = Movement(source, flow, self.name("m"), Decimal(amount), NOW)
        self.ours = replace(self.ours, movements=(*self.ours.movements, one))

    # --- the store's people ----------------------------------------------------------------------------------------

    def their_ship(self, place: int, count: int, warehouse: str = "AWAY") -> None:
        count = min(count, self.open_there(place), self.ours.lines[place].open)
        if count > 0 and not self.theirs.cancelled:
            self.hand_over_there(HandOver(self.name("F"), warehouse, {place: count}))

    def their_strike(self, place: int, count: int) -> None:
        count = min(count, self.open_there(place), self.ours.lines[place].open)
        if count > 0 and not self.theirs.cancelled:
            self.back_there(place, count)

    def their_pay(self, amount: int) -> None:
        key = self.name("T")
        source = Source(key, Decimal(amount), foreign=True, last=self.name("e"))
        self.theirs = replace(self.theirs, sources={**self.theirs.sources, key: source})

    # --- what the rule asks for ------------------------------------------------------------------------------------

    def follow(self, event: EngineEvent) -> None:
        assert event.event_id not in self.followed, "a fact was told twice"
        self.followed.append(event.event_id)
        self.ours = replace(self.ours, told=self.ours.told + 1)
        data = event.data
        if event.kind == EventKind.SHIPPED:
            for place, count in data["pieces"].items():
                self.ship(place, count, data["warehouse"], data["tracking"])
        elif event.kind == EventKind.UNSHIPPED:
            self.undo(data["shipment"])
        elif event.kind == EventKind.TRACKED:
            self.change_here(data["shipment"], tracking=data["tracking"])
        elif event.kind in (EventKind.PAID, EventKind.REFUNDED):
            sign = 1 if event.kind == EventKind.PAID else -1
            sums = dict(self.ours.from_store)
            sums[data["source"]] = sums.get(data["source"], Decimal(0)) + sign * Decimal(data["amount"])
            self.ours = replace(self.ours, from_store=sums)
        else:
            for place, count in data["pieces"].items():
                self.line(place, **{"returned" if event.kind == EventKind.RETURNED else "cancelled": count})

    def carry_out(self, step: Step) -> None:
        getattr(self, f"_{step.act.lower()}")(step)

    def _ship(self, step: Step) -> None:
        assert all(count <= self.open_there(place) for place, count in step.pieces.items())
        self.hand_over_there(HandOver(self.name("F"), step.warehouse, step.pieces, step.tracking, ours=step.key))

    def _link(self, step: Step) -> None:
        self.change_there(step.target, ours=step.key)

    def _unship(self, step: Step) -> None:
        self.change_there(step.target, undone=True)

    def _track(self, step: Step) -> None:
        self.change_there(step.target, tracking=step.tracking)

    def _cancel(self, step: Step) -> None:
        self.theirs = replace(self.theirs, cancelled=True)

    def _strike(self, step: Step) -> None:
        for place, count in step.pieces.items():
            assert count <= self.open_there(place)
            self.back_there(place, count)

    def _take_back(self, step: Step) -> None:
        for place, left in step.pieces.items():
            self.take_there(place, left)

    def take_there(self, place: int, left: int) -> None:
        for one in reversed(self.theirs.hand_overs):
            count = min(left, one.pieces.get(place, 0)) if not one.undone else 0
            if not count:
                continue
            left -= count
            rest = {**one.pieces, place: one.pieces[place] - count}
            if not any(rest.values()):
                lost = self.theirs.lost | ({one.ours} if one.ours else set())
                rows = tuple(each for each in self.theirs.hand_overs if each.key != one.key)
                self.theirs = replace(self.theirs, hand_overs=rows, lost=lost)
            else:
                self.change_there(one.key, pieces=rest)
            self.back_there(place, count)

    def _source(self, step: Step) -> None:
        assert step.key not in self.theirs.sources, "a source was made twice"
        self.theirs = replace(self.theirs, sources={**self.theirs.sources, step.key: Source(self.name("T"))})

    def _report(self, step: Step) -> None:
        assert step.movement is not None
        one, old = step.movement, self.theirs.sources[step.key]
        assert (one.flow, one.ref) not in old.seen, "a movement was reported twice"
        sign = {Flow.CHARGED: 1, Flow.REFUNDED: -1}.get(one.flow, 0)
        new = replace(old, charged=old.charged + sign * one.amount, seen=old.seen | {(one.flow, one.ref)})
        if one.flow in (Flow.AUTHORISED, Flow.RELEASED, Flow.CHARGED):
            sign = 1 if one.flow == Flow.AUTHORISED else -1
            new = replace(new, authorised=max(new.authorised + sign * one.amount, Decimal(0)))
        self.theirs = replace(self.theirs, sources={**self.theirs.sources, step.key: new})

    def _lower(self, step: Step) -> None:
        self.theirs = replace(self.theirs, granted=self.theirs.granted + step.amount)

    def _explain(self, step: Step) -> None:
        self.theirs = replace(self.theirs, explained=step.amount)

    def _payers(self, step: Step) -> None:
        self.theirs = replace(self.theirs, payers={**self.theirs.payers, **step.payers})

    def rounds(self) -> None:
        """Until nothing is left to do."""
        for _ in range(20):
            facts = store_facts(self.ours, self.theirs, now=NOW)
            for event in facts:
                self.follow(event)
            if facts:
                continue
            steps = mirror_plan(self.ours, self.theirs)
            for step in steps:
                self.carry_out(step)
            if not steps:
                return
        raise AssertionError("no end")


PLACES, COUNTS = st.sampled_from([1, 2]), st.integers(1, 3)
ACTS = st.one_of(
    st.tuples(st.sampled_from(["ship", "cancel", "take", "their_ship", "their_strike"]), PLACES, COUNTS),
    st.tuples(st.just("their_take"), PLACES, COUNTS),
    st.tuples(st.sampled_from(["undo", "their_undo", "their_track"]), st.integers(0, 5), st.just(0)),
    st.tuples(st.sampled_from(["pay", "refund", "their_pay"]), st.integers(1, 100), st.just(0)),
    st.tuples(st.just("look"), st.just(0), st.just(0)),
)


def act(books: Books, what: str, first: int, second: int) -> None:
    """One act of one side; what it cannot do in that moment it leaves."""
    if what == "look":
        books.rounds()
    elif what in ("pay", "refund"):
        books.money("bank:10", Flow.CHARGED if what == "pay" else Flow.REFUNDED, first)
    elif what == "undo":
        books.undo(f"10-{first}")
    elif what == "their_pay":
        books.their_pay(first)
    elif what in ("their_undo", "their_track"):
        edit(books, what, first)
    elif what == "their_take":
        their_take(books, first, second)
    else:
        getattr(books, what)(first, second)


def edit(books: Books, what: str, which: int) -> None:
    """Their people change a hand-over that both sides know; what partly came back is not undone as a whole."""
    living = [one for one in books.theirs.hand_overs if not one.undone and one.ours]
    for one in living[which : which + 1]:
        whole = next((each for each in books.ours.hand_overs if each.key == one.ours), None)
        if what == "their_track":
            books.change_there(one.key, tracking=books.name("TRK"))
        elif whole is not None and whole.pieces == one.pieces:
            books.change_there(one.key, undone=True)


def their_take(books: Books, place: int, count: int) -> None:
    """Their people take back what both sides know to have left."""
    standing = [one for one in books.theirs.hand_overs if not one.undone and one.pieces.get(place)]
    if all(one.ours for one in standing):
        mine = books.ours.lines[place]
        there = sum(one.pieces[place] for one in standing)
        books.take_there(place, min(count, there, mine.shipped - mine.returned))


@settings(max_examples=300)
@given(st.lists(ACTS, max_size=12))
def test_whatever_one_side_does_between_two_looks_both_end_the_same(acts: list[tuple[str, int, int]]) -> None:
    books = Books()
    for what, first, second in acts:
        act(books, what, first, second)
        books.rounds()
    assert gaps(books.ours, books.theirs) == []
    assert not store_facts(books.ours, books.theirs, now=NOW)
    assert not mirror_plan(books.ours, books.theirs)


@settings(max_examples=300)
@given(st.lists(ACTS, max_size=12))
def test_what_the_store_tells_is_followed_once_however_late_it_is_looked_at(acts: list[tuple[str, int, int]]) -> None:
    """Their people act many times before anybody looks: webhooks lost, late, doubled or overtaken come to that."""
    books = Books()
    books.ship(1, 3)
    books.ship(2, 1)
    books.rounds()
    for what, first, second in acts:
        if what.startswith(("their", "look")):
            act(books, what, first, second)
    for _ in range(3):
        books.rounds()
    assert gaps(books.ours, books.theirs) == []


def plan(ours: OurOrder, theirs: TheirOrder) -> list[Act]:
    """What is to be done first."""
    return [step.act for step in mirror_plan(ours, theirs)]


def test_money_that_came_is_reported_before_the_total_falls_and_what_went_out_last() -> None:
    books = Books()
    books.theirs = replace(books.theirs, total=Decimal(80))
    books.ours = replace(books.ours, due=Decimal(50))
    books.money("bank:10", Flow.CHARGED, 80)
    books.money("bank:10", Flow.REFUNDED, 30)
    assert plan(books.ours, books.theirs) == [Act.SOURCE]
    books.carry_out(mirror_plan(books.ours, books.theirs)[0])
    assert plan(books.ours, books.theirs) == [Act.REPORT]
    books.carry_out(mirror_plan(books.ours, books.theirs)[0])
    assert plan(books.ours, books.theirs) == [Act.LOWER, Act.REPORT]


def test_an_order_that_became_dearer_is_explained_once_and_again_when_it_changes() -> None:
    books = Books()
    books.theirs = replace(books.theirs, total=Decimal(80))
    books.ours = replace(books.ours, due=Decimal(100))
    assert [(one.act, one.amount) for one in mirror_plan(books.ours, books.theirs)] == [(Act.EXPLAIN, Decimal(100))]
    books.rounds()
    books.money("bank:10", Flow.CHARGED, 100)
    books.rounds()
    assert (books.theirs.explained, gaps(books.ours, books.theirs)) == (Decimal(100), [])
    books.ours = replace(books.ours, due=Decimal(80))
    books.rounds()
    assert books.theirs.explained == Decimal(80)
    assert not mirror_plan(books.ours, books.theirs)


def test_an_order_that_became_cheaper_is_explained_while_nothing_is_paid_and_lowered_when_it_is() -> None:
    books = Books()
    books.theirs = replace(books.theirs, total=Decimal(100))
    books.ours = replace(books.ours, due=Decimal(60))
    assert [(one.act, one.amount) for one in mirror_plan(books.ours, books.theirs)] == [(Act.EXPLAIN, Decimal(60))]
    books.rounds()
    books.money("bank:10", Flow.CHARGED, 60)
    books.rounds()
    assert (books.theirs.explained, books.theirs.granted) == (Decimal(60), Decimal(40))
    assert not mirror_plan(books.ours, books.theirs)


def test_pieces_that_were_cancelled_need_no_explanation() -> None:
    books = Books()
    books.theirs = replace(books.theirs, total=Decimal(100))
    books.cancel(1, 2)
    books.ours = replace(books.ours, due=Decimal(60))
    books.rounds()
    assert books.theirs.explained is None


def test_who_pays_a_line_is_told_when_it_was_decided_anew_and_not_where_nobody_was_told_before() -> None:
    books = Books()
    books.theirs = replace(books.theirs, payers={1: "WARRANTY"})
    books.ours = replace(books.ours, payers={1: "PAID", 2: "PAID"})
    (step,) = mirror_plan(books.ours, books.theirs)
    assert (step.act, step.payers) == (Act.PAYERS, {1: "PAID"})
    books.rounds()
    assert not mirror_plan(books.ours, books.theirs)


def test_lines_that_are_not_ours_are_a_difference_and_no_reason_to_stop() -> None:
    books = Books()
    books.theirs = replace(books.theirs, unknown=("2 x FOREIGN",))
    books.ship(1, 2)
    books.rounds()
    assert [(one.what, one.theirs) for one in gaps(books.ours, books.theirs)] == [("lines", "2 x FOREIGN")]


def test_an_order_cancelled_in_the_store_while_we_handed_part_of_it_over_keeps_the_hand_over() -> None:
    books = Books()
    books.ship(1, 2)
    books.theirs = replace(books.theirs, cancelled=True)
    books.rounds()
    assert {place: (line.shipped, line.cancelled) for place, line in books.ours.lines.items()} == {1: (2, 3), 2: (0, 3)}
    assert [one.ours for one in books.theirs.hand_overs] == ["10-1"]


def test_pieces_cancelled_before_the_store_had_the_order_are_not_missed_there() -> None:
    books = Books()
    books.cancel(1, 2)
    books.cancel(2, 3)
    books.theirs = replace(books.theirs, quantities={1: 3})
    books.ship(1, 1)
    books.rounds()
    assert (books.theirs.back, gaps(books.ours, books.theirs)) == ({}, [])
    books.cancel(1, 1)
    books.rounds()
    assert (books.theirs.back, gaps(books.ours, books.theirs)) == ({1: 1}, [])


def test_what_comes_back_is_taken_from_hand_overs_that_stand_so_one_that_did_not_happen_is_undone_first() -> None:
    first, second = HandOver("10-1", "HOME", {1: 2}), HandOver("10-2", "HOME", {1: 2})
    there = tuple(replace(one, key=f"F{one.key}", ours=one.key) for one in (first, second))
    ours = OurOrder("10", "EUR", {1: LineCount(5, shipped=2, returned=1)}, (first, replace(second, undone=True)))
    theirs = TheirOrder("O", "1", cancelled=False, quantities={1: 5}, hand_overs=there)
    steps = mirror_plan(ours, theirs)
    assert [step.act for step in steps] == [Act.UNSHIP, Act.TAKE_BACK]
    assert [step.act for step in at_once(steps)] == [Act.UNSHIP]
    assert at_once(steps[1:]) == steps[1:]
