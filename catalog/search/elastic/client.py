"""The connection to Elasticsearch, and what its failures mean to us."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from elastic_transport import BaseNode, ConnectionTimeout, SerializationError, TlsError, TransportError, Urllib3HttpNode
from elasticsearch import ApiError, Elasticsearch, UnsupportedProductError
from elasticsearch.dsl.exceptions import ElasticsearchDslException

from catalog.search.elastic.breaker import Breaker
from portal import clock

logger = logging.getLogger(__name__)
Found = TypeVar("Found")

NODE: type[BaseNode] = Urllib3HttpNode  # what speaks HTTP
PATIENCE = 30.0  # seconds for work behind the pages: writing, comparing
breaker = Breaker()


class Trouble(StrEnum):
    """What may be wrong with the server; ADVICE says what to do."""

    AWAY = "away"
    LATE = "late"
    BUSY = "busy"
    REFUSED = "refused"
    NO_INDEX = "no_index"
    UNWELL = "unwell"
    STRANGER = "stranger"
    GARBLED = "garbled"
    REJECTED = "rejected"


ADVICE: dict[Trouble, str | Promise] = {
    Trouble.AWAY: _("Nothing answers at ELASTICSEARCH_URL. Start it, or correct the address."),
    Trouble.LATE: _("It did not answer in time. Look at its load, or raise ELASTICSEARCH_TIMEOUT."),
    Trouble.BUSY: _("It has too much to do (429). It is asked again in a while."),
    Trouble.REFUSED: _(
        "It does not accept our credentials or our certificate. Correct ELASTICSEARCH_API_KEY or ELASTICSEARCH_CA."
    ),
    Trouble.NO_INDEX: _(
        "The index is missing or of another version of the program. Run `python -m portal search_index --rebuild`."
    ),
    Trouble.UNWELL: _("Its index is not available (red). Look at its cluster health."),
    Trouble.STRANGER: _("What answers at ELASTICSEARCH_URL is no Elasticsearch. Correct the address."),
    Trouble.GARBLED: _("It answered what cannot be read. Look for a proxy in between."),
    Trouble.REJECTED: _(
        "It does not accept what we sent: version 9 is needed. Run `python -m portal search_index --rebuild`, then look into its log."
    ),
}
_STATUS = {401: Trouble.REFUSED, 403: Trouble.REFUSED, 404: Trouble.NO_INDEX, 408: Trouble.LATE, 429: Trouble.BUSY}


class ElasticError(Exception):
    """The server could not be asked, or answered what is no answer."""

    def __init__(self, trouble: Trouble, said: str) -> None:
        self.trouble, self.said = trouble, said
        super().__init__(f"{trouble}: {said}")


@cache
def client() -> Elasticsearch:
    """The connection of this process; nothing is sent before it is used."""
    options: dict[str, Any] = {"request_timeout": settings.ELASTICSEARCH_TIMEOUT, "max_retries": 0, "node_class": NODE}
    if settings.ELASTICSEARCH_API_KEY:
        options["api_key"] = settings.ELASTICSEARCH_API_KEY
    if settings.ELASTICSEARCH_CA:
        options["ca_certs"] = settings.ELASTICSEARCH_CA
    return Elasticsearch(settings.ELASTICSEARCH_URL, http_compress=True, **options)


def patient() -> Elasticsearch:
    """The same connection for work that nobody waits for."""
    return client().options(request_timeout=PATIENCE, max_retries=2, retry_on_timeout=True)


@contextmanager
def told_as_trouble() -> Iterator[None]:
    """Whatever goes wrong on the way to the server and back is an ElasticError."""
    try:
        yield
    except ElasticError:
        raise
    except (ApiError, TransportError) as error:
        raise ElasticError(_trouble(error), f"{type(error).__name__}: {error}"[:300]) from error
    except (ElasticsearchDslException, AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
        raise ElasticError(
            Trouble.GARBLED, f"{type(error).__name__}: {error}"[:300]
        ) from error  # an answer of another shape


def asked(question: Callable[[], Found]) -> Found:
    """Ask the server unless it was away a moment ago. Raises ElasticError; the first one of an outage is logged."""
    if not breaker.allows(clock.real_now()):
        raise ElasticError(Trouble(breaker.why or Trouble.AWAY), "not asked again yet")
    try:
        with told_as_trouble():
            return question()
    except ElasticError as error:
        if breaker.failed(error.trouble, clock.real_now()):
            logger.warning("Elasticsearch does not serve (%s); PostgreSQL answers searches until it does", error)
        raise


def served() -> None:
    """The server has answered as it should: the end of an outage is logged."""
    if since := breaker.worked():
        logger.info("Elasticsearch serves again; it had been away since %s", since.isoformat(timespec="seconds"))


def _trouble(error: Exception) -> Trouble:
    if isinstance(error, UnsupportedProductError):
        return Trouble.STRANGER
    if isinstance(error, ApiError):
        # Of several questions asked at once, the one that failed has a status of its own.
        status = error.body.get("status", error.meta.status) if isinstance(error.body, dict) else error.meta.status
        return _STATUS.get(status, Trouble.UNWELL if status >= 500 else Trouble.REJECTED)
    kinds = (
        (ConnectionTimeout, Trouble.LATE),
        (TlsError, Trouble.REFUSED),
        (SerializationError, Trouble.GARBLED),
    )
    return next((trouble for kind, trouble in kinds if isinstance(error, kind)), Trouble.AWAY)
