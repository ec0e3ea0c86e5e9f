"""Text tables to rows: one quick road for clean files, one careful road for those with traps in them."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from catalog.imports.read.encodings import encoding_of
from catalog.imports.read.faults import Fault, UnreadableError
from catalog.imports.read.options import ReadOptions
from catalog.imports.read.separators import separator_of
from catalog.imports.read.survey import LONGEST_LINE, Survey, opened, survey
from catalog.imports.read.table import Row, Table

_SAMPLE_LINES, _SAMPLE_BYTES = 40, 1 << 18
_BROKEN = re.compile("[\x00\udc80-\udcff]")  # a NUL, or a byte that is no UTF-8


def text_table(path: Path, options: ReadOptions, *, packed: bool) -> Table:
    """The table of a text file. Raises UnreadableError."""
    seen = survey(path, packed=packed)
    encoding, broken = _encoding(path, seen, options)
    first = _first_lines(seen.head, encoding)
    marker = re.fullmatch(
        r"sep=(.)\s*", first[0] if first else ""
    )  # a line that some spreadsheets write for themselves
    skipped = max(options.header_row - 1, 1 if marker else 0)
    if first and re.match(r"\s*(<|%PDF|\{)", first[0]):
        raise UnreadableError("not_a_table", first[0].strip()[:40])
    separator = options.separator or (marker[1] if marker else separator_of(first[skipped:]))
    source = _Source(path, seen, encoding, separator, careful=broken or seen.nul or seen.long_line)
    rows = source.rows(skipped)
    heading = next(rows, (0, [], None))
    if heading[2]:
        raise UnreadableError(heading[2].reason, heading[2].value)
    return Table(path, list(heading[1]), source.judged(rows, len(heading[1])), seen.lines)


def _encoding(path: Path, seen: Survey, options: ReadOptions) -> tuple[str, bool]:
    """The encoding, and whether single rows do not keep to it. Raises UnreadableError when it is not certain."""
    if seen.marked and not seen.marked.startswith("utf-8"):
        return seen.marked, False
    if seen.utf8 and not _is_utf16(seen.head):
        return "utf-8-sig", False
    if _is_utf16(seen.head):
        return _is_utf16(seen.head), False
    if options.encoding:
        return options.encoding, False
    lines, good, bad = _beyond_ascii(path, packed=seen.packed)
    if seen.marked or (good >= 10 * bad):  # Unicode all the same, with some damaged rows
        return "utf-8-sig", True
    certain, candidates = encoding_of(lines)
    if not certain:
        raise UnreadableError("encoding_unclear", ", ".join(candidates) or "?")
    return certain, False


def _is_utf16(head: bytes) -> str:
    """Every second byte of Latin letters is zero; "" when it is not so."""
    sample = head[:2000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if min(even, odd) > 0 or max(even, odd) < max(4, len(sample) // 5):
        return ""
    return "utf-16-le" if odd else "utf-16-be"


def _beyond_ascii(path: Path, *, packed: bool) -> tuple[list[bytes], int, int]:
    """Lines with bytes beyond ASCII (some of them, cut where long), and how many of all those are UTF-8 and are not."""
    lines: list[bytes] = []
    kept = good = bad = 0
    with opened(path, packed=packed) as file:
        while line := file.readline(LONGEST_LINE):
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                good += 1
            except UnicodeDecodeError:
                bad += 1
            if kept < _SAMPLE_BYTES:
                lines.append(line)
                kept += len(line)
    return lines, good, bad


def _first_lines(head: bytes, encoding: str) -> list[str]:
    """The first lines; the last one may be cut and is left out when there are others."""
    try:
        text = head.decode(encoding, "ignore")
    except LookupError:
        raise UnreadableError("encoding_wrong", encoding) from None
    lines = list(itertools.islice(io.StringIO(text, newline=None), _SAMPLE_LINES))
    return lines[:-1] if len(lines) > 1 and not lines[-1].endswith("\n") else lines


class _Source:
    """The records of one file, in the way its survey asks for."""

    def __init__(self, path: Path, seen: Survey, encoding: str, separator: str, *, careful: bool) -> None:
        self.path, self.seen, self.encoding, self.separator, self.careful = path, seen, encoding, separator, careful

    def rows(self, skipped: int) -> Iterator[Row]:
        """Every record but empty lines, with the line it begins on; the first `skipped` lines are left out."""
        csv.field_size_limit(LONGEST_LINE)
        errors = "surrogateescape" if self.careful and self.encoding.startswith("utf-8") else "strict"
        try:
            with (
                opened(self.path, packed=self.seen.packed) as raw,
                io.TextIOWrapper(raw, encoding=self.encoding, errors=errors, newline="") as file,
            ):
                for _ in range(skipped):
                    file.readline(LONGEST_LINE)
                yield from self._careful(file, skipped) if self.careful else self._quick(file, skipped)
        except UnicodeError as error:
            raise UnreadableError(
                "encoding_wrong",
                f"{self.encoding}: {error.reason}" if isinstance(error, UnicodeDecodeError) else self.encoding,
            ) from error

    def judged(self, rows: Iterator[Row], width: int) -> Iterator[Row]:
        """The rows, each as wide as the heading or with its fault. Raises UnreadableError when the last one was cut off."""
        short: Row | None = None
        for row in rows:
            if short:
                yield short
                short = None
            if len(row[1]) == width or row[2]:
                yield row
            elif len(row[1]) > width:
                surplus = any(cell.strip() for cell in row[1][width:])  # empty cells beyond the heading harm nobody
                yield row[0], row[1][:width], Fault("too_many_cells") if surplus else None
            elif any(row[1]):
                short = (row[0], row[1], Fault("too_few_cells"))
        if short and not self.seen.tail.endswith((b"\n", b"\r", b"\n\x00", b"\r\x00")):
            raise UnreadableError("cut_off", str(short[0]))
        if short:
            yield short

    def _quick(self, file: io.TextIOWrapper, at: int) -> Iterator[Row]:
        reader = csv.reader(file, delimiter=self.separator, strict=True)
        ahead, at = at, 0  # lines consumed beside the reader, and by it
        while True:
            try:
                for cells in reader:
                    line, at = at + 1, reader.line_num
                    if cells:
                        yield line + ahead, cells, None
                return
            except csv.Error as error:
                line, at = at + 1, reader.line_num
                fault, more = self._after(error, file, line + ahead)
                ahead += more
                yield line + ahead - more, [], fault

    def _after(self, error: csv.Error, file: io.TextIOWrapper, line: int) -> tuple[Fault, int]:
        """What to say of a record the reader stumbled over, and how many lines were skipped to the end of it."""
        if "end of data" in str(error):
            raise UnreadableError("cut_off", str(line)) from error
        if "field limit" not in str(error):
            return Fault("quotes"), 0
        # No line is that long, so the reader stands inside quotes: the text ends on the line with an odd number of them.
        skipped = 0
        for text in file:
            skipped += 1
            if text.count('"') % 2:
                break
        return Fault("row_too_long"), skipped

    def _careful(self, file: io.TextIOWrapper, ahead: int) -> Iterator[Row]:
        """As the quick road, but never holds more than a record of the longest length, and looks at each for broken characters."""
        for line, record in _records(file, ahead + 1):
            if record is None:
                yield line, [], Fault("row_too_long")
            elif found := _BROKEN.search(record):
                shown = record[max(0, found.start() - 20) : found.start()]
                yield line, [], Fault("control_character" if found[0] == "\x00" else "not_unicode", value=shown)
            else:
                try:
                    for cells in csv.reader(io.StringIO(record, newline=""), delimiter=self.separator, strict=True):
                        if cells:
                            yield line, cells, None
                except csv.Error:
                    yield line, [], Fault("quotes")


def _records(file: io.TextIOWrapper, line: int) -> Iterator[tuple[int, str | None]]:
    """Records (a text between quotes may hold line ends) with the line they begin on; None in place of one that is too long."""
    begun, held, kept, open_quote = line, "", True, False
    while piece := file.readline(LONGEST_LINE):
        open_quote ^= piece.count('"') % 2 == 1
        kept = kept and len(held) + len(piece) <= LONGEST_LINE
        held = held + piece if kept else ""
        ended = piece.endswith(("\n", "\r"))
        line += ended
        if ended and not open_quote:
            yield begun, held if kept else None
            begun, held, kept = line, "", True
    if open_quote:
        raise UnreadableError("cut_off", str(begun))
    if held or not kept:
        yield begun, held if kept else None
