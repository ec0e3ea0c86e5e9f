"""A folder as it was delivered becomes a folder of our tables: other forms translated, tables of ours taken as they are."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from catalog.imports import registry
from catalog.imports.read import UnreadableError, stem_of, table_of, unfinished
from catalog.imports.translate import aces, bmecat, pies
from catalog.imports.translate.mapping import TableMapping, is_for, mapped_rows, titles_missing
from catalog.imports.translate.tables import Translated, tables_write
from catalog.imports.translate.xml import root_of
from catalog.imports.types import Importer

XML = (".xml", ".xml.gz")
# By the name of the root element: the columns of our tables that a format can fill, and what reads it.
FORMATS: Mapping[str, tuple[Mapping[str, Sequence[str]], Callable[[Path], Iterator[Translated]]]] = {
    "BMECAT": (bmecat.COLUMNS, bmecat.bmecat_rows),
    "ACES": (aces.COLUMNS, aces.aces_rows),
    "PIES": (pies.COLUMNS, pies.pies_rows),
}


def delivery_open(folder: Path, *, into: Path, mapping: TableMapping | None = None) -> Path:
    """Answer the folder to import: `folder` itself when all of it is ours, else a folder under `into` with everything translated.

    The same delivery and mapping give the same folder with the same files, so that a run that was cut short finds its place again. Raises
    UnreadableError (`value` names the file) when something cannot be translated; then nothing is left behind.
    """
    foreign = _foreign(folder, mapping)
    if not foreign:
        return folder
    stems = [importer.stem for importer in registry.importers()]
    ours = [
        path for path in sorted(folder.iterdir()) if path.is_file() and stem_of(path) in stems and path not in foreign
    ]
    if broken := unfinished(folder, stems):
        raise UnreadableError(broken[0][1], broken[0][0].name)
    target = into / f"{folder.name[:60]}-{_fingerprint([*ours, *foreign], mapping)}"
    if target.is_dir():
        return target
    into.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(dir=into, prefix="unfinished-"))
    try:
        for path in ours:
            _same(path, made / path.name)
        for path in foreign:
            _translate(path, made, mapping)
        made.rename(target)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return target


def _foreign(folder: Path, mapping: TableMapping | None) -> list[Path]:
    """Files that are not ours: those in XML that we know, and the mapping's. Raises UnreadableError when there is not one of these."""
    files = [path for path in sorted(folder.iterdir()) if path.is_file()]
    known = [path for path in files if path.name.lower().endswith(XML) and root_of(path) in FORMATS]
    mapped = [path for path in files if mapping and is_for(mapping.pattern, path.name)]
    if mapping and len(mapped) != 1:
        names = ", ".join(path.name for path in mapped) or "-"
        raise UnreadableError("mapping_files", f"{mapping.pattern}: {names}"[:200])
    return sorted({*known, *mapped})


def _translate(path: Path, into: Path, mapping: TableMapping | None) -> None:
    mine = mapping if mapping and is_for(mapping.pattern, path.name) else None
    try:
        if path.name.lower().endswith(XML):
            columns, read = FORMATS[root_of(path)]
            constants = {one.stem: one.constants for one in mine.tables} if mine else {}
            wide = {stem: list(dict.fromkeys((*names, *constants.get(stem, {})))) for stem, names in columns.items()}
            tables_write(into, path.name, wide, _with_constants(read(path), constants))
        elif mine:
            _translate_table(path, into, mine)
    except UnreadableError as error:
        raise UnreadableError(error.reason, f"{path.name}: {error.value}") from error


def _translate_table(path: Path, into: Path, mapping: TableMapping) -> None:
    table = table_of(path, mapping.options)
    if missing := titles_missing(table, mapping):
        raise UnreadableError("title_missing", ", ".join(missing))
    importers = {importer.stem: importer for importer in registry.importers()}
    columns = {one.stem: _columns(importers[one.stem]) for one in mapping.tables}
    tables_write(into, path.name, columns, mapped_rows(table, mapping, importers))


def _with_constants(rows: Iterator[Translated], constants: Mapping[str, Mapping[str, str]]) -> Iterator[Translated]:
    """What the format does not say of a row (for which market prices are) comes from the mapping."""
    for stem, line, cells, fault in rows:
        filled = {name: text for name, text in constants.get(stem, {}).items() if not cells.get(name)}
        yield stem, line, {**cells, **filled}, fault


def _columns(importer: Importer) -> list[str]:
    return [column.name for column in importer.columns]


def _same(path: Path, copy: Path) -> None:
    """The file under another roof, without its bytes twice where the disk allows it."""
    try:
        os.link(path, copy)
    except OSError:
        shutil.copy2(path, copy)


def _fingerprint(paths: Iterable[Path], mapping: TableMapping | None) -> str:
    digest = hashlib.sha256(repr(mapping).encode())
    for path in paths:
        digest.update(path.name.encode() + b"\0")
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]
