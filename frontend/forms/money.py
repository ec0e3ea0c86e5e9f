"""Forms of the accountant's page: a bank's file, and what becomes of a sum."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms.base import PortalForm
from orders.services.banking import Share


class StatementForm(PortalForm):
    """A bank's file."""

    file = forms.FileField(label=_("Statement (camt.053 or CSV)"))
    profile = forms.ChoiceField(label=_("A CSV is written by"), required=False)

    def __init__(self, *args: Any, profiles: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["profile"]
        field.choices = [
            ("", _("our own columns: date, amount, currency, text, payer, account, id")),
            *profiles,
        ]


class SumForm(PortalForm):
    """What becomes of one sum."""

    shares = forms.CharField(
        label=_("Orders, one a line: number and amount"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "class": "number", "spellcheck": "false"}),
        help_text=_("What is left over becomes the buyer's credit."),
    )
    company = forms.TypedChoiceField(label=_("Keep as credit of"), coerce=int, empty_value=None, required=False)
    note = forms.CharField(label=_("Sent back by the bank's order"), max_length=500, required=False)

    def __init__(self, *args: Any, companies: Iterable[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["company"]
        field.choices = [("", _("Choose a company")), *companies]

    def clean_shares(self) -> list[Share]:
        """The lines as shares."""
        found = []
        for place, text in enumerate(self.cleaned_data["shares"].splitlines(), start=1):
            words = text.replace("\t", " ").split()
            if not words:
                continue
            try:
                number, amount = words
                found.append(Share(number, Decimal(amount.replace(",", ""))))
            except (ValueError, InvalidOperation):
                self.add_error(
                    "shares", _("Line %(place)d: write the order's number and the amount.") % {"place": place}
                )
        return found
