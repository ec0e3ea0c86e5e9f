"""Names of pictures and papers: where they lie, and which part a delivered file is for. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# Widths of the small pictures, in pixels: beside a row of a list, and on the part's own page.
SMALL, MEDIUM = 96, 480
WIDTHS = (SMALL, MEDIUM)
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}
_LANGUAGES = {"en", "ko", "ja", "de", "fr", "es", "it", "zh", "pt", "nl", "pl"}
_KINDS = {
    "DRAWING": ("drawing", "dwg", "dimension", "zeichnung", "plan", "dessin", "도면", "図面"),
    "MANUAL": ("manual", "instruction", "instructions", "guide", "datasheet", "handbuch", "anleitung", "notice", "설명서", "取扱説明書"),
    "SAFETY": ("sds", "msds", "safety", "sicherheitsdatenblatt", "fds", "안전"),
    "IMAGE": ("photo", "image", "picture", "img", "foto", "front", "back", "side", "top", "사진", "写真"),
}  # fmt: skip
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}
_ORDER = re.compile(r"\(?(\d{1,3})\)?")


def stored_name(sha256: str, content_type: str, width: int | None = None) -> str:
    """The place of a file under MEDIA_ROOT; with `width`, of its small picture."""
    ending = f"-{width}.webp" if width else f".{ENDINGS[content_type]}"
    return f"{sha256[:2]}/{sha256}{ending}"


def small_size(width: int, height: int, most: int) -> tuple[int, int]:
    """The size of the small picture: as wide as `most`, and no higher; never larger than the picture itself."""
    scale = min(1, most / width, most / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


@dataclass(frozen=True)
class FileName:
    """What a file's name says: `numbers` are the part numbers it may mean, with and without what follows."""

    numbers: tuple[str, ...]
    kind: str = ""
    language: str = ""
    position: int = 0
    words: tuple[str, ...] = field(default=())


def name_read(name: str) -> FileName:
    """`1234-56_2.png` is the second picture of 1234-56, `1234-56 manual de.pdf` its German manual; the whole name may be a number too."""
    whole = name.rpartition(".")[0] or name
    pieces = re.split(r"([ _]+|-(?=\D+$))", whole)
    told = FileName((whole,))
    while len(pieces) > 2:
        word = pieces[-1].casefold()
        if word in _KIND_OF and not told.kind:
            told = FileName(told.numbers, _KIND_OF[word], told.language, told.position, (word, *told.words))
        elif word in _LANGUAGES and not told.language:
            told = FileName(told.numbers, told.kind, word, told.position, told.words)
        elif (order := _ORDER.fullmatch(word)) and not told.position:
            told = FileName(told.numbers, told.kind, told.language, int(order[1]), told.words)
        else:
            break
        pieces = pieces[:-2]
    number = "".join(pieces)
    return FileName(tuple(dict.fromkeys((whole, number))), told.kind, told.language, told.position, told.words)
