"""Where the books of an order differ, in the reader's words: figures of both sides, and why one cannot follow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from frontend import words
from frontend.forms.base import said
from orders.store_words import figure_words
from portal.errors import Code, Problem


def difference_gaps(facts: Mapping[str, Any], side: str) -> list[str]:
    """What `side` ("ours", "theirs") says of each figure that differs."""
    return [f"{figure_words(one['what'], one['place'])}: {one[side] or '-'}" for one in facts.get("gaps", ())]


def difference_reasons(facts: Mapping[str, Any]) -> list[str]:
    """Why it could not be made the same."""
    return [text for one in facts.get("why", ()) for text in _why(one)]


def _why(one: Mapping[str, Any]) -> Iterator[str]:
    if "step" in one:
        yield _("The store refuses it: {said}").format(said=one["said"])
        return
    for told in one["problems"]:
        problem = Problem(Code(told["code"]), told["field"], told["details"], told["why"])
        yield f"{words.STORE_FACTS.get(one['fact'], one['fact'])}: {said(problem)}"
