"""What people read of states, units, causes and policies, in their language."""

from __future__ import annotations

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from portal.promises.rules.words import Cause, State, Unit

STATE_WORDS: dict[State, LazyText | str] = {
    State.OFFERED: _("offered"),
    State.RUNNING: _("running"),
    State.PAUSED: _("paused"),
    State.BROKEN: _("overdue"),
    State.KEPT: _("kept"),
    State.KEPT_LATE: _("kept late"),
    State.CANCELLED: _("cancelled"),
}
UNIT_WORDS: dict[Unit, LazyText | str] = {
    Unit.DAYS: _("days"),
    Unit.WORKING_DAYS: _("working days"),
    Unit.HOURS: _("hours"),
    Unit.MONTHS: _("months"),
    Unit.DATE: _("agreed date"),
}
CAUSE_WORDS: dict[Cause, LazyText | str] = {
    Cause.CUSTOMER: _("the customer's"),
    Cause.OURS: _("ours"),
    Cause.NEITHER: _("neither's"),
}
POLICY_WORDS: dict[str, LazyText | str] = {
    "ship": _("hand-over to the carrier"),
    "dealer-delivery": _("delivery"),
    "dealer-opening": _("delivery of opening order and kit"),
    "agreed-delivery": _("delivery on the agreed day"),
    "coverage-review": _("decision on cover"),
    "complaint-reply": _("answer to the complaint"),
    "complaint-resolve": _("resolution of the complaint"),
    "hotline-reply": _("answer to the question"),
    "fluid-test": _("result of the oil sample"),
    "training": _("training"),
    "marketing-support": _("marketing support"),
    "usage-guidance": _("guidance on use"),
    "usage-followup": _("follow-up of use"),
    "visit-regular": _("regular visit"),
    "visit-senior": _("visit by a senior"),
    "service-report": _("service report"),
}


def policy_words(code: str) -> str:
    """What the policy promises, as a noun, in the reader's language; the code itself for a policy we have no words for."""
    return str(POLICY_WORDS.get(code, code))
