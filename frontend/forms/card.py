"""Forms of the acts on a repair card."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.acts import ActForm
from warranty.types import UsedPart

MOST = 100_000


class UseForm(ActForm):
    """Parts put on the machine: of the card's own lines, or of a part brought along."""

    part_number = forms.CharField(label=_("Another part, brought along"), max_length=60, required=False)
    quantity = forms.IntegerField(label=_("Its quantity"), required=False, min_value=1, max_value=MOST)
    failed_serial = forms.CharField(label=_("Serial of the failed part"), max_length=300, required=False)
    new_serial = forms.CharField(label=_("Serial of the new part"), max_length=300, required=False)
    old_part_kept = forms.BooleanField(label=_("The old part is kept"), required=False)

    def prepare(self) -> None:
        """A quantity for each line that has pieces left."""
        first = {}
        for line in self.thing.lines.all():
            if line.order_line and line.open_quantity:
                first[f"line_{line.order_line}"] = forms.IntegerField(
                    label=line.part.number,
                    required=False,
                    min_value=0,
                    max_value=line.open_quantity,
                    initial=line.open_quantity,
                )
        self.fields = {**first, **self.fields}

    def parts(self) -> list[UsedPart]:
        """What was used, as the service takes it."""
        data, told = self.cleaned_data, self._told()
        used = [
            UsedPart(quantity=data[name], order_line=name[5:], **told)
            for name in self.fields
            if name.startswith("line_") and data.get(name)
        ]
        if data["part_number"]:
            used.append(UsedPart(quantity=data["quantity"] or 1, part_number=data["part_number"], **told))
        return used

    def _told(self) -> dict:
        data = self.cleaned_data
        return {
            "failed_serial": data["failed_serial"],
            "new_serial": data["new_serial"],
            "old_part_kept": data["old_part_kept"] or None,
        }


class CloseForm(ActForm):
    """The work done."""

    minutes = forms.IntegerField(label=_("Minutes of work"), min_value=0, max_value=MOST)
    note = forms.CharField(
        label=_("What was done"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class VoidForm(ActForm):
    """Why the card is void."""

    note = forms.CharField(label=_("Why"), max_length=4000, widget=forms.Textarea(attrs={"rows": 2}))


class PlainForm(ActForm):
    """Nothing to type."""
