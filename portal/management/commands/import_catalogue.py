"""`python -m portal import_catalogue FOLDER`: bring in parts, bills, prices, stock, machines, companies (docs/import.md)."""

from __future__ import annotations

import errno
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from catalog.imports import reasons
from catalog.imports import run as runs
from catalog.imports.begin import COMPLETE, OPEN, left_aside
from catalog.imports.mappings import mapping_get
from catalog.imports.read import UnreadableError
from catalog.imports.rejected import rejections_write
from catalog.imports.summary import run_summary, runs_latest
from catalog.imports.translate.delivery import delivery_open
from catalog.imports.types import Phase, Tick
from catalog.models import ImportRun
from portal import clock
from portal.accounts.actor import SYSTEM
from portal.errors import Code, PortalError
from portal.management.import_tables import history_table, summary_tables

_PHASES = {
    Phase.READING: _("reading {file}"),
    Phase.JUDGING: _("judging {file}"),
    Phase.APPLYING: _("applying {file}"),
    Phase.COUNTING: _("counting words for search"),
    Phase.REVERTING: _("taking back {file}"),
}
_SUMMARIES = 3  # how often a summary that the catalogue overtook is shown anew before we give up


class Command(BaseCommand):
    """Bring in a folder of tables; a second run with the same files changes nothing."""

    help = "Bring in a folder of csv, csv.gz or xlsx tables: parts, bills, prices, stock, machines, companies (docs/import.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A folder, or a run to go on with or to take back."""
        parser.add_argument("folder", type=Path, nargs="?")
        parser.add_argument("--dry-run", action="store_true", help="judge everything, show the summary, change nothing")
        parser.add_argument("--complete", action="append", default=[], choices=sorted(COMPLETE), metavar="parts")
        parser.add_argument("--encoding", default="", help="of text that is not Unicode, when asked for it")
        parser.add_argument(
            "--mapping", default="", help="a saved mapping for a maker's own table (docs/deliveries.md)"
        )
        parser.add_argument("--yes", action="store_true", help="answer the summary's questions with yes")
        parser.add_argument(
            "--resume", type=int, nargs="?", const=0, metavar="RUN", help="go on with a run that was cut short"
        )
        parser.add_argument("--revert", type=int, metavar="RUN", help="take back what a run brought in")
        parser.add_argument("--history", action="store_true", help="show the latest runs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do what was asked, then show what came of it and where the rejected rows are listed."""
        self.console = Console()
        try:
            if options["history"]:
                self.console.print(history_table(runs_latest()))
            elif options["revert"] is not None:
                self._revert(options["revert"])
            elif options["resume"] is not None:
                self._resume(options["resume"], yes=options["yes"])
            elif options["folder"] is not None:
                self._bring_in(options)
            else:
                raise CommandError(_("Name a folder, or one of --resume, --revert and --history."))
        except PortalError as error:
            raise CommandError(" ".join(problem.message for problem in error.problems)) from error
        except UnreadableError as error:
            raise _unreadable(error) from error
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
            raise CommandError(
                _("The disk of the list of rejected rows is full. Make room, then write it with --resume RUN.")
            ) from error

    def _bring_in(self, options: dict[str, Any]) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(_("There is no folder {folder}.").format(folder=folder))
        folder = _opened(folder, options["mapping"])
        asked = {name: options[name] for name in ("complete", "encoding")}
        with _Bars(self.console) as bars:
            run = runs.import_prepare(actor=SYSTEM, folder=folder, now=clock.now(), progress=bars, **asked)
        if options["dry_run"] and run.state not in OPEN:
            self._summarised(run)
            self._left_aside(folder)
            self._rejections(run)
            runs.import_discard(actor=SYSTEM, run_id=run.pk)
            self.console.print(_("This was a trial; nothing was changed."))
            return
        self._apply(run, yes=options["yes"])
        self._left_aside(folder)

    def _apply(self, run: ImportRun, *, yes: bool) -> None:
        for left in reversed(range(_SUMMARIES)):
            self._summarised(run)
            try:
                with _Bars(self.console) as bars:
                    run = runs.import_apply(
                        actor=SYSTEM, run_id=run.pk, now=clock.now(), confirmed=yes, judged=run.judged, progress=bars
                    )
                break
            except PortalError as error:
                if not left or (error.code, error.problems[0].why) != (Code.WRONG_STATE, "judged_anew"):
                    raise
                run.refresh_from_db()
        self._rejections(run)
        self._told(run)

    def _told(self, run: ImportRun) -> None:
        summary = run_summary(run)
        if all(one.failure for one in summary.files):
            raise CommandError(_("No file could be read; nothing has changed."))
        if summary.changes:
            self.console.print(_("Import {run} is applied. Take it back with --revert {run}.").format(run=run.pk))
        else:
            self.console.print(_("Nothing has changed: the catalogue already says what these files say."))

    def _resume(self, run_id: int, *, yes: bool) -> None:
        run = _unfinished(run_id)
        with _Bars(self.console) as bars:
            run = runs.import_resume(actor=SYSTEM, run_id=run.pk, now=clock.now(), progress=bars)
        if run.state == "PREPARED":
            self._apply(run, yes=yes)
            return
        self._summarised(run)
        self._rejections(run)

    def _revert(self, run_id: int) -> None:
        with _Bars(self.console) as bars:
            run = runs.import_revert(actor=SYSTEM, run_id=run_id, now=clock.now(), progress=bars)
        stays = run_summary(run).stays
        self._rejections(run, reverting=True)
        if not stays:
            self.console.print(_("Import {run} is taken back; the catalogue is as it was.").format(run=run.pk))

    def _summarised(self, run: ImportRun) -> None:
        summary = run_summary(run)
        for table in summary_tables(summary):
            self.console.print(table)
        for question in summary.questions:
            self.console.print(question)

    def _left_aside(self, folder: Path) -> None:
        for path in left_aside(folder):
            self.console.print(_("Left aside, no importer for it: {file}").format(file=path.name))

    def _rejections(self, run: ImportRun, *, reverting: bool = False) -> None:
        summary = run_summary(run)
        if not (summary.stays if reverting else summary.left_out):
            return
        name = f"{'not-taken-back' if reverting else 'rejected'}-{run.created_at:%Y%m%d-%H%M%S}-{run.pk}.csv"
        listed = Path(settings.PORTAL_DATA) / "imports" / name
        count = rejections_write(run, listed, reverting=reverting)
        words = _("{count} rows could not be taken back") if reverting else _("{count} rows were left out")
        self.console.print(f"{words.format(count=count)}; {_('why and what to do')}: {listed}", soft_wrap=True)


def _unfinished(run_id: int) -> ImportRun:
    """The run of that number; 0: the latest that was cut short."""
    states = (*OPEN, "PREPARING")
    found = (
        ImportRun.objects.filter(pk=run_id) if run_id else ImportRun.objects.filter(state__in=states).order_by("-pk")
    )
    run = found.first()
    if run is None:
        raise CommandError(_("There is no such import.") if run_id else _("No import was cut short."))
    return run


def _opened(folder: Path, mapping: str) -> Path:
    """The folder with everything in it that is not ours translated."""
    into = Path(settings.PORTAL_DATA) / "imports" / "translated"
    try:
        return delivery_open(folder, into=into, mapping=mapping_get(mapping) if mapping else None)
    except UnreadableError as error:
        raise _unreadable(error) from error
    except PortalError:
        raise CommandError(_("There is no mapping {name}.").format(name=mapping)) from None


def _unreadable(error: UnreadableError) -> CommandError:
    return CommandError(f"{reasons.why(error.reason)} {error.value}. {reasons.what_to_do(error.reason)}")


class _Bars:
    """A bar per phase and file: rows read so far, then rows written of all."""

    def __init__(self, console: Console) -> None:
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        self.bar = Progress(*columns, console=console)
        self.now: tuple[str, TaskID] | None = None

    def __enter__(self) -> _Bars:
        self.bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done()
        self.bar.stop()

    def __call__(self, tick: Tick) -> None:
        said = _PHASES[tick.phase].format(file=tick.file)
        if self.now is None or self.now[0] != said:
            self._done()
            self.now = (said, self.bar.add_task(said, total=tick.total or None))
        self.bar.update(self.now[1], completed=tick.done, total=tick.total or None)

    def _done(self) -> None:
        if self.now is not None:
            task = self.bar.tasks[self.now[1]]
            self.bar.update(task.id, total=task.completed or 1, completed=task.completed or 1)
