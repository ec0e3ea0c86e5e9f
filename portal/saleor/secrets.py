"""The store's token at rest: encrypted by a key that stands in the environment, never in the database."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from portal.saleor.errors import NotConnected


def _fernet(secret: str) -> Fernet:
    """Any text is a key: its SHA-256, with our purpose before it, is what Fernet wants."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"portal.saleor.token:" + secret.encode()).digest()))


def _keys() -> MultiFernet:
    """The first encrypts, all decrypt; SECRET_KEY comes last, so that a key of its own may be given later."""
    return MultiFernet([_fernet(secret) for secret in [*settings.SALEOR_TOKEN_KEYS, settings.SECRET_KEY]])


def seal(token: str) -> str:
    """The token encrypted."""
    return _keys().encrypt(token.encode()).decode()


def unseal(sealed: str) -> str:
    """The token. Raises NotConnected when none of the keys fits."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise NotConnected(
            "The store's token cannot be read: SALEOR_TOKEN_KEYS (or SECRET_KEY) changed. Give the old key beside the new one, or connect again."
        ) from None


def reseal(sealed: str) -> str:
    """The same token under the first key, after a new one was put before the old."""
    return seal(unseal(sealed))
