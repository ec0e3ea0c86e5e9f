"""Parts as the store shall show them, many at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Min

from catalog.models import Callout, Fitment, Part, PartName, Price, StockLevel, StorePart, Supersession
from catalog.models.part import PartStatus
from catalog.rules.store import shown_price, store_key, store_sku, store_slug
from catalog.rules.store_sheet import PREFIX, Facts, Known, Sheet, facts_read
from catalog.selectors.store import StoreChannel

LANGUAGE = "en"  # the store's own; readers of the portal fall back to it
MOST_MODELS = 40  # of a part that fits many: the store's field is for reading, the portal knows all
_LONGEST_NAME = 250
Cover = Callable[[Collection[str]], Mapping[str, str]]  # part group code -> words on its cover


def part_keys(page: int) -> Iterator[list[int]]:
    """Keys of all parts in pages, memory flat."""
    last = 0
    while keys := list(Part.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:page]):
        yield keys
        last = keys[-1]


def known_of(part_ids: Collection[int]) -> dict[int, Known]:
    """What the store has of these parts, those that are gone there left out. One query."""
    rows = StorePart.objects.filter(part_id__in=part_ids, gone_at=None)
    return {
        row.part_id: Known(
            row.product_id, row.variant_id, facts_read(row.facts), row.own_sum, frozenset(row.warehouses)
        )
        for row in rows
    }


def gone_of(part_ids: Collection[int]) -> set[int]:
    """Those that the store had once and has no more."""
    return set(StorePart.objects.filter(part_id__in=part_ids).exclude(gone_at=None).values_list("part_id", flat=True))


def sheets_of(part_ids: Sequence[int], *, channels: Collection[StoreChannel], cover: Cover) -> list[Sheet]:
    """The sheets of these parts, in their order. A dozen queries, however many parts."""
    parts = {part.pk: part for part in Part.objects.filter(pk__in=part_ids).select_related("group")}
    names = dict(PartName.objects.filter(part_id__in=part_ids, language=LANGUAGE).values_list("part_id", "name"))
    first = dict(
        Part.objects.filter(number__in={one.number for one in parts.values()})
        .values_list("number")
        .annotate(first=Min("pk"))
    )
    prices, stock = prices_shown(part_ids, channels), _stock(part_ids)
    metadata = _metadata(parts, cover)
    return [
        Sheet(
            part_id=part.pk,
            key=store_key(part.maker, part.number),
            sku=store_sku(part.maker, part.number, first=first[part.number] == part.pk),
            slug=store_slug(part.maker, part.number),
            facts=Facts(
                (names.get(part.pk) or part.number)[:_LONGEST_NAME],
                prices.get(part.pk, {}) if _offered(part, stock.get(part.pk, {})) else {},
            ),
            category=part.category,
            weight_g=part.weight_g,
            attributes=_attributes(part),
            metadata=metadata[part.pk],
            stock=stock.get(part.pk, {}),
        )
        for part in (parts[key] for key in part_ids if key in parts)
    ]


def _offered(part: Part, stock: Mapping[str, int]) -> bool:
    """Retired parts are used up first; a stop-sale stops at once."""
    return not part.stop_sale and (part.status == PartStatus.ACTIVE or any(stock.values()))


def prices_shown(part_ids: Collection[int], channels: Collection[StoreChannel]) -> dict[int, dict[str, Decimal]]:
    """The shown price of the lowest tier by part and channel."""
    of_list = {one.list_id: one for one in channels if one.list_id is not None}
    rows = (
        Price.objects.filter(part_id__in=part_ids, price_list_id__in=of_list)
        .order_by("part_id", "price_list_id", "from_quantity")
        .distinct("part_id", "price_list_id")
        .values_list("part_id", "price_list_id", "amount", "per_quantity")
    )
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for part_id, list_id, amount, per in rows:
        channel = of_list[list_id]
        found[part_id][channel.slug] = shown_price(amount, per, channel.currency)
    return found


def _stock(part_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = defaultdict(dict)
    levels = StockLevel.objects.filter(part_id__in=part_ids)
    for part_id, code, on_hand in levels.values_list("part_id", "warehouse__code", "on_hand"):
        found[part_id][code] = on_hand
    return found


def _attributes(part: Part) -> dict[str, str]:
    told = {
        "part-maker": part.maker,
        "part-group": part.group.name if part.group else "",
    }
    return {slug: value for slug, value in told.items() if value}


def _metadata(parts: Mapping[int, Part], cover: Cover) -> dict[int, dict[str, str]]:
    """What stays ours and can be read there: fit, supersession, cover, and how the part is sold. Every field, also when empty."""
    fits, replaced, replaces = _fits(parts), _successors(parts, "old", "new"), _successors(parts, "new", "old")
    covered = cover({part.group.code for part in parts.values() if part.group})
    found = {}
    for key, part in parts.items():
        told = {
            "number": part.number,
            "maker": part.maker,
            "fits": fits.get(key, ""),
            "replaced-by": replaced.get(key, ""),
            "replaces": replaces.get(key, ""),
            "cover": covered.get(part.group.code, "") if part.group else "",
            "pack": str(part.pack_quantity) if part.pack_quantity > 1 else "",
            "minimum": str(part.minimum_quantity) if part.minimum_quantity > 1 else "",
            "unit": part.unit,
            "hazard": part.hazard,
            "origin": part.origin,
        }
        found[key] = {f"{PREFIX}{name}": value for name, value in told.items()}
    return found


def _fits(part_ids: Collection[int]) -> dict[int, str]:
    billed = Callout.objects.filter(part_id__in=part_ids).values_list("part_id")
    listed = Fitment.objects.filter(part_id__in=part_ids, fits=True).values_list("part_id")
    models: dict[int, set[str]] = defaultdict(set)
    for part_id, codes in billed.annotate(codes=ArrayAgg("assembly__model__code", distinct=True)):
        models[part_id] |= set(codes)
    for part_id, codes in listed.annotate(codes=ArrayAgg("model__code", distinct=True)):
        models[part_id] |= set(codes)
    return {part_id: _short(sorted(codes)) for part_id, codes in models.items()}


def _successors(part_ids: Collection[int], of: str, told: str) -> dict[int, str]:
    rows = Supersession.objects.filter(**{f"{of}_id__in": part_ids}).order_by("effective_on", "pk")
    found: dict[int, list[str]] = defaultdict(list)
    for part_id, number, quantity, on in rows.values_list(f"{of}_id", f"{told}__number", "quantity", "effective_on"):
        found[part_id].append(f"{quantity} x {number} ({on})")
    return {part_id: _short(several) for part_id, several in found.items()}


def _short(several: Sequence[str]) -> str:
    more = len(several) - MOST_MODELS
    return ", ".join(several[:MOST_MODELS]) + (f" + {more}" if more > 0 else "")
