"""What became of a part: chains, splits, circles."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from catalog.rules.supersession import Heir, Step, heirs, standing, stands_in_for, steps_by_old

TODAY = date(2026, 6, 1)
days = st.integers(0, 400).map(lambda offset: date(2026, 1, 1) + timedelta(offset))
parts = st.integers(1, 6)
steps = st.builds(Step, old=parts, new=parts, quantity=st.integers(1, 3), both=st.booleans(), on=days)
networks = st.lists(
    steps.filter(lambda step: step.old != step.new), max_size=12, unique_by=lambda step: (step.old, step.new)
)


def heirs_of(part: int, *network: Step, on: date = TODAY) -> tuple[Heir, ...]:
    return heirs(part, steps_by_old(standing(network, on)))


def test_a_chain_leads_to_its_end_and_multiplies():
    assert heirs_of(1, Step(1, 2, quantity=2), Step(2, 3, quantity=3)) == (Heir(3, 6, "USE_UP", False),)


def test_one_part_may_become_several():
    assert {(heir.part, heir.quantity) for heir in heirs_of(1, Step(1, 2), Step(1, 3, quantity=2))} == {(2, 1), (3, 2)}


def test_two_roads_to_one_part_add_their_pieces():
    assert heirs_of(1, Step(1, 2), Step(1, 3), Step(2, 4), Step(3, 4, quantity=2)) == (Heir(4, 3, "USE_UP", False),)


def test_the_strictest_change_over_on_the_road_holds():
    assert heirs_of(1, Step(1, 2, mode="NEVER_MIX"), Step(2, 3, mode="RUN_IN"))[0].mode == "NEVER_MIX"


def test_a_step_of_tomorrow_does_not_count_today():
    tomorrow = Step(1, 2, on=TODAY + timedelta(1))
    assert heirs_of(1, tomorrow) == ()
    assert heirs_of(1, tomorrow, on=TODAY + timedelta(1)) != ()


def test_of_two_contradicting_steps_the_later_counts():
    there, back = Step(1, 2, on=date(2020, 1, 1)), Step(2, 1, on=date(2022, 1, 1))
    assert heirs_of(1, there, back) == ()
    assert heirs_of(2, there, back)[0].part == 1


def test_a_circle_of_one_day_supersedes_nobody():
    assert standing([Step(1, 2), Step(2, 3), Step(3, 1)], TODAY) == []


@given(networks)
def test_heirs_are_current_and_never_the_part_itself(network: list[Step]):
    live = steps_by_old(standing(network, TODAY))
    for part in range(1, 7):
        found = heirs(part, live)
        assert bool(found) == (part in live)
        assert all(heir.part != part and heir.part not in live for heir in found)


@given(networks)
def test_a_successor_stands_in_for_every_part_it_replaced(network: list[Step]):
    live = standing(network, TODAY)
    for part in range(1, 7):
        for heir in heirs(part, steps_by_old(live)):
            assert part in stands_in_for(heir.part, live)
        assert part not in stands_in_for(part, live)


def test_the_old_part_stands_in_only_where_the_way_back_is_open():
    assert stands_in_for(1, [Step(1, 2)]) == {}
    assert stands_in_for(1, [Step(1, 2, both=True)]) == {2: 1}
    assert stands_in_for(1, [Step(1, 2, both=True), Step(1, 3, both=True)]) == {}  # half of what it became
    assert stands_in_for(2, [Step(1, 2, quantity=3)]) == {1: 3}
