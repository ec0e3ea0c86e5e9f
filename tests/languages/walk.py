"""What a page says to its reader: its texts, and the attributes people see or hear."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from babel.messages import Catalog

_SILENT = {"script", "style", "code", "template"}
_EMPTY = {"br", "hr", "img", "input", "link", "meta", "rect", "path", "circle", "line", "source", "wbr"}
_SAID = {"aria-label", "alt", "title", "placeholder", "data-label"}
_WORDS = re.compile(r"(?<![\w.@/:-])[a-z]{3,}(?![\w.@/:(-])")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.said += [value for name in _SAID if (value := told.get(name))]
        if told.get("translate") == "no" or (
            tag == "button" and "lang" in told
        ):  # a name of a column; a language in its own name
            tag = "code"
        if tag not in _EMPTY:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not _SILENT.intersection(self._open):
            self.said.append(data)


def said(html: str) -> list[str]:
    """Every text of the page, in its order, spaces made one."""
    reader = _Reader()
    reader.feed(html)
    return [text for one in reader.said if (text := " ".join(one.split()))]


class English:
    """Knows English where another language is read."""

    def __init__(self, catalogue: Catalog) -> None:
        texts = list(_pairs(catalogue))
        self._english = {english for english, told in texts if english != told and re.search("[a-z]{2}", english)}
        self._told = {told for _, told in texts}

    def left(self, html: str) -> list[str]:
        """Texts that are an English message, or two English words in a row that no translation holds."""
        return [
            one
            for one in said(html)
            if one in self._english or (one not in self._told and len(_WORDS.findall(one)) > 1)
        ]


def _pairs(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    for message in catalogue:
        english = [message.id] if isinstance(message.id, str) else list(message.id or ())
        for told in [message.string] if isinstance(message.string, str) else message.string or ():
            yield from ((" ".join(one.split()), " ".join(told.split())) for one in english if one)
