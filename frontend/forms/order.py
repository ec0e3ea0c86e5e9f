"""Forms of the acts on an order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from frontend.acts import ActForm
from frontend.forms.base import moment_input, new_reference
from orders.selectors.choices import HOLD_REASONS, PAYMENT_METHODS, RETURN_REASONS
from orders.selectors.order_page import LineDetail, OrderDetail
from orders.services.returning import ReturnLine
from orders.services.shipping import ShipLine

MOST = 1_000_000
_NOTE = forms.Textarea(attrs={"rows": 2})


def reference_field() -> forms.CharField:
    """Sent twice, the form works once."""
    return forms.CharField(max_length=120, widget=forms.HiddenInput, initial=new_reference)


class LinesForm(ActForm):
    """A quantity for each line of the order."""

    def add_lines(self, lines: Iterable[tuple[LineDetail, int]], *, initial: bool) -> None:
        """One field a line; at most so many pieces."""
        for one, most in lines:
            label = f"{one.line.position}. {one.line.part.number} {one.name}"
            self.fields[f"line_{one.line.pk}"] = forms.IntegerField(
                label=label, min_value=0, max_value=most, required=False, initial=most if initial else None
            )

    @property
    def line_fields(self) -> list[forms.BoundField]:
        """The quantities."""
        return [self[name] for name in self.fields if name.startswith("line_")]

    def quantities(self) -> dict[int, int]:
        """Pieces by line key, of the lines that have any."""
        cleaned = self.cleaned_data
        return {int(name[5:]): cleaned[name] for name in self.fields if name.startswith("line_") and cleaned.get(name)}


class ShipForm(LinesForm):
    """Goods handed to a carrier. Without any line field: all that is on the shelf."""

    carrier = forms.CharField(label=_("Carrier"), max_length=60)
    tracking_number = forms.CharField(label=_("Tracking number"), max_length=80, required=False)
    shipped_at = forms.DateTimeField(
        label=_("Handed over at"), required=False, widget=moment_input(), help_text=_("Empty: now.")
    )
    reference = reference_field()
    thing: OrderDetail

    def prepare(self) -> None:
        """Offer what lies on a shelf for the order."""
        self.add_lines(((one, shelf) for one in self.thing.to_ship if (shelf := _on_shelf(one))), initial=True)

    def lines(self) -> list[ShipLine] | None:
        """The pieces to hand over; None: all there are."""
        if not any(self.add_prefix(name) in self.data for name in self.fields if name.startswith("line_")):
            return None
        return [ShipLine(line, pieces) for line, pieces in self.quantities().items()]


def _on_shelf(one: LineDetail) -> int:
    if one.line.cleared_at is None:
        return 0
    held = sum(hold.quantity for hold in one.line.holds.all() if hold.receipt_id is None)
    return min(held, one.line.open_quantity)


class ShipmentForm(ActForm):
    """About one shipment of the order."""

    shipment = forms.TypedChoiceField(label=_("Shipment"), coerce=int)
    thing: OrderDetail

    def shipments(self) -> list[Any]:
        """Those to choose from."""
        return self.thing.shipments

    def prepare(self) -> None:
        """Offer the shipments."""
        field: Any = self.fields["shipment"]
        field.choices = [(one.pk, f"{one.number} ({one.carrier})") for one in self.shipments()]


class DeliverForm(ShipmentForm):
    """Goods that arrived."""

    delivered_at = forms.DateTimeField(
        label=_("Delivered at"), required=False, widget=moment_input(), help_text=_("Empty: now.")
    )
    received_by = forms.CharField(label=_("Received by"), max_length=200, required=False)

    def shipments(self) -> list[Any]:
        """Those on their way."""
        return [one for one in self.thing.shipments if one.delivered_at is None]


class CorrectForm(ShipmentForm):
    """What later proof says."""

    shipped_at = forms.DateTimeField(label=_("Really handed over at"), required=False, widget=moment_input())
    delivered_at = forms.DateTimeField(label=_("Really delivered at"), required=False, widget=moment_input())
    evidence = forms.CharField(label=_("The proof"), max_length=1000, widget=_NOTE)


class TrackForm(ShipmentForm):
    """The carrier's number, when it comes later or was mistyped."""

    tracking_number = forms.CharField(
        label=_("Tracking number"), max_length=80, required=False, help_text=_("Empty: it has none.")
    )

    def prepare(self) -> None:
        """The first shipment without a number, and what is known of it."""
        super().prepare()
        without = [one for one in self.shipments() if not one.tracking_number] or self.shipments()
        if without:
            self.fields["shipment"].initial = without[0].pk
            self.fields["tracking_number"].initial = without[0].tracking_number


class UndoForm(ShipmentForm):
    """A hand-over that did not happen."""

    reason = forms.CharField(label=_("Why it did not leave"), max_length=500, widget=_NOTE)

    def shipments(self) -> list[Any]:
        """Those not delivered."""
        return [one for one in self.thing.shipments if one.delivered_at is None]


class PayForm(ActForm):
    """Money that came."""

    method = forms.ChoiceField(
        label=_("How"), choices=[one for one in PAYMENT_METHODS if one[0] not in ("NONE", "CARD")]
    )
    amount = forms.DecimalField(
        label=_("Amount"), required=False, max_digits=14, decimal_places=3, help_text=_("Empty: all that is open.")
    )
    received_at = forms.DateTimeField(
        label=_("Value date"), required=False, widget=moment_input(), help_text=_("When the bank had it. Empty: now.")
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)
    reference = reference_field()

    def prepare(self) -> None:
        """A transfer is the usual way."""
        self.fields["method"].initial = "TRANSFER"


class RefundForm(ActForm):
    """Money back."""

    amount = forms.DecimalField(
        label=_("Amount"), required=False, max_digits=14, decimal_places=3, help_text=_("Empty: all that is too much.")
    )
    as_credit = forms.BooleanField(label=_("Keep it as credit instead"), required=False)
    reason = forms.CharField(label=_("Note, as the buyer reads it"), max_length=500, required=False)
    reference = reference_field()


class GiveBackForm(ActForm):
    """Money given back to the card."""

    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=3)
    reason = forms.CharField(label=_("Why"), max_length=200)
    reference = reference_field()


class NoteForm(ActForm):
    """A note for the record."""

    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class HoldForm(ActForm):
    """Why the order is held back."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[one for one in HOLD_REASONS if one[0] != "PAYMENT_LAPSED"])
    note = forms.CharField(label=pgettext_lazy("to be typed", "What happened"), max_length=1000, widget=_NOTE)


class PlainForm(ActForm):
    """Nothing to type."""


class CancelForm(ActForm):
    """What is cancelled, and why."""

    reason = forms.CharField(label=_("Why"), max_length=500)
    lines = forms.TypedMultipleChoiceField(
        label=_("Lines"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: the whole order, as far as it is not handed over."),
    )  # fmt: skip
    thing: OrderDetail

    def prepare(self) -> None:
        """Offer the lines with pieces not handed over."""
        field: Any = self.fields["lines"]
        field.choices = [
            (one.line.pk, f"{one.line.position}. {one.line.part.number}: {one.line.open_quantity}")
            for one in self.thing.to_ship
        ]


class ReturnForm(LinesForm):
    """What comes back, and why."""

    reason = forms.ChoiceField(label=_("Reason"), choices=RETURN_REASONS)
    note = forms.CharField(label=_("What is wrong"), max_length=500, required=False)
    reference = reference_field()
    thing: OrderDetail

    def prepare(self) -> None:
        """Offer what was shipped."""
        self.add_lines(((one, one.line.shipped - one.line.returned) for one in self.thing.to_return), initial=False)

    def lines(self) -> list[ReturnLine]:
        """The pieces that come back."""
        note = self.cleaned_data["note"]
        return [ReturnLine(line, pieces, note) for line, pieces in self.quantities().items()]


class ReceiveForm(ActForm):
    """What came back."""

    returned = forms.TypedChoiceField(label=_("Return"), coerce=int)
    quantity = forms.IntegerField(
        label=_("Pieces"), required=False, min_value=1, max_value=MOST, help_text=_("Empty: all.")
    )
    condition = forms.CharField(label=_("Condition"), max_length=200, required=False)
    refused = forms.BooleanField(label=_("Old unit not good: its deposit is kept"), required=False)
    thing: OrderDetail

    def prepare(self) -> None:
        """Offer what is awaited."""
        field: Any = self.fields["returned"]
        field.choices = [
            (one.pk, f"{one.line.part.number}: {one.quantity - one.received} ({one.get_reason_display()})")
            for one in self.thing.returns
            if one.state == "EXPECTED"
        ]
        if not any(one.state == "EXPECTED" and one.reason == "CORE" for one in self.thing.returns):
            del self.fields["refused"]


class AgainForm(ActForm):
    """The lines to order again; `everything` is what a button without a choice of lines sends."""

    lines = forms.TypedMultipleChoiceField(
        label=_("Lines"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    everything = forms.BooleanField(required=False, widget=forms.HiddenInput)
    thing: OrderDetail

    def prepare(self) -> None:
        """Offer every line, all of them ticked."""
        field: Any = self.fields["lines"]
        field.choices = [
            (one.line.pk, f"{one.line.quantity} × {one.line.part.number} {one.name}") for one in self.thing.lines
        ]
        field.initial = [one.line.pk for one in self.thing.lines]

    def clean(self) -> dict[str, Any]:
        """At least one line."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("lines") and not cleaned.get("everything") and "lines" not in self.errors:
            self.add_error("lines", _("Choose at least one line."))
        return cleaned

    def keys(self) -> list[int] | None:
        """Keys of the lines; None: all."""
        return None if self.cleaned_data["everything"] else self.cleaned_data["lines"]
