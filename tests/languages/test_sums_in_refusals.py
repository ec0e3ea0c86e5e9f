"""Money in what a person reads of a refusal is written as everywhere else, in their language and their currency's decimals."""

from __future__ import annotations

import ast
import re
from decimal import Decimal

import pytest
from django.utils import translation

from portal import errors
from portal.errors import SUMS, Code, Problem
from portal.languages.writing import money
from portal.notices.words import _TEMPLATES
from tests.architecture.source import files, tree
from warranty.errors import _REASONS, reason_message

# What has a limit that is a number of other things.
NO_MONEY = {
    "bank_size", "change", "counted", "day", "hours", "line_count", "list_count", "member_count", "more_than_ordered", "out_of_range",
    "photo_size", "quantity", "too_long", "too_many_tokens", "upload_size", "upload_unpacked", "upload_too_many",
}  # fmt: skip
CURRENCIES = [("74162.000", "KRW"), ("1234.5", "EUR"), ("1234.500", "KWD")]


def _sums(words: object) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", str(words))) & SUMS


MONEY = sorted((code, why) for (code, why), words in errors._WORDS.items() if _sums(words) and why not in NO_MONEY)


def test_there_are_such_refusals() -> None:
    assert {why for _, why in MONEY} >= {"too_much", "amount", "over_balance", "over_limit", "approver_limit", "not_free", "no_credit"}  # fmt: skip


@pytest.mark.parametrize(("code", "why"), MONEY)
@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_a_refusal_writes_its_sums_as_money(code: Code, why: str, language: str) -> None:
    with translation.override(language):
        template = str(errors._WORDS[code, why])
        for amount, currency in CURRENCIES:
            told = Problem(code, "amount", dict.fromkeys(SUMS, amount) | {"currency": currency}, why).message
            assert told.count(money(Decimal(amount), currency)) == len(_sums(template))
            assert "{" not in told
            assert not re.search(rf"[\d.,]+ ?{currency}\b(?!\d)", told.replace(money(Decimal(amount), currency), ""))
            assert amount not in told.replace(money(Decimal(amount), currency), "")


def test_what_is_no_sum_is_left_as_it_is() -> None:
    assert "1 to 200 lines" in Problem(Code.INVALID, "lines", {"limit": 200}, "line_count").message
    odd = Problem(Code.INVALID, "amount", {"open": "much", "currency": "EUR"}, "too_much").message
    assert "Only much is open" in odd


def test_who_refuses_with_a_sum_names_its_currency() -> None:
    wanted = {why for _, why in MONEY}
    seen = set()
    for path in files("orders", "portal", "warranty", "catalog"):
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "refusal"):
                continue
            why = [one.value for one in node.args[1:] if isinstance(one, ast.Constant)][-1:]
            if why and why[0] in wanted and (node.args[0].attr, why[0]) in {(str(c), w) for c, w in MONEY}:
                seen.add(why[0])
                assert "currency" in {one.arg for one in node.keywords}, f"{path}:{node.lineno}"
    assert seen >= {"too_much", "amount", "over_balance", "approver_limit", "no_credit"}


@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_a_reason_of_cover_writes_what_is_left_as_money(language: str) -> None:
    data = {"contract": "C-1", "left": "74162.000", "currency": "KRW"}
    with translation.override(language):
        told = reason_message("CONTRACT_CAP_PART", data)
        assert money(Decimal(74162), "KRW") in told
        assert "KRW" not in told


def test_no_words_write_a_sum_beside_its_bare_currency() -> None:
    """`{amount} {currency}` is a raw sum, or names the currency twice."""
    every = [*errors._WORDS.values(), *_REASONS.values(), *(one for pair in _TEMPLATES.values() for one in pair)]
    assert not [str(one) for one in every if re.search(r"\} ?\{currency\}", str(one))]
