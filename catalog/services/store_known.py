"""Which part of ours a part of the store is: by its id, by our key, by its number; or a new one, made there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from catalog.models import Part, PartName, StorePart
from catalog.rules.numbers import normalise
from catalog.rules.store import part_of_key, store_key
from catalog.rules.store_look import Fault, Told
from catalog.search.changes import parts_changed
from catalog.selectors.store_sheets import LANGUAGE
from portal.engine import StoreItem
from portal.saleor.services import links_set

_LONGEST_NUMBER = 60
FRESH = "fresh"  # in a row's facts: the store's offers are the first we hear of, and not news
Faults = list[tuple[int | str, Fault]]


def parts_known(items: Sequence[StoreItem], *, now: datetime) -> tuple[dict[str, StorePart], Faults]:
    """Rows by the store's id. A spare part that nobody knows is made; what is no spare part, or could be several, is told."""
    rows = {row.variant_id: row for row in StorePart.objects.filter(variant_id__in=[item.store_id for item in items])}
    faults: Faults = []
    strangers = [item for item in items if item.store_id not in rows]
    if strangers:
        with transaction.atomic():
            for item in strangers:
                part, fault = _part_of(item, now)
                if part is not None:
                    rows[item.store_id] = _linked(item, part)
                elif fault is not None:
                    faults.append((item.store_id, fault))
    return rows, faults


def _part_of(item: StoreItem, now: datetime) -> tuple[Part | None, Fault | None]:
    """The part, or why there is none; goods that are no spare parts are nobody's here."""
    named = part_of_key(item.key)
    if named and (found := Part.objects.filter(maker=named[0], number=named[1]).first()):
        return _free(item, found)
    if not item.number or not normalise(item.number) or len(item.number) > _LONGEST_NUMBER:
        return None, Fault(Told.UNKNOWN, "", "", f"{item.number or '-'} {item.name}") if item.is_part else None
    of_number = list(Part.objects.filter(number=item.number)[:2])
    if len(of_number) == 1:
        return _free(item, of_number[0])
    if of_number or not item.is_part:
        return None, Fault(Told.UNKNOWN, "", "", f"{item.number} {item.name}")
    return _made(item, now), None


def _free(item: StoreItem, part: Part) -> tuple[Part | None, Fault | None]:
    """Two of the store's parts are never one of ours; one that was made anew takes the place of the one that is gone."""
    taken = StorePart.objects.filter(part=part).exclude(variant_id=item.store_id).filter(gone_at=None).exists()
    return (None, Fault(Told.UNKNOWN, "", part.number, f"{item.number} {item.name}")) if taken else (part, None)


def _made(item: StoreItem, now: datetime) -> Part:
    part = Part.objects.create(number=item.number, normalised=normalise(item.number), changed_at=now)
    PartName.objects.create(part=part, language=LANGUAGE, name=item.name)
    parts_changed({part.pk})
    return part


def _linked(item: StoreItem, part: Part) -> StorePart:
    """What we know of it is nothing yet but its name here, so that everything it says is news; a push tells it its key."""
    name = PartName.objects.filter(part=part, language=LANGUAGE).values_list("name", flat=True).first()
    values = {"product_id": item.parent_id, "variant_id": item.store_id, "own_sum": "", "gone_at": None}
    facts = {"name": name or "", "prices": {}, FRESH: True}
    row, _ = StorePart.objects.update_or_create(
        part=part, defaults={**values, "facts": facts, "warehouses": [], "sweep": None}
    )
    links_set("part", [(store_key(part.maker, part.number), item.store_id)])
    return row
