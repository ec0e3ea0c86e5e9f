"""One look over a file's bytes before anything is read from it: what it is, whether it is whole, and which traps it holds."""

from __future__ import annotations

import codecs
import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from catalog.imports.read.faults import UnreadableError

CHUNK = 1 << 18
LONGEST_LINE = 1_000_000  # bytes; also the longest cell in characters
_MOST_UNPACKED = 4 << 30
_SUSPECT_UNPACKED, _SUSPECT_RATIO = 200 << 20, 100  # real price lists pack 3 to 15 times
_ZIP, _OLE, _GZIP = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b"
# The longer marks first: UTF-32 begins as UTF-16 does.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Survey:
    """`marked` is the encoding a byte order mark names; `utf8` whether all of it is UTF-8; `lines` counts line feeds."""

    packed: bool
    size: int
    lines: int
    marked: str
    utf8: bool
    nul: bool
    long_line: bool
    head: bytes
    tail: bytes


def kind_of(path: Path) -> str:
    """`zip`, `ole`, `gzip` or `text` by the first bytes: names lie. Raises UnreadableError for an empty file."""
    with path.open("rb") as file:
        head = file.read(8)
    if not head:
        raise UnreadableError("empty_file", path.name)
    marks = ((_ZIP, "zip"), (_OLE, "ole"), (_GZIP, "gzip"))
    return next((kind for mark, kind in marks if head.startswith(mark)), "text")


def opened(path: Path, *, packed: bool) -> IO[bytes]:
    """The file's bytes, unpacked."""
    return gzip.open(path, "rb") if packed else path.open("rb")  # type: ignore[return-value]


def survey(path: Path, *, packed: bool) -> Survey:
    """Read all bytes once, keeping none. Raises UnreadableError when they cannot be unpacked to the end, or never end."""
    try:
        with opened(path, packed=packed) as file:
            return _Looker(path.stat().st_size).look(file, packed)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableError("damaged", path.name) from error


class _Looker:
    def __init__(self, packed_size: int) -> None:
        self.packed_size = packed_size
        self.size = self.lines = self.since_end = 0
        self.utf8, self.nul, self.long_line = True, False, False
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.head = self.tail = b""

    def look(self, file: IO[bytes], packed: bool) -> Survey:
        while chunk := file.read(CHUNK):
            self.head = self.head or chunk
            self.tail = chunk if len(chunk) > CHUNK // 4 else (self.tail + chunk)[-CHUNK:]
            self._count(chunk)
            self._bounded()
        self._decode(b"", final=True)
        if not self.size:
            raise UnreadableError("empty_file")
        marked = next((name for mark, name in _MARKS if self.head.startswith(mark)), "")
        return Survey(packed, self.size, self.lines, marked, self.utf8, self.nul, self.long_line, self.head, self.tail)

    def _count(self, chunk: bytes) -> None:
        self.size += len(chunk)
        self.lines += chunk.count(b"\n")
        first, last = chunk.find(b"\n"), chunk.rfind(b"\n")
        self.long_line |= self.since_end + (len(chunk) if first < 0 else first) > LONGEST_LINE
        self.since_end = self.since_end + len(chunk) if last < 0 else len(chunk) - last - 1
        self.nul = self.nul or b"\x00" in chunk
        self._decode(chunk)

    def _decode(self, chunk: bytes, *, final: bool = False) -> None:
        if self.utf8:
            try:
                self.decoder.decode(chunk, final)
            except UnicodeDecodeError:
                self.utf8 = False

    def _bounded(self) -> None:
        suspect = self.size > _SUSPECT_UNPACKED and self.size > _SUSPECT_RATIO * self.packed_size
        if suspect or self.size > _MOST_UNPACKED:
            raise UnreadableError("bomb", f"{self.size >> 20} MB")
