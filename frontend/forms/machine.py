"""Forms of the acts on a machine."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.acts import ActForm
from frontend.forms.base import PortalForm, date_input, moment_input, new_reference


def _reference() -> forms.CharField:
    return forms.CharField(max_length=120, widget=forms.HiddenInput, initial=new_reference)


class ReadingForm(ActForm):
    """The hour meter."""

    hours = forms.IntegerField(label=_("Hour meter"), min_value=0, max_value=1_000_000)
    read_at = forms.DateTimeField(label=_("Read at"), required=False, widget=moment_input(), help_text=_("Empty: now."))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    reference = _reference()


class CallForm(ActForm):
    """Something is wrong with the machine."""

    fault = forms.CharField(label=_("What is wrong?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    contact = forms.CharField(label=_("Whom do we call?"), max_length=300, help_text=_("Name and telephone number."))
    reference = _reference()


class CardForm(ActForm):
    """A repair begins, perhaps after a call."""

    fault = forms.CharField(label=_("Fault"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    call_id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reference = _reference()


class OpenCardForm(PortalForm):
    """A repair begins, on a machine named by its serial."""

    serial = forms.CharField(label=_("Machine serial"), max_length=60)
    fault = forms.CharField(label=_("Fault"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))
    reference = _reference()


class RegisterForm(PortalForm):
    """A machine that is not on record yet, or not under this owner."""

    serial = forms.CharField(label=_("Serial number"), max_length=60)
    model_code = forms.CharField(label=_("Model"), max_length=80)
    site = forms.CharField(label=_("Where it works"), max_length=300, required=False)
    sold_on = forms.DateField(label=_("Sold on"), required=False, widget=date_input())
    in_service_on = forms.DateField(label=_("In service since"), required=False, widget=date_input())
    reference = _reference()
