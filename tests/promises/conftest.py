"""An order `100234` of one buyer, promises made for it, and what they told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import pytest

from portal.accounts.models import Company
from portal.outbox.models import OutboxMessage
from portal.promises.models import Promise
from portal.promises.services import promise_start, promises_settle
from portal.promises.types import Fact, PromisedLine
from tests.factories import make_company

SUBJECT = "100234"
ZONE = "Asia/Seoul"
KINDS = ("promise.warned", "promise.broken", "promise.late_day", "promise.settled")


def at(text: str, zone: str = ZONE) -> datetime:
    """`11-23 10:00`: that moment of 2026. 23 November is a Monday."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZoneInfo(zone))


def line(ref: str = "1", quantity: int = 1, base: str = "100") -> PromisedLine:
    """A line to promise."""
    return PromisedLine(ref, quantity, Decimal(base))


@pytest.fixture(autouse=True)
def routes(settings: Any) -> None:
    """The orders that would hear of it are not here; the messages stay in the outbox for the test to read."""
    settings.OUTBOX_ROUTES = settings.OUTBOX_ROUTES | dict.fromkeys(KINDS, "nobody.listens")


@pytest.fixture
def company(db: None) -> Company:
    """The buyer."""
    return make_company()


class Start(Protocol):
    """Starts a promise of two days on Monday 23 November 10:00 in Seoul unless told otherwise."""

    def __call__(self, *lines: PromisedLine, **given: Any) -> Promise: ...


@pytest.fixture
def start(company: Company) -> Start:
    """See Start."""

    def make(*lines: PromisedLine, **given: Any) -> Promise:
        asked: dict[str, Any] = {
            "policy": "ship",
            "subject_kind": "order",
            "subject": SUBJECT,
            "company_id": company.pk,
            "zone": ZONE,
            "calendar": "ALWAYS",
            "started_at": at("11-23 10:00"),
            "lines": lines or [line()],
            "currency": "EUR",
        } | given
        return promise_start(**{"now": asked["started_at"]} | asked)

    return make


@pytest.fixture
def settle() -> Callable[..., list[Promise]]:
    """Settle the order's promises of a policy by facts (ref, quantity, moment)."""

    def make(
        *facts: tuple[str, int, datetime], now: datetime, cancelled: dict[str, int] | None = None, **given: Any
    ) -> list[Promise]:
        asked = {"subject_kind": "order", "subject": SUBJECT, "policy": "ship"} | given
        return promises_settle(facts=[Fact(*fact) for fact in facts], cancelled=cancelled or {}, now=now, **asked)

    return make


def told(kind: str = "", subject: str = SUBJECT) -> list[dict[str, Any]]:
    """The payloads of a kind in the order written; of all kinds with their kind as `kind`."""
    rows = OutboxMessage.objects.filter(key=subject, kind__startswith="promise.").order_by("pk")
    return [
        row.payload | {"kind": row.kind.removeprefix("promise.")}
        for row in rows
        if kind in ("", row.kind.removeprefix("promise."))
    ]


def days_told(subject: str = SUBJECT) -> list[tuple[int, date]]:
    """(number, date) of every late day posted."""
    return [(body["day"], date.fromisoformat(body["date"])) for body in told("late_day", subject)]
