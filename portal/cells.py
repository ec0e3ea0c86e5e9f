"""Cells of tables that are opened in a spreadsheet."""

from __future__ import annotations

# A spreadsheet runs what begins like this, also in the wide letters of Korean and Japanese keyboards.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SPACE = " \u3000\xa0\ufeff\u200b"


def harmless(text: str) -> str:
    """Text that a spreadsheet shows and does not run: an apostrophe stops what begins like a formula, after spaces too."""
    return f"'{text}" if text.lstrip(_SPACE).startswith(_FORMULA) else text
