"""Addresses: of the portal as others reach it, of the store as it writes it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings


@dataclass(frozen=True)
class Addresses:
    """Where the portal is found: by people's browsers, and by the store's servers (between containers another one)."""

    people: str
    store: str

    @property
    def webhook(self) -> str:
        """Where the store tells us things."""
        return f"{self.store}/webhooks/saleor/"


def portal_addresses() -> Addresses:
    """As the settings have them."""
    return Addresses(people=settings.PORTAL_URL, store=settings.PORTAL_INTERNAL_URL)


def api_url_read(text: str) -> str:
    """The address of an API as the store itself writes it: with a scheme, a path and a slash at the end. ValueError otherwise."""
    parts = urlsplit(text.strip())
    if parts.scheme not in ("http", "https") or not parts.netloc or "@" in parts.netloc:
        raise ValueError(text)
    return urlunsplit((parts.scheme, parts.netloc.lower(), f"{(parts.path.rstrip('/') or '/graphql')}/", "", ""))


def origin(url: str) -> str:
    """Scheme, host and port of an address: `https://store.example.org`."""
    return urlunsplit((*urlsplit(url)[:2], "", "", ""))
