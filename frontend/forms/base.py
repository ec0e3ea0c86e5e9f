"""Forms that keep what was typed when a service refuses, and that do their work once when sent twice."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from frontend import formats
from portal.errors import PortalError, Problem

if TYPE_CHECKING:
    from catalog.models.naming import Named

_PLACE = re.compile(r"\[(\d+)\]")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(T.+)?$")


def new_reference() -> str:
    """A reference for one form."""
    return str(uuid4())


def called(thing: Named) -> str:
    """What a warehouse and the like is called in the reader's language, for a choice of a form."""
    return thing.called(get_language() or "en")


def snake(name: str) -> str:
    """`trackingNumber` -> `tracking_number`"""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class PortalForm(forms.Form):
    """A form whose refusals by a service stand beside the field they are about."""

    use_required_attribute = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def refuse(self, error: PortalError | Iterable[Problem]) -> None:
        """Show every problem beside its field; what belongs to no field stands above the form. Also of one that was not sent yet, but
        begins with what was typed before."""
        problems = error.problems if isinstance(error, PortalError) else error
        if not self.is_bound:
            self.cleaned_data: dict[str, Any] = {}  # where Django takes a refused value out
        for problem in problems:
            name = snake(problem.field).removeprefix("deliver_to.")  # an address stands among the other fields
            if name in self.fields and not self.fields[name].widget.is_hidden:
                self.add_error(name, said(problem))
            else:
                self.add_error(None, _told(problem))

    def hand_back(self, name: str, value: str) -> None:
        """Show another value in a field than was sent, when the form comes back: of a hidden field, or with what a file held."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # what a request sends is not to be changed
        data[self.add_prefix(name)] = value
        self.data = data


class ReferenceForm(PortalForm):
    """Carries a reference: sent twice, it works once."""

    reference = forms.CharField(max_length=120, widget=forms.HiddenInput, initial=new_reference)


def said(problem: Problem) -> str:
    """The message, its days and moments written as the reader does."""
    return dataclasses.replace(
        problem, details={name: _readable(value) for name, value in problem.details.items()}
    ).message


def _readable(value: Any) -> Any:
    if isinstance(value, str) and _ISO.match(value):
        try:
            value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
        except ValueError:  # looked like a day
            return value
    if isinstance(value, datetime):
        return formats.moment(value)
    return formats.plain_day(value) if isinstance(value, date) else value


def _told(problem: Problem) -> str:
    """The message, with the place of the line it is about."""
    place = _PLACE.search(problem.field)
    if not place:
        return said(problem)
    return _("Line %(line)d: %(message)s") % {"line": int(place[1]) + 1, "message": said(problem)}


def date_input(**attrs: Any) -> forms.DateInput:
    """A native date field; browsers want ISO, whatever the language."""
    return forms.DateInput(attrs={"type": "date", **attrs}, format="%Y-%m-%d")


def moment_input(**attrs: Any) -> forms.DateTimeInput:
    """A native date and time field, in the company's zone."""
    return forms.DateTimeInput(attrs={"type": "datetime-local", **attrs}, format="%Y-%m-%dT%H:%M")
