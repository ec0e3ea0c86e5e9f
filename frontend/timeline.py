"""A machine's life on one line: warranty, contracts and campaigns as bars, services, repairs and orders as marks. Percentages of its width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from frontend.formats import plain_day
from frontend.pages import language

if TYPE_CHECKING:
    from warranty.models import Campaign, MaintenanceContract
    from warranty.selectors.equipment import WarrantyStatus
    from warranty.selectors.service import Service

_BEFORE, _AFTER = timedelta(days=30), timedelta(days=120)
_MOST_YEARS = 12


@dataclass(frozen=True)
class Span:
    """A bar from `x` over `width`; `on`: it covers today."""

    x: float
    width: float
    on: bool


@dataclass(frozen=True)
class Mark:
    """Something that happened, or is due, at `x`."""

    x: float
    words: str
    tone: str = ""


@dataclass
class Row:
    """A line of the time line; `told` says in words what the drawing shows."""

    label: str
    told: str
    spans: list[Span] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True)
class Timeline:
    """Rows over one scale; `years` as (x, year), `now` where today is."""

    rows: list[Row]
    years: list[tuple[float, int]]
    now: float


@dataclass(frozen=True)
class _Scale:
    start: date
    end: date

    def at(self, day: date) -> float:
        """Where a day stands, in percent, inside the scale."""
        share = (min(max(day, self.start), self.end) - self.start).days / max((self.end - self.start).days, 1)
        return round(share * 100, 2)

    def span(self, first: date, last: date, today: date) -> Span | None:
        """The bar of these days, None when none of it is on the scale."""
        if last < self.start or first > self.end:
            return None
        x = self.at(first)
        return Span(x, max(round(self.at(last) - x, 2), 0.6), first <= today <= last)


def machine_timeline(
    *,
    started: date | None,
    warranty: WarrantyStatus,
    contracts: Sequence[MaintenanceContract],
    campaigns: Sequence[Campaign],
    services: Sequence[Service],
    repairs: Sequence[tuple[date, str]],
    orders: Sequence[tuple[date, str]],
    today: date,
) -> Timeline | None:
    """None for a machine of which no day is known: there is no line to draw."""
    days = [day for day in (started, warranty.ends_on, *(one.starts_on for one in contracts)) if day]
    days += [one.ends_on for one in contracts] + [day for day, _words in (*repairs, *orders)]
    if not days:
        return None
    scale = _Scale(
        max(min(*days, today) - _BEFORE, today.replace(month=1, day=1) - timedelta(days=365 * _MOST_YEARS)),
        max(*days, today) + _AFTER,
    )
    rows = [_warranty(scale, warranty, today), _contracts(scale, contracts, today), _campaigns(scale, campaigns, today)]
    rows += [_services(scale, services), _marks(scale, _("Repairs"), repairs), _marks(scale, _("Orders"), orders)]
    years = range(scale.start.year + 1, scale.end.year + 1)
    return Timeline(
        [row for row in rows if row], [(scale.at(date(year, 1, 1)), year) for year in years], scale.at(today)
    )


def _days(first: date, last: date) -> str:
    return _("%(first)s to %(last)s") % {"first": plain_day(first), "last": plain_day(last)}


def _warranty(scale: _Scale, warranty: WarrantyStatus, today: date) -> Row | None:
    if not (warranty.starts_on and warranty.ends_on):
        return None
    span = scale.span(warranty.starts_on, warranty.ends_on, today)
    told = _days(warranty.starts_on, warranty.ends_on)
    covers = warranty.status == "ACTIVE"
    return Row(_("Warranty"), told, [Span(span.x, span.width, covers)] if span else [])


def _contracts(scale: _Scale, contracts: Sequence[MaintenanceContract], today: date) -> Row | None:
    bars = [(one.starts_on, one.ends_on - timedelta(days=1), one.number) for one in contracts]
    told = "; ".join(f"{number}: {_days(first, last)}" for first, last, number in bars)
    spans = [span for first, last, _number in bars if (span := scale.span(first, last, today))]
    return Row(_("Contract"), told, spans) if spans else None


def _campaigns(scale: _Scale, campaigns: Sequence[Campaign], today: date) -> Row | None:
    spans = [span for one in campaigns if (span := scale.span(one.starts_on, one.ends_on or scale.end, today))]
    return Row(_("Campaign"), "; ".join(one.called(language()) for one in campaigns), spans) if spans else None


def _services(scale: _Scale, services: Sequence[Service]) -> Row | None:
    tones = {"DUE": "bad", "SOON": "warn"}
    dated: list[tuple[Any, date]] = [(one, one.due.on) for one in services if one.due.on]
    marks = [
        Mark(scale.at(day), f"{one.interval.called(language())}: {plain_day(day)}", tones.get(one.due.state, ""))
        for one, day in dated
    ]
    return Row(_("Maintenance"), "; ".join(mark.words for mark in marks), marks=marks) if marks else None


def _marks(scale: _Scale, label: str, happened: Iterable[tuple[date, str]]) -> Row | None:
    marks = [Mark(scale.at(day), f"{plain_day(day)}: {words}") for day, words in happened if day >= scale.start]
    return Row(label, "; ".join(mark.words for mark in marks), marks=marks) if marks else None
