"""How long goods may come back, and for which reason (rules.md section 5). Pure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

# Claims on delivery: days after delivery, counted in working days where the rule says so.
_CLAIM_DAYS = {"SHORT": (5, True), "DAMAGED": (5, True), "HIDDEN_DEFECT": (7, False), "WRONG_PART": (30, False)}
_MIND_DAYS = {"KR": 7, "CN": 7, "EU": 14, "DE": 14}
_DEALER_DAYS = 30


def last_return_day(*, reason: str, delivered_on: date, market: str, is_dealer: bool) -> date | None:
    """The last day a return may be asked for; None when no window applies (old parts, cores, unused parts of a repair, warranty)."""
    if reason in _CLAIM_DAYS:
        days, working = _CLAIM_DAYS[reason]
        return _working_days_after(delivered_on, days) if working else delivered_on + timedelta(days=days)
    if reason == "CHANGE_OF_MIND":
        return delivered_on + timedelta(days=_DEALER_DAYS if is_dealer else _MIND_DAYS.get(market, 14))
    return None


def restocking_rate(*, reason: str, is_dealer: bool, dealer_rate: Decimal) -> Decimal:
    """Which fraction of their price is kept when goods come back: a dealer's who does not need them; nothing when it was our fault."""
    return dealer_rate if is_dealer and reason in ("CHANGE_OF_MIND", "UNUSED") else Decimal(0)


def _working_days_after(day: date, days: int) -> date:
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
