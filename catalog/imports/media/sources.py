"""The files of a delivery of pictures and papers: of a folder or of a ZIP, one at a time, none of them unpacked to disk."""

from __future__ import annotations

import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from catalog.imports.media.checks import MOST_BYTES, RefusedError

_MOST_FILES = 200_000
# (name within the delivery, its content or the refusal)
Delivered = tuple[str, Callable[[], bytes]]


def delivered(source: Path) -> Iterator[Delivered]:
    """Every file but hidden ones; reading one raises RefusedError. Raises RefusedError when `source` is neither folder nor ZIP."""
    if source.is_dir():
        yield from _of_folder(source)
    elif zipfile.is_zipfile(source):
        yield from _of_zip(source)
    else:
        raise RefusedError("no_delivery", source.name)


def _of_folder(folder: Path) -> Iterator[Delivered]:
    for here, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            path = Path(here, name)
            if not name.startswith("."):
                within = os.fsencode(path.relative_to(folder).as_posix()).decode(
                    "utf-8", "replace"
                )  # names may be of any encoding
                yield within, lambda path=path: _read(path)  # type: ignore[misc]


def _read(path: Path) -> bytes:
    if path.is_symlink() or not path.is_file():
        raise RefusedError("link")
    if path.stat().st_size > MOST_BYTES:
        raise RefusedError("file_too_large", f"{path.stat().st_size >> 20} MB")
    return path.read_bytes()


def _of_zip(path: Path) -> Iterator[Delivered]:
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > _MOST_FILES:
            raise RefusedError("too_many_files", str(len(members)))
        for member in sorted(members, key=lambda one: one.filename):
            if not _place(member).name.startswith("."):
                yield member.filename, lambda member=member: _member(archive, member)  # type: ignore[misc]


def _place(member: zipfile.ZipInfo) -> PurePosixPath:
    return PurePosixPath(member.filename.replace("\\", "/"))


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """One file of the archive. Its stated size is the most that is unpacked."""
    place = _place(member)
    if place.is_absolute() or ".." in place.parts or ":" in place.parts[0]:
        raise RefusedError("outside")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise RefusedError("link")
    if member.flag_bits & 1:
        raise RefusedError("encrypted")
    if member.file_size > MOST_BYTES:
        raise RefusedError("file_too_large", f"{member.file_size >> 20} MB")
    try:
        return archive.read(member)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise RefusedError("damaged") from None
