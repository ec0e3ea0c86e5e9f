"""The store's catalogue projected into our tables: names, offers, list prices, stock. Nothing is deleted here because the store forgot it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from catalog.models import Part, PartName, StorePart, StoreSweep
from catalog.models.part import PartStatus
from catalog.rules.store_look import Fault, Heard, Told, hear, without_echo
from catalog.rules.store_sheet import Facts, facts_read
from catalog.search.changes import parts_changed
from catalog.selectors.store import StoreChannel
from catalog.selectors.store_sheets import LANGUAGE, prices_shown
from catalog.services.parts import stop_sale_lift, stop_sale_set
from catalog.services.store_known import FRESH, parts_known
from catalog.services.store_prices import store_prices_set
from catalog.services.store_stock import ClaimsOf, Serve, store_stock_take
from portal.accounts.actor import SYSTEM
from portal.bulk import rows_insert
from portal.engine import StoreItem, StorePage
from portal.saleor.models import Difference
from portal.saleor.services import difference_mended, difference_note

NOT_OFFERED = "Not offered in the store"  # the reason of a stop-sale that the store began and may end
_KINDS = [str(one) for one in Told]
_TOLD = ("facts", "warehouses", "product_id", "gone_at")  # of a row what a look brings
_ANEW = (*_TOLD, "variant_id", "own_sum")  # and of one whose part was made anew there


@dataclass(frozen=True)
class Ours:
    """Our side of a look, read once: channels by slug, warehouse keys by code, how to ask what our orders claim, and who waits for goods."""

    channels: Mapping[str, StoreChannel]
    warehouses: Mapping[str, int]
    claims_of: ClaimsOf
    serve: Serve


@dataclass
class Looked:
    """What came of a page: parts seen, parts changed here, parts whose stock waits for the next look."""

    parts: int = 0
    changed: set[int] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)


def store_page_apply(*, page: StorePage, ours: Ours, now: datetime, sweep: StoreSweep | None = None) -> Looked:
    """Bring in what the store changed since we last knew it. Applying a page twice changes nothing more."""
    looked = Looked(parts=len(page.items))
    rows, faults = parts_known(page.items, now=now)
    heard = _heard(page.items, rows, ours.channels)
    news = {part_id: one for part_id, one in heard.items() if one.is_news}
    if news:
        faults += _news_apply(news, ours.channels, now)
        looked.changed |= news.keys()
    stock = store_stock_take(
        told={rows[item.store_id].part_id: item.stock for item in page.items if item.store_id in rows},
        warehouses=ours.warehouses,
        claims_of=ours.claims_of,
        asked_at=page.asked_at,
        now=now,
        serve=ours.serve,
    )
    looked.changed |= stock.changed
    looked.waiting = stock.waiting
    faults += [(part_id, fault) for part_id, several in stock.faults.items() for fault in several]
    faults += [(part_id, fault) for part_id, one in heard.items() for fault in one.faults]
    _rows_note(page.items, rows, heard, sweep)
    _faults_tell(page.items, rows, faults, stock.waiting, ours, now)
    return looked


def _heard(
    items: Sequence[StoreItem], rows: Mapping[str, StorePart], channels: Mapping[str, StoreChannel]
) -> dict[int, Heard]:
    currencies = {slug: one.currency for slug, one in channels.items()}
    heard = {
        rows[item.store_id].part_id: hear(item, facts_read(rows[item.store_id].facts), currencies)
        for item in items
        if item.store_id in rows
    }
    dear = [part_id for part_id, one in heard.items() if one.prices]
    shown = prices_shown(dear, channels.values()) if dear else {}
    fresh = {row.part_id for row in rows.values() if row.facts.get(FRESH)}
    return {
        part_id: without_echo(
            replace(one, offered_again=one.offered_again and part_id not in fresh), shown.get(part_id, {})
        )
        for part_id, one in heard.items()
    }


@transaction.atomic
def _news_apply(
    news: Mapping[int, Heard], channels: Mapping[str, StoreChannel], now: datetime
) -> list[tuple[int | str, Fault]]:
    names = {part_id: one.name for part_id, one in news.items() if one.name is not None}
    PartName.objects.bulk_create(
        [PartName(part_id=part_id, language=LANGUAGE, name=name) for part_id, name in names.items()],
        update_conflicts=True,
        unique_fields=["part", "language"],
        update_fields=["name"],
    )
    if names:
        Part.objects.filter(pk__in=names).update(changed_at=now)
        parts_changed(names.keys())
    prices: dict[str, dict[int, Decimal | None]] = {}
    for part_id, one in news.items():
        for slug, price in one.prices.items():
            prices.setdefault(slug, {})[part_id] = price
    for slug, changed in sorted(prices.items()):
        store_prices_set(channel=channels[slug], prices=changed, now=now)
    return _offers_apply({part_id: one for part_id, one in news.items() if one.withdrawn or one.offered_again}, now)


def _offers_apply(news: Mapping[int, Heard], now: datetime) -> list[tuple[int | str, Fault]]:
    """Withdrawn everywhere: stopped here. Offered again: sold again, unless the house stopped it for a reason of its own."""
    faults: list[tuple[int | str, Fault]] = []
    for part in Part.objects.filter(pk__in=news):
        if news[part.pk].withdrawn:
            if not part.stop_sale and part.status == PartStatus.ACTIVE:
                stop_sale_set(part=part, reason=NOT_OFFERED, actor=SYSTEM)
        elif part.stop_sale and part.stop_sale_reason != NOT_OFFERED:
            faults.append((part.pk, Fault(Told.STOPPED, "", part.stop_sale_reason, "offered")))
        else:
            if part.stop_sale:
                stop_sale_lift(part=part, actor=SYSTEM)
            Part.objects.filter(pk=part.pk, status=PartStatus.RETIRED).update(status=PartStatus.ACTIVE, changed_at=now)
    return faults


def _rows_note(
    items: Sequence[StoreItem], rows: Mapping[str, StorePart], heard: Mapping[int, Heard], sweep: StoreSweep | None
) -> None:
    """What the store has now is what we know of it; a row as it was is only marked as seen."""
    fresh: list[StorePart] = []
    changed: list[StorePart] = []
    for item in items:
        row = rows.get(item.store_id)
        if row is None:
            continue
        facts: Facts = heard[row.part_id].facts
        now = (facts.told(), sorted(item.stock), item.parent_id, None)
        if (row.facts, row.warehouses, row.product_id, row.gone_at) != now:
            row.facts, row.warehouses, row.product_id, row.gone_at = now
            (fresh if row._state.adding else changed).append(row)
    _rows_write(fresh, sweep, _ANEW)
    _rows_write(changed, sweep, _TOLD)
    if sweep is not None:
        written = {row.part_id for row in (*fresh, *changed)}
        as_they_were = [row.part_id for row in rows.values() if row.part_id not in written]
        if as_they_were:
            StorePart.objects.filter(pk__in=as_they_were).update(sweep=sweep)


def _rows_write(rows: Sequence[StorePart], sweep: StoreSweep | None, columns: Sequence[str]) -> None:
    """Write rows; of one that is there already these columns."""
    named = [*columns, "sweep_id"] if sweep else columns
    taken = ", ".join(f"{column} = EXCLUDED.{column}" for column in named)
    told = [
        {
            "part_id": row.part_id,
            "product_id": row.product_id,
            "variant_id": row.variant_id,
            "facts": row.facts,
            "own_sum": row.own_sum,
            "warehouses": row.warehouses,
            "sweep_id": sweep.pk if sweep else row.sweep_id,
            "gone_at": None,
        }
        for row in rows
    ]
    rows_insert(StorePart, told, conflict=f"ON CONFLICT (part_id) DO UPDATE SET {taken}")


def _faults_tell(
    items: Sequence[StoreItem],
    rows: Mapping[str, StorePart],
    faults: Iterable[tuple[int | str, Fault]],
    waiting: Collection[int],
    ours: Ours,
    now: datetime,
) -> None:
    """A difference for each fault, and those of this page that are over are mended. A subject is the part's key or the store's own id."""
    key = {rows[item.store_id].part_id: item.key or item.number for item in items if item.store_id in rows}
    subjects = {item.store_id for item in items} | set(key.values())
    noted = set()
    for part, fault in faults:
        subject = f"{key.get(part, part) if isinstance(part, int) else part} {fault.about}".strip()
        difference_note(kind=fault.told, subject=subject, ours=fault.ours, theirs=fault.theirs, now=now)
        noted.add((str(fault.told), subject))
    if not Difference.objects.filter(kind__in=_KINDS, mended_at=None).exists():
        return
    busy = {key[part_id] for part_id in waiting}
    asked = {
        f"{one} {about}".strip(): one
        for one in subjects
        for about in ("", *ours.channels.keys(), *ours.warehouses.keys())
    }
    open_ = Difference.objects.filter(kind__in=_KINDS, mended_at=None, subject__in=asked)
    for kind, subject in open_.values_list("kind", "subject"):
        if (kind, subject) not in noted and not (kind == Told.HELD and asked[subject] in busy):
            difference_mended(kind=kind, subject=subject, now=now)
