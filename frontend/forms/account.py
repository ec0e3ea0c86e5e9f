"""Forms of a company's account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.acts import ActForm
from frontend.forms.order import reference_field
from orders.selectors.account import AccountPage


class _AmountForm(ActForm):
    """An amount in one of the account's currencies, and why."""

    currency = forms.ChoiceField(label=_("Currency"))
    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=3)
    reason = forms.CharField(label=_("Reason, as the buyer reads it"), max_length=500)
    reference = reference_field()
    thing: AccountPage

    def prepare(self) -> None:
        """Offer the currencies there are."""
        field: Any = self.fields["currency"]
        field.choices = [(one, one) for one in self.currencies()]

    def currencies(self) -> list[str]:
        """Those of the account."""
        return [one.currency for one in self.thing.accounts]


class GrantForm(_AmountForm):
    """Goodwill."""


class PayOutForm(_AmountForm):
    """Credit paid out by bank."""

    def currencies(self) -> list[str]:
        """Those with credit."""
        return [one.currency for one in self.thing.accounts if one.credit > 0]
