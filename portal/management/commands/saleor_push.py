"""`python -m portal saleor_push`: our catalogue into the store; only what differs is sent (docs/saleor.md)."""

from __future__ import annotations

from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console

from catalog.engines.saleor_push import SaleorPush
from catalog.selectors.store import store_channels
from catalog.services.store_push import Pushed, store_push, store_push_plan
from portal import clock
from portal.management.progress import parts_bar
from portal.saleor.errors import SaleorError
from portal.saleor.quiet import BusyElsewhere, webhooks_quiet
from portal.saleor.services import client
from warranty.selectors.group_terms import group_cover_words

_MOST_WORKERS = 8


class Command(BaseCommand):
    """Publish the catalogue; cut short anywhere, it goes on where it stood."""

    help = "Publish parts, prices and opening stock in the store; only what differs is sent (docs/saleor.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How, and how much at once."""
        parser.add_argument("--dry-run", action="store_true", help="count what would be sent, send nothing")
        parser.add_argument("--again", action="store_true", help="make parts anew that were deleted in the store")
        parser.add_argument(
            "--workers",
            type=int,
            choices=range(1, _MOST_WORKERS + 1),
            default=1,
            metavar="N",
            help="questions at once: as many as the store has processes for its API",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare and send, with a bar; then say what came of it."""
        console, now = Console(), clock.now()
        channels = list(store_channels(now).values())
        cover = partial(group_cover_words, on=now.date())
        try:
            if options["dry_run"]:
                console.print(_plan(store_push_plan(channels=channels, cover=cover)))
                return
            asked = client()
            push = SaleorPush(asked)
            with webhooks_quiet(asked), parts_bar(console, _("comparing and sending")) as progress:
                done = store_push(
                    push=push, channels=channels, cover=cover, now=now, workers=options["workers"],
                    again=options["again"], progress=progress,
                )  # fmt: skip
        except BusyElsewhere:
            raise CommandError(_("Another push is at work. Wait until it is done.")) from None
        except SaleorError as error:
            raise CommandError(_("{why} Run it again: it goes on where it stood.").format(why=error)) from error
        self._told(console, done)

    def _told(self, console: Console, done: Pushed) -> None:
        if not done.sent and not done.refused:
            console.print(_("Nothing to send: the store has all {parts} parts as they are.").format(parts=done.parts))
        else:
            words = _("{made} parts made, {changed} changed, {refused} refused, of {parts}.")
            console.print(words.format(made=done.made, changed=done.changed, refused=done.refused, parts=done.parts))
        if done.refused:
            console.print(_("Why parts were refused stands among the differences on the store's page."))
        if done.gone:
            console.print(_("{gone} parts were deleted in the store; --again makes them anew.").format(gone=done.gone))


def _plan(pages: Any) -> str:
    made = changed = parts = 0
    for compared, todo in pages:
        fresh = sum(one.known is None for one in todo)
        parts, made, changed = parts + compared, made + fresh, changed + len(todo) - fresh
    words = _("Would make {made} parts and change {changed}, of {parts}. Nothing was sent.")
    return words.format(made=made, changed=changed, parts=parts)
