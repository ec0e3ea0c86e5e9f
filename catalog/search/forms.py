"""What else a typed word may be called: its stem, a compound split or joined, a measure in another order, a synonym."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

_MEASURE = re.compile(r"[0-9.]+(x[0-9.]+)+")
_SHORTEST = 3  # letters of each half of a compound

Synonyms = Mapping[str, tuple[frozenset[str], frozenset[str]]]


@dataclass(frozen=True)
class Typed:
    """A word as typed, its stem, whether it stands `outside` brackets, and, if nobody uses it, how many names have a word that begins so."""

    word: str
    stem: str
    outside: bool = True
    begun: int = 0


@dataclass(frozen=True)
class Forms:
    """Text search terms that count as a word: `full` wholly, `near` nearly (0.9), `far` by two thirds, `faint` by a third. `halves`, `joined`:
    compounds still to be looked up among the words we know; `asked`: all words to look up."""

    full: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    far: tuple[str, ...] = ()
    faint: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    halves: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    joined: tuple[str, ...] = ()

    @property
    def measure(self) -> bool:
        """Is the word a measure, as "2x4"?"""
        return any(stem.startswith("=") for stem in self.stems)

    @classmethod
    def plain(cls, stem: str, word: str) -> Forms:
        """The word as the index keeps it, stemmed in English and as typed in other languages."""
        return cls(full=tuple(dict.fromkeys((_quoted(stem), _quoted(word)))), stems=(stem,))

    @classmethod
    def beginning(cls, word: str) -> Forms:
        """Every word that begins so."""
        return cls(full=(f"{_quoted(word)}:*",))

    @property
    def any(self) -> str:
        """A text search query of all forms that can stand for the word when names are picked."""
        return " | ".join((*self.full, *self.near, *self.far))

    @property
    def asked(self) -> set[str]:
        """The words whose stems decide which compounds stand."""
        return {*self.joined, *(half for pair in self.halves for half in pair)}

    def documents(self, counted: Mapping[str, int]) -> int:
        """Roughly how many names hold the word or what means the same."""
        alone = sum(counted.get(stem, 0) for stem in self.stems)
        return alone or min((counted.get(stem, 0) for stem in self.parts), default=0)

    def settled(self, stem_of: Mapping[str, str]) -> Forms:
        """The forms with those compounds whose parts are words we know; of several ways to split the most even one."""
        joined = tuple(stem_of[word] for word in self.joined if word in stem_of)
        known = [pair for pair in self.halves if pair[0] in stem_of and pair[1] in stem_of]
        split = sorted(known, key=lambda pair: abs(len(pair[0]) - len(pair[1])))[:1]
        parts = tuple(stem_of[half] for pair in split for half in pair)
        both = (f"({' & '.join(_all(parts))})",) if parts else ()
        near = self.near + tuple(_all(joined)) + both
        return Forms(self.full, near, self.far, self.faint, self.stems + joined, parts)


def forms_of(at: int, typed: Sequence[Typed], synonyms: Synonyms) -> Forms:
    """The forms of the word at a place of the query; its neighbours matter, for they may be its other half."""
    word, stem = typed[at].word, typed[at].stem
    same, nearly = synonyms.get(stem, (frozenset(), frozenset()))
    sides = sorted(word.split("x")) if _MEASURE.fullmatch(word) else []
    turned, within, crossed = _measure(sides)
    plain = Forms.plain(stem, word)
    return Forms(
        full=plain.full,
        near=(*_all(sorted(same)), *turned),
        far=(*_all(sorted(nearly)), *within),
        faint=tuple(crossed),
        stems=(stem, *(one.strip("'") for one in turned), *sorted(same)),
        halves=tuple(_halves(word)) if word.isalpha() else (),
        joined=tuple(_joined(at, typed)) if word.isalpha() else (),
    )


def _measure(sides: list[str]) -> tuple[list[str], list[str], list[str]]:
    """A measure in any order; one that holds it or that it holds; one that shares two of its sides."""
    if not sides:
        return [], [], []
    pairs = list(dict.fromkeys("x".join(pair) for pair in combinations(sides, 2)))
    whole = [_quoted("=" + "x".join(sides))]
    if len(sides) == 2:
        return whole, [_quoted("~" + pairs[0])], []
    return whole, [_quoted("=" + pair) for pair in pairs], [_quoted("~" + pair) for pair in pairs]


def _halves(word: str) -> Iterable[tuple[str, str]]:
    return ((word[:cut], word[cut:]) for cut in range(_SHORTEST, len(word) - _SHORTEST + 1))


def _joined(at: int, typed: Sequence[Typed]) -> Iterable[str]:
    if at > 0 and typed[at - 1].word.isalpha():
        yield typed[at - 1].word + typed[at].word
    if at + 1 < len(typed) and typed[at + 1].word.isalpha():
        yield typed[at].word + typed[at + 1].word


def _all(stems: Iterable[str]) -> list[str]:
    return [_quoted(stem) for stem in stems]


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
