"""Text that is not Unicode: which of the old encodings it is, if that is certain. A wrong guess is worse than a question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from catalog.imports.read.letters import CENTRAL, KOREAN, SIGNS, WESTERN, is_hangul, is_kana

_FEW = 4  # letters; with fewer nothing is certain
_NEARLY_ALL, _MOSTLY, _SOME = 0.95, 0.6, 0.25
# What a question names, in this order.
CANDIDATES = ("cp949", "cp932", "euc_jp", "gb18030", "big5", "cp1252", "cp1250", "cp1251")


def encoding_of(lines: Iterable[bytes]) -> tuple[str, list[str]]:
    """(encoding, []) when certain, else ("", candidates that can read all of it). `lines` are those with bytes beyond ASCII."""
    text = b"\n".join(lines)
    readable = [name for name in CANDIDATES if _decoded(text, name) is not None]
    sure = [name for name in readable if name in _SURE and _SURE[name](text.decode(name), text)]
    return (sure[0], []) if len(sure) == 1 else ("", sure or readable)


def _decoded(text: bytes, name: str) -> str | None:
    try:
        decoded = text.decode(name)
    except UnicodeDecodeError:
        return None
    # Letters that only somebody's own font has, and control characters, are no text.
    return None if re.search(r"[\ue000-\uf8ff\x80-\x9f]", decoded) else decoded


def _wide(text: str) -> list[str]:
    return [letter for letter in text if letter > "\u2e7f"]


def _korean(text: str, _: bytes) -> bool:
    letters = _wide(text)
    hangul = [letter for letter in letters if is_hangul(letter)]
    many = len(hangul) >= max(_FEW, _NEARLY_ALL * len(letters))
    return many and sum(letter in KOREAN for letter in hangul) >= _MOSTLY * len(hangul)


def _japanese(text: str, _: bytes) -> bool:
    """Half-width katakana alone are no proof: pairs of them look like Korean."""
    letters = [letter for letter in text if letter > "\x7f"]
    return len(letters) >= _FEW and sum(map(is_kana, letters)) >= _SOME * len(letters)


def _western(text: str, raw: bytes) -> bool:
    """Letters beyond ASCII stand one or two together, belong to one western language, and to no other language when read as Central European."""
    runs = re.findall(r"[^\x00-\x7f]+", text)
    if not runs or sum(len(run) <= 2 for run in runs) < _NEARLY_ALL * len(runs):
        return False
    return _letters_of(text) <= SIGNS or (_one_of(WESTERN, text) and not _central(text, raw))


def _central(text: str, raw: bytes) -> bool:
    """Could it be Central European, and would that make a difference?"""
    other = _decoded(raw, "cp1250")
    return other is not None and other != text and _one_of(CENTRAL, other)


def _one_of(alphabets: dict[str, frozenset[str]], text: str) -> bool:
    letters = _letters_of(text) - SIGNS
    return any(letters <= alphabet for alphabet in alphabets.values())


def _letters_of(text: str) -> set[str]:
    return {letter for letter in text if letter > "\x7f"}


_SURE: dict[str, Callable[[str, bytes], bool]] = {
    "cp949": _korean,
    "cp932": _japanese,
    "euc_jp": _japanese,
    "cp1252": _western,
}
