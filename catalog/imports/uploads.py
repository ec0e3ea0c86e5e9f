"""Uploaded files on their way to disk: bounded, under safe names, a ZIP of a folder laid out flat. Nothing is held in memory."""

from __future__ import annotations

import errno
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Protocol

from catalog.imports.read import SUFFIXES
from catalog.imports.translate.delivery import XML
from portal.errors import Code, PortalError, refusal

MOST_BYTES = 200 << 20  # of one upload
MOST_UNPACKED = 2 << 30  # of a ZIP's files together
MOST_FILES = 200
MOST_NAME = 200  # bytes
_PIECE = 1 << 20
_ARCHIVES = (".zip", ".7z", ".rar", ".tar", ".tgz", ".tar.gz", ".bz2", ".xz")


class Uploaded(Protocol):
    """A file as a web framework hands it over."""

    name: str | None

    def chunks(self) -> Iterator[bytes]:
        """Its content, piece by piece."""


def uploads_keep(files: Sequence[Uploaded], into: Path) -> list[str]:
    """Write the files, or those of the one ZIP, into the new folder `into`; answers names of the ZIP that are no tables and were left aside.

    Raises INVALID (`upload`) with the reason, BUSY (`upload_disk_full`); then `into` is gone again.
    """
    into.mkdir(parents=True)
    try:
        if any(_name(one).lower().endswith(".zip") for one in files):
            return _zip(files, into)
        _plain(files, into)
        return []
    except OSError as error:
        shutil.rmtree(into, ignore_errors=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise refusal(Code.BUSY, "upload", "upload_disk_full") from error
        raise
    except BaseException:
        shutil.rmtree(into, ignore_errors=True)
        raise


def _plain(files: Sequence[Uploaded], into: Path) -> None:
    if not files:
        raise _refused("upload_none")
    if len(files) > MOST_FILES:
        raise _refused("upload_too_many", most=MOST_FILES)
    left = MOST_BYTES
    for one in files:
        name = _name(one)
        if not _is_table(name):
            raise _refused("upload_suffix", file=name or "?")
        left -= _write(into, name, one.chunks(), left, "upload_too_large")


def _zip(files: Sequence[Uploaded], into: Path) -> list[str]:
    if len(files) > 1:
        raise _refused("upload_zip_alone")
    packed = into / "upload.zip"
    _write(into, packed.name, files[0].chunks(), MOST_BYTES, "upload_too_large")
    try:
        with zipfile.ZipFile(packed) as archive:
            return _unpacked(archive, into)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError):
        raise _refused("upload_zip_damaged") from None
    finally:
        packed.unlink(missing_ok=True)


def _unpacked(archive: zipfile.ZipFile, into: Path) -> list[str]:
    """Its tables, flat; what programs add to folders is passed over, what is no table is named."""
    tables: list[zipfile.ZipInfo] = []
    aside: list[zipfile.ZipInfo] = []
    for member in archive.infolist():
        place = _place(member)
        if member.is_dir() or place.name.startswith(".") or "__MACOSX" in place.parts:
            continue
        if place.name.lower().endswith(_ARCHIVES):
            raise _refused("upload_zip_nested", file=place.name)
        (tables if _is_table(place.name) else aside).append(member)
    if not tables:
        raise _refused("upload_zip_empty")
    if len(tables) > MOST_FILES:
        raise _refused("upload_too_many", most=MOST_FILES)
    left = MOST_UNPACKED
    for member in tables:
        with archive.open(member) as file:
            pieces = iter(lambda: file.read(_PIECE), b"")
            left -= _write(into, _place(member).name, pieces, left, "upload_unpacked")
    return [_place(member).name for member in aside]


def _place(member: zipfile.ZipInfo) -> PurePosixPath:
    """Where the archive says a file belongs; one that leads out of it, a link or a locked one refuses the whole."""
    place = PurePosixPath(member.filename.replace("\\", "/"))
    if place.is_absolute() or ".." in place.parts or ":" in (place.parts or ("",))[0]:
        raise _refused("upload_zip_outside", file=member.filename[:MOST_NAME])
    if stat.S_ISLNK(member.external_attr >> 16):
        raise _refused("upload_zip_outside", file=member.filename[:MOST_NAME])
    if member.flag_bits & 1:
        raise _refused("upload_zip_locked")
    return place


def _write(into: Path, name: str, pieces: Iterable[bytes], most: int, too_much: str) -> int:
    """Write a new file of at most `most` bytes, counted as they come; answers how many."""
    if len(name.encode()) > MOST_NAME or not name.isprintable():
        raise _refused("upload_name", file=name[:60])
    many = 0
    try:
        with (into / name).open("xb") as file:
            for piece in pieces:
                many += len(piece)
                if many > most:
                    raise _refused(
                        too_much, most=(MOST_BYTES if too_much == "upload_too_large" else MOST_UNPACKED) >> 20
                    )
                file.write(piece)
    except FileExistsError:
        raise _refused("upload_twice", file=name) from None
    return many


def _name(one: Uploaded) -> str:
    """The bare name, whatever path the browser sent with it."""
    return PurePosixPath((one.name or "").replace("\\", "/")).name


def _is_table(name: str) -> bool:
    return name.lower().endswith((*SUFFIXES, *XML)) and not name.startswith(".")


def _refused(why: str, **details: object) -> PortalError:
    return refusal(Code.INVALID, "upload", why, **details)
