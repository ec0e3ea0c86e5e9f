"""Input that people type, cleaned or refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from catalog.rules.numbers import normalise
from portal.errors import Code, refusal

MOST_HOURS = 1_000_000
MOST_PIECES = 100_000


def clean_text(text: str, field: str, *, limit: int) -> str:
    """Stripped text. Raises INVALID (field) when nothing is left or it is longer than `limit`."""
    cleaned = without_nul(text)
    if not cleaned:
        raise refusal(Code.INVALID, field, "empty")
    if len(cleaned) > limit:
        raise refusal(Code.INVALID, field, "too_long", limit=limit)
    return cleaned


def clean_serial(serial: str) -> tuple[str, str]:
    """A serial as typed and normalised. Raises INVALID (serial) without letters or digits, or with more than 60."""
    typed = " ".join((serial or "").replace("\x00", "").split())
    bare = normalise(typed)
    if not bare or len(typed) > 60 or len(bare) > 60:
        raise refusal(Code.INVALID, "serial", "serial_empty")
    return typed, bare


def check_range(value: int, field: str, *, least: int, most: int) -> int:
    """A whole number within bounds. Raises INVALID (field)."""
    if not least <= value <= most:
        raise refusal(Code.INVALID, field, "out_of_range", least=least, most=most)
    return value


def check_day(day: date | None, field: str, *, now: datetime) -> None:
    """A day a machine can have been sold or put into service on, or will be soon. Raises INVALID (field)."""
    least, most = date(1900, 1, 1), now.date() + timedelta(days=3660)
    if day is not None and not least <= day <= most:
        raise refusal(Code.INVALID, field, "day", least=least.isoformat(), most=most.isoformat())


def without_nul(text: str | None) -> str:
    """Stripped text without NUL, which PostgreSQL cannot keep."""
    return (text or "").replace("\x00", "").strip()


def check_moment(moment: datetime, field: str, *, now: datetime) -> datetime:
    """An aware moment that has passed. Raises INVALID (field)."""
    if moment.tzinfo is None:
        raise refusal(Code.INVALID, field, "no_zone")
    if moment > now:
        raise refusal(Code.INVALID, field, "in_future", now=now.isoformat())
    return moment
