"""Groups of notices: what a person may have on the page alone, and what goes out by e-mail whatever they chose, and why."""

from __future__ import annotations

from django.db import models
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.models import Company, CompanyKind


class Group(models.TextChoices):
    """What a notice is about. A kind belongs to one group."""

    ORDER = "ORDER", pgettext_lazy("notices", "Orders")
    SHIPMENT = "SHIPMENT", pgettext_lazy("notices", "Shipments")
    HOLD = "HOLD", pgettext_lazy("notices", "Held back")
    LATE = "LATE", pgettext_lazy("notices", "Late")
    PAYMENT = "PAYMENT", pgettext_lazy("notices", "Payments")
    CREDIT = "CREDIT", pgettext_lazy("notices", "Credits")
    REVIEW = "REVIEW", pgettext_lazy("notices", "Reviews")
    WORK = "WORK", pgettext_lazy("notices", "Work to do")


ABOUT: dict[str, LazyText | str] = {
    Group.ORDER: _("Received, approved, cancelled; a part that has to wait, and its new date."),
    Group.SHIPMENT: _("Left with which carrier and number, and delivered."),
    Group.HOLD: _("An order that cannot go on, with the reason, and when it goes on again."),
    Group.LATE: _("A promised day that is near or was not kept, and the new date."),
    Group.PAYMENT: _("What came in, what is open or due, and what ends without it."),
    Group.CREDIT: _("Credit for late days, returns and old units, and money paid back."),
    Group.REVIEW: _("Who pays for a line that a person had to look at."),
    Group.WORK: _("What a person of ours has to decide or put right."),
}
_BUYERS = (Group.ORDER, Group.SHIPMENT, Group.HOLD, Group.LATE, Group.PAYMENT, Group.CREDIT, Group.REVIEW)
_HOUSE = (Group.WORK, Group.REVIEW, Group.LATE)
# What a buyer is owed by e-mail, with the reason (rules.md section 1: told at once, told the new date).
_OWED: dict[str, LazyText | str] = {
    Group.HOLD: _("Always by e-mail: when something cannot leave in time, we owe you the reason at once."),
    Group.LATE: _("Always by e-mail: when a promise is broken, we owe you the new date."),
    Group.PAYMENT: _("Always by e-mail: without a payment in time an order ends, or an account is stopped."),
}
_CONSUMER: LazyText | str = _("Always by e-mail: the law wants a private buyer's order confirmed in writing.")


def groups_of(company: Company | None) -> tuple[Group, ...]:
    """The groups that people of this company are told of."""
    return _HOUSE if _is_house(company) else _BUYERS


def why_always(group: str, company: Company | None) -> LazyText | str:
    """Why letters of this group cannot be switched off for people of this company; empty when they can."""
    if _is_house(company):
        return ""
    if group == Group.ORDER and company is not None and company.is_consumer:
        return _CONSUMER
    return _OWED.get(group, "")


def _is_house(company: Company | None) -> bool:
    return company is None or company.kind == CompanyKind.HOUSE
