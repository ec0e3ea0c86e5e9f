"""Refusals: a code and data travel through the program, words are made at the edge in the reader's language."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from portal.languages.writing import money


class Code(StrEnum):
    """Every refusal a client can meet (the public API's error codes)."""

    AMBIGUOUS_PART = "AMBIGUOUS_PART"
    BUSY = "BUSY"
    CARD_REQUIRED = "CARD_REQUIRED"
    CREDIT_STOPPED = "CREDIT_STOPPED"
    DOES_NOT_FIT = "DOES_NOT_FIT"
    EXPECTED_CHANGED = "EXPECTED_CHANGED"
    INVALID = "INVALID"
    NOT_ALLOWED = "NOT_ALLOWED"
    NOT_FOUND = "NOT_FOUND"
    OUT_OF_STOCK = "OUT_OF_STOCK"
    PACK_QUANTITY = "PACK_QUANTITY"
    PAYMENT_UNAVAILABLE = "PAYMENT_UNAVAILABLE"
    PRICE_CHANGED = "PRICE_CHANGED"
    PROMISE_CHANGED = "PROMISE_CHANGED"
    REFERENCE_REUSED = "REFERENCE_REUSED"
    STOP_SALE = "STOP_SALE"
    SUPERSEDED = "SUPERSEDED"
    TOO_LATE = "TOO_LATE"
    UNKNOWN_PART = "UNKNOWN_PART"
    WRONG_STATE = "WRONG_STATE"


# Details that are sums of money wherever a refusal names its `currency`.
SUMS = frozenset({"open", "most", "total", "limit", "given"})
_WORDS: dict[tuple[Code, str], LazyText | str] = {
    (Code.AMBIGUOUS_PART, ""): _("This number means several parts. Choose one of the parts named in the details."),
    (Code.BUSY, ""): _("Somebody else is changing the same thing right now. Try again in a moment."),
    (Code.CARD_REQUIRED, ""): _("A free or contract line needs an open repair card for this machine. Open one first."),
    (Code.CREDIT_STOPPED, ""): _("This account is stopped. Pay in advance or ask your contact to lift the stop."),
    (Code.DOES_NOT_FIT, ""): _("This part does not fit this machine. Order the part named in the details."),
    (Code.EXPECTED_CHANGED, ""): _("The expected date has changed. Accept the new date or order less."),
    (Code.INVALID, ""): _("This value is not valid. Correct it and send it again."),
    (Code.INVALID, "zone"): _("This time names no zone. Say it with one: {example}"),
    (Code.NOT_ALLOWED, ""): _("You are not allowed to do this. Ask somebody with the right role."),
    (Code.NOT_FOUND, ""): _("There is no such thing here. Check the number."),
    (Code.OUT_OF_STOCK, ""): _("Not enough is free. Order less, or accept the expected date."),
    (Code.PACK_QUANTITY, ""): _("This part is sold in packs. Order whole packs."),
    (Code.PAYMENT_UNAVAILABLE, ""): _("This way of paying is not open for this order. Choose another one."),
    (Code.PRICE_CHANGED, ""): _("The price has changed since the quote. Ask for a new quote."),
    (Code.PROMISE_CHANGED, ""): _("The promised day has changed since the quote. Ask for a new quote."),
    (Code.REFERENCE_REUSED, ""): _("This reference was used with another content. Use a new reference."),
    (Code.STOP_SALE, ""): _("This part may not be sold at the moment."),
    (Code.SUPERSEDED, ""): _("This part was replaced. Order its successor, or allow us to substitute."),
    (Code.TOO_LATE, ""): _("It is too late for this: the goods are already handed over."),
    (Code.UNKNOWN_PART, ""): _("We know no part of this number. Check it, or ask the hotline."),
    (Code.WRONG_STATE, ""): _("This cannot be done in the present state."),
}


@dataclass(frozen=True)
class Problem:
    """One refusal: `field` is the input's path (`lines[3].partNumber`), `details` is JSON data, `why` picks finer words."""

    code: Code
    field: str = ""
    details: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    why: str = ""

    @property
    def message(self) -> str:
        """The refusal in the reader's language."""
        words = str(_WORDS.get((self.code, self.why)) or _WORDS[(self.code, "")])
        try:
            return words.format(**{name: self._written(name, value) for name, value in self.details.items()})
        except (KeyError, IndexError):  # a template must never hide the refusal itself
            return words

    def _written(self, name: str, value: Any) -> Any:
        """A sum as the reader writes money; what else is told stays as it is."""
        if name not in SUMS or "currency" not in self.details:
            return value
        try:
            return money(Decimal(str(value)), str(self.details["currency"]))
        except ArithmeticError:
            return value


class PortalError(Exception):
    """A business refusal; carries one or more problems and changes nothing."""

    def __init__(self, problems: Iterable[Problem] | Problem) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__(", ".join(f"{p.code}({p.field})" for p in self.problems))

    @property
    def code(self) -> Code:
        """The first problem's code."""
        return self.problems[0].code


def refusal(code: Code, field: str = "", why: str = "", **details: Any) -> PortalError:
    """Build the error of a single problem: `raise refusal(Code.NOT_FOUND, "serial")`."""
    return PortalError(Problem(code, field, details, why))


def register_words(words: Mapping[tuple[Code, str], LazyText | str]) -> None:
    """Add finer words for (code, why); each app's `errors.py` brings its own. Placeholders name keys of `details`."""
    _WORDS.update(words)
