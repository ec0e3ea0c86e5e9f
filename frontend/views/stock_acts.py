"""What can be done with a part's stock."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.utils.translation import gettext_lazy as _

from frontend.acts import Act, Words
from frontend.forms import stock as forms
from frontend.pages import Asked
from orders.selectors.part_stock import PartStock
from orders.services.stocking import stock_adjust, stock_count, stock_expect, stock_plan, stock_receive

_TOO_LOW = _(
    "The reorder point, %(point)s, is below the safety stock, %(safety)s: ordering is proposed only when the safety stock is in use already. Set it higher unless you mean that."
)


def _given(request: Asked, thing: PartStock, form: forms.StockForm) -> dict[str, Any]:
    return {"actor": request.actor, "now": request.now, "part_number": thing.part.number, **form.cleaned_data}


def _receive(request: Asked, thing: PartStock, form: forms.BookInForm) -> Words:
    stock_receive(**_given(request, thing, form))
    return _("The goods are booked in; who waited for them got them in turn.")


def _count(request: Asked, thing: PartStock, form: forms.CountForm) -> Words:
    stock_count(**_given(request, thing, form))
    return _("The count is recorded.")


def _adjust(request: Asked, thing: PartStock, form: forms.AdjustForm) -> Words:
    stock_adjust(**_given(request, thing, form))
    return _("The level is corrected.")


def _expect(request: Asked, thing: PartStock, form: forms.ExpectForm) -> Words:
    stock_expect(**_given(request, thing, form))
    return _("The goods are announced; who waited without a day has one now.")


def _plan(request: Asked, thing: PartStock, form: forms.PlanForm) -> Words:
    level = stock_plan(**_given(request, thing, form))
    if 0 < level.reorder_point < level.safety_stock:
        told = {"point": level.reorder_point, "safety": level.safety_stock}
        messages.warning(request, _TOO_LOW % told)
    return _("Safety stock, reorder point and shelf are set.")


_MANAGER = ("PARTS_MANAGER",)
ACTS = (
    Act("receive", _("Goods in"), _("Book in"), forms.BookInForm, _receive, _MANAGER),
    Act("count", _("Count"), _("Record the count"), forms.CountForm, _count, _MANAGER),
    Act("adjust", _("Correct the level"), _("Correct"), forms.AdjustForm, _adjust, _MANAGER),
    Act("expect", _("Announce goods"), _("Announce"), forms.ExpectForm, _expect, _MANAGER),
    Act("plan", _("Safety stock and shelf"), _("Set"), forms.PlanForm, _plan, _MANAGER),
)
