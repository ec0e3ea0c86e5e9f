"""`python -m portal saleor_connect URL`: connect to a Saleor, or bring the connection up to date."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from rich.console import Console

from catalog.services.store_known import parts_forget
from portal.saleor.addresses import api_url_read, portal_addresses
from portal.saleor.client import SaleorClient
from portal.saleor.connecting import Terms, connect, forget, staff_sign_in
from portal.saleor.errors import SaleorError


class Command(BaseCommand):
    """Installs the portal in the store as an app, with just the permissions it needs. Needs the portal's web process, which the store asks."""

    help = (
        "Connect to a Saleor: installs the portal as its app. Run again at any time: it brings permissions and webhooks up to date. "
        "Saleor's staff account is asked for when it is needed, or taken from SALEOR_STAFF_EMAIL and SALEOR_STAFF_PASSWORD."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The store's address, and what may be given up for it."""
        parser.add_argument(
            "url", nargs="?", help="its API, https://store.example.org/graphql/; SALEOR_API_URL when left out"
        )
        parser.add_argument(
            "--replace", action="store_true", help="remove an app of ours that is there, and install it anew"
        )
        parser.add_argument(
            "--forget", action="store_true", help="forget the store we are connected to; nothing is changed there"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Connect and say what was done."""
        console = Console(soft_wrap=True)
        if options["forget"]:
            console.print(_("Forgotten. Its staff may remove the app.") if _forget() else _("No store was connected."))
            return
        api_url = self._url(options["url"])
        terms = Terms(
            api_url=api_url,
            where=portal_addresses(),
            staff=lambda: _staff(api_url),
            say=console.print,
            replace=options["replace"],
        )
        try:
            changed = connect(terms)
        except SaleorError as error:
            raise CommandError(f"{error} [{error.code}]") from error
        if not changed:
            console.print(_("All is in order: nothing was changed."))

    def _url(self, given: str | None) -> str:
        try:
            wanted = api_url_read(given or settings.SALEOR_API_URL)
            fixed = api_url_read(settings.SALEOR_API_URL) if settings.SALEOR_API_URL else wanted
        except ValueError as error:
            raise CommandError(_("Give the address of Saleor's API: https://store.example.org/graphql/")) from error
        if wanted != fixed:
            raise CommandError(
                _("SALEOR_API_URL names {url}: change it there, or leave the address out.").format(url=fixed)
            )
        return wanted


def _forget() -> bool:
    """Another store may come next: what this one had of our parts says nothing about that one."""
    with transaction.atomic():
        parts_forget()
        return forget()


def _staff(api_url: str) -> SaleorClient:
    """Sign in as the store's staff: from the environment, else asked."""
    email = settings.SALEOR_STAFF_EMAIL or input(_("Saleor's staff e-mail: "))
    password = settings.SALEOR_STAFF_PASSWORD or getpass.getpass(_("Password: "))
    return staff_sign_in(api_url, email, password)
