"""Policies, calendars and promises."""

from portal.promises.models.calendar import Calendar, Holiday
from portal.promises.models.policy import Policy
from portal.promises.models.promise import Promise, PromiseFact, PromiseLine, PromisePause

__all__ = ["Calendar", "Holiday", "Policy", "Promise", "PromiseFact", "PromiseLine", "PromisePause"]
