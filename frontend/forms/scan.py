"""What is scanned at the hand-over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms.base import PortalForm, called

if TYPE_CHECKING:
    from catalog.models import Warehouse


class ScanForm(PortalForm):
    """The code of a slip, who takes the parcel, and where one stands."""

    code = forms.CharField(
        label=_("Code of the slip"), max_length=60, help_text=_("Scan it, or type the order’s number and press Enter."),
        widget=forms.TextInput(attrs={"class": "number", "autocomplete": "off", "autofocus": True, "inputmode": "text", "autocapitalize": "characters"}),
    )  # fmt: skip
    carrier = forms.CharField(label=_("Carrier"), max_length=60, help_text=_("Kept for the next parcels."))
    here = forms.ChoiceField(label=_("I hand over at"), required=False)
    tracking_number = forms.CharField(
        label=_("Tracking number"), max_length=80, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, warehouses: Sequence[Warehouse], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warehouses = {one.code: one for one in warehouses}
        choices = [("", _("any warehouse")), *((one.code, called(one)) for one in warehouses)]
        self.fields["here"].choices = choices  # type: ignore[attr-defined]

    @property
    def counter(self) -> Warehouse | None:
        """Where one stands, if that was said."""
        return self.warehouses.get(self["here"].value() or "")
