"""The words the rules speak in; stored as they stand, shown through `portal.promises.words`."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a promise stands (rules.md section 1)."""

    OFFERED = "OFFERED"  # shown to a buyer, its clock not started
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    BROKEN = "BROKEN"  # still open: late days run
    KEPT = "KEPT"
    KEPT_LATE = "KEPT_LATE"
    CANCELLED = "CANCELLED"


ENDS = frozenset({State.KEPT, State.KEPT_LATE, State.CANCELLED})
OPEN = frozenset({State.RUNNING, State.PAUSED, State.BROKEN})


class Unit(StrEnum):
    """What the allowance counts; DAYS or WORKING_DAYS is the policy's calendar switch."""

    DAYS = "DAYS"
    WORKING_DAYS = "WORKING_DAYS"
    HOURS = "HOURS"
    MONTHS = "MONTHS"
    DATE = "DATE"  # a day agreed with the buyer


class Cause(StrEnum):
    """Whose is the special reason that holds a subject up?"""

    CUSTOMER = "CUSTOMER"
    OURS = "OURS"
    NEITHER = "NEITHER"


class Which(StrEnum):
    """The warnings before a promise is due."""

    LAST_DAY = "last_day"
    LAST_COLLECTION = "last_collection"
    FOUR_FIFTHS = "four_fifths"
