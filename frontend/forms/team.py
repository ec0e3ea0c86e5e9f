"""Forms of a company's people and of API tokens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from frontend.forms.base import PortalForm

ROLES = [("BUYER", _("orders")), ("COMPANY_ADMIN", _("keeps people and limits"))]


class MemberForm(PortalForm):
    """What a person may do for the company."""

    roles = forms.MultipleChoiceField(label=_("May"), choices=ROLES, widget=forms.CheckboxSelectMultiple)
    order_limit = forms.DecimalField(
        label=_("Limit of one order"),
        required=False,
        max_digits=14,
        decimal_places=3,
        min_value=0,
        help_text=_("With tax. Empty: no limit. What is above it waits for a colleague."),
    )

    def __init__(self, *args: Any, currency: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if currency:
            self.fields["order_limit"].label = _("Limit of one order, in %(currency)s") % {"currency": currency}


class NewMemberForm(MemberForm):
    """Somebody new."""

    email = forms.EmailField(label=_("E-mail address"))
    name = forms.CharField(label=pgettext_lazy("of a colleague", "Name"), max_length=200)
    field_order = ("email", "name", "roles", "order_limit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"roles": ["BUYER"]})
        super().__init__(*args, **kwargs)


class TokenForm(PortalForm):
    """A new token."""

    name = forms.CharField(
        label=_("What is it for?"), max_length=100, help_text=_("For example the name of the program that uses it.")
    )
