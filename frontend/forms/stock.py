"""Goods that come in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from frontend.forms.base import ReferenceForm


class GoodsInForm(ReferenceForm):
    """A part, where, how many."""

    part_number = forms.CharField(label=_("Part number"), max_length=60)
    warehouse = forms.ChoiceField(label=_("Warehouse"))
    quantity = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=10_000_000)

    def __init__(self, *args: Any, warehouses: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["warehouse"].choices = list(warehouses)  # type: ignore[attr-defined]
