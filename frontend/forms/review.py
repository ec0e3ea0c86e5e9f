"""A person's decision on the cover of a line."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms.base import PortalForm


class ReviewForm(PortalForm):
    """Who pays, which share is the buyer's, and why. The browser asks for no reason: accepting needs none."""

    use_required_attribute = False

    payer = forms.ChoiceField(
        label=_("Who pays"),
        choices=[
            ("WARRANTY", _("free for the customer")),
            ("CONTRACT", _("as the contract says")),
            ("PAID", _("the customer pays")),
        ],
        widget=forms.RadioSelect,
    )
    customer_share = forms.DecimalField(
        label=_("Customer's share in %"), min_value=0, max_value=100, max_digits=6, decimal_places=2, required=False,
        help_text=_("Empty: as the rules propose."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Why"), max_length=1000, help_text=_("Needed to refuse or to decide otherwise; the buyer reads it.")
    )

    def share(self) -> Decimal | None:
        """The share as a fraction."""
        typed = self.cleaned_data["customer_share"]
        return None if typed is None else typed / 100
