"""The promise bar in words and numbers: where its start and end stand, how far it is, what to say beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from frontend.formats import day, days_told, span
from portal.promises.rules.days import last_day
from portal.promises.selectors import late_days, share_used

if TYPE_CHECKING:
    from portal.promises.models import Promise

_OFFERED = "offered"
# How the day offered is said, and what begins the promise: money, or what the order waits for before it.
_PAYMENT = gettext_lazy("%(promise)s if paid when ordered"), gettext_lazy("starts with payment")
_BEGINNINGS = {
    "decision": (gettext_lazy("%(promise)s if decided at once"), gettext_lazy("starts with the decision")),
    "approval": (gettext_lazy("%(promise)s if approved at once"), gettext_lazy("starts with the approval")),
}
_OFFERS = {
    "payment": gettext_lazy("if ordered and paid now"),
    "decision": gettext_lazy("if ordered and decided now"),
    "order": gettext_lazy("if ordered now"),
}
_VERBS: dict[str, LazyText | str] = {
    "ship": gettext_lazy("ships by %(day)s"),
    "dealer-delivery": gettext_lazy("delivered by %(day)s"),
    "agreed-delivery": gettext_lazy("delivered on %(day)s"),
    "coverage-review": gettext_lazy("answered by %(day)s"),
    "hotline-reply": gettext_lazy("answered by %(day)s"),
}


@dataclass(frozen=True)
class BarView:
    """A bar to draw: `percent` used, `tone` for the colour, and words at both ends."""

    percent: int
    tone: str
    left: str
    right: str
    key: int | None = None  # of a promise on record, which goes on while the page is looked at


def promise_words(policy: str, on: date) -> str:
    """What is promised, with its day: "ships by Tue 24 Nov"."""
    words = str(_VERBS.get(policy, gettext_lazy("due %(day)s")))
    return words % {"day": day(on)}


def awaited(state: str, total: Decimal) -> str:
    """What the promises of an order in this state begin with when it is not money: "decision", "approval", else empty."""
    if state == "AWAITING_APPROVAL":
        return "approval"
    return "decision" if state == "AWAITING_REVIEW" and not total else ""


def bar_view(promise: Promise, now: datetime, waits: str = "") -> BarView:
    """The bar of a stored promise at `now`; days are those of the promise's own zone. `waits`: as `awaited` says."""
    return replace(_stored(promise, now, waits), key=promise.pk)


def _stored(promise: Promise, now: datetime, waits: str) -> BarView:
    bar = share_used(promise, now)
    if promise.due_at is None:
        offered, begins = _BEGINNINGS.get(waits, _PAYMENT)
        right = str(begins) if bar.tone == _OFFERED else _("cancelled")
        return BarView(0, bar.tone, _offer_words(promise, str(offered)), right)
    if bar.tone == "paused" and (since := _paused_since(promise)):
        return BarView(round(bar.share * 100), bar.tone, *_pause_words(since, promise.due_at))
    left = promise_words(promise.policy_code, last_day(promise.due_at, promise.zone))
    percent = 100 if bar.tone in ("kept", "kept_late") else round(bar.share * 100)
    return BarView(percent, bar.tone, left, _standing(promise, bar.tone, now))


def offer_view(offer: Any, begins: str = "payment") -> BarView:
    """The bar of a promise that would be made, were there now what it `begins` with: the money, the decision who pays, the order."""
    return BarView(2, _OFFERED, str(_OFFERS[begins]), promise_words(offer.policy, offer.day))


def _offer_words(promise: Promise, offered: str) -> str:
    if promise.agreed_on:
        return promise_words(promise.policy_code, promise.agreed_on)
    if promise.offered_day:
        return offered % {"promise": promise_words(promise.policy_code, promise.offered_day)}
    return _("promised")


def _paused_since(promise: Promise) -> datetime | None:
    return min((one.started_at for one in promise.pauses.all() if one.ended_at is None), default=None)


def _pause_words(since: datetime, due: datetime) -> tuple[str, str]:
    """A paused promise has no day until it goes on; what it had left is kept."""
    left = _("paused since %(day)s") % {"day": day(timezone.localtime(since).date())}
    return left, _("%(time)s left then") % {"time": span(due - since)}


def _standing(promise: Promise, tone: str, now: datetime) -> str:
    assert promise.due_at is not None  # the caller has looked  # noqa: S101
    if tone == "kept":
        return _kept(promise)
    if tone == "paused":
        return _("paused")
    if tone == "cancelled":
        return _("cancelled")
    if tone in ("late", "kept_late"):
        days = late_days(promise, now)
        words = _("kept, %(days)s late") if tone == "kept_late" else _("%(days)s late")
        return words % {"days": days_told(days)} if days or tone == "kept_late" else _("overdue")
    return _("%(time)s left") % {"time": span(promise.due_at - now)}


def _kept(promise: Promise) -> str:
    assert promise.due_at is not None  # noqa: S101
    if promise.stopped_at is None:
        return _("kept")
    ended = promise.stopped_at.astimezone(ZoneInfo(promise.zone)).date()
    early = (last_day(promise.due_at, promise.zone) - ended).days
    return _("kept, %(days)s early") % {"days": days_told(early)} if early > 0 else _("kept")
