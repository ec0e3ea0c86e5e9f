"""Reading policies, calendars and promises; writes nothing."""

from portal.promises.selectors.bar import late_days, share_used
from portal.promises.selectors.policies import TermsBook, closed_days, policy_get, promise_offer
from portal.promises.selectors.promises import (
    days_promised,
    promised_pieces,
    promises_broken,
    promises_by_key,
    promises_list,
    promises_of,
    shown_pieces,
)

__all__ = [
    "TermsBook",
    "closed_days",
    "days_promised",
    "late_days",
    "policy_get",
    "promise_offer",
    "promised_pieces",
    "promises_broken",
    "promises_by_key",
    "promises_list",
    "promises_of",
    "share_used",
    "shown_pieces",
]
