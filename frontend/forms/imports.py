"""Uploading a delivery, reading it otherwise, and saying yes to what it would do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms.base import PortalForm
from frontend.words import ENCODINGS


class FilesInput(forms.FileInput):
    """The browser's own field, for several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each looked at as one is."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """The files."""
        many = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in many or [None]]


class ReadingForm(PortalForm):
    """How files are to be read."""

    mapping = forms.ChoiceField(
        label=_("Mapping"),
        required=False,
        help_text=_("For a maker’s own table: which of its columns is which of ours. Mappings are made in the admin."),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding of text files"),
        required=False,
        choices=[("", _("find out, and ask when it is not certain")), *ENCODINGS.items()],
        help_text=_("Counts only for text that is not Unicode."),
    )
    complete_parts = forms.BooleanField(
        label=_("The parts file is complete"),
        required=False,
        help_text=_(
            "It lists every part of its makers, and active parts it lacks are to be retired. Without the tick they stay as they are."
        ),
    )

    def __init__(self, *args: Any, mappings: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["mapping"]
        field.choices = [
            ("", _("none: the files have the names and columns the portal knows")),
            *((name, f"{name} ({pattern})") for name, pattern in mappings),
        ]

    def options(self) -> dict[str, Any]:
        """As the services take them."""
        data = self.cleaned_data
        complete = ["parts"] if data["complete_parts"] else []
        return {"mapping": data["mapping"], "encoding": data["encoding"], "complete": complete}


class UploadForm(ReadingForm):
    """A delivery."""

    upload = FilesField(label=_("Files"))
    field_order = ("upload", "mapping", "complete_parts", "encoding")


class ApplyForm(PortalForm):
    """A yes to every question of the summary that was seen."""

    judged = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32767)

    def __init__(self, *args: Any, questions: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for place, question in enumerate(questions):
            self.fields[f"yes_{place}"] = forms.BooleanField(
                label=_("Yes: %(question)s") % {"question": question},
                error_messages={"required": _("Tick it to say yes, or correct the file.")},
            )
