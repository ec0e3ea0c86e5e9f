"""Pushing the catalogue into the store: compared page by page with what it is known to have, and only what differs is sent.

May be cut short anywhere and begun again: what was written is known row by row, and what was written but not noted is found there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from django.db import connections, transaction

from catalog.engines.saleor_push import BATCH, SaleorPush, Sent
from catalog.models import StorePart
from catalog.rules.store_sheet import Known, Sending, sending
from catalog.selectors.store import StoreChannel
from catalog.selectors.store_sheets import Cover, gone_of, known_of, part_keys, sheets_of
from portal.saleor.models import Difference
from portal.saleor.services import difference_mended, difference_note, links_set

T = TypeVar("T")
PAGE = 500  # parts compared at a time: memory stays flat
REFUSED = "part.push"  # kind of the difference that staff sees


@dataclass
class Pushed:
    """What a push did, in parts."""

    parts: int = 0
    made: int = 0
    changed: int = 0
    refused: int = 0
    gone: int = 0

    @property
    def sent(self) -> int:
        """How many were written."""
        return self.made + self.changed


def store_push(
    *,
    push: SaleorPush,
    channels: Collection[StoreChannel],
    cover: Cover,
    now: datetime,
    workers: int = 1,
    again: bool = False,
    progress: Callable[[int], None] = lambda parts: None,
) -> Pushed:
    """Send every part that differs from what the store is known to have. Raises SaleorError; run it again then.

    `workers` ask at once. `again` makes anew what somebody deleted in the store; without it that is counted as `gone` and left.
    """
    done = Pushed()
    for keys in part_keys(PAGE):
        gone = set() if again else gone_of(keys)
        todo = [one for one in _differ(keys, channels, cover) if one.sheet.part_id not in gone]
        done.gone += len(gone)
        push.categories_make(one.sheet for one in todo)
        told = 0
        for sent in _sent(push, todo, workers):
            _note(sent, todo, done, now)
            told += len(sent)
            progress(len(sent))
        done.parts += len(keys)
        progress(len(keys) - told)
    return done


def store_push_plan(*, channels: Collection[StoreChannel], cover: Cover) -> Iterator[tuple[int, list[Sending]]]:
    """What a push would send, page by page: how many parts were compared, and those that differ. Asks no store."""
    for keys in part_keys(PAGE):
        yield len(keys), _differ(keys, channels, cover)


def _differ(keys: Sequence[int], channels: Collection[StoreChannel], cover: Cover) -> list[Sending]:
    known = known_of(keys)
    sheets = sheets_of(keys, channels=channels, cover=cover)
    return [one for sheet in sheets if (one := sending(sheet, known.get(sheet.part_id)))]


def _sent(push: SaleorPush, todo: Sequence[Sending], workers: int) -> Iterator[list[Sent]]:
    """The new ones by the hundred, the changed ones one by one, each as soon as the store has answered."""
    fresh = [one.sheet for one in todo if one.known is None]
    starts = range(0, len(fresh), BATCH)
    work: list[Callable[[], list[Sent]]] = [partial(push.create, fresh[at : at + BATCH]) for at in starts]
    work += [partial(_one, push, one) for one in todo if one.known is not None]
    yield from _side_by_side(work, workers)


def _one(push: SaleorPush, one: Sending) -> list[Sent]:
    return [push.update(one)]


def _side_by_side(work: Sequence[Callable[[], T]], workers: int) -> Iterator[T]:
    if workers == 1:
        yield from (act() for act in work)
        return
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(_in_thread, work)


def _in_thread(act: Callable[[], T]) -> T:
    try:
        return act()
    finally:
        connections.close_all()  # the client counts its failures in the database


@transaction.atomic
def _note(sent: Iterable[Sent], todo: Sequence[Sending], done: Pushed, now: datetime) -> None:
    """Remember what the store has now; tell staff what it would not take."""
    fresh = {one.sheet.part_id for one in todo if one.known is None}
    rows, links = [], []
    for one in sent:
        if one.known is None:
            done.refused += 1
            difference_note(kind=REFUSED, subject=one.sheet.key, ours=one.sheet.sku, theirs=_words(one), now=now)
            continue
        done.made += one.sheet.part_id in fresh
        done.changed += one.sheet.part_id not in fresh
        rows.append(_row(one.sheet.part_id, one.known))
        links.append((one.sheet.key, one.known.variant_id))
    StorePart.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["part"],
        update_fields=["product_id", "variant_id", "facts", "own_sum", "warehouses", "gone_at"],
    )
    links_set("part", links)
    keys = [key for key, _ in links]
    for key in Difference.objects.filter(kind=REFUSED, mended_at=None, subject__in=keys).values_list(
        "subject", flat=True
    ):
        difference_mended(kind=REFUSED, subject=key, now=now)


def _row(part_id: int, known: Known) -> StorePart:
    return StorePart(
        part_id=part_id,
        product_id=known.product_id,
        variant_id=known.variant_id,
        facts=known.facts.told(),
        own_sum=known.own_sum,
        warehouses=sorted(known.warehouses),
    )


def _words(one: Sent) -> str:
    return "; ".join(f"{problem.field}: {problem.code} {problem.message}" for problem in one.problems)
