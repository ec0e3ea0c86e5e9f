"""Which part of ours a part of the store is: by its id, by our key, by its number; or a new one, made there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from catalog.models import Part, PartName, StorePart, StoreSweep
from catalog.rules.numbers import normalise
from catalog.rules.store import part_of_key, store_key
from catalog.rules.store_look import Fault, Told
from catalog.search.changes import parts_changed
from catalog.selectors.store_sheets import LANGUAGE
from portal.bulk import rows_insert
from portal.engine import StoreItem
from portal.saleor.services import links_set

_LONGEST_NUMBER = 60
FRESH = "fresh"  # in a row's facts: the store's offers are the first we hear of, and not news
Faults = list[tuple[int | str, Fault]]


def parts_known(items: Sequence[StoreItem], *, now: datetime) -> tuple[dict[str, StorePart], Faults]:
    """Rows by the store's id. A spare part that nobody knows is made; what is no spare part, or could be several, is told.

    The row of a part that was not known as the store's is new (`_state.adding`), and not written yet.
    """
    rows = {row.variant_id: row for row in StorePart.objects.filter(variant_id__in=[item.store_id for item in items])}
    strangers = [item for item in items if item.store_id not in rows]
    faults: Faults = []
    if strangers:
        with transaction.atomic():
            met, found = _Candidates(strangers), {}
            for item in strangers:
                part, fault = met.part_of(item, now)
                if part is not None:
                    found[item.store_id] = part
                elif fault is not None:
                    faults.append((item.store_id, fault))
            of_id = {item.store_id: item for item in strangers}
            _made({store_id: part for store_id, part in found.items() if part.pk is None}, of_id)
            rows |= _linked(found, of_id)
    return rows, faults


def parts_forget() -> None:
    """The store is forgotten, and with it what it had of our parts and how far it was looked through."""
    StorePart.objects.all().delete()
    StoreSweep.objects.all().delete()


class _Candidates:
    """Parts of ours that strangers of the store could be, read at once; those that are to be made for them join."""

    def __init__(self, items: Iterable[StoreItem]) -> None:
        named = [key for item in items if (key := part_of_key(item.key))]
        numbers = {item.number for item in items} | {number for _, number in named}
        self._of_number: dict[str, list[Part]] = defaultdict(list)
        for part in Part.objects.filter(number__in=numbers):
            self._of_number[part.number].append(part)
        there = StorePart.objects.filter(part__number__in=numbers, gone_at=None)
        self._taken = set(there.values_list("part__maker", "part__number"))

    def part_of(self, item: StoreItem, now: datetime) -> tuple[Part | None, Fault | None]:
        """The part, or why there is none; goods that are no spare parts are nobody's here."""
        if (named := part_of_key(item.key)) and (
            found := [p for p in self._of_number[named[1]] if p.maker == named[0]]
        ):
            return self._free(item, found[0])
        if not item.number or not normalise(item.number) or len(item.number) > _LONGEST_NUMBER:
            return None, Fault(Told.UNKNOWN, "", "", f"{item.number or '-'} {item.name}") if item.is_part else None
        of_number = self._of_number[item.number]
        if len(of_number) == 1:
            return self._free(item, of_number[0])
        if of_number or not item.is_part:
            return None, Fault(Told.UNKNOWN, "", "", f"{item.number} {item.name}")
        of_number.append(Part(number=item.number, normalised=normalise(item.number), changed_at=now))
        return self._free(item, of_number[0])

    def _free(self, item: StoreItem, part: Part) -> tuple[Part | None, Fault | None]:
        """Two of the store's parts are never one of ours; one that was made anew takes the place of the one that is gone."""
        if (part.maker, part.number) in self._taken:
            return None, Fault(Told.UNKNOWN, "", part.number, f"{item.number} {item.name}")
        self._taken.add((part.maker, part.number))
        return part, None


def _made(parts: Mapping[str, Part], items: Mapping[str, StoreItem]) -> None:
    told = [
        {"number": one.number, "normalised": one.normalised, "changed_at": one.changed_at} for one in parts.values()
    ]
    for part, key in zip(parts.values(), rows_insert(Part, told), strict=True):
        part.pk = key
    names = [{"part_id": one.pk, "language": LANGUAGE, "name": items[store_id].name} for store_id, one in parts.items()]
    rows_insert(PartName, names)
    parts_changed({part.pk for part in parts.values()})


def _linked(parts: Mapping[str, Part], items: Mapping[str, StoreItem]) -> dict[str, StorePart]:
    """What we know of them is nothing yet but their names here, so that everything the store says is news; a push tells it their keys.

    The rows are the caller's to write, when what the store says has been brought in.
    """
    ids = [part.pk for part in parts.values()]
    names = dict(PartName.objects.filter(part_id__in=ids, language=LANGUAGE).values_list("part_id", "name"))
    links_set("part", [(store_key(part.maker, part.number), store_id) for store_id, part in parts.items()])
    return {
        store_id: StorePart(
            part=part,
            product_id=items[store_id].parent_id,
            variant_id=store_id,
            facts={"name": names.get(part.pk, ""), "prices": {}, FRESH: True},
        )
        for store_id, part in parts.items()
    }
