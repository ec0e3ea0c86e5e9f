"""The real catalogue, as far as the drawing needs it: read once, never changed."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

NEAR = (0.9, 1.1)  # a bill this near to the official count of pieces is a good one
LEAST_PARTS = 40

Row = dict[str, str]


def bare(number: str) -> str:
    """A number without its dress."""
    return "".join(sign for sign in number.upper() if sign.isalnum())


def group_of(part: Row) -> str:
    """The part group that the delivery puts a part into: its category, as far as a code may be long."""
    return part["category"][:40].strip()


@dataclass(frozen=True)
class BillLine:
    """A line of a bill with the pieces that the whole machine holds there."""

    assembly: str
    item: str
    part: str
    pieces: int


@dataclass(frozen=True)
class Catalogue:
    """The tables by what the stories ask of them."""

    folder: Path

    def rows(self, name: str) -> Iterator[Row]:
        """The rows of a table."""
        with gzip.open(self.folder / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)

    @cached_property
    def parts(self) -> dict[str, Row]:
        """Parts by number."""
        return {row["part_number"]: row for row in self.rows("parts")}

    @cached_property
    def became(self) -> dict[str, str]:
        """Old number to new one, one step; what leads to a number nobody lists is left out, as the import leaves it out."""
        known = {row["old"] for row in self.rows("supersession")} | self.parts.keys()
        return {row["old"]: row["new"] for row in self.rows("supersession") if row["new"] in known}

    def heir(self, number: str) -> str:
        """The current number at the end of the chain."""
        while number in self.became:
            number = self.became[number]
        return number

    @cached_property
    def came_from(self) -> dict[str, set[str]]:
        """Current number to all the numbers that led to it, over chains."""
        found: dict[str, set[str]] = defaultdict(set)
        for old in self.became:
            found[self.heir(old)].add(old)
        return found

    @cached_property
    def current(self) -> set[str]:
        """Numbers that are sold: listed as active, and nothing replaced them."""
        return {one for one, row in self.parts.items() if row["status"] == "active" and one not in self.became}

    @cached_property
    def bills(self) -> dict[str, list[BillLine]]:
        """Bills by model. How often the machine holds an assembly stands in the assembly's first line."""
        times: dict[tuple[str, str], int] = {}
        found: dict[str, list[BillLine]] = defaultdict(list)
        for row in self.rows("bom"):
            often = times.setdefault((row["set_num"], row["assembly"]), int(row["assembly_qty"] or 1))
            line = BillLine(row["assembly"], row["item_no"], row["part_number"], int(row["qty"]) * often)
            found[row["set_num"]].append(line)
        return found

    @cached_property
    def listed(self) -> set[tuple[str, str]]:
        """(part, model) that the application list names."""
        return {(row["part_number"], row["set_num"]) for row in self.rows("applicability")}

    def good_models(self) -> list[str]:
        """Models with a bill near the official count, a second version, and enough parts to draw from."""
        twice = {row["set_num"] for row in self.rows("model_versions") if row["version"] == "2"}
        quality = {row["set_num"]: float(row["ratio"]) for row in self.rows("bom_quality")}
        return sorted(
            model
            for model, ratio in quality.items()
            if NEAR[0] <= ratio <= NEAR[1] and model in twice and len(self.on_bill(model)) > LEAST_PARTS
        )

    def on_bill(self, model: str) -> set[str]:
        """The current parts of a bill; a line that asks for a superseded number stands for what that became."""
        return {heir for line in self.bills[model] if (heir := self.heir(line.part)) in self.current}

    def asked_as_old(self, model: str) -> set[str]:
        """Current parts that the bill knows only by numbers that were superseded."""
        plain = {line.part for line in self.bills[model]}
        return self.on_bill(model) - plain

    def pieces(self, model: str, part: str) -> int:
        """How many of a part the machine holds; at one callout several numbers of one part are alternatives."""
        names = {part} | self.came_from[part]
        callouts: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for line in self.bills[model]:
            if line.part in names:
                callouts[line.assembly, line.item][line.part] += line.pieces
        return sum(max(by_part.values()) for by_part in callouts.values())

    @cached_property
    def foreign(self) -> dict[str, set[str]]:
        """Other catalogues' numbers, bare, to the current parts they mean."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self.rows("xref"):
            found[bare(row["other_number"])].add(row["part_number"])
        return found

    @cached_property
    def own(self) -> set[str]:
        """Our own numbers, bare; old ones that no list of parts names among them."""
        return {bare(one) for one in (*self.parts, *self.became)}
