"""`python -m portal search_check`: does the search index hold what the database holds? Ends with 1 when it does not."""

from __future__ import annotations

from argparse import ArgumentParser
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from catalog.models import Part
from catalog.search.changes import INDEXED, KEY
from portal.management.progress import parts_bar
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_hold

if TYPE_CHECKING:
    from catalog.search.elastic.sync import Compared


class Command(BaseCommand):
    """Compare every document with the database, by checksum; print the differences, repair them if asked to."""

    help = "Compare the search index in Elasticsearch with the database; ends with 1 when they differ. --repair writes what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to write what differs."""
        parser.add_argument(
            "--repair", action="store_true", help="write what is missing or stale, take away what is too much"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare, show, and say by the exit code whether all is equal (after a repair: was)."""
        console = Console()
        if settings.CATALOG_SEARCH != INDEXED:
            console.print(_("PostgreSQL searches: it keeps no index of its own, so there is nothing to compare."))
            return
        found = self._compare(console, repair=options["repair"])
        console.print(_table(found))
        if waiting := OutboxMessage.objects.filter(key=KEY, done_at=None).count():
            console.print(_("{count} changes are on their way to the index.").format(count=waiting))
        if found.differences and options["repair"]:
            console.print(_("Repaired."))
        elif found.differences:
            raise SystemExit(1)

    def _compare(self, console: Console, *, repair: bool) -> Compared:
        from catalog.search.elastic.client import ADVICE, ElasticError  # noqa: PLC0415  loaded where there is an index
        from catalog.search.elastic.index import alias  # noqa: PLC0415
        from catalog.search.elastic.sync import compare  # noqa: PLC0415

        try:
            with outbox_hold(KEY) if repair else nullcontext(), parts_bar(console, _("Comparing")) as advance:
                return compare(alias(), repair=repair, progress=advance)
        except ElasticError as error:
            raise CommandError(f"{ADVICE[error.trouble]} ({error.said})") from error


def _table(found: Compared) -> Table:
    table = Table(_("what"), _("how many"), _("for example"))
    table.add_row(_("parts in the database"), str(found.parts), "")
    table.add_row(_("documents in the index"), str(found.documents), "")
    for kind, words in (
        ("missing", _("missing in the index")),
        ("extra", _("no part any more")),
        ("stale", _("not up to date")),
    ):
        table.add_row(words, str(getattr(found, kind)), _named(found.examples[kind]))
    return table


def _named(part_ids: list[int]) -> str:
    """Numbers of parts; the key of one that is gone."""
    numbers = dict(Part.objects.filter(pk__in=part_ids).values_list("pk", "number"))
    return ", ".join(numbers.get(part_id, f"#{part_id}") for part_id in part_ids)
