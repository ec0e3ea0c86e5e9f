"""Goods that come in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.selectors.levels import ADJUST_REASONS
from frontend.acts import ActForm
from frontend.forms.base import ReferenceForm, called, date_input
from frontend.forms.order import reference_field

if TYPE_CHECKING:
    from orders.selectors.part_stock import PartStock


PLACES = 10_000_000


class StockForm(ActForm):
    """About a part at one of the warehouses."""

    warehouse = forms.ChoiceField(label=_("Warehouse"))
    thing: PartStock

    def prepare(self) -> None:
        """Offer every warehouse."""
        field: Any = self.fields["warehouse"]
        field.choices = [(one.code, called(one)) for one in self.thing.warehouses]


class BookInForm(StockForm):
    """What arrived."""

    quantity = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=PLACES)
    reference = reference_field()


class CountForm(StockForm):
    """What somebody counted on the shelf."""

    counted = forms.IntegerField(
        label=_("Pieces counted"), min_value=0, max_value=PLACES, help_text=_("All that lies there, held pieces too.")
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    reference = reference_field()


class AdjustForm(StockForm):
    """What is more or less, and why."""

    change = forms.IntegerField(
        label=_("Pieces more or less"), min_value=-PLACES, max_value=PLACES, help_text=_("For example -2.")
    )
    reason = forms.ChoiceField(label=_("Reason"), choices=ADJUST_REASONS)
    note = forms.CharField(label=_("What happened"), max_length=300)
    reference = reference_field()


class ExpectForm(StockForm):
    """What is on its way."""

    quantity = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=PLACES)
    on = forms.DateField(label=_("Expected on"), widget=date_input())
    reference = reference_field()


class PlanForm(StockForm):
    """What the shelf should hold."""

    safety_stock = forms.IntegerField(label=_("Safety stock"), min_value=0, max_value=PLACES, required=False)
    reorder_point = forms.IntegerField(label=_("Reorder point"), min_value=0, max_value=PLACES, required=False)
    place = forms.CharField(
        label=_("Shelf"), max_length=40, required=False, help_text=_("What is left empty stays as it is.")
    )

    def clean(self) -> dict[str, Any]:
        """What was left empty is as it stands at the chosen warehouse. Nothing is filled in beforehand: it would be one
        warehouse's, and be set for another as soon as that is chosen."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        levels = [row.level for row in self.thing.rows if row.level.warehouse.code == given.get("warehouse")]
        for name in ("safety_stock", "reorder_point"):
            if given.get(name) is None:
                given[name] = getattr(levels[0], name) if levels else 0
        given["place"] = given.get("place") or (levels[0].place if levels else "")
        return given


class GoodsInForm(ReferenceForm):
    """A part, where, how many."""

    part_number = forms.CharField(label=_("Part number"), max_length=60)
    warehouse = forms.ChoiceField(label=_("Warehouse"))
    quantity = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=10_000_000)

    def __init__(self, *args: Any, warehouses: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["warehouse"].choices = list(warehouses)  # type: ignore[attr-defined]
