"""What strangers typed does not run in the spreadsheet it is opened in."""

from __future__ import annotations

import pytest

from portal.cells import harmless


@pytest.mark.parametrize(
    "typed",
    ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", " =1+1", "　=1", "\xa0=1", "\ufeff=1", "\u200b=1", "＝1", "＋1", "－1", "＠x"],
)  # fmt: skip
def test_what_begins_like_a_formula_is_text(typed: str) -> None:
    assert harmless(typed) == f"'{typed}"


@pytest.mark.parametrize("typed", ["", " ", "x=1", "1-2", "Ölfilter", "주문=1", "'=1"])
def test_other_text_stays_as_it_is(typed: str) -> None:
    assert harmless(typed) == typed
