"""What the card provider's server says, read strictly: a part that is not of its kind is `Unreadable`, and a code says which. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from orders.rules.card_amounts import from_minor

_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_KEY = re.compile(r"[0-9]{1,18}")  # \d and isdigit() take other scripts' digits, of which int() refuses some
_UNKEPT = re.compile("[\x00\ud800-\udfff]")  # no column of the database takes these
_FIRST, _LAST = 1_262_304_000, 4_102_444_800  # 2010, before there were events, and 2100
_MOST = 10**12  # smallest units: beyond what any card is charged, within what a column holds
_DEEP, _MANY, _LONG = 4, 60, 500


class UnreadableError(ValueError):
    """`what` is one of body, object, name, time, amount, currency (their words: portal/webhooks/words.py)."""

    def __init__(self, what: str, value: Any = None) -> None:
        self.what = what
        super().__init__(f"{what}: {value!r:.80}")


def thing_read(value: Any) -> Mapping[str, Any]:
    """An object with parts."""
    if not isinstance(value, Mapping):
        raise UnreadableError("object", value)
    return value


def part_of(value: Any) -> Mapping[str, Any]:
    """A part nothing depends on: nothing when it is missing or of another kind."""
    return value if isinstance(value, Mapping) else {}


def name_read(value: Any, *, most: int = 80, needed: bool = True) -> str:
    """The provider's own name of a thing, or of the thing with it inside; empty for none unless it is `needed`."""
    found = value.get("id") if isinstance(value, Mapping) else value
    if found in (None, "") and not needed and not isinstance(value, Mapping):
        return ""
    if not isinstance(found, str) or len(found) > most or not _NAME.fullmatch(found):
        raise UnreadableError("name", found)
    return found


def word_read(value: Any, *, most: int) -> str:
    """A word of its own choosing, fit to be kept and cut to `most`."""
    if not isinstance(value, str):
        raise UnreadableError("object", value)
    return clean(value)[:most]


def clean(text: str) -> str:
    """Without what no column takes; never equal to another text by that."""
    return _UNKEPT.sub("\ufffd", text)


def currency_read(value: Any) -> str:
    """Three letters, in capitals as we write them."""
    if not isinstance(value, str) or len(value) != 3 or not (value.isascii() and value.isalpha()):
        raise UnreadableError("currency", value)
    return value.upper()


def amount_read(value: Any, currency: str, *, least: int = 0) -> Decimal:
    """Major units of a whole number of smallest ones."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= _MOST:
        raise UnreadableError("amount", value)
    return from_minor(value, currency)


def moment_read(value: Any) -> datetime:
    """A moment in whole seconds, as the world has it."""
    if not isinstance(value, int) or isinstance(value, bool) or not _FIRST <= value <= _LAST:
        raise UnreadableError("time", value)
    return datetime.fromtimestamp(value, UTC)


def key_read(value: Any) -> int | None:
    """The key of a row of ours, which we wrote on it; None for whatever we cannot have written."""
    return int(value) if isinstance(value, str) and _KEY.fullmatch(value) else None


@dataclass(frozen=True)
class EventTold:
    """Something that happened at Stripe: its kind, and the object it is about."""

    id: str
    kind: str
    at: datetime
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def intent_id(self) -> str:
        """The PaymentIntent it is about, empty when none."""
        found = (
            self.about.get("id") if self.about.get("object") == "payment_intent" else self.about.get("payment_intent")
        )
        return name_read(found, needed=False)

    @property
    def dispute_id(self) -> str:
        """The dispute it is about, empty when none."""
        return name_read(self.about) if self.about.get("object") == "dispute" else ""


@dataclass(frozen=True)
class EventUnread:
    """An event that was asked for and cannot be read: why, and what it says."""

    why: str
    body: bytes


def event_of(told: Mapping[str, Any]) -> EventTold:
    """An event as it was sent."""
    about = thing_read(part_of(told.get("data")).get("object"))
    name, kind = name_read(told.get("id"), most=120), word_read(told.get("type"), most=80)
    event = EventTold(name, kind, moment_read(told.get("created")), dict(about))
    _ = event.intent_id, event.dispute_id  # named as they must be, or unreadable here and not later
    return event


def kept(value: Any, deep: int = _DEEP) -> Any:
    """Fit to be kept as JSON and looked at by a person: what is too deep, too long or no JSON is told in words."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) < 10**18:
        return value
    if isinstance(value, str):
        return clean(value)[:_LONG]
    if deep and isinstance(value, Mapping):
        return {clean(str(name))[:_LONG]: kept(one, deep - 1) for name, one in list(value.items())[:_MANY]}
    if deep and isinstance(value, (list, tuple)):
        return [kept(one, deep - 1) for one in value[:_MANY]]
    if isinstance(value, (int, float)):
        return f"{float(value):g}" if abs(value) < 10**300 else "?"
    return "…"
