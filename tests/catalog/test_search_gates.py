"""Gates: which names are looked at, from the strictest to the widest."""

from catalog.search.gates import Asked, gates


def word(text: str, weight: float, documents: int = 10) -> Asked:
    return Asked(f"'{text}'", weight, documents)


def test_the_strictest_gate_asks_for_every_word_and_the_widest_for_the_rarest():
    found = gates([word("pump", 1, 900), word("seal", 3, 5)], most=100)
    assert (found[0], found[-1]) == ("('seal' & 'pump')", "'seal'")


def test_a_wider_gate_lets_through_whoever_holds_enough_of_what_was_asked():
    found = gates([word("a", 4), word("b", 3), word("c", 2)], most=100)
    assert found[1:3] == ["('a' & 'b')", "(('a' & ('b' | 'c')) | ('b' & 'c'))"]


def test_words_common_together_let_short_names_through_first():
    found = gates([word("a", 1, 5000), word("b", 1, 5000)], most=100)
    assert [gate.rpartition(" & ")[2] for gate in found[:3]] == [
        "('#1' | '#2' | '#3')",
        "('#4' | '#5')",
        "('#6' | '#7' | '#8' | '#9')",
    ]


def test_one_word_has_one_gate_and_a_word_nobody_uses_has_none():
    assert gates([word("a", 1), word("x", 5, documents=0)], most=100) == ["'a'"]


def test_twelve_words_make_no_gate_without_end():
    assert max(map(len, gates([word(f"w{at}", 12 - at) for at in range(12)], most=100))) < 2000
