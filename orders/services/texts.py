"""What a person writes beside a deed: a note, a reason."""

from __future__ import annotations

from portal.errors import Code, refusal

MOST = 500


def text_read(text: str, field: str, *, most: int = MOST, needed: bool = True) -> str:
    """The text, trimmed. Raises INVALID (field): `missing` where it is needed, `too_long`; what somebody wrote is never cut."""
    written = text.replace("\x00", "").strip()  # PostgreSQL keeps no NUL
    if needed and not written:
        raise refusal(Code.INVALID, field, "missing")
    if len(written) > most:
        raise refusal(Code.INVALID, field, "too_long", limit=most)
    return written
