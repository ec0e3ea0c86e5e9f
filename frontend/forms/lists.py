"""The form of a saved list: a name, and the lines as they would be pasted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms.base import PortalForm
from frontend.paste import listed_lines
from orders.types import LineRequest


class SavedListForm(PortalForm):
    """A list in one field: walked, copied and mended by the keyboard alone."""

    name = forms.CharField(label=_("Name of the list"), max_length=100)
    text = forms.CharField(
        label=_("Part numbers and quantities"),
        strip=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false", "class": "number"}),
        help_text=_(
            "One part a line: the number, then the quantity, then (if it is for one machine) its serial; a comma or a tab between."
        ),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Every line that cannot be read is named."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self.wishes, bad = listed_lines(cleaned.get("text", ""))
        for place, typed in bad:
            self.add_error(
                "text", _("Line %(place)d cannot be read: %(typed)s") % {"place": place, "typed": typed[:60]}
            )
        if not self.wishes and not bad and "text" not in self.errors:
            self.add_error("text", _("Nothing to order here."))
        return cleaned

    def lines(self) -> list[LineRequest]:
        """The wishes as the services take them."""
        return [LineRequest(number, quantity, serial) for number, quantity, serial in self.wishes]


def lines_text(lines: Iterable[Any]) -> str:
    """Wishes as lines of text, that `listed_lines` reads again."""
    return "\n".join(f"{one.part_number}\t{one.quantity}" + (f"\t{one.serial}" if one.serial else "") for one in lines)
