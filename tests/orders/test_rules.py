"""The pure rules of orders and stock, over everything hypothesis can think of."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.prices import Tier
from catalog.rules.stock import Source, Want, allot, day_when_free
from orders.models import HoldReason, OrderState, OrderType
from orders.rules.credits import LatePieces, line_earns
from orders.rules.holds import CAUSES
from orders.rules.money import freight_due, over_limit, payment_state
from orders.rules.state import TRANSITIONS, LineFacts, may_move, order_state
from orders.rules.substitution import MOST_PER, tier_for_one
from orders.rules.turn import TYPES, turn_key
from portal.money import exponent, quantise

DAY = date(2026, 11, 23)
CURRENCIES = st.sampled_from(["KRW", "JPY", "EUR", "KWD"])
days = st.integers(0, 5).map(lambda count: DAY + timedelta(days=count))
wants = st.lists(
    st.builds(Want, st.integers(1, 99).map(str), st.integers(1, 3), st.integers(1, 9), st.none() | days),
    max_size=6,
    unique_by=lambda want: want.key,
)
shelf = st.lists(
    st.builds(Source, st.integers(1, 3), st.integers(1, 3), st.integers(0, 9)),
    max_size=6,
    unique_by=lambda source: (source.part_id, source.warehouse_id),
)
coming = st.lists(
    st.builds(Source, st.integers(1, 3), st.integers(1, 3), st.integers(0, 9), st.integers(1, 99), days),
    max_size=4,
    unique_by=lambda source: source.receipt_id,
)


@given(wants, shelf, coming)
def test_nobody_is_given_more_than_there_is_and_every_piece_is_accounted_for(
    wants: list[Want], shelf: list[Source], coming: list[Source]
) -> None:
    takes, short = allot(wants, shelf, coming)
    for source in (*shelf, *coming):
        assert sum(take.quantity for take in takes if take.source is source) <= source.free
    for want in wants:
        mine = [take for take in takes if take.key == want.key]
        assert sum(take.quantity for take in mine) + short.get(want.key, 0) == want.quantity
        assert all(take.quantity > 0 and take.source.part_id == want.part_id for take in mine)
        in_time = [take.source.on for take in mine if take.source.on is not None]
        assert all(want.accept_on is not None and on <= want.accept_on for on in in_time)


@given(wants, shelf, coming)
def test_whoever_is_short_leaves_nothing_of_the_shelf_behind(
    wants: list[Want], shelf: list[Source], coming: list[Source]
) -> None:
    takes, short = allot(wants, shelf, coming)
    for want in wants:
        if want.key in short:
            there = sum(source.free for source in shelf if source.part_id == want.part_id)
            given_out = [
                take for take in takes if take.source.part_id == want.part_id and take.source.receipt_id is None
            ]
            assert sum(take.quantity for take in given_out) == there


@given(wants, shelf)
def test_one_warehouse_that_has_all_of_a_first_line_serves_it_alone(wants: list[Want], shelf: list[Source]) -> None:
    takes, _ = allot(wants, shelf, [])
    for place, want in enumerate(wants):
        first = all(earlier.part_id != want.part_id for earlier in wants[:place])
        whole = [one for one in shelf if one.part_id == want.part_id and one.free >= want.quantity]
        if first and whole:
            assert [take.source for take in takes if take.key == want.key] == [whole[0]]


@given(st.integers(1, 30), st.integers(0, 30), coming)
def test_more_pieces_are_never_there_earlier(quantity: int, free: int, coming: list[Source]) -> None:
    less, more = day_when_free(quantity, free, coming), day_when_free(quantity + 1, free, coming)
    if quantity > free and less is not None and more is not None:
        assert less <= more
    if more is not None and quantity > free:
        assert less is not None


@st.composite
def line_facts(draw: st.DrawFn) -> LineFacts:
    """A line that can be: nothing shipped that is cancelled, nothing delivered that is not shipped."""
    quantity = draw(st.integers(1, 5))
    cancelled = draw(st.integers(0, quantity))
    shipped = draw(st.integers(0, quantity - cancelled))
    delivered = draw(st.integers(0, shipped))
    in_review = draw(st.booleans()) and not shipped
    return LineFacts(quantity, cancelled, shipped, delivered, in_review, cleared=bool(shipped) or draw(st.booleans()))


@given(st.lists(line_facts(), min_size=1, max_size=4), st.booleans())
def test_every_order_has_one_state_of_the_table(lines: list[LineFacts], needs_approval: bool) -> None:
    state = order_state(lines, needs_approval=needs_approval)
    assert state in TRANSITIONS
    assert (state == "CANCELLED") == (not any(line.due for line in lines))
    if state == "DELIVERED":
        assert all(line.delivered == line.due for line in lines if line.due)
    if state in ("READY", "AWAITING_PAYMENT", "AWAITING_REVIEW"):
        assert not any(line.shipped for line in lines if line.due)


def test_the_table_names_every_state_and_nothing_leaves_an_end() -> None:
    assert set(TRANSITIONS) == set(OrderState.values)
    assert all(new in TRANSITIONS for moves in TRANSITIONS.values() for new in moves)
    assert TRANSITIONS["CANCELLED"] == frozenset()
    assert all(may_move(state, state) for state in TRANSITIONS)
    assert not may_move("SHIPPED", "CANCELLED")
    assert not may_move("CANCELLED", "READY")


def test_every_reason_to_hold_has_a_cause_and_every_type_a_turn() -> None:
    assert set(CAUSES) == set(HoldReason.values)
    assert set(TYPES) == set(OrderType.values)
    assert TYPES[0] == "MACHINE_DOWN"


turns = st.tuples(st.sampled_from(TYPES), st.none() | st.integers(0, 9), st.integers(0, 9), st.integers(1, 999))


@given(turns, turns)
def test_a_machine_that_stands_still_goes_first_and_then_the_paid(
    one: tuple[str, int | None, int, int], other: tuple[str, int | None, int, int]
) -> None:
    def key(turn: tuple[str, int | None, int, int]) -> tuple[object, ...]:
        kind, cleared, placed, line_id = turn
        start = datetime(2026, 11, 23, tzinfo=UTC)
        at = None if cleared is None else start + timedelta(hours=cleared)
        return turn_key(order_type=kind, cleared_at=at, placed_at=start + timedelta(hours=placed), line_id=line_id)

    if one[0] == "MACHINE_DOWN" and other[0] != "MACHINE_DOWN":
        assert key(one) < key(other)
    if one[0] == other[0] and one[1] is not None and other[1] is None:
        assert key(one) < key(other)
    if one[0] == other[0] and one[1] is not None and other[1] is not None and one[1] < other[1]:
        assert key(one) < key(other)


late_rows = st.lists(
    st.builds(
        LatePieces,
        on=days,
        policy=st.sampled_from(["ship", "agreed-delivery"]),
        pieces=st.integers(1, 5),
        rate=st.just(Decimal("0.01")),
        cap=st.just(Decimal("0.10")),
    ),
    max_size=30,
)
prices = st.decimals(Decimal("0.001"), 100_000, places=3)


@given(late_rows, prices, st.integers(1, 5), CURRENCIES)
def test_credits_are_never_negative_never_over_the_cap_and_in_whole_units(
    rows: list[LatePieces], base: Decimal, quantity: int, currency: str
) -> None:
    amounts = [one.amount for one in line_earns(rows, base=base, quantity=quantity, currency=currency)]
    assert all(amount >= 0 and amount == quantise(amount, currency) for amount in amounts)
    assert sum(amounts, Decimal(0)) <= quantise(base * quantity * Decimal("0.10"), currency)


@given(late_rows, prices, st.integers(1, 5), CURRENCIES)
def test_a_day_more_never_earns_less_and_the_sum_is_rounded_once(
    rows: list[LatePieces], base: Decimal, quantity: int, currency: str
) -> None:
    earned = line_earns(rows, base=base, quantity=quantity, currency=currency)
    before = line_earns(rows[:-1], base=base, quantity=quantity, currency=currency)
    assert earned[: len(before)] == before
    exact = min(sum((one.exact for one in earned), Decimal(0)), base * quantity * Decimal("0.10"))
    assert sum((one.amount for one in earned), Decimal(0)) == quantise(exact, currency)


@given(st.permutations([("ship", 2), ("ship", 3), ("agreed-delivery", 4)]))
def test_on_one_day_policies_do_not_add_up_and_promises_of_one_policy_do(rows: list[tuple[str, int]]) -> None:
    late = [LatePieces(DAY, policy, pieces, Decimal("0.01"), Decimal("0.10")) for policy, pieces in rows]
    earned = line_earns(late, base=Decimal(100), quantity=9, currency="EUR")
    assert sum(one.exact for one in earned) == 5  # the five pieces not handed over hold the four not arrived


amounts = st.decimals(0, 10_000, places=2)


@given(st.sampled_from(["TRANSFER", "ACCOUNT", "NONE", "CARD"]), amounts, amounts)
def test_money_has_one_state(method: str, total: Decimal, paid: Decimal) -> None:
    state = payment_state(method=method, total=total, paid=paid)
    assert (state == "REFUND_DUE") == (paid > total)
    assert (state in ("PAID", "NOTHING_TO_PAY")) == (paid == total)


@given(amounts, amounts, amounts)
def test_the_limit_is_passed_by_more_than_it_and_never_by_nothing(limit: Decimal, owed: Decimal, more: Decimal) -> None:
    assert over_limit(limit=limit, open_balance=owed, amount=more) == (more > 0 and owed + more > limit)
    assert not over_limit(limit=limit, open_balance=limit + 1, amount=Decimal(0))


@given(st.lists(amounts, max_size=4), amounts)
def test_freight_is_whole_or_none(goods: list[Decimal], freight: Decimal) -> None:
    assert freight_due(goods, freight) == (freight if any(goods) else 0)


@given(st.decimals(-(10**9), 10**9, places=6), CURRENCIES)
def test_one_quantiser_rounds_half_away_from_zero_and_never_by_more_than_half_a_unit(
    amount: Decimal, currency: str
) -> None:
    unit = Decimal(1).scaleb(-exponent(currency))
    rounded = quantise(amount, currency)
    assert abs(rounded - amount) <= unit / 2
    assert quantise(rounded, currency) == rounded == -quantise(-amount, currency)


@given(
    st.decimals("0.001", "9999999999999", places=3, allow_nan=False),
    st.integers(1, MOST_PER),
    st.integers(1, MOST_PER),
)
def test_a_replaced_parts_price_is_said_for_no_more_pieces_than_a_price_can_be_and_never_dearer(
    amount: Decimal, per: int, for_one: int
) -> None:
    found = tier_for_one(Tier(1, amount, per), for_one)
    assert found.per_quantity <= MOST_PER
    assert found.amount * per * for_one <= amount * found.per_quantity
    assert per * for_one > MOST_PER or (found.amount, found.per_quantity) == (amount, per * for_one)
