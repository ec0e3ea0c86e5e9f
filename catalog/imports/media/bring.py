"""Pictures and papers come in by part number: from the names of files, or from a list beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from django.db import transaction

from catalog.imports.media.checks import RefusedError
from catalog.imports.media.sources import delivered
from catalog.imports.media.store import file_keep
from catalog.imports.read import UnreadableError, stem_of, table_of
from catalog.models import Part, PartDocument
from catalog.models.document import DocumentKind
from catalog.rules.media import FileName, name_read
from catalog.rules.numbers import normalise
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.errors import Code, refusal

LIST = "documents"


@dataclass
class MediaReport:
    """What came of a delivery, file by file: `refused` holds (file, reason as in reasons.py, what about)."""

    files: int = 0
    added: int = 0
    changed: int = 0
    refused: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Asked:
    """What is said of a file: the numbers it may mean, and the rest."""

    numbers: tuple[str, ...]
    maker: str = ""
    kind: str = ""
    language: str = ""
    title: str = ""
    position: int = 0
    house_only: bool = False


def documents_bring(*, source: Path, actor: Actor, progress: Callable[[str], None] = lambda name: None) -> MediaReport:
    """Bring in a folder or ZIP of pictures and papers; the same files again change nothing. Each file stands alone.

    A table `documents` (part_number, maker, file, kind, language, title, position, house_only) in it says what its files are; the others are known by
    their names. Raises NOT_ALLOWED unless the actor is a parts manager, INVALID (`source`) when it is neither folder nor ZIP.
    """
    if not actor.is_house:
        raise refusal(Code.NOT_ALLOWED)
    actor.need(Role.PARTS_MANAGER)
    report = MediaReport()
    try:
        listed = _listed(source, report)
        for name, read in delivered(source):
            if stem_of(Path(name)) == LIST:
                continue
            progress(name)
            report.files += 1
            try:
                _bring(name, read, listed.pop(name, []) or [_by_name(name)], report)
            except RefusedError as error:
                report.refused.append((name, error.reason, error.value))
    except RefusedError as error:
        raise refusal(Code.INVALID, "source", error.reason, value=error.value) from error
    report.refused += [(name, "file_missing", "") for name in listed]
    return report


def _by_name(name: str) -> _Asked:
    told: FileName = name_read(PurePosixPath(name).name)
    return _Asked(told.numbers, kind=told.kind, language=told.language, position=told.position)


def _bring(name: str, read: Callable[[], bytes], asked: list[_Asked], report: MediaReport) -> None:
    parts = [(_part(one), one) for one in asked]
    kept, _ = file_keep(read())
    for part, one in parts:
        kind = one.kind or (DocumentKind.IMAGE if kept.width else DocumentKind.MANUAL)
        said = {"kind": kind, "language": one.language, "title": one.title, "position": one.position}
        said |= {"house_only": one.house_only, "name": PurePosixPath(name).name[-255:]}
        with transaction.atomic():
            document, fresh = PartDocument.objects.get_or_create(part=part, file=kept, defaults=said)
            differs = not fresh and any(getattr(document, key) != value for key, value in said.items())
            if differs:
                PartDocument.objects.filter(pk=document.pk).update(**said)
        report.added += fresh
        report.changed += differs


def _part(asked: _Asked) -> Part:
    """The one part that is meant: by its number as written, else in any dress. Raises RefusedError when none is, or several are."""
    numbers = [number for number in asked.numbers if number]
    bare = [normalise(number) for number in numbers if normalise(number)]
    for found in (Part.objects.filter(number__in=numbers), Part.objects.filter(normalised__in=bare)):
        parts = list((found.filter(maker=asked.maker) if asked.maker else found).order_by("pk")[:3])
        if len(parts) > 1:
            raise RefusedError("ambiguous_part", ", ".join(f"{part.maker} {part.number}".strip() for part in parts))
        if parts:
            return parts[0]
    raise RefusedError("unknown_part", " / ".join(numbers)[:200])


def _listed(source: Path, report: MediaReport) -> dict[str, list[_Asked]]:
    """What the list says, by file."""
    found: dict[str, list[_Asked]] = {}
    for name, read in delivered(source):
        if "/" not in name and stem_of(Path(name)) == LIST:
            for line, cells in _rows(name, read, report):
                asked = _row(cells)
                if isinstance(asked, str):
                    report.refused.append((f"{name}:{line}", asked, cells.get("file", "")))
                else:
                    found.setdefault(cells["file"], []).append(asked)
    return found


def _rows(name: str, read: Callable[[], bytes], report: MediaReport) -> Iterator[tuple[int, Mapping[str, str]]]:
    with TemporaryDirectory() as place:
        path = Path(place, Path(name).name)
        path.write_bytes(read())
        try:
            for line, cells, fault in table_of(path).cells():
                if fault:
                    report.refused.append((f"{name}:{line}", fault.reason, fault.value))
                else:
                    yield line, cells
        except UnreadableError as error:
            raise RefusedError(error.reason, f"{name}: {error.value}") from error


def _row(cells: Mapping[str, str]) -> _Asked | str:
    """What a row says, or why it cannot be used."""
    number = cells.get("part_number") or cells.get("number", "")
    kind, position = cells.get("kind", "").upper(), cells.get("position", "") or "0"
    if not number or not cells.get("file"):
        return "missing"
    if kind and kind not in DocumentKind.values:
        return "unknown_value"
    if not (position.isascii() and position.isdigit() and int(position) <= 32767):
        return "not_a_number"
    house_only = cells.get("house_only", "").lower() in ("1", "yes", "y", "true", "x")
    said = {name: cells.get(name, "") for name in ("maker", "language", "title")}
    return _Asked(
        (number,), said["maker"], kind, said["language"][:8].lower(), said["title"][:200], int(position), house_only
    )
