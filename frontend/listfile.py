"""A list of parts as a file: a spreadsheet or a text table becomes the lines that could have been pasted."""

from __future__ import annotations

import tempfile
from itertools import islice
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from catalog.imports.read import Fault, UnreadableError, table_of
from catalog.imports.reasons import what_to_do, why
from catalog.rules.numbers import normalise

MOST_BYTES = 5 << 20
MOST_LINES = 2000
_QUANTITIES = {"quantity", "qty", "pieces", "pcs", "menge", "anzahl", "수량", "数量"}
_NUMBERS = {
    "part",
    "part_number",
    "partnumber",
    "part_no",
    "number",
    "sku",
    "item",
    "teilenummer",
    "품번",
    "부품번호",
    "品番",
    "部品番号",
}


class ListFileError(ValueError):
    """The file cannot be taken; the message says why and what to do."""


def lines_of_file(file: UploadedFile) -> str:
    """The file's rows as "number, tab, quantity" lines, at most one more than a cart holds. Raises ListFileError."""
    if (file.size or 0) > MOST_BYTES:
        raise ListFileError(_("The file is larger than 5 MB. Send the part numbers and quantities alone."))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        with path.open("wb") as into:
            into.writelines(file.chunks())
        try:
            return "\n".join(_lines(path))
        except UnreadableError as error:
            raise ListFileError(f"{why(error.reason)} {what_to_do(error.reason)}") from error


def _lines(path: Path) -> list[str]:
    """The heading too, when it is a line already: lists of two columns often have none."""
    table = table_of(path)
    number, quantity = _columns(table.heading)
    rows = [_shown(list(cells), table.heading, fault) for _line, cells, fault in islice(table.rows, MOST_LINES + 1)]
    if not (set(table.heading) & (_NUMBERS | _QUANTITIES)) and normalise(table.titles[0]):
        rows.insert(0, list(table.titles))
    return [line for cells in rows if (line := _line(cells, number, quantity))]


def _shown(cells: list[str], heading: list[str], fault: Fault | None) -> list[str]:
    """The row with a formula that has no saved result as it was written: it cannot be read as pieces, so a person sees it."""
    if fault and fault.value and fault.column in heading:
        cells += [""] * (len(heading) - len(cells))
        cells[heading.index(fault.column)] = fault.value
    return cells


def _columns(heading: list[str]) -> tuple[int, int]:
    """Where number and quantity stand; without a word we know, first and second."""
    number = next((at for at, name in enumerate(heading) if name in _NUMBERS), 0)
    quantity = next((at for at, name in enumerate(heading) if name in _QUANTITIES and at != number), -1)
    return number, quantity if quantity >= 0 else (1 if number == 0 else 0)


def _line(cells: list[str], number: int, quantity: int) -> str:
    typed = [" ".join(cells[at].split()) if at < len(cells) else "" for at in (number, quantity)]
    pieces = typed[1].removesuffix(".0") or "1"
    return f"{typed[0]}\t{pieces}" if typed[0] else ""
