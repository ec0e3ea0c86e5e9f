"""The stories' world: the accounts, the demo's clock, and what is set up by the API before a story begins."""

from __future__ import annotations

import math
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.stories import documents as docs
from tests.stories.client import Client, Json, fresh
from tests.stories.drawn import Drawn
from tests.stories.telling import Teller

ADDRESS = {
    "name": "Story Works", "street": "12 Harbour Road", "city": "Incheon", "postalCode": "22000", "country": "KR", "phone": "+82 32 000 0000",
}  # fmt: skip


@dataclass
class Clock:
    """The demo's clock: it runs, and jumps when told."""

    admin: Client
    _base: datetime | None = None
    _at: float = 0.0

    def advance(self, hours: int) -> datetime:
        """Jump; everything that has become due is done when this answers."""
        told = self.admin.do("clockAdvance", hours=hours)
        self._base, self._at = instant(told["value"]), time.monotonic()
        return self._base

    def now(self) -> datetime:
        """The demo's time."""
        if self._base is None:
            return self.advance(1)
        return self._base + timedelta(seconds=time.monotonic() - self._at)

    def past(self, moment: datetime) -> datetime:
        """Jump by whole hours to the first moment at or after `moment`; stay when it has gone by."""
        left = (moment - self.now()).total_seconds() / 3600
        return self.advance(math.ceil(left)) if left > 0 else self.now()

    def before(self, moment: datetime) -> datetime:
        """Jump as near to `moment` as whole hours allow, but not to it; a minute is kept for the work in between."""
        left = (moment - timedelta(minutes=1) - self.now()).total_seconds() / 3600
        return self.advance(math.floor(left)) if left >= 1 else self.now()


@dataclass
class World:
    """Everything a story needs."""

    demo: Json
    tell: Teller
    clients: dict[str, Client]
    clock: Clock
    draw: random.Random
    taken: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, demo: Json, teller: Teller, *, seed: str) -> World:
        """The world of one story; the seed draws its machines and parts."""
        clients: dict[str, Client] = {}
        for one in demo["accounts"]:
            clients.setdefault(one["role"], Client(demo["graphql"], one["role"], one["token"], company=one["company"]))
        return cls(demo, teller, clients, Clock(clients["admin"]), random.Random(seed))

    @property
    def drawn(self) -> Drawn | None:
        """What a seed drew from a real catalogue; None on the sample, where stories look for what suits them."""
        return self.demo.get("drawn")

    @property
    def drawing(self) -> Drawn:
        """The same where there must be one."""
        assert self.drawn is not None
        return self.drawn

    def who(self, role: str) -> Client:
        """The client of a role."""
        return self.clients[role]

    def order(self, number: str, role: str = "parts_manager") -> Json:
        """An order as this role sees it."""
        return dict(self.who(role).ask(docs.ORDER_OF, number=number)["order"])

    def card(self, number: str, role: str = "service_desk") -> Json:
        """A repair card as this role sees it."""
        return dict(self.who(role).ask(docs.CARD_OF, number=number)["repairCard"])

    def machines(self, role: str) -> list[Json]:
        """Every machine this role may see."""
        found: list[Json] = []
        after = None
        while True:
            page = self.who(role).ask(docs.EQUIPMENTS, after=after)["equipments"]
            found += [edge["node"] for edge in page["edges"]]
            if not page["pageInfo"]["hasNextPage"]:
                return found
            after = page["pageInfo"]["endCursor"]

    def parts(self, role: str, **wanted: Any) -> Iterator[Json]:
        """Parts that this role may buy, page by page."""
        after = None
        while True:
            page = self.who(role).ask(docs.PARTS, first=50, after=after, **wanted)["parts"]
            for edge in page["edges"]:
                part = edge["node"]
                if (
                    part["price"]
                    and Decimal(part["price"]["amount"]) > 0
                    and not part["stopSale"]
                    and not part["supersededBy"]
                ):
                    yield part
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = page["pageInfo"]["endCursor"]

    def coverage(self, role: str, serial: str, number: str, **more: Any) -> Json:
        """Who pays."""
        return dict(self.who(role).ask(docs.COVERAGE, serial=serial, partNumber=number, **more)["coverage"])

    def fit(self, role: str, number: str, serial: str) -> Json:
        """Does it fit?"""
        return dict(self.who(role).ask(docs.FIT_OF, number=number, serial=serial)["part"]["fits"])

    def new_machine(self, like: Json, owner: str, by: str = "service_desk") -> Json:
        """Register a machine of the same model as `like`, handed over a month ago, with a serial near by."""
        serial = str(like["serial"])
        tail = re.search(r"\d+(?=\D*$)", serial)
        assert tail is not None
        since = (self.clock.now() - timedelta(days=30)).date().isoformat()
        for step in self.draw.sample(range(1, 900), 60):
            near = f"{serial[: tail.start()]}{int(tail[0]) + step:0{len(tail[0])}d}{serial[tail.end() :]}"
            if self.who("admin").ask(docs.EQUIPMENT_OF, serial=near)["equipment"] is None:
                owner_id = self.who(owner).me["company"]["id"]
                return self.who(by).do(
                    "equipmentRegister",
                    serial=near,
                    model=like["model"],
                    soldOn=since,
                    inServiceOn=since,
                    owner=owner_id,
                )
        raise ValueError("no free serial near by")

    def stock(self, number: str) -> list[Json]:
        """Levels in every warehouse, as the manager sees them."""
        return list(self.who("parts_manager").ask(docs.STOCK_OF, partNumber=number)["stock"] or [])

    def ready_stock(self, number: str, role: str, quantity: int) -> None:
        """See to it that this buyer's market has at least so many free pieces."""
        self.put(number, role, quantity, place=None)

    def put(self, number: str, role: str, quantity: int, *, place: str | None) -> None:
        """Receive goods until so many are free, in the named warehouse or in all; who waits takes of them first. What was drawn must suffice."""
        for _ in range(6):
            places = self.places(number, role)
            free = sum(one["available"] for one in places if place in (None, one["warehouse"]))
            if free >= quantity:
                return
            if self.drawn:
                self.tell.need(f"the imported stock of {number} suffices for {quantity}", False, places)
            into = place or str(places[0]["warehouse"])
            self.who("parts_manager").do(
                "stockReceive", partNumber=number, warehouse=into, quantity=quantity - free + 5
            )
        raise ValueError(f"{number} does not stay free")

    def place(self, number: str, role: str) -> str:
        """The warehouse this buyer is served from first."""
        part = self.who(role).ask(
            "query ($n: String!) { part(number: $n) { availabilities { warehouse } } }", n=number
        )["part"]
        return str(part["availabilities"][0]["warehouse"])

    def places(self, number: str, role: str) -> list[Json]:
        """All warehouses that serve this buyer, preferred first, with what is free."""
        document = "query ($n: String!) { part(number: $n) { availabilities { warehouse available } } }"
        return list(self.who(role).ask(document, n=number)["part"]["availabilities"])


def order_input(lines: list[Json], *, payment: str, **more: Any) -> Json:
    """An OrderInput with a fresh reference and an address."""
    return {"reference": fresh("order"), "lines": lines, "payment": payment, "deliverTo": ADDRESS, **more}


def instant(text: str) -> datetime:
    """A moment as the API writes it."""
    found = datetime.fromisoformat(text)
    assert found.tzinfo is not None, f"{text} has no time zone"
    return found.astimezone(UTC)


def day(text: str) -> date:
    """A day as the API writes it."""
    return date.fromisoformat(text)


def odd_dress(number: str) -> str:
    """The number as somebody types it from a worn label: small, wide, with dots and spaces."""
    wide = "".join(
        chr(ord(one) + 0xFEE0) if one.isdigit() and place % 2 else one.lower() for place, one in enumerate(number)
    )
    return f"  {wide[:2]} . {wide[2:]} "


def number_of(instead: Json | str | None) -> str | None:
    """insteadUse as a number."""
    return instead["number"] if isinstance(instead, dict) else instead


def amount(money: Json | str | None) -> Decimal:
    """The amount of a Money."""
    if money is None:
        return Decimal(0)
    return Decimal(str(money["amount"] if isinstance(money, dict) else money))


def each(line: Json) -> Decimal:
    """The published price of one piece of a line; prices may be for a hundred."""
    price = line["publishedPrice"]
    return Decimal(price["amount"]) / price["perQuantity"]


def promise_of(order: Json, policy: str) -> Json:
    """The order's only promise of this policy; an empty one when there is none or several."""
    found = [one for one in order["promises"] if one["policy"] == policy]
    return (
        found[0]
        if len(found) == 1
        else {"state": f"{len(found)} promises of {policy}", "dueAt": None, "startedAt": None, "promisedAt": None}
    )


def kinds(rows: list[Json]) -> list[str]:
    """The kinds of notices or events."""
    return [row["kind"] for row in rows]


def packed(part: Json, wanted: int = 1) -> int:
    """The least sellable quantity of at least `wanted`."""
    pack = part.get("packQuantity") or 1
    return math.ceil(max(wanted, part.get("minimumQuantity") or 1) / pack) * pack
