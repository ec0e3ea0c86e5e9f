"""The store gives us a token: whom we believe. Its request carries no signature, so the token must prove itself.

A registration is accepted when it comes for the one store we expect, when that store, asked at the address *we* know, says
that the token is that of our app, and when no living connection would be replaced. Everything else changes nothing.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.locks import key_lock
from portal.saleor.addresses import api_url_read
from portal.saleor.client import SaleorClient
from portal.saleor.errors import NotConnected, SaleorDenied, SaleorError
from portal.saleor.manifest import IDENTIFIER, version_supported
from portal.saleor.models import Connection
from portal.saleor.secrets import seal, unseal
from portal.saleor.services import app_of

TICKET_GOOD = timedelta(minutes=15)
_LONGEST_TOKEN = 200


class Why(StrEnum):
    """Why a registration is refused."""

    UNKNOWN_STORE = "UNKNOWN_STORE"
    TICKET = "TICKET"
    CONNECTED = "CONNECTED"
    NOT_PROVEN = "NOT_PROVEN"
    OTHER_APP = "OTHER_APP"
    VERSION = "VERSION"


_WORDS: dict[Why, Promise | str] = {
    Why.UNKNOWN_STORE: _("This portal is not set up for that store. Set SALEOR_API_URL, or run saleor_connect."),
    Why.TICKET: _("This ticket was used or is too old. Run saleor_connect again."),
    Why.CONNECTED: _("This portal is connected already. Nothing was changed."),
    Why.NOT_PROVEN: _("The store does not know this token. Nothing was changed."),
    Why.OTHER_APP: _("This token belongs to another app. Nothing was changed."),
    Why.VERSION: _("This portal works with Saleor 3.23 and 3.24."),
}


class RegistrationRefused(SaleorError):  # noqa: N818
    """A registration changes nothing."""

    code: ClassVar[str] = "STORE_REGISTRATION_REFUSED"

    def __init__(self, why: Why) -> None:
        self.why = why
        super().__init__(str(_WORDS[why]))


@transaction.atomic
def registration_expect(*, api_url: str, public_url: str, now: datetime) -> str:
    """Expect the store at `api_url` to register us soon; answers a ticket, good once, that its registration must bring.

    Raises RegistrationRefused(CONNECTED) when we are connected to another store.
    """
    key_lock("saleor.connection")
    ticket = secrets.token_urlsafe(24)
    values: dict[str, Any] = {"ticket": _hash(ticket), "ticket_until": now + TICKET_GOOD}
    found = Connection.objects.first()
    if found and found.token_sealed and found.api_url != api_url:
        raise RegistrationRefused(Why.CONNECTED)
    Connection.objects.update_or_create(pk=1, defaults={**values, "api_url": api_url, "public_url": public_url})
    return ticket


def registration_accept(*, told_url: str, token: str, ticket: str, now: datetime) -> Connection:
    """Believe a token, or raise: RegistrationRefused, or SaleorAway when the store cannot be asked now."""
    expected = _expected(ticket, now)
    if told_url not in (expected.api_url, expected.public_url):
        raise RegistrationRefused(Why.UNKNOWN_STORE)
    if not 0 < len(token) <= _LONGEST_TOKEN or not token.isascii() or not token.isprintable():
        raise RegistrationRefused(Why.NOT_PROVEN)
    _no_living_connection()
    client = SaleorClient(expected.api_url, token, timeout=10)
    try:
        return _proven(client, expected, token, ticket, now)
    except SaleorDenied:
        raise RegistrationRefused(Why.NOT_PROVEN) from None
    finally:
        client.close()


def _expected(ticket: str, now: datetime) -> Connection:
    """The one store we expect: the ticket's, else the settings'."""
    found = Connection.objects.first()
    if ticket:
        good = found and found.ticket_until and found.ticket_until > now
        if not found or not good or not hmac.compare_digest(found.ticket, _hash(ticket)):
            raise RegistrationRefused(Why.TICKET)
        return found
    if not settings.SALEOR_API_URL:
        raise RegistrationRefused(Why.CONNECTED if found and found.token_sealed else Why.UNKNOWN_STORE)
    return Connection(
        api_url=api_url_read(settings.SALEOR_API_URL), public_url=api_url_read(settings.SALEOR_PUBLIC_API_URL)
    )


def _no_living_connection() -> None:
    """Refuse while the token we have still works: a second app, or the same registration once more, replaces nothing."""
    found = Connection.objects.exclude(token_sealed="").first()
    if found is None:
        return
    try:
        app_of(SaleorClient(found.api_url, unseal(found.token_sealed), timeout=10))
    except (SaleorDenied, NotConnected):
        return
    raise RegistrationRefused(Why.CONNECTED)


def _proven(client: SaleorClient, expected: Connection, token: str, ticket: str, now: datetime) -> Connection:
    app = app_of(client)
    if app["identifier"] != IDENTIFIER:
        raise RegistrationRefused(Why.OTHER_APP)
    version = client.call("shop_version")["version"]
    if not version_supported(version):
        raise RegistrationRefused(Why.VERSION)
    return _keep(expected, app["id"], token, ticket, version, now)


@transaction.atomic
def _keep(expected: Connection, app_id: str, token: str, ticket: str, version: str, now: datetime) -> Connection:
    key_lock("saleor.connection")
    if ticket and not Connection.objects.filter(pk=1, ticket=_hash(ticket)).exists():
        raise RegistrationRefused(Why.TICKET)  # somebody was faster with the same one
    values = {"api_url": expected.api_url, "public_url": expected.public_url, "app_id": app_id, "version": version}
    used = {"ticket": "", "ticket_until": None, "token_sealed": seal(token), "connected_at": now}
    kept, _made = Connection.objects.update_or_create(pk=1, defaults={**values, **used})
    return kept


def _hash(ticket: str) -> str:
    return sha256(ticket.encode()).hexdigest()
