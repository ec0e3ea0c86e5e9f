"""Which names are looked at for a query's words: gates from the strictest to the widest, each opened only when those before let too few through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_MOST_WORDS = 5  # the rarest decide; a longer query gains nothing from the rest
_COMMON_WORDS = 3  # so many words may all be common together; names with more of them are few
_SHARES = (1.0, 0.7, 0.45)  # of the rarity of the words asked, what a name must hold to pass
_LONGEST = 9  # words of a name are counted so far


@dataclass(frozen=True)
class Asked:
    """A word as gates see it: the text search query of its forms, its weight, and roughly how many names hold it."""

    query: str
    weight: float
    documents: int


def gates(words: Sequence[Asked], most: int) -> list[str]:
    """Text search queries, strictest first; names of few words come first where all words together are still common (over `most` names)."""
    rarest = sorted((word for word in words if word.documents), key=lambda word: (-word.weight, word.query))
    kept = rarest[:_MOST_WORDS]
    total = sum(word.weight for word in kept)
    found = []
    for share in _SHARES:
        gate = _holding(kept, share * total - 1e-9)
        common = share == 1 and len(kept) <= _COMMON_WORDS and min(word.documents for word in kept) > most
        found += [f"({gate}) & {length}" for length in _lengths(len(kept))] if common else [gate]
    found.append(" | ".join(word.query for word in _few(kept, most)))
    return list(dict.fromkeys(found))


def _holding(words: Sequence[Asked], need: float) -> str:
    """Every way to hold words that weigh `need` or more, as one query."""
    [first, *rest] = words
    left = sum(word.weight for word in rest)
    enough = first.query if need <= first.weight else f"({first.query} & {_holding(rest, need - first.weight)})"
    return f"({enough} | {_holding(rest, need)})" if rest and left >= need else enough


def _lengths(asked: int) -> list[str]:
    """Names of about as many words as were asked, of some more, of many."""
    ends = (0, min(asked + 1, _LONGEST - 2), min(asked + 3, _LONGEST - 1), _LONGEST)
    return [
        "(" + " | ".join(f"'#{many}'" for many in range(first + 1, last + 1)) + ")" for first, last in pairwise(ends)
    ]


def _few(words: Sequence[Asked], most: int) -> list[Asked]:
    """The rarest words as long as all names with one of them stay below `most`; the rarest in any case."""
    found: list[Asked] = []
    names = 0
    for word in sorted(words, key=lambda word: word.documents):
        names += word.documents
        if found and names > most:
            break
        found.append(word)
    return found
