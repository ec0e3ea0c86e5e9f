"""`python -m portal search_index --rebuild`: a new search index beside the one that serves, then in its place."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from catalog.search.changes import INDEXED
from portal import clock
from portal.locks import key_lock_session_try
from portal.management.progress import parts_bar


class Command(BaseCommand):
    """Show our indices in Elasticsearch, or build a new one without a pause for who searches."""

    help = "Show the search indices in Elasticsearch; --rebuild fills a new one, lets it serve and drops the old ones."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to build."""
        parser.add_argument("--rebuild", action="store_true", help="build a new index; cut short, the next run goes on")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build if asked to, then show what is there."""
        if settings.CATALOG_SEARCH != INDEXED:
            raise CommandError(
                _("PostgreSQL searches: it keeps no index of its own. Set ELASTICSEARCH_URL to use Elasticsearch.")
            )
        from catalog.search.elastic.client import ADVICE, ElasticError  # noqa: PLC0415  loaded where there is an index

        try:
            if options["rebuild"]:
                self._rebuild()
            self._show()
        except ElasticError as error:
            raise CommandError(f"{ADVICE[error.trouble]} ({error.said})") from error

    def _rebuild(self) -> None:
        from catalog.search.elastic.rebuild import index_rebuild  # noqa: PLC0415

        console = Console()
        with key_lock_session_try("search_index") as alone:
            if not alone:
                raise CommandError(_("Another rebuild is running. Wait until it is done."))
            with parts_bar(console, _("Indexing")) as advance:
                name, filled = index_rebuild(now=clock.real_now(), progress=advance)
        console.print(
            _("{index} serves: {parts} parts, {written} written now.").format(
                index=name, parts=filled.parts, written=filled.differences
            )
        )

    def _show(self) -> None:
        from catalog.search.elastic.index import alias  # noqa: PLC0415
        from catalog.search.elastic.rebuild import indices  # noqa: PLC0415

        table = Table(_("index"), _("serves"), _("of this version"))
        for name, serves in indices().items():
            ours = name.startswith(alias() + "-")
            table.add_row(name, _("yes") if serves else _("no"), _("yes") if ours else _("no"))
        Console().print(table)
