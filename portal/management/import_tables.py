"""What an import would do or did, as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from rich.table import Table

from catalog.imports import reasons
from catalog.imports.summary import FileSummary, RunSummary
from catalog.models import ImportRun


def summary_tables(summary: RunSummary) -> list[Table]:
    """A table of the files; one of what changes, when something does."""
    files = Table(_("file"), *(_("rows"), _("with changes"), _("unchanged"), _("left out"), _("most often because")))
    changes = Table(_("file"), _("what"), _("new"), _("changed"), _("columns that change"))
    for one in summary.files:
        figures = (one.rows, one.rows_that_change, one.unchanged, one.left_out_rows)
        files.add_row(one.file, *(f"{figure:,}" for figure in figures), one.failure or _often(one))
        for table in one.tables:
            columns = ", ".join(
                f"{name} {many:,}" for name, many in sorted(table.columns.items(), key=lambda each: -each[1])
            )
            changes.add_row(one.file, table.name, f"{table.new:,}", f"{table.changed + table.removed:,}", columns)
        for words, many in _told(one):
            changes.add_row(one.file, words, "", f"{many:,}", "")
    return [files, changes] if changes.row_count else [files]


def history_table(runs: Iterable[ImportRun]) -> Table:
    """Who brought what, when, and what became of it."""
    table = Table(_("run"), _("brought"), _("by"), _("state"), _("folder"), _("files"), _("stopped because"))
    for run in runs:
        by = str(run.started_by) if run.started_by else _("command line")
        files = ", ".join(f"{file.name} {file.sha256[:8]}" for file in run.files.all())
        words = (
            str(run.pk),
            f"{run.created_at:%Y-%m-%d %H:%M}",
            by,
            str(run.get_state_display()),
            run.folder,
            files,
            run.stopped,
        )
        table.add_row(*words)
    return table


def _often(one: FileSummary) -> str:
    return reasons.why(max(one.rejected, key=lambda reason: one.rejected[reason])) if one.rejected else ""


def _told(one: FileSummary) -> list[tuple[str, int]]:
    """What a parts manager looks for first."""
    figures = (
        (_("parts retired"), one.retired),
        (_("new successions"), one.successions),
        (_("prices higher"), one.dearer),
        (_("prices lower"), one.cheaper),
    )
    return [(words, many) for words, many in figures if many]
