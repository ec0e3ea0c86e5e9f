"""A number in any dress, old or foreign, leads to the current part."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Part
from catalog.selectors.parts import Resolution, part_names, parts_resolve
from tests.factories import make_cross_reference, make_part, make_supersession

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)


def resolve(number: str, on: date = TODAY) -> Resolution:
    return parts_resolve([number], on=on)[number]


def answer(number: str, on: date = TODAY) -> tuple[Part | None, str | None]:
    found = resolve(number, on)
    return found.part, found.found_as


def test_a_number_is_found_exactly_and_in_any_dress():
    part = make_part("HS-1042/B")
    assert answer("HS-1042/B") == (part, "EXACT")
    assert answer(" hs1042 b") == (part, "OWN")
    assert answer("ＨＳ－１０４２Ｂ") == (part, "OWN")


def test_nothing_is_found_for_nothing():
    make_part("HS-1042")
    for number in ("", " -/ ", "HS-1043", "\x00", "x" * 5000):
        assert resolve(number) == Resolution(number)


def test_two_numbers_that_normalise_alike_are_ambiguous_until_typed_exactly():
    dashed, plain = make_part("3005-7"), make_part("30057")
    assert answer("3005-7") == (dashed, "EXACT")
    assert answer("30057") == (plain, "EXACT")
    both = resolve("3005 7")
    assert (both.part, set(both.candidates), both.ambiguous) == (None, {dashed, plain}, True)


def test_the_same_number_of_two_makers_is_never_guessed():
    one, other = make_part("100", maker="ALPHA"), make_part("100", maker="BETA")
    make_supersession(one, make_part("101", maker="ALPHA"))
    assert set(resolve("100").candidates) == {one, other}


def test_an_old_and_a_current_number_alike_are_ambiguous_until_typed_exactly():
    old, current, new = make_part("30-57"), make_part("305-7"), make_part("9000")
    make_supersession(old, new)
    assert set(resolve("3057").candidates) == {old, current}
    assert answer("30-57") == (new, "OLD")
    assert answer("305-7") == (current, "EXACT")


def test_numbers_alike_that_lead_to_one_current_part_are_not_ambiguous():
    old, current = make_part("30-57"), make_part("305-7")
    make_supersession(old, current)
    assert answer("3057") == (current, "OWN")


def test_an_old_number_answers_with_the_end_of_its_chain():
    first, second, third = make_part("A1"), make_part("A2"), make_part("A3")
    make_supersession(first, second)
    make_supersession(second, third, mode="NEVER_MIX")
    found = resolve("a-1")
    assert (found.part, found.found_as, found.asked_part, found.superseded) == (third, "OLD", first, True)
    assert [(row.part, row.quantity, row.mode, row.direction) for row in found.successors] == [
        (third, 1, "NEVER_MIX", "FORWARD")
    ]


def test_supersession_beats_the_status_column():
    old, new = make_part("A1", status="ACTIVE"), make_part("A2", status="RETIRED")
    make_supersession(old, new)
    assert resolve("A1").part == new


def test_a_supersession_of_tomorrow_does_not_count_today():
    old, new = make_part("A1"), make_part("A2")
    make_supersession(old, new, on=date(2026, 6, 2))
    assert answer("A1") == (old, "EXACT")
    assert answer("A1", date(2026, 6, 2)) == (new, "OLD")


def test_one_to_several_gives_no_part_but_all_successors():
    old, body, screw = make_part("KIT"), make_part("BODY"), make_part("SCREW")
    make_supersession(old, body)
    make_supersession(old, screw, quantity=4)
    found = resolve("KIT")
    assert (found.part, found.asked_part, found.candidates) == (None, old, ())
    assert {(row.part, row.quantity) for row in found.successors} == {(body, 1), (screw, 4)}


def test_one_that_became_several_pieces_of_one_part_is_not_swapped_silently():
    old, new = make_part("LONG"), make_part("SHORT")
    make_supersession(old, new, quantity=2)
    found = resolve("LONG")
    assert (found.part, found.successors[0].quantity) == (None, 2)


def test_a_circle_ends_and_the_latest_word_counts():
    one, two = make_part("C1"), make_part("C2")
    make_supersession(one, two, on=date(2020, 1, 1))
    make_supersession(two, one, on=date(2022, 1, 1))
    assert answer("C1") == (one, "EXACT")
    assert answer("C2") == (one, "OLD")


def test_a_foreign_number_is_found_last():
    part = make_part("HS-1")
    make_cross_reference(part, "XX 99-1")
    assert answer("xx991") == (part, "FOREIGN")


def test_a_foreign_number_that_is_somebodys_own_means_the_own_part():
    ours, other = make_part("777"), make_part("HS-1")
    make_cross_reference(other, "7-77")
    assert answer("777") == (ours, "EXACT")
    assert answer("7-77") == (ours, "OWN")


def test_a_foreign_number_of_several_parts_is_ambiguous():
    one, two = make_part("HS-1"), make_part("HS-2")
    make_cross_reference(one, "X1")
    make_cross_reference(two, "X1", catalogue="THIRD")
    found = resolve("x-1")
    assert (found.part, set(found.candidates)) == (None, {one, two})


def test_foreign_numbers_that_lead_to_one_current_part_are_not_ambiguous():
    old, new = make_part("HS-1"), make_part("HS-2")
    make_supersession(old, new)
    make_cross_reference(old, "X1")
    make_cross_reference(new, "X1")
    assert answer("X1") == (new, "FOREIGN")


def test_a_foreign_number_of_an_old_part_says_so():
    old, new = make_part("HS-1"), make_part("HS-2")
    make_supersession(old, new)
    make_cross_reference(old, "X1")
    found = resolve("X1")
    assert (found.part, found.found_as, found.asked_part, found.superseded) == (new, "FOREIGN", old, True)


def test_two_thousand_numbers_take_at_most_four_queries():
    chain = [make_part(f"Q-{index}") for index in range(60)]
    for old, new in zip(chain[:40:2], chain[1:41:2], strict=True):
        make_supersession(old, new)
    make_cross_reference(chain[50], "FOREIGN-1")
    numbers = [f"q{index}" for index in range(2000)] + ["FOREIGN-1"]
    with CaptureQueriesContext(connection) as queries:
        found = parts_resolve(numbers, on=TODAY)
    assert len(queries) <= 4
    assert (len(found), found["q0"].part, found["FOREIGN-1"].part) == (2001, chain[1], chain[50])


def test_names_fall_back_to_english_then_to_any():
    one, two, three, nameless = make_part(name="seal"), make_part(name="pump"), make_part(), make_part()
    one.names.create(language="ko", name="씰")
    three.names.create(language="ja", name="弁")
    assert part_names([one, two, three.pk, nameless], "ko") == {one.pk: "씰", two.pk: "pump", three.pk: "弁"}
