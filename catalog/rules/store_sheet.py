"""A part as the store shall show it, and what has to be sent for that. Pure (docs/saleor.md, "Catalogue")."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any

PREFIX = "portal."
SUM = f"{PREFIX}sum"


@dataclass(frozen=True)
class Facts:
    """What both sides may change: the name, and the shown price by channel. A channel that is missing does not offer the part."""

    name: str
    prices: Mapping[str, Decimal]

    def told(self) -> dict[str, Any]:
        """As it is kept."""
        return {"name": self.name, "prices": {channel: str(price) for channel, price in sorted(self.prices.items())}}


def facts_read(told: Mapping[str, Any]) -> Facts:
    """What `told` kept."""
    return Facts(told.get("name", ""), {channel: Decimal(price) for channel, price in told.get("prices", {}).items()})


@dataclass(frozen=True)
class Sheet:
    """All the store is told of a part. `attributes` by slug; `stock` is on hand by warehouse, sent when the store has none yet."""

    part_id: int
    key: str
    sku: str
    slug: str
    facts: Facts
    category: str = ""
    weight_g: int = 0
    attributes: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    stock: Mapping[str, int] = field(default_factory=dict)

    @property
    def own_sum(self) -> str:
        """A hash of what only we say; equal hashes, nothing to send."""
        said = [self.key, self.sku, self.category, self.weight_g, dict(self.attributes), dict(self.metadata)]
        return sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @property
    def whole_sum(self) -> str:
        """A hash of all of it but stock, kept in the store: a part found there with it is as we would make it now."""
        return sha256(f"{self.own_sum} {json.dumps(self.facts.told(), sort_keys=True)}".encode()).hexdigest()


@dataclass(frozen=True)
class Known:
    """What the store has of a part, as we last knew it."""

    product_id: str
    variant_id: str
    facts: Facts
    own_sum: str
    warehouses: frozenset[str]


@dataclass(frozen=True)
class Sending:
    """What is to be sent of one part. `known` None: it is new there. Empty otherwise: nothing."""

    sheet: Sheet
    known: Known | None = None
    describes: bool = False
    offer: Mapping[str, Decimal] = field(default_factory=dict)
    withdraw: frozenset[str] = frozenset()
    stock: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.known is None or bool(self.describes or self.offer or self.withdraw or self.stock)


def sending(sheet: Sheet, known: Known | None) -> Sending:
    """Compare; a price, a name or a stock that the store changed itself and told us is known, and not sent back."""
    if known is None:
        return Sending(sheet)
    there, wanted = known.facts.prices, sheet.facts.prices
    return Sending(
        sheet,
        known,
        describes=sheet.own_sum != known.own_sum or sheet.facts.name != known.facts.name,
        offer={channel: price for channel, price in wanted.items() if there.get(channel) != price},
        withdraw=frozenset(there.keys() - wanted.keys()),
        stock={code: pieces for code, pieces in sheet.stock.items() if code not in known.warehouses},
    )
