"""A folder as it was delivered becomes a folder of our tables: other forms translated, tables of ours taken as they are."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import Path

from catalog.imports import registry
from catalog.imports.read import UnreadableError, stem_of, table_of, unfinished
from catalog.imports.translate.mapping import TableMapping, mapped_rows, titles_missing
from catalog.imports.translate.tables import tables_write
from catalog.imports.types import Importer


def delivery_open(folder: Path, *, into: Path, mapping: TableMapping | None = None) -> Path:
    """Answer the folder to import: `folder` itself when all of it is ours, else a folder under `into` with everything translated.

    The same delivery and mapping give the same folder with the same files, so that a run that was cut short finds its place again. Raises
    UnreadableError (`value` names the file) when something cannot be translated; then nothing is left behind.
    """
    foreign = _mapped(folder, mapping) if mapping else []
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


def _mapped(folder: Path, mapping: TableMapping) -> list[Path]:
    """The file of the mapping. Raises UnreadableError unless there is one."""
    found = [path for path in sorted(folder.iterdir()) if path.is_file() and fnmatch(path.name, mapping.pattern)]
    if len(found) != 1:
        raise UnreadableError(
            "mapping_files", f"{mapping.pattern}: {', '.join(path.name for path in found) or '-'}"[:200]
        )
    return found


def _translate(path: Path, into: Path, mapping: TableMapping | None) -> None:
    try:
        if mapping is not None:
            table = table_of(path, mapping.options)
            if missing := titles_missing(table, mapping):
                raise UnreadableError("title_missing", ", ".join(missing))
            importers = {importer.stem: importer for importer in registry.importers()}
            columns = {one.stem: _columns(importers[one.stem]) for one in mapping.tables}
            tables_write(into, path.name, columns, mapped_rows(table, mapping, importers))
    except UnreadableError as error:
        raise UnreadableError(error.reason, f"{path.name}: {error.value}") from error


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
