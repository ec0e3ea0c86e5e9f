"""A figure of a machine's parts book: the exploded drawing, and what each callout is, costs, and whether it is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from catalog.selectors.fit import fits_for
from catalog.selectors.listing import parts_listed
from catalog.selectors.models import FigureSheet, figure_open
from frontend.pages import Asked, found, language, page, today
from frontend.shopping import cover_of, shopper, tax_included
from warranty.selectors.equipment import equipment_get

if TYPE_CHECKING:
    from warranty.models import Equipment


@require_GET
@page()
def figure(request: Asked, serial: str, pk: int) -> HttpResponse:
    """One figure as built into this machine."""
    machine: Equipment = found(equipment_get(actor=request.actor, serial=serial))
    sheet: FigureSheet = found(figure_open(machine.model_id, pk, language=language(), serial_sequence=machine.sequence))
    rows = _rows(request, machine, sheet)
    taxed = tax_included(row["listed"] for row in rows)
    return render(request, "figure.html", {"machine": machine, "sheet": sheet, "rows": rows, "taxed": taxed})


def _rows(request: Asked, machine: Equipment, sheet: FigureSheet) -> list[dict[str, Any]]:
    """The lines of the bill with price, stock and who would pay; `first`: the first line of its callout, where balloons lead."""
    lines = sheet.figure.lines
    keys = list(dict.fromkeys(line.part.pk for line in lines))
    listed = {one.part.pk: one for one in parts_listed(keys, shopper=shopper(request), on=today(request))}
    fits = fits_for([(key, machine.model_id, machine.sequence) for key in listed], today(request))
    cover = cover_of(request, [(one, machine) for one in listed.values()], fits)
    labels = [line.callout.label for line in lines]
    return [
        {
            "line": line,
            "listed": listed[line.part.pk],
            "cover": cover.get((line.part.pk, machine.serial)),
            "first": labels.index(line.callout.label) == place,
        }
        for place, line in enumerate(lines)
        if line.part.pk in listed
    ]
