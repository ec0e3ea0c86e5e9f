"""Is it the store who speaks? Its signatures under webhooks and its Dashboard's tokens, checked against its public keys.

Keys are fetched from the address *we* know, kept for an hour, and fetched anew once when a signature names a key we have
not seen, at most every thirty seconds: so a new key of the store's works by itself, and nobody makes us ask it for ever.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

import jwt
from jwt import PyJWKClient, PyJWS
from jwt.exceptions import PyJWKClientConnectionError, PyJWKClientError

from portal.saleor.errors import SaleorAway, SaleorError
from portal.saleor.manifest import IDENTIFIER
from portal.saleor.models import Connection

KEYS_KEPT = 3600  # seconds
KEYS_PAUSE = 30  # seconds between two fetches for an unknown key
KEYS_TIMEOUT = 3  # seconds: the store waits for our answer
_ALGORITHM = "RS256"


class NotTheStore(SaleorError):  # noqa: N818
    """The signature is not the store's."""

    code = "STORE_FORGED"


class KeyUnknown(SaleorAway):
    """The key is not known, and it is too early to ask again: whoever signed may come again in a while."""

    code = "STORE_KEY_UNKNOWN"


@lru_cache(maxsize=2)
def keys_of(api_url: str) -> PyJWKClient:
    """The store's public keys, kept for the life of the process."""
    address = urljoin(api_url, "/.well-known/jwks.json")
    return PyJWKClient(address, lifespan=KEYS_KEPT, cooldown_duration=KEYS_PAUSE, timeout=KEYS_TIMEOUT)


def body_verify(store: Connection, body: bytes, signature: str) -> None:
    """Check the detached signature over the raw body of a webhook. Raises NotTheStore, KeyUnknown or SaleorAway."""
    try:
        key = _key(store, signature)
        PyJWS(algorithms=[_ALGORITHM]).decode_complete(
            signature, key=key, algorithms=[_ALGORITHM], detached_payload=body
        )
    except jwt.PyJWTError as error:
        raise NotTheStore(type(error).__name__) from error


def staff_token_read(store: Connection, token: str) -> dict[str, Any]:
    """The claims of a token that the Dashboard gave our extension: the store's, for our app, not too old.

    Keys of use: `email`, `user_permissions`, `permissions`, `app_extension`. Raises NotTheStore, KeyUnknown or SaleorAway.
    """
    try:
        claims = jwt.decode(
            token, key=_key(store, token), algorithms=[_ALGORITHM], issuer=store.public_url, audience=IDENTIFIER,
            options={"require": ["exp", "iss", "aud"]}, leeway=10,
        )  # fmt: skip
    except jwt.PyJWTError as error:
        raise NotTheStore(type(error).__name__) from error
    if claims.get("type") != "thirdparty" or claims.get("app") != store.app_id:
        raise NotTheStore("OtherApp")
    return claims


def _key(store: Connection, signed: str) -> Any:
    head = jwt.get_unverified_header(signed)
    if head.get("alg") != _ALGORITHM or not isinstance(head.get("kid"), str):
        raise jwt.InvalidAlgorithmError(str(head.get("alg")))
    try:
        return keys_of(store.api_url).get_signing_key(head["kid"]).key
    except PyJWKClientConnectionError as error:
        raise SaleorAway(f"The store's keys cannot be fetched ({error}).") from error
    except PyJWKClientError as error:
        raise KeyUnknown(f"The store shows no key {head['kid'][:40]!r}.") from error
