"""What can go wrong when the store is asked, told apart by what is to be done about it.

| error | happened | to be done |
|---|---|---|
| SaleorAway | no answer, time-out, HTTP 5xx or 429 | try again later; when `doubtful`, look first whether it was done |
| SaleorDenied | wrong token, a permission missing, storefront closed | staff connect again (`saleor_check` says what is missing) |
| SaleorBroken | HTTP 400, top-level errors (a crash), not JSON | a person must look; when `doubtful`, it may have been done all the same |
| SaleorRefused | the payload's `errors[]` | the caller knows: it is about the input |
| NotConnected | no store is connected, or its token cannot be read | `python -m portal saleor_connect URL` |

Messages are for staff and logs. They never hold a token.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


class SaleorError(Exception):
    """The store did not do what it was asked to do."""

    code: ClassVar[str] = "STORE_ERROR"


class NotConnected(SaleorError):  # noqa: N818  reads as what is the case
    """No store is connected, or its token cannot be read with the keys given."""

    code = "STORE_NOT_CONNECTED"


class SaleorAway(SaleorError):  # noqa: N818
    """Nobody answered. `doubtful`: the request may have arrived, so look before doing it again."""

    code = "STORE_AWAY"

    def __init__(self, message: str, *, doubtful: bool = False) -> None:
        super().__init__(message)
        self.doubtful = doubtful


class SaleorDenied(SaleorError):  # noqa: N818
    """The store knows us not, or not for this. It answers HTTP 200 all the same."""

    code = "STORE_DENIED"


class SaleorBroken(SaleorError):  # noqa: N818
    """The document or the store is at fault. `reason` is the store's own class of error, such as `IntegrityError`.

    `doubtful`: a crash may come after the deed.
    """

    code = "STORE_BROKEN"

    def __init__(self, message: str, *, reason: str = "", doubtful: bool = False) -> None:
        super().__init__(message)
        self.reason = reason
        self.doubtful = doubtful


@dataclass(frozen=True)
class Problem:
    """One of a payload's errors: `code` is the store's own (`UNIQUE`, `INSUFFICIENT_STOCK`), `extra` what else it said."""

    field: str
    code: str
    message: str
    extra: Mapping[str, Any] = dataclasses.field(default_factory=dict)


class SaleorRefused(SaleorError):  # noqa: N818
    """The store read the input and will not have it; nothing was done."""

    code = "STORE_REFUSED"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{one.field or '-'}: {one.code} {one.message}" for one in self.problems)[:1000])

    def has(self, *codes: str) -> bool:
        """Whether one of the problems has one of these codes."""
        return any(one.code in codes for one in self.problems)


_KEPT = {one.__name__: one.code for one in (SaleorAway, SaleorDenied, SaleorBroken, SaleorRefused, NotConnected)}


def code_kept(said: str) -> str:
    """The code of an error of which a message kept the words (`SaleorAway: nobody answers`); empty when it is none of these."""
    return _KEPT.get(said.split(":", 1)[0], "")
