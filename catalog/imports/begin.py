"""What a folder holds for us, and the run it becomes: a new one, or the unfinished one of the very same files."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from django.db import transaction

from catalog.imports import registry
from catalog.imports.judge import file_failed, judgement_drop, sha256
from catalog.imports.mappings import mapping_get
from catalog.imports.plan import plans_drop
from catalog.imports.read import file_of, stem_of, unfinished
from catalog.imports.translate.delivery import delivery_open
from catalog.imports.translate.mapping import TableMapping
from catalog.models.imports import ImportFile, ImportRun, ImportStep, RunState
from portal.accounts.actor import Actor
from portal.errors import Code, refusal

OPEN = (RunState.APPLYING, RunState.REVERTING)  # part of their work is in the catalogue
WAITING = (RunState.PREPARING, RunState.PREPARED)
COMPLETE = frozenset(("parts",))  # stems that can be said to be whole


@dataclass(frozen=True)
class Delivery:
    """The files of a folder by stem, in the order they come in; `broken` ones, each with its reason, keep everything out."""

    folder: Path
    files: dict[str, Path]
    broken: list[tuple[Path, str]]
    complete: frozenset[str]
    encoding: str
    hashes: dict[str, str] = field(default_factory=dict)


def delivery_of(folder: Path, complete: Collection[str], encoding: str) -> Delivery:
    """Look at a folder. Raises INVALID (`folder`: `no_file`; `complete`: `not_complete`)."""
    folder = folder.resolve()
    stems = [importer.stem for importer in registry.importers()]
    broken = unfinished(folder, stems)
    files = {stem: path for stem in stems if (path := file_of(folder, stem))} if not broken else {}
    if not files and not broken:
        raise refusal(Code.INVALID, "folder", "no_file", folder=str(folder))
    unknown = set(complete) - (files.keys() & COMPLETE)
    if unknown and not broken:
        raise refusal(Code.INVALID, "complete", "not_complete", stems=", ".join(sorted(unknown)))
    hashes = {stem: sha256(path) for stem, path in files.items()}
    return Delivery(folder, files, broken, frozenset(complete), encoding, hashes)


def left_aside(folder: Path) -> list[Path]:
    """Tables in the folder that no importer knows."""
    known = {importer.stem for importer in registry.importers()}
    return sorted(path for path in folder.iterdir() if stem_of(path) and stem_of(path) not in known)


def run_of(delivery: Delivery, actor: Actor, now: datetime) -> ImportRun:
    """The run of a delivery: the unfinished one of these very files, else a new one; what waited of this folder with other content is dropped.

    Raises WRONG_STATE (`import_unfinished`) when another run is half applied or half taken back.
    """
    for run in ImportRun.objects.filter(state__in=(*OPEN, *WAITING)).order_by("pk"):
        here = run.folder == str(delivery.folder)
        if here and run.state != RunState.REVERTING and _same(run, delivery):
            return run
        if run.state in OPEN:
            raise refusal(Code.WRONG_STATE, "run", "import_unfinished", run=run.pk)
        if here:
            run_drop(run)
    return _begun(delivery, actor, now)


def run_fill(run: ImportRun) -> None:
    """Look at what was uploaded for a run that has no files yet, translated by its mapping. Raises as `delivery_of`, and UnreadableError."""
    if run.files.exists():
        return
    uploaded = Path(run.folder)
    opened = delivery_open(uploaded, into=uploaded.parent / "translated", mapping=_mapping(run))
    delivery = delivery_of(opened, run.complete, run.encoding)
    with transaction.atomic():
        _files(run, delivery)


def run_empty(run: ImportRun) -> None:
    """Forget how a run's files were read, so that they are read anew. Raises WRONG_STATE when part of it is in the catalogue: that needs its record."""
    if ImportStep.objects.filter(file__run=run, applied__gt=0).exists():
        raise refusal(Code.WRONG_STATE, "run", "import_unfinished", run=run.pk)
    with transaction.atomic():
        judgement_drop(run)
        run.files.all().delete()


def run_drop(run: ImportRun) -> None:
    """A run that will not be applied, or not any further than it was."""
    rest_drop(run)
    written = ImportStep.objects.filter(file__run=run, applied__gt=0).exists()
    run.state = RunState.APPLIED if written else RunState.DISCARDED
    run.save()


def rest_drop(run: ImportRun) -> None:
    """What is not applied yet will not be; what is, can be taken back."""
    steps = ImportStep.objects.filter(file__run=run, closed=False)
    plans_drop(steps)
    steps.update(closed=True)


def _same(run: ImportRun, delivery: Delivery) -> bool:
    hashes = dict(run.files.values_list("stem", "sha256"))
    asked = (frozenset(run.complete), run.encoding) == (delivery.complete, delivery.encoding)
    return asked and not delivery.broken and hashes == delivery.hashes


@transaction.atomic
def _begun(delivery: Delivery, actor: Actor, now: datetime) -> ImportRun:
    run = ImportRun.objects.create(
        folder=str(delivery.folder),
        started_by_id=actor.user_id,
        complete=sorted(delivery.complete),
        encoding=delivery.encoding,
        created_at=now,
    )
    _files(run, delivery)
    return run


def _files(run: ImportRun, delivery: Delivery) -> None:
    for position, (stem, path) in enumerate(delivery.files.items(), start=1):
        _file(run, position, stem, path, delivery.hashes[stem])
    for position, (path, reason) in enumerate(delivery.broken, start=1):
        file_failed(_file(run, position, stem_of(path), path, ""), reason, path.name)


def _mapping(run: ImportRun) -> TableMapping | None:
    """The run's mapping; the encoding that was answered for the run goes before the mapping's."""
    if not run.mapping:
        return None
    mapping = mapping_get(run.mapping)
    return replace(mapping, options=replace(mapping.options, encoding=run.encoding or mapping.options.encoding))


def _file(run: ImportRun, position: int, stem: str, path: Path, digest: str) -> ImportFile:
    size = path.stat().st_size
    return ImportFile.objects.create(
        run=run, stem=stem, position=position, path=str(path), name=path.name, sha256=digest, bytes=size
    )
