"""What is wrong with a catalogue: said where it would be seen, before a reader sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from babel.messages import Catalog
from babel.messages.catalog import Message

_PLACES = re.compile(r"%\(\w+\)[#0 +-]*[\d.]*[a-z]|%%|\{\w*(?:[.\[!:][^{}]*)?\}")
_TAGS = re.compile(r"</?[a-z]\w*[^>]*>")
_CODE = re.compile(r"`[^`]*`")
# Korean particles that depend on the last sound of the word before: after a value nobody knows it, and both at once read badly.
_PARTICLES = re.compile(
    r"(?:%\(\w+\)[a-z]|\{\w+[^{}]*\}|>)[)”’]?(?:은|는|이|가|을|를|과|와|로|으로|이나|나|이며|며|이고|고)(?![가-힣])"
    r"|은\(는\)|는\(은\)|이\(가\)|가\(이\)|을\(를\)|를\(을\)|과\(와\)|와\(과\)|\(으\)로"
)
_NAMES = re.compile(r"Elasticsearch|GraphQL|PostgreSQL|Saleor|Stripe")
_WORD = re.compile(r"[A-Za-z]{2,}")


@dataclass(frozen=True)
class Finding:
    """Something about one message. `kind`: missing and fuzzy are work to be done, the others are mistakes."""

    kind: str
    message: str
    told: str = ""

    @property
    def is_open(self) -> bool:
        """Is it only not translated yet?"""
        return self.kind in {"missing", "fuzzy"}


def findings(code: str, catalogue: Catalog, template: Catalog) -> list[Finding]:
    """All of a language, in the order of the program."""
    return [one for message in template if message.id for one in _of(code, message, _same(catalogue, message))]


def _same(catalogue: Catalog, message: Message) -> Message | None:
    found = catalogue.get(_first(message), message.context)
    return found if found and bool(found.pluralizable) == bool(message.pluralizable) else None


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _of(code: str, message: Message, found: Message | None) -> Iterator[Finding]:
    first = _first(message)
    texts = _texts(found) if found else []
    if found and found.fuzzy:
        yield Finding("fuzzy", first, " | ".join(texts))
    elif not texts or not all(texts):
        yield Finding("missing", first, ", ".join(f"{place}:{line}" for place, line in message.locations[:2]))
    else:
        model = first if isinstance(message.id, str) else message.id[1]
        for text in texts:
            yield from (Finding(kind, first, text) for kind in _mistakes(code, model, text))


def _texts(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def _mistakes(code: str, model: str, text: str) -> Iterator[str]:
    if set(_PLACES.findall(model)) != set(_PLACES.findall(text)):
        yield "other placeholders"
    if sorted(_TAGS.findall(model)) != sorted(_TAGS.findall(text)):
        yield "other tags"
    if set(_CODE.findall(model)) != set(_CODE.findall(text)):
        yield "other code"
    if _edges(model) != _edges(text):
        yield "other space at an end"
    if code == "ko" and _PARTICLES.search(text):
        yield "a particle that depends on a value"
    if text == model and _WORD.search(_NAMES.sub("", _PLACES.sub("", _TAGS.sub("", model)))) and not model.isupper():
        yield "still English"


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
