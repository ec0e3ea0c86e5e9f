"""Words that mean the same, a file per language: `en.txt` here tells how they are written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from django.db import connection

_HERE = Path(__file__).parent


@cache
def groups(language: str) -> tuple[tuple[bool, tuple[str, ...]], ...]:
    """The groups of a language's file, each with whether its words mean the same (else: nearly); none when it has no file."""
    file = _HERE / f"{language}.txt"
    return tuple(_groups(file.read_text(encoding="utf-8"))) if file.is_file() else ()


def _groups(text: str) -> Iterator[tuple[bool, tuple[str, ...]]]:
    for line in text.splitlines():
        if plain := line.partition("#")[0].strip():
            yield not plain.startswith("~"), tuple(word.strip() for word in plain.lstrip("~ ").split(","))


@cache
def synonyms(language: str = "en") -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
    """By stem, the stems that mean the same and those that nearly do. One query, once for each process."""
    stems = _stems({word for _, group in groups(language) for word in group})
    same: dict[str, set[str]] = defaultdict(set)
    near: dict[str, set[str]] = defaultdict(set)
    for alike, group in groups(language):
        for word in group:
            (same if alike else near)[stems[word]].update(stems[other] for other in group)
    return {
        stem: (frozenset(same[stem] - {stem, ""}), frozenset(near[stem] - same[stem] - {stem, ""}))
        for stem in same.keys() | near.keys()
        if stem
    }


def _stems(words: set[str]) -> dict[str, str]:
    """Stems as the index keeps them; a word of two words has none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word, catalog_stem(catalog_words(word)) FROM unnest(%s::text[]) AS word", [sorted(words)]
        )
        return {word: "" if " " in stem else stem for word, stem in cursor.fetchall()}
