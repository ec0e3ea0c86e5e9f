"""The cart's forms: a line, pasted lines, and the order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from frontend.forms.address import AddressFields
from frontend.forms.base import PortalForm, ReferenceForm, date_input
from frontend.listfile import ListFileError, lines_of_file
from frontend.paste import pasted_lines
from orders.selectors.choices import ORDER_TYPES, PAYMENT_METHODS
from orders.types import LineRequest

# What is kept of the cart's and the quick order's forms while it is typed, and how long it may be.
KEPT = {
    **dict.fromkeys(("po_number", "deliver_on", "type", "payment", "allow_substitute", "use_credit", "company"), 60),
    **dict.fromkeys(("name", "street", "city", "postal_code", "region", "country", "phone", "note"), 200),
    "text": 200_000,
    "serial": 60,
    "repair_card": 30,
}
MOST = 1_000_000


def typed_in(sent: QueryDict) -> dict[str, str]:
    """What is kept of a form as it was sent. A box that is not ticked sends nothing: with the whole order form, that says "no"."""
    typed = {name: str(sent[name])[:most].replace("\x00", "") for name, most in KEPT.items() if name in sent}
    if "shown" in sent:
        boxes = (name for name, one in OrderForm.base_fields.items() if isinstance(one, forms.BooleanField))
        typed |= {name: "1" if sent.get(name) else "0" for name in boxes}
    return typed


class LineForm(PortalForm):
    """One wish."""

    part_number = forms.CharField(label=_("Part number"), max_length=60)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=MOST, initial=1)
    serial = forms.CharField(label=_("Machine serial"), max_length=60, required=False)
    repair_card = forms.CharField(label=_("Repair card"), max_length=30, required=False)
    failed_on = forms.DateField(label=_("Failed on"), required=False, widget=date_input())
    hours = forms.IntegerField(label=_("Hour meter then"), required=False, min_value=0, max_value=MOST)
    accept_expected_on = forms.DateField(label=_("Accepted day"), required=False, widget=date_input())

    def line(self) -> LineRequest:
        """The wish as the services take it."""
        return LineRequest(**self.cleaned_data)


class PasteForm(PortalForm):
    """Many wishes at once, pasted or from a file; a file's lines come into the text, to be mended there, or left out (`leave`)."""

    unread: Sequence[tuple[int, str]] = ()  # the lines that cannot be read, by place
    text = forms.CharField(
        label=_("Part numbers and quantities"),
        strip=False,
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "number"}),
        help_text=_(
            "One part a line: the number, then the quantity. Copied from a spreadsheet, or with a comma or spaces between."
        ),
    )
    file = forms.FileField(
        label=_("Or a file (CSV or XLSX)"),
        required=False,
        allow_empty_file=True,
        help_text=_("Part number and quantity in two columns; at most 2,000 rows."),
    )
    serial = forms.CharField(label=_("For the machine (serial)"), max_length=60, required=False)
    repair_card = forms.CharField(label=_("On the repair card"), max_length=30, required=False)

    def clean(self) -> dict[str, Any]:
        """Every line that cannot be read is named, unless they are to be left out."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._take_in(cleaned)
        lines, bad = pasted_lines(cleaned.get("text", ""))
        if "leave" in self.data:
            bad = []
        self.unread = bad
        for place, typed in bad:
            self.add_error(
                "text", _("Line %(place)d cannot be read: %(typed)s") % {"place": place, "typed": typed[:60]}
            )
        if not lines and not bad and not self.errors:
            self.add_error("text", _("Nothing to order here."))
        self.pasted = lines
        return cleaned

    def _take_in(self, cleaned: dict[str, Any]) -> None:
        """The file's lines follow what was typed; sent again, they come with the text."""
        file = cleaned.get("file")
        if not file:
            return
        try:
            cleaned["text"] = "\n".join(filter(None, [cleaned.get("text", "").rstrip(), lines_of_file(file)]))
        except ListFileError as error:
            self.add_error("file", str(error))
            return
        self.hand_back("text", cleaned["text"])

    def lines(self) -> list[LineRequest]:
        """The wishes as the services take them."""
        serial, card = self.cleaned_data["serial"], self.cleaned_data["repair_card"]
        return [LineRequest(number, quantity, serial, card) for number, quantity in self.pasted]


class OrderForm(AddressFields, ReferenceForm):
    """How the cart becomes an order. `shown` names what the buyer was shown when the page was made."""

    shown = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    company = forms.TypedChoiceField(label=_("For the company"), coerce=int, empty_value=None, required=False)
    type = forms.ChoiceField(label=_("Kind of order"), choices=ORDER_TYPES, initial="CUSTOMER")
    payment = forms.ChoiceField(label=_("Payment"), choices=PAYMENT_METHODS)
    po_number = forms.CharField(label=_("Your order number"), max_length=60, required=False)
    deliver_on = forms.DateField(
        label=_("Deliver on"), required=False, widget=date_input(), help_text=_("Only if it has to be a certain day.")
    )
    allow_substitute = forms.BooleanField(label=_("Send the successor where a part was replaced"), required=False)
    use_credit = forms.BooleanField(label=_("Use my credit"), required=False, initial=True)

    def __init__(
        self, *args: Any, companies: Iterable[tuple[int, str]] = (), internal: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = list(companies)
        if choices:
            self.fields["company"].choices = [("", _("Choose a company")), *choices]  # type: ignore[attr-defined]
        else:
            del self.fields["company"]
        if internal:  # whoever orders for a buyer is not spoken to as the buyer
            self.fields["po_number"].label = _("The buyer’s order number")
            self.fields["use_credit"].label = _("Use the buyer’s credit")
            self.fields["use_credit"].initial = False  # whose money it is, is asked first
        else:
            self.fields["type"].choices = [one for one in ORDER_TYPES if one[0] != "INTERNAL"]  # type: ignore[attr-defined]

    def leave_out_cards(self) -> None:
        """No card can be taken here."""
        self.fields["payment"].choices = [one for one in PAYMENT_METHODS if one[0] != "CARD"]  # type: ignore[attr-defined]

    def keep(self, typed: Mapping[str, str]) -> None:
        """Begin with what was typed before; a choice that is not offered any more is not."""
        for name, text in typed.items():
            field = self.fields.get(name)
            if isinstance(field, forms.ChoiceField) and not field.valid_value(text):
                continue
            if field is not None:
                self.initial[name] = text == "1" if isinstance(field, forms.BooleanField) else text

    @property
    def address_typed(self) -> bool:
        """Is another address begun, or wrong?"""
        return any(self[name].errors or self[name].value() for name in self.ADDRESS)
