"""How a handler is declared. `settings.OUTBOX_ROUTES` maps a message's kind to one of these by its dotted path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import overload

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

from portal.outbox.models import OutboxMessage

Handle = Callable[[OutboxMessage], None]


@dataclass(frozen=True)
class Handler:
    """What is called for a message. `remote`: outside any transaction, ends by calling `outbox_done` in one of its own.

    `absorbs`: it looks at how things stand, so once it has looked, what was written before it began is done too.
    """

    function: Handle
    remote: bool = False
    absorbs: bool = False

    def __call__(self, message: OutboxMessage) -> None:
        """Handle it, as is: no lock, no transaction, no mark."""
        self.function(message)


@overload
def outbox_handler(function: Handle) -> Handler: ...
@overload
def outbox_handler(*, remote: bool = False, absorbs: bool = False) -> Callable[[Handle], Handler]: ...
def outbox_handler(
    function: Handle | None = None, *, remote: bool = False, absorbs: bool = False
) -> Handler | Callable[[Handle], Handler]:
    """Declare a handler: `@outbox_handler`, or `@outbox_handler(remote=True)` for work that speaks to other systems.

    One that only looks how things stand (`absorbs=True`) does all messages of its kind and key that were waiting when
    it began, with the same payload or another. It may run again after a crash, so what it does elsewhere must bear repeating; what it does here happens once.
    """
    if function is not None:
        return Handler(function)
    return lambda wrapped: Handler(wrapped, remote, absorbs)


def handler_for(kind: str) -> Handler:
    """The handler of a kind; ImproperlyConfigured when nobody handles it."""
    path = route(kind)
    found = import_string(path)
    if not isinstance(found, Handler):
        raise ImproperlyConfigured(f"{path}, which OUTBOX_ROUTES names for {kind!r}, is no @outbox_handler.")
    return found


def route(kind: str) -> str:
    """The dotted path a kind goes to; refuses a kind without one, before anything is written that nobody would read."""
    try:
        return settings.OUTBOX_ROUTES[kind]
    except KeyError:
        raise ImproperlyConfigured(f"OUTBOX_ROUTES names no handler for {kind!r}.") from None
