"""Writes what was drawn as the files a maker and a house would hand over: beside the real catalogue, in one folder, for one import."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.stories.catalogue import Catalogue, group_of
from tests.stories.drawn import KEYS, RATES, SECOND_VERSION, Drawn

# Tables that come as they are; the others are written anew, with columns the catalogue does not have.
AS_THEY_ARE = ("supersession", "xref", "kits", "relationships", "models", "model_versions", "vehicle_fitment")
PLACES = ("ICN", "CHW")  # the demo's warehouses that serve its market first
BOTTOMLESS = 6_000_000
EXPECTED_IN = 28  # days

Row = dict[str, Any]


@dataclass(frozen=True)
class Delivery:
    """One folder of files. `buyers`: what the API says of the companies whose people act, by role; `now`: the demo's clock."""

    catalogue: Catalogue
    drawn: Drawn
    buyers: dict[str, Row]
    now: datetime

    def write(self, folder: Path) -> set[str]:
        """Every file; answers the names of those that were written here."""
        folder.mkdir(parents=True)
        for name in AS_THEY_ARE:
            file = self.catalogue.folder / f"{name}.csv.gz"
            (folder / file.name).symlink_to(file.resolve())
        tables: dict[str, Iterable[Row]] = {
            "companies": self.companies(), "people": self.people(), "part_groups": self.part_groups(), "parts": self.parts(),
            "bom": self.bom(), "applicability": self.applicability(), "machines": self.machines(), "dealer_links": self.dealer_links(),
            "warranty_terms": self.warranty_terms(), "contracts": self.contracts(), "campaigns": self.campaigns(),
            "prices": self.prices(), "stock": self.stock(), "receipts": self.receipts(),
        }  # fmt: skip
        for name, rows in tables.items():
            _table(folder / f"{name}.csv", list(rows))
        return {f"{name}.csv" for name in tables}

    def _day(self, days: int) -> str:
        return (self.now + timedelta(days=days)).date().isoformat()

    def companies(self) -> Iterator[Row]:
        """The demo's buyers with the drawn limits, and a neighbour nobody acts for."""
        for role, buyer in self.buyers.items():
            limit = self.drawn.limits.get(role, "")
            known = {name: buyer[name] for name in ("name", "kind", "market")}
            money = {"credit_limit": limit, "discount_class": self.drawn.classes[role]}
            yield {"key": KEYS[role], **known, "zone": "", "calendar": "", **money}
        market = self.buyers["customer"]["market"]
        neighbour = {"key": KEYS["neighbour"], "name": "Neighbour Works", "kind": "CUSTOMER", "market": market}
        yield {**neighbour, "zone": "Asia/Seoul", "calendar": "KR", "credit_limit": 1_000_000, "discount_class": ""}

    def people(self) -> Iterator[Row]:
        """Somebody at the neighbour's."""
        yield {"email": "desk@neighbour.example", "name": "Neighbour", "company": KEYS["neighbour"], "roles": "BUYER"}

    def part_groups(self) -> Iterator[Row]:
        """A group for each category; the old part of those that the stories free comes back."""
        draw = random.Random(self.drawn.seed)
        for code in sorted({group_of(row) for row in self.catalogue.parts.values()} - {""}):
            policy = "RETURN" if code in self.drawn.returned else draw.choice(("RETURN", "HOLD", "PHOTO", "SCRAP"))
            yield {"code": code, "name": code, "old_part": policy, "old_part_days": draw.randrange(10, 46)}

    def parts(self) -> Iterator[Row]:
        """All parts with their groups and packs."""
        for number, row in self.catalogue.parts.items():
            told = {name: row[name] for name in ("part_number", "name", "category", "material", "status")}
            yield {**told, "group": group_of(row), "pack_quantity": self.drawn.packs.get(number, 1)}

    def bom(self) -> Iterator[Row]:
        """All bills; a drawn line ends before version 2, and another part begins there at the same callout."""
        ends = {(model, line.assembly, line.item): then for model, line, then in self.drawn.breaks}
        for row in self.catalogue.rows("bom"):
            then = ends.get((row["set_num"], row["assembly"], row["item_no"]))
            yield {**row, "serial_from": "", "serial_to": SECOND_VERSION - 1 if then else ""}
            if then:
                yield {**row, "part_number": then, "serial_from": SECOND_VERSION, "serial_to": ""}

    def applicability(self) -> Iterator[Row]:
        """The real list, and what it outright excludes."""
        for row in self.catalogue.rows("applicability"):
            yield {**row, "fits": "", "serial_from": "", "instead": "", "note": ""}
        case = self.drawn.cases["d, excluded"]
        named = {"part_number": case.part, "set_num": case.machine.model, "fits": "no", "instead": case.instead}
        yield {**named, "serial_from": SECOND_VERSION, "note": "Changed with version 2"}

    def machines(self) -> Iterator[Row]:
        """Machines with owners and the day they went into service."""
        for machine in self.drawn.machines.values():
            day = self._day(-machine.days)
            named = {"serial": machine.serial, "model": machine.model, "owner": KEYS[machine.owner]}
            yield {**named, "sold_on": day, "in_service_on": day}

    def dealer_links(self) -> Iterator[Row]:
        """Who services what, with the owner's grant or without."""
        for machine in self.drawn.machines.values():
            if machine.dealer:
                granted = "yes" if machine.granted else "no"
                yield {
                    "serial": machine.serial,
                    "dealer": KEYS[machine.dealer],
                    "granted": granted,
                    "since": self._day(-machine.days),
                }

    def warranty_terms(self) -> Iterator[Row]:
        """Months by model; one group is worn, not broken."""
        for model, months in self.drawn.months.items():
            yield {
                "model": model,
                "part_group": "",
                "months": months,
                "max_hours": 4000,
                "excluded": "no",
                "valid_from": "2000-01-01",
            }
        yield {
            "model": "",
            "part_group": self.drawn.excluded,
            "months": 0,
            "max_hours": "",
            "excluded": "yes",
            "valid_from": "2000-01-01",
        }

    def contracts(self) -> Iterator[Row]:
        """Contracts that run."""
        for one in self.drawn.contracts:
            named = {"number": one.number, "serial": one.machine.serial, "groups": ";".join(one.groups)}
            days = {"starts_on": self._day(-60), "ends_on": self._day(300)}
            yield {**named, **days, "customer_share": one.share, "yearly_cap": 90_000_000, "currency": "KRW"}

    def campaigns(self) -> Iterator[Row]:
        """One, for version 2 of a model."""
        case = self.drawn.cases["a, campaign"]
        named = {
            "code": f"ST-{self.drawn.seed}",
            "name": "Free replacement",
            "model": case.machine.model,
            "parts": case.part,
        }
        yield {**named, "serial_from": SECOND_VERSION, "serial_to": "", "starts_on": self._day(-30), "ends_on": ""}

    def prices(self) -> Iterator[Row]:
        """Lists that begin yesterday and end the demo's: from then on only real parts are sold in this market."""
        market = self.buyers["customer"]["market"]
        for part, price in self.drawn.prices.items():
            for (kind, name), rate in RATES.items():
                for start, _ in price.tiers:
                    amount = price.at(start, rate)
                    yield {
                        "part_number": part, "market": market, "currency": "KRW", "kind": kind, "discount_class": name,
                        "amount": amount, "per_quantity": price.per, "from_quantity": start, "valid_from": self._day(-1),
                    }  # fmt: skip

    def stock(self) -> Iterator[Row]:
        """In two warehouses; of last pieces one in the first, of the dealer's first line as much as anybody wants."""
        draw = random.Random(self.drawn.seed)
        last = {self.drawn.parts[name] for name in self.drawn.parts if name[0] == "e"}
        for part in sorted(self.drawn.sold()):
            for place in PLACES:
                pieces = draw.randrange(20, 200)
                if part in last:
                    pieces = 1 if place == PLACES[0] else 0
                elif part in (self.drawn.dealer_lines[0], self.drawn.parts["pack"], self.drawn.parts["small"]):
                    pieces = BOTTOMLESS
                yield {"part_number": part, "warehouse": place, "on_hand": pieces}

    def receipts(self) -> Iterator[Row]:
        """More of the last pieces."""
        for name, part in self.drawn.parts.items():
            if name[0] == "e":
                yield {
                    "part_number": part, "warehouse": PLACES[0], "expected_on": self._day(EXPECTED_IN), "quantity": 5,
                    "reference": f"ST-{self.drawn.seed}-{name}",
                }  # fmt: skip


def _table(path: Path, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
