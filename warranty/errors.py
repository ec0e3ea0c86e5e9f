"""Words of this app, made at the edge in the reader's language: reasons of cover, and finer words of refusals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _

from portal.errors import Code, register_words
from portal.languages.writing import money, number, percent, plain_day
from warranty.rules.values import ReasonCode

_REASONS: dict[ReasonCode, LazyText | str] = {
    ReasonCode.INTERNAL: _("internal: the house itself bears it"),
    ReasonCode.NO_SERIAL: _("paid: no machine is named"),
    ReasonCode.SERIAL_UNKNOWN: _(
        "paid: this serial is not among your machines. Register the machine, or ask its owner or the service desk to link it to you"
    ),
    ReasonCode.NOT_GRANTED: _("paid: the owner has not allowed you to ask for cover on this machine"),
    ReasonCode.DOES_NOT_FIT: _("does not fit this machine"),
    ReasonCode.FAILED_BEFORE_HANDOVER: _("paid: it failed before the machine was handed over on {handedOver}"),
    ReasonCode.CAMPAIGN: _("free: campaign {campaign}, {name}"),
    ReasonCode.NO_CAMPAIGN: _("no open campaign for this serial and part"),
    ReasonCode.PART_WARRANTY: _("free under the part's own warranty to {until}"),
    ReasonCode.PART_WARRANTY_EXPIRED: _("the part's own warranty ended on {until}"),
    ReasonCode.FAILURE_NOT_TOLD: _("the part's own warranty runs to {until}: tell the day it failed to use it"),
    ReasonCode.NO_PART_WARRANTY: _("this part was not replaced on this machine before"),
    ReasonCode.MACHINE_WARRANTY: _("free under warranty to {until}"),
    ReasonCode.HOURS_UNKNOWN: _("the warranty is limited to {maxHours} hours, and no reading is known"),
    ReasonCode.NO_TERMS: _("paid: no warranty terms for this machine and part"),
    ReasonCode.NOT_STARTED: _("paid: the warranty has not started, the machine is not handed over yet"),
    ReasonCode.EXPIRED: _("paid: the warranty ended on {until}"),
    ReasonCode.OVER_HOURS: _("paid: {hours} hours, the warranty ends at {maxHours}"),
    ReasonCode.EXCLUDED_PART: _("paid: wear part, not under warranty"),
    ReasonCode.CONTRACT: _("covered by contract {contract} to {until}, your share {share}"),
    ReasonCode.CONTRACT_CAP_PART: _("contract {contract}: the yearly cap has {left} left"),
    ReasonCode.CONTRACT_CAP_REACHED: _("paid: the yearly cap of contract {contract} is used up"),
    ReasonCode.CONTRACT_GROUP: _("contract {contract} does not cover this kind of part"),
    ReasonCode.NO_CONTRACT: _("no maintenance contract on that day"),
    ReasonCode.FIT_UNKNOWN: _("to be reviewed: it is not known whether the part fits this machine"),
    ReasonCode.WEAR_PART: _("to be reviewed: a wear part, did it fail or was it worn?"),
    ReasonCode.MISUSE: _("to be reviewed: misuse was recorded on this machine"),
    ReasonCode.SERVICE_OVERDUE: _("to be reviewed: the machine's service is overdue"),
    ReasonCode.NON_GENUINE: _("to be reviewed: a non-genuine part was found on this machine"),
    ReasonCode.MORE_THAN_HELD: _("to be reviewed: {quantity} asked, the machine holds {held}"),
    ReasonCode.MORE_THAN_REPLACED: _("to be reviewed: {quantity} asked, {replaced} were replaced"),
    ReasonCode.REPLACED_RECENTLY: _("to be reviewed: replaced on {on} already, less than {days} days before"),
    ReasonCode.READING_LOWER: _("to be reviewed: the reading is lower than an earlier one of {lastHours} hours"),
    ReasonCode.FAILED_IN_FUTURE: _("to be reviewed: the failure date {failedOn} lies in the future"),
    ReasonCode.REPORTED_LATE: _("to be reviewed: it failed on {failedOn} and was reported more than {days} days later"),
    ReasonCode.CURRENCY_DIFFERS: _("to be reviewed: contract {contract} counts in {currency}"),
    ReasonCode.REVIEWED: _("decided by a person: {note}"),
    ReasonCode.GOODWILL: _("goodwill: {note}"),
}
_DATES = {"until", "since", "handedOver", "failedOn", "on"}
_NUMBERS = {"hours", "maxHours", "lastHours"}


def reason_message(code: str, data: Mapping[str, Any]) -> str:
    """A reason in the reader's language, for example "free under warranty to 3 May 2027"; an unknown code shows as itself."""
    if code not in ReasonCode.__members__:
        return code
    words = str(_REASONS[ReasonCode(code)])
    try:
        return words.format(**{key: _told(key, value, data) for key, value in data.items()})
    except (KeyError, IndexError):  # words must never hide the reason itself
        return words


def _told(key: str, value: Any, data: Mapping[str, Any]) -> str:
    if key in _DATES and isinstance(value, str):
        return plain_day(date.fromisoformat(value))
    if key in _NUMBERS and value is not None:
        return number(Decimal(str(value)))
    if key == "left":
        return money(Decimal(str(value)), str(data["currency"]))
    if key == "share":
        return percent(Decimal(value))
    return str(value)


register_words(
    {
        (Code.INVALID, "serial_empty"): _("A serial number needs letters or digits, at most 60 of them."),
        (Code.INVALID, "serial_taken"): _("This serial cannot be registered here. Ask the service desk."),
        (Code.INVALID, "date_order"): _("The machine cannot go into service before it was sold."),
        (Code.INVALID, "reading_lower"): _(
            "The last reading was {lastHours} hours. A reading cannot be lower than an earlier one."
        ),
        (Code.INVALID, "reading_higher"): _(
            "A later reading was {nextHours} hours. A reading cannot be higher than a later one."
        ),
        (Code.INVALID, "in_future"): _("This lies in the future."),
        (Code.INVALID, "out_of_range"): _("The value must lie between {least} and {most}."),
        (Code.INVALID, "empty"): _("This must not be empty."),
        (Code.INVALID, "over_limit"): _("At most {limit} of goodwill may be granted here. Ask an administrator."),
        (Code.NOT_ALLOWED, "own_request"): _("Nobody decides on their own request. Ask another approver."),
        (Code.NOT_ALLOWED, "dates_by_house"): _(
            "The service desk or your dealer confirms these dates. Leave them empty."
        ),
        (Code.WRONG_STATE, "not_reviewable"): _("There is nothing to review here."),
        (Code.INVALID, "day"): _("The day must lie between {least} and {most}."),
        (Code.INVALID, "no_zone"): _("The moment needs a time zone."),
        (Code.WRONG_STATE, "call_state"): _("The call is {state} already."),
        (Code.WRONG_STATE, "card_state"): _("The card is {state}; this cannot be done now."),
        (Code.WRONG_STATE, "not_reconciled"): _(
            "Parts ordered on this card are neither used nor sent back. See the details."
        ),
        (Code.WRONG_STATE, "more_than_ordered"): _("Only {open} are still open on this line."),
        (Code.WRONG_STATE, "parts_on_card"): _("Parts are ordered or used on this card, so it cannot be voided."),
        (Code.PRICE_CHANGED, "contract_cap"): _(
            "The contract's yearly cap was used up meanwhile. Look at the price again."
        ),
    }
)


def fit_caution(verdict: str) -> str | None:
    """The word of caution with which a part of unknown fit is sold (rules.md section 3, gate 2)."""
    if verdict != "UNKNOWN":
        return None
    return str(_("It is not known whether this part fits this machine. Compare it with the old one, or ask us first."))
