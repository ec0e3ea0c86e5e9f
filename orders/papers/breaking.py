"""Where a line of a paper may end: between two Japanese letters as well as at a blank. fpdf2 knows blanks alone."""

from __future__ import annotations

import re
from collections.abc import Callable

_KANA_OR_KANJI = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_JAPANESE = re.compile(f"[{_KANA_OR_KANJI}]")
# What no line may begin with, and what none may end with (JIS X 4051).
_NOT_FIRST = "、。，．・：；？！ーゝゞ々’”)〕]}〉》」』】）］｝ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ,.:;?!%"
_NOT_LAST = "‘“([{〈《「『【（［｛〔"
_OPEN, _CLOSED = re.escape(_NOT_LAST), re.escape(_NOT_FIRST)
# A letter of Japanese or a word of other letters, with what stays beside it.
_PIECE = re.compile(
    f"[{_OPEN}]*(?:[{_KANA_OR_KANJI}]|[^\\s{_KANA_OR_KANJI}{_OPEN}]+)[{_CLOSED}]*\\s*|[{_OPEN}]+\\s*|\\s+"
)


def broken(text: str, width: float, measure: Callable[[str], float]) -> str:
    """`text` with its lines ended as Japanese ends them; as it is when nothing in it is Japanese, or all of it fits."""
    if not _JAPANESE.search(text) or measure(text) <= width:
        return text
    lines, line = [], ""
    for piece in _PIECE.findall(text):
        if line and measure((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return "\n".join([*lines, line.rstrip()])
