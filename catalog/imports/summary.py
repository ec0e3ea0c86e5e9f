"""What a run would do, or did, in figures: for people before they apply it, and for history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from catalog.imports import reasons
from catalog.imports.plan import model_of
from catalog.models.imports import FileState, ImportFile, ImportRun, ImportStep, Rejection, StepKind

_COLUMN = "column:"
_PLURALS = {
    "catalog_assembly": _("assemblies"),
    "warranty_equipment": _("machines"),
}  # where English does not just add an s


@dataclass
class TableSummary:
    """What happens to one table: rows new, changed (`columns`: how many by changed column), taken out."""

    table: str
    name: str
    new: int = 0
    changed: int = 0
    removed: int = 0
    columns: dict[str, int] = field(default_factory=dict)


@dataclass
class FileSummary:
    """What one file brings. `rejected` counts rejections by reason (code, see reasons.py); `waiting`: not read yet. `encodings` are those it can be read in
    when that is not certain, `question` asks for a yes before it is applied."""

    file: str
    stem: str
    rows: int
    unchanged: int
    tables: list[TableSummary]
    rejected: dict[str, int]
    left_out_rows: int = 0
    failure: str = ""
    waiting: bool = False
    encodings: list[str] = field(default_factory=list)
    question: str = ""
    retired: int = 0
    successions: int = 0
    dearer: int = 0
    cheaper: int = 0

    @property
    def rows_that_change(self) -> int:
        """Rows of the file that change something in one table or several."""
        return max(0, self.rows - self.unchanged - self.left_out_rows)

    @property
    def new(self) -> int:
        """New rows in all its tables."""
        return sum(one.new for one in self.tables)

    @property
    def changed(self) -> int:
        """Changed rows in all its tables, those taken out included."""
        return sum(one.changed + one.removed for one in self.tables)

    @property
    def left_out(self) -> int:
        """How many rejections it has."""
        return sum(self.rejected.values())


@dataclass
class RunSummary:
    """A run in figures; `stays` counts by reason what could not be taken back, `share` of the planned rows is applied (0 to 1)."""

    run: ImportRun
    files: list[FileSummary]
    stays: dict[str, int]
    share: float

    @property
    def changes(self) -> int:
        """How many rows are new, changed or taken out."""
        return sum(one.new + one.changed for one in self.files)

    @property
    def rows_that_change(self) -> int:
        """Rows of the files that change something: one of a part with three names is one."""
        return sum(one.rows_that_change for one in self.files)

    @property
    def left_out(self) -> int:
        """How many rejections all files have."""
        return sum(one.left_out for one in self.files)

    @property
    def questions(self) -> list[str]:
        """What needs a yes before it is applied, in words."""
        return [one.question for one in self.files if one.question]


def run_summary(run: ImportRun) -> RunSummary:
    """Sum a run up; five queries however many files."""
    files = list(run.files.order_by("position"))
    steps: dict[int, list[ImportStep]] = {}
    for step in ImportStep.objects.filter(file__run=run).order_by("number"):
        steps.setdefault(step.file_id, []).append(step)
    counted = (
        Rejection.objects.filter(file__in=files)
        .values_list("file_id", "reason", "reverting")
        .annotate(many=Count("pk"))
    )
    left_out: dict[int, dict[str, int]] = {}
    stays: dict[str, int] = {}
    for file_id, reason, reverting, many in counted:
        into = stays if reverting else left_out.setdefault(file_id, {})
        into[reason] = into.get(reason, 0) + many
    planned = sum(step.planned for many in steps.values() for step in many)
    applied = sum(step.applied for many in steps.values() for step in many)
    lines = Rejection.objects.filter(file__in=files, reverting=False).values_list("file_id")
    rows_out = dict(lines.annotate(many=Count("line", distinct=True)))
    told = [_file(file, steps.get(file.pk, []), left_out.get(file.pk, {}), rows_out.get(file.pk, 0)) for file in files]
    return RunSummary(run, told, stays, applied / planned if planned else 1.0)


def runs_latest(limit: int = 50) -> list[ImportRun]:
    """The history, newest first, with who brought each delivery."""
    return list(
        ImportRun.objects.select_related("started_by").prefetch_related("files").order_by("-created_at", "-pk")[:limit]
    )


def run_find(run_id: int) -> ImportRun | None:
    """A run with who brought it and what was asked of it last."""
    return ImportRun.objects.select_related("started_by", "work__asked_by").filter(pk=run_id).first()


def runs_all() -> QuerySet[ImportRun]:
    """The whole history, newest first, with files and counts: `rows`, `left_out`, `changes` (rows new, changed or taken out)."""
    changes = ImportStep.objects.filter(file__run=OuterRef("pk")).values("file__run")
    return (
        ImportRun.objects.select_related("started_by", "work")
        .prefetch_related("files")
        .annotate(
            rows=Coalesce(Sum("files__rows"), 0),
            left_out=Coalesce(Sum("files__rejected"), 0),
            changes=Coalesce(Subquery(changes.annotate(many=Sum(F("new") + F("changed"))).values("many")), 0),
        )
        .order_by("-created_at", "-pk")
    )


def rejections_first(run: ImportRun, limit: int, *, reverting: bool = False) -> list[Rejection]:
    """The first of them, for a page."""
    found = Rejection.objects.filter(file__run=run, reverting=reverting).select_related("file")
    return list(found.order_by("file__position", "line", "pk")[:limit])


def rejections_of(run: ImportRun, *, reverting: bool = False) -> Iterator[Rejection]:
    """What was left out (or could not be taken back) by file and line, read in portions: a million bad rows fill no memory."""
    found = Rejection.objects.filter(file__run=run, reverting=reverting).select_related("file")
    return found.order_by("file__position", "line", "pk").iterator(chunk_size=2000)


def _file(file: ImportFile, steps: list[ImportStep], left_out: dict[str, int], rows_out: int) -> FileSummary:
    facts: dict[str, int] = {}
    tables: dict[str, TableSummary] = {}
    for step in steps:
        for name, many in step.facts.items():
            facts[name] = facts.get(name, 0) + many
        _table(tables, step)
    return FileSummary(
        file=file.name,
        stem=file.stem,
        rows=file.rows,
        unchanged=file.unchanged,
        tables=[one for one in tables.values() if one.new or one.changed or one.removed],
        rejected=left_out,
        left_out_rows=rows_out,
        failure=f"{reasons.why(file.failure)} {file.failure_details}".strip() if file.state == FileState.FAILED else "",
        waiting=file.state == FileState.WAITING,
        encodings=reasons.encodings(file.failure, file.failure_details),
        question=reasons.question(file.asks, file.asks_details) if file.asks else "",
        **{name: facts.get(name, 0) for name in ("retired", "successions", "dearer", "cheaper")},
    )


def _table(tables: dict[str, TableSummary], step: ImportStep) -> None:
    name: Any = _PLURALS.get(step.table) or model_of(step.table)._meta.verbose_name_plural
    one = tables.setdefault(step.table, TableSummary(step.table, str(name)))
    if step.kind == StepKind.REMOVE:
        one.removed += step.changed
        return
    one.new += step.new
    one.changed += step.changed
    for fact, many in step.facts.items():
        if fact.startswith(_COLUMN):
            column = fact.removeprefix(_COLUMN)
            one.columns[column] = one.columns.get(column, 0) + many
