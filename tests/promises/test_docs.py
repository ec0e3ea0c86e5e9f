"""The tables of docs/promises.md are computed anew; the page fails when it is not true."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from portal.outbox.models import OutboxMessage
from portal.promises.models import Policy
from portal.promises.rules.days import close_of_day, last_day
from portal.promises.rules.due import Terms, due_at, moved_due
from portal.promises.rules.late import Piece, days_to_cap, earned, late_days
from portal.promises.rules.pauses import Pause
from portal.promises.rules.words import Cause, Unit
from portal.promises.selectors import closed_days
from portal.promises.services import promises_sweep
from tests.promises.conftest import Start, at

PAGE = (Path(__file__).resolve().parents[2] / "docs/promises.md").read_text()
SEOUL = "Asia/Seoul"
FAR = datetime(2100, 1, 1, tzinfo=UTC)
HEAD = {"promise", "policy", "subject_kind", "subject", "company", "due_at", "zone", "currency"}


def table(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")
    ]
    assert len(rows) > 2, heading
    return rows[2:]


def local(text: str, zone: str = SEOUL) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.django_db
def test_the_policies_are_those_of_a_new_installation() -> None:
    def percent(share: Decimal) -> str:
        return f"{share * 100:.0f} %" if share else ""

    def yes(flag: bool) -> str:
        return "yes" if flag else ""

    rows = [
        [p.code, str(p.allowance), p.unit, percent(p.late_rate), percent(p.late_cap), yes(p.alarm), yes(p.wired)]
        for p in Policy.objects.order_by("pk")
    ]
    assert table("Policies") == rows


@pytest.mark.django_db
@pytest.mark.parametrize("row", table("When it is due"), ids=" ".join)
def test_a_due_moment_of_the_page_is_computed_so(row: list[str]) -> None:
    started, zone, calendar, allowance, agreed, due = row
    number, unit = allowance.split()
    terms = Terms(int(number), Unit(unit), zone, date.fromisoformat(agreed) if agreed else None)
    found = due_at(local(started, zone), terms, closed_days(calendar))
    assert f"{found.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}" == due


@pytest.mark.parametrize("row", table("Holds"), ids=" ".join)
def test_a_hold_of_the_page_moves_due_so(row: list[str]) -> None:
    pause = Pause(local(row[0]), local(row[1]), Cause.CUSTOMER)
    first = close_of_day(date(2026, 11, 25), SEOUL)
    found = moved_due(first, Terms(2, Unit.DAYS, SEOUL), [pause], lambda day: False, until=FAR)
    assert last_day(found, SEOUL).isoformat() == row[2]


@pytest.mark.parametrize("row", table("Late days and what they earn"), ids=" ".join)
def test_late_days_of_the_page_earn_so(row: list[str]) -> None:
    handed, held, number, late, amount = row
    pieces = [
        Piece(int(quantity), local(when)) for quantity, when in (part.split(" on ") for part in handed.split(", "))
    ]
    start, _, end = held.partition(" to ")
    pauses = [Pause(local(start), local(end), Cause.CUSTOMER)] if held else []
    due = close_of_day(date(2026, 11, 25), SEOUL)
    days = list(late_days(due, SEOUL, pauses, until=max(piece.at for piece in pieces)))
    found = earned(10, pieces, islice(days, days_to_cap(Decimal("0.01"), Decimal("0.10"))))
    assert (str(len(days)), " ".join(map(str, found))) == (number, late)
    assert sum(found) * Decimal(100) * Decimal("0.01") == Decimal(amount)


@pytest.mark.django_db
def test_the_messages_carry_what_the_page_says(start: Start, settle) -> None:
    start()
    promises_sweep(at("11-26 00:00"))
    settle(("1", 1, at("11-26 09:00")), now=at("11-26 09:00"))
    found = {row.kind: set(row.payload) - HEAD for row in OutboxMessage.objects.all() if set(row.payload) >= HEAD}
    assert found == {kind: set(names.split(", ")) for kind, names in table("What it tells")}
