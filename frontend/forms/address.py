"""Where goods go, as it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from frontend.forms.base import PortalForm
from portal.languages.addresses import large_first

_LARGE_FIRST = ("postal_code", "country", "region", "city", "street", "name", "phone", "note")


class AddressFields(PortalForm):
    """An address; what is typed in no field is not there."""

    name = forms.CharField(label=pgettext_lazy("of a person or company", "Name"), max_length=200, required=False)
    street = forms.CharField(label=_("Street"), max_length=200, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    region = forms.CharField(label=_("State or province, where the country has them"), max_length=100, required=False)
    country = forms.CharField(label=_("Country (two letters)"), max_length=2, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    note = forms.CharField(label=_("Note for the driver"), max_length=200, required=False)

    ADDRESS = ("name", "street", "city", "postal_code", "region", "country", "phone", "note")

    def address(self, chosen: Mapping[str, Any] | None = None) -> dict[str, str] | None:
        """The address typed (or among the values `chosen`), or None for the company's own."""
        values = self.cleaned_data if chosen is None else chosen
        given = {name: values.get(name) or "" for name in self.ADDRESS}
        if not any(given.values()):
            return None
        given["postalCode"] = given.pop("postal_code")
        return {key: value for key, value in given.items() if value}

    @property
    def address_fields(self) -> list[forms.BoundField]:
        """The fields of the address, in the order the reader writes one."""
        names = _LARGE_FIRST if large_first(get_language() or "en") else self.ADDRESS
        return [self[name] for name in names]


class AddressForm(AddressFields):
    """The address of an order, to be corrected; its country stays."""

    NEEDED = ("name", "street", "city", "country")

    def __init__(self, *args: Any, was: Mapping[str, str], **kwargs: Any) -> None:
        initial = {("postal_code" if name == "postalCode" else name): value for name, value in was.items()}
        super().__init__(*args, initial=initial, **kwargs)
        for name in self.NEEDED:
            self.fields[name].required = True
        self.fields["country"].disabled = bool(was.get("country"))
