"""Things to test with, made with as few words as the test needs. Each app has its own part; add to the end of it."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from catalog.models import Assembly, Callout, CrossReference, EquipmentModel, Fitment, Part, PartName, Price, PriceList, Supersession
from catalog.rules.numbers import normalise

_counter = itertools.count(1)


# --- catalog -------------------------------------------------------------------------------------------------------


def make_part(number: str = "", *, name: str = "", **extra: Any) -> Part:
    """A current genuine part; `name` is its English one."""
    number = number or f"TP-{next(_counter):05d}"
    part = Part.objects.create(number=number, normalised=normalise(number), **extra)
    if name:
        PartName.objects.create(part=part, language="en", name=name)
    return part


def make_supersession(old: Part, new: Part, *, on: date = date(2020, 1, 1), quantity: int = 1, **extra: Any) -> Supersession:
    """`old` became `quantity` x `new` on a day."""
    return Supersession.objects.create(old=old, new=new, quantity=quantity, effective_on=on, **extra)


def make_cross_reference(part: Part, number: str, *, catalogue: str = "OTHER") -> CrossReference:
    """Somebody else's number for our part."""
    return CrossReference.objects.create(part=part, number=number, normalised=normalise(number), catalogue=catalogue)


def make_model(code: str = "", **extra: Any) -> EquipmentModel:
    """A model of machine."""
    code = code or f"TM{next(_counter)}"
    return EquipmentModel.objects.create(code=code, normalised=normalise(code), name=extra.pop("name", f"Machine {code}"), **extra)


def make_assembly(model: EquipmentModel, *, quantity: int = 1, **extra: Any) -> Assembly:
    """A figure of the model's parts book."""
    code = f"A{next(_counter)}"
    return Assembly.objects.create(model=model, code=code, name=extra.pop("name", f"Figure {code}"), quantity=quantity, **extra)


def make_callout(
    assembly: Assembly, part: Part, *, label: str = "1", quantity: int = 1, first: int | None = None, last: int | None = None
) -> Callout:
    """A bill line for serials `first` to `last`."""
    return Callout.objects.create(assembly=assembly, part=part, label=label, quantity=quantity, serial_from=first, serial_to=last)


def make_fitment(part: Part, model: EquipmentModel, *, first: int | None = None, last: int | None = None, **extra: Any) -> Fitment:
    """A row of an application list."""
    return Fitment.objects.create(part=part, model=model, serial_from=first, serial_to=last, **extra)


def make_price_list(
    *, market: str = "KR", kind: str = "CUSTOMER", currency: str = "KRW", start: date = date(2020, 1, 1), end: date | None = None, **extra: Any
) -> PriceList:
    """A price list valid from `start` to before `end`."""
    return PriceList.objects.create(
        market=market, kind=kind, currency=currency, name=f"{market} {kind}", valid=DateRange(start, end), **extra
    )


def make_price(price_list: PriceList, part: Part, amount: str = "1000", *, from_quantity: int = 1, per_quantity: int = 1) -> Price:
    """One tier of a part's price."""
    return Price.objects.create(
        price_list=price_list, part=part, amount=Decimal(amount), from_quantity=from_quantity, per_quantity=per_quantity
    )
