"""Files of stock, its ledger, what to order again, and the promise report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.selectors.levels import levels, movements, rows_named
from catalog.selectors.stock import warehouse_get
from frontend.exports import Export, batched
from frontend.pages import Asked, language
from frontend.words import REORDER
from orders.selectors.reorder import reorder_rows
from portal.accounts.selectors import actors_known_as
from portal.promises.selectors.report import kept_weekly
from portal.promises.words import policy_words

CHUNK = 500
_MANAGER = ("PARTS_MANAGER",)


def _place(request: Asked) -> int | None:
    place = warehouse_get(request.GET.get("place", "")[:20])
    return place.pk if place else None


def _stock(request: Asked) -> Iterator[Sequence[Any]]:
    found = levels(query=request.GET.get("q", ""), warehouse_id=_place(request), only=request.GET.get("only", ""))
    for some in batched(found.iterator(chunk_size=CHUNK), CHUNK):
        for row in rows_named(some, language()):
            one = row.level
            yield (
                one.part.number, row.name, one.warehouse.code, one.place, one.on_hand, one.held, one.allocated_elsewhere, one.available,
                row.coming, one.safety_stock, one.reorder_point,
            )  # fmt: skip


def _movements(request: Asked) -> Iterator[Sequence[Any]]:
    part = request.GET.get("part", "")
    known = part.isascii() and part.isdigit() and len(part) < 19
    found = movements(part_id=int(part) if known else None, warehouse_id=_place(request))
    for some in batched(found.iterator(chunk_size=CHUNK), CHUNK):
        names = actors_known_as({one.actor for one in some})
        for one in some:
            yield (
                one.at, one.part.number, one.warehouse.code, one.change, one.get_reason_display(), one.note,
                one.reference, names[one.actor],
            )  # fmt: skip


def _reorder(request: Asked) -> Iterator[Sequence[Any]]:
    for row in reorder_rows(now=request.now, language=language(), warehouse_id=_place(request)):
        yield (
            row.level.part.number, row.name, row.level.warehouse.code, row.proposal.quantity, "; ".join(str(REORDER[why]) for why in row.proposal.whys),
            row.shelf.available, row.shelf.coming, row.shelf.waiting, row.shelf.point, row.shelf.safety, sum(row.weekly),
        )  # fmt: skip


def _promises(request: Asked) -> Iterator[Sequence[Any]]:
    for policy, weeks in kept_weekly(request.now).items():
        for one in weeks:
            yield policy_words(policy), one.week, one.kept, one.late, one.total, one.share


EXPORTS = (
    Export("stock", (
        _("Part"), _("Name"), _("Warehouse"), _("Shelf"), _("On hand"), _("Allocated"), _("Allocated elsewhere"), _("Available"),
        pgettext_lazy("pieces", "Expected"), _("Safety stock"), _("Reorder point"),
    ), _stock, _MANAGER),
    Export("movements", (
        _("When"), _("Part"), _("Warehouse"), _("Pieces"), _("Why"), _("Note"), _("Reference"), pgettext_lazy("whom", "By"),
    ), _movements, _MANAGER),
    Export("reorder", (
        _("Part"), _("Name"), _("Warehouse"), _("Order this many"), _("Why"), _("Available"), pgettext_lazy("pieces", "Expected"), _("Waited for"),
        _("Reorder point"), _("Safety stock"), _("Went out in 12 weeks"),
    ), _reorder, _MANAGER),
    Export("promises", (
        _("Promise"), _("Week from"), _("Kept"), _("Late"), _("Promised"), _("Share kept"),
    ), _promises, _MANAGER),
)  # fmt: skip
