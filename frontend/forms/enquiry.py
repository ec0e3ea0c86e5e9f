"""The forms of a question to the parts desk, and of its answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from frontend.forms.base import PortalForm, ReferenceForm
from frontend.paste import pasted_lines
from orders.services.enquiring import MOST_PHOTO, MOST_WORDS, photo_keep, photo_kept
from portal.errors import PortalError

_SALT = "enquiry.photo"


class AskForm(ReferenceForm):
    """A question. A photo that was taken in stays (`kept`) while the rest is mended."""

    words = forms.CharField(
        label=_("What do you need?"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("What it does, where it sits, what is written on it."),
    )
    serial = forms.CharField(label=_("Machine serial"), max_length=60, required=False)
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_(
            "Of the part, or of the machine’s plate: JPEG, PNG or WebP up to 10 MB. Place and camera are taken out."
        ),
    )
    kept = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    searched = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    part = forms.IntegerField(required=False, min_value=1, max_value=2**31, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Take the photo in, whatever else is wrong: it need not be chosen twice."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        file: UploadedFile | None = cleaned.get("photo")
        self.taken: Any = None
        if file is not None:
            self._take_in(file)
        elif kept := cleaned.get("kept"):
            self.taken = photo_kept(_unsealed(kept))
        return cleaned

    def _take_in(self, file: UploadedFile) -> None:
        try:
            # one byte more than allowed tells enough: fifty megabytes are not read
            self.taken = photo_keep(file.read(MOST_PHOTO + 1))
        except PortalError as error:
            self.refuse(error)
            return
        self.hand_back("kept", signing.dumps(self.taken.pk, salt=_SALT))


def _unsealed(kept: str) -> int:
    try:
        return int(signing.loads(kept, salt=_SALT, max_age=24 * 3600))
    except (signing.BadSignature, ValueError, TypeError):
        return 0


class AnswerForm(PortalForm):
    """The desk's answer, with parts as they would be pasted."""

    answer = forms.CharField(
        label=_("Answer"), max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    )
    parts = forms.CharField(
        label=_("Parts that fit"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "number"}),
        help_text=_(
            "One part a line: the number, then the quantity. The buyer puts them into the cart with one press."
        ),
    )

    def clean_parts(self) -> list[tuple[str, int]]:
        """(number, pieces)."""
        lines, bad = pasted_lines(self.cleaned_data["parts"])
        for place, typed in bad:
            self.add_error(
                "parts", _("Line %(place)d cannot be read: %(typed)s") % {"place": place, "typed": typed[:60]}
            )
        return lines
