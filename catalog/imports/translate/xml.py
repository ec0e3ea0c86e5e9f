"""XML of strangers, record by record: no entities, nothing fetched, bounded memory, and the line each record begins on."""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from catalog.imports.read import UnreadableError
from catalog.imports.read.survey import kind_of, opened, survey

_CHUNK, _HEAD = 1 << 16, 1 << 13
_MOST_TEXT, _MOST_NODES, _DEEPEST = 1_000_000, 20_000, 60  # of one record


@dataclass
class Node:
    """An element: local name, attributes, text, children; `too_long` when the record did not fit and was left empty."""

    tag: str
    attributes: dict[str, str]
    line: int
    text: str = ""
    children: list[Node] = field(default_factory=list)
    too_long: bool = False

    def all(self, *path: str) -> list[Node]:
        """Every element at the end of a path of names."""
        found = [self]
        for name in path:
            found = [child for node in found for child in node.children if child.tag == name]
        return found

    def get(self, *path: str) -> str:
        """The text of the first element at the end of a path; empty when there is none."""
        return next((node.text for node in self.all(*path)), "")


def records(path: Path, names: Collection[str]) -> Iterator[Node]:
    """The root without its content first, then each element of `names` that stands in no other one. Raises UnreadableError."""
    packed = kind_of(path) == "gzip"
    survey(path, packed=packed)
    target = _Target(names)
    parser: Any = DefusedXMLParser(target=target)
    target.parser = parser.parser
    try:
        with opened(path, packed=packed) as file:
            while chunk := file.read(_CHUNK):
                parser.feed(chunk)
                yield from target.taken()
            parser.close()
            yield from target.taken()
    except DefusedXmlException as error:
        raise UnreadableError("not_a_table", "XML entities") from error
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableError("damaged", str(error)[:100]) from error


def root_of(path: Path) -> str:
    """The local name of the first element, seen in the file's first bytes; empty when there is none. What follows may be broken."""
    try:
        with opened(path, packed=kind_of(path) == "gzip") as file:
            head = file.read(_HEAD).replace(b"\0", b"")  # of UTF-16
    except (UnreadableError, OSError, EOFError, zlib.error):
        return ""
    found = re.search(rb"<(?:[A-Za-z][\w.-]*:)?([A-Za-z]\w*)", head)
    return found[1].decode() if found else ""


class _Target:
    """Builds the records from the parser's events and drops everything else."""

    def __init__(self, names: Collection[str]) -> None:
        self.names, self.parser = names, None
        self.open: list[Node] = []
        self.ready: list[Node] = []
        self.pieces: list[str] = []
        self.depth = self.size = self.nodes = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ValueError("too deep")
        name = tag.rpartition("}")[2]
        line = self.parser.CurrentLineNumber if self.parser else 0
        if self.depth == 1:
            self.ready.append(Node(name, dict(attributes), line))
        elif self.open or name in self.names:
            self._begin(Node(name, dict(attributes), line))

    def _begin(self, node: Node) -> None:
        if not self.open:
            self.size = self.nodes = 0
        self.nodes += 1
        self.size += sum(map(len, node.attributes.values()))
        if self.open and not self.open[0].too_long:
            self.open[-1].children.append(node)
        self.open.append(node)
        self.pieces = []
        self._bounded()

    def data(self, text: str) -> None:
        if self.open and not self.open[0].too_long:
            self.size += len(text)
            self.pieces.append(text)
            self._bounded()

    def _bounded(self) -> None:
        if self.size > _MOST_TEXT or self.nodes > _MOST_NODES:
            self.open[0].too_long, self.open[0].children, self.pieces = True, [], []

    def end(self, tag: str) -> None:
        self.depth -= 1
        if self.open:
            node = self.open.pop()
            node.text = node.text or "".join(self.pieces).strip()
            self.pieces = []
            if not self.open:
                self.ready.append(node)

    def close(self) -> None:
        """Nothing is left to do."""

    def taken(self) -> list[Node]:
        """The records that are complete, once."""
        ready, self.ready = self.ready, []
        return ready
