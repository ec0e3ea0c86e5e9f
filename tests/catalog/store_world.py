"""A small catalogue with a store behind it, as the engine's port tells of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from catalog.models import Part, StorePart
from catalog.rules.store import store_key
from catalog.selectors.store import store_channels
from catalog.services.store_pull import Looked, Ours, store_page_apply
from catalog.services.store_stock import Claims
from portal.engine import ListPrice, ShelfStock, StoreItem, StorePage
from tests.factories import make_part, make_price, make_price_list, make_stock, make_warehouse

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
CHANNEL = "kr-dealer"


@dataclass
class Catalogue:
    """The store's pages by hand: `items` in twos, and what is looked at again."""

    items: list[StoreItem]
    asked: list[str] = field(default_factory=list)
    breaks_after: int | None = None

    def catalogue_pages(self, after: str = "") -> Iterator[StorePage]:
        """Two at a time; may break like a store that goes away."""
        start = int(after or 0)
        for at in range(start, max(len(self.items), 1), 2):
            if self.breaks_after is not None and at >= self.breaks_after:
                raise ConnectionError
            self.asked.append(str(at))
            more = str(at + 2) if at + 2 < len(self.items) else ""
            yield StorePage(self.items[at : at + 2], more, NOW)

    def catalogue_look(self, store_ids: Sequence[str]) -> StorePage:
        """Those that are there."""
        return StorePage([item for item in self.items if item.store_id in store_ids], "", NOW)

    def stock_put(self, store_id: str, on_hand: Mapping[str, int]) -> None:
        """Nothing is booked here but by tests that say so."""
        raise NotImplementedError


class World:
    """One warehouse, one price list in won, parts at 1,000 with ten pieces each."""

    def __init__(self) -> None:
        self.warehouse = make_warehouse("ICN", market="KR")
        self.prices = make_price_list(market="KR", kind="DEALER", currency="KRW")
        self.claims = Claims()
        self.served: set[int] = set()

    def part(self, number: str = "", *, price: str = "1000", pieces: int = 10, known: bool = True) -> Part:
        """A part the store has as we have it, unless it is not known there."""
        part = make_part(number, name="Seal")
        make_price(self.prices, part, price)
        make_stock(part, self.warehouse, pieces)
        if known:
            facts = {"name": "Seal", "prices": {CHANNEL: price}}
            StorePart.objects.create(
                part=part, product_id=f"P{part.pk}", variant_id=f"V{part.pk}", facts=facts, warehouses=["ICN"]
            )
        return part

    def item(
        self, part: Part, *, name: str = "Seal", price: str | None = "1000", currency: str = "KRW",
        pieces: int = 10, allocated: int = 0, prices: Mapping[str, ListPrice] | None = None,
    ) -> StoreItem:  # fmt: skip
        """The part as the store has it now."""
        offered = {} if price is None else {CHANNEL: ListPrice(Decimal(price), currency)}
        return StoreItem(
            store_id=f"V{part.pk}", parent_id=f"P{part.pk}", key=store_key(part.maker, part.number), number=part.number,
            name=name, is_part=True, prices=offered if prices is None else prices,
            stock={"ICN": ShelfStock(pieces, allocated)},
        )  # fmt: skip

    @property
    def ours(self) -> Ours:
        """Our side of a look."""
        return self.ours_at(NOW)

    def ours_at(self, now: datetime) -> Ours:
        """The same at another moment: another list may be valid."""
        return Ours(store_channels(now), {"ICN": self.warehouse.pk}, self._claims, self._serve)

    def look(self, *items: StoreItem, now: datetime = NOW) -> Looked:
        """One page of the store."""
        return store_page_apply(page=StorePage(items, "", NOW), ours=self.ours_at(now), now=now)

    def _serve(self, part_ids: Collection[int], now: datetime) -> None:
        self.served |= set(part_ids)

    def _claims(self, part_ids: Collection[int], since: datetime) -> Claims:
        return self.claims
