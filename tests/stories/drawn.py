"""What a seed draws from the real catalogue: machines, parts, prices and what must be true of them. Nothing is chosen later."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tests.stories.catalogue import BillLine, Catalogue, bare, group_of

MODELS = 3
MOST_DRAWS = 20
SECOND_VERSION = 1001  # where the import lets version 2 of a model begin
DEALER_LINES = 200
OTHER_PARTS = 250  # priced parts of other models, of which nobody knows whether they fit
ROUNDS = 3  # last pieces, each raced for once
LONG_AGO = 1500  # days; no warranty runs so long

# Kind and class of buyer to the share of the list price it pays.
RATES = {
    ("CUSTOMER", "STANDARD"): Decimal(1),
    ("DEALER", "STANDARD"): Decimal("0.76"),
    ("DEALER", "PREMIUM"): Decimal("0.71"),
}
# The companies of the demo whose people act, by the account's role, and a stranger of our own.
KEYS = {
    "customer": "sample:hangyeol",
    "other_customer": "sample:duru",
    "dealer": "sample:namdo",
    "other_dealer": "sample:yeongdong",
    "neighbour": "stories:neighbour",
}


@dataclass(frozen=True)
class Machine:
    """A machine of the delivery; `dealer`: who services it, with the owner's grant or without."""

    serial: str
    model: str
    owner: str
    days: int  # in service
    dealer: str = ""
    granted: bool = False

    @property
    def sequence(self) -> int:
        """What the serial counts."""
        return int(self.serial.rsplit("-", 1)[1])


@dataclass(frozen=True)
class Case:
    """A part for a machine, and what the portal must say of the two."""

    machine: Machine
    part: str
    payer: str
    reason: str  # the one that decides
    fit: str = "FITS"
    pieces: int | None = None
    instead: str | None = None
    review: bool = False
    share: str = ""  # of the contract; empty: all or nothing, as the payer says


@dataclass(frozen=True)
class Published:
    """An amount for so many pieces, and the tiers: from so many on, that share of it."""

    amount: Decimal
    per: int
    tiers: tuple[tuple[int, Decimal], ...] = ((1, Decimal(1)),)

    def at(self, quantity: int, rate: Decimal) -> Decimal:
        """The amount for `per` pieces when so many are bought, at that share of the list price."""
        share = next(share for start, share in reversed(self.tiers) if start <= quantity)
        return (self.amount * share * rate).quantize(Decimal("0.001"))


@dataclass(frozen=True)
class Contract:
    """A maintenance contract; no groups: every group."""

    number: str
    machine: Machine
    share: str
    groups: tuple[str, ...] = ()


@dataclass
class Drawn:
    """All of it. `cases` and `parts` are named by the story that uses them."""

    seed: int
    models: list[str]
    months: dict[str, int]  # of warranty, by model
    machines: dict[str, Machine] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)
    dealer_lines: list[str] = field(default_factory=list)
    asked_by: dict[str, str] = field(default_factory=dict)  # story to the old or foreign number it types
    chain: tuple[str, str, str] = ("", "", "")
    ambiguous: tuple[str, tuple[str, ...]] = ("", ())
    both: tuple[str, str, str] = (
        "",
        "",
        "",
    )  # a number of our own that another catalogue has, too: typed, ours, theirs
    kit: tuple[str, tuple[str, ...]] = ("", ())
    excluded: str = ""  # the group no machine's warranty covers
    returned: set[str] = field(default_factory=set)  # groups whose old part comes back
    contracts: list[Contract] = field(default_factory=list)
    breaks: list[tuple[str, BillLine, str]] = field(
        default_factory=list
    )  # model, its line until version 2, the part from then on
    prices: dict[str, Published] = field(default_factory=dict)
    packs: dict[str, int] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)
    classes: dict[str, str] = field(default_factory=dict)  # discount class by role

    def sold(self) -> set[str]:
        """Every part with a price and stock."""
        return set(self.prices)

    def rate(self, role: str) -> tuple[str, Decimal]:
        """The kind of list a role buys from, and its share of the list price."""
        kind = "DEALER" if "dealer" in role else "CUSTOMER"
        return kind, RATES[kind, self.classes[role]]


class TooFewError(Exception):
    """These models do not have what the stories need."""


def draw_world(catalogue: Catalogue, seed: int) -> Drawn:
    """The same seed draws the same world. Models that are too small for all the stories together are drawn anew."""
    for again in range(MOST_DRAWS):
        try:
            return _drawn(catalogue, seed, random.Random(f"{seed}/{again}" if again else seed))
        except TooFewError:
            continue
    raise SystemExit(f"Seed {seed} drew no models with enough parts in {MOST_DRAWS} draws")


def _drawn(catalogue: Catalogue, seed: int, draw: random.Random) -> Drawn:
    good = catalogue.good_models()
    first = draw.choice([one for one in good if catalogue.asked_as_old(one)])
    models = [first, *draw.sample([one for one in good if one != first], MODELS - 1)]
    drawn = Drawn(seed, models, {one: draw.choice((12, 18, 24)) for one in models})
    drawer = Drawer(catalogue, drawn, draw)
    drawer.machines()
    drawer.numbers()
    drawer.cover()
    drawer.fit()
    drawer.trade()
    drawer.prices()
    return drawn


@dataclass
class Drawer:
    """Draws one thing after the other; a part is drawn once, so that no story uses up what another one counts on."""

    catalogue: Catalogue
    drawn: Drawn
    draw: random.Random
    taken: set[str] = field(default_factory=set)

    def machines(self) -> None:
        """Young and old ones, on both sides of the serial break, of every company that a story needs."""
        plan: dict[str, tuple[str, bool, tuple[str, bool]]] = {
            "young": ("customer", True, ("", False)),
            "served": ("customer", True, ("dealer", True)),
            "not granted": ("customer", True, ("dealer", False)),
            "old": ("customer", False, ("", False)),
            "contract": ("customer", False, ("", False)),
            "groups": ("customer", False, ("", False)),
            "campaign": ("customer", False, ("", False)),
            "no campaign": ("customer", False, ("", False)),
            "before the break": ("customer", True, ("", False)),
            "strangers'": ("other_customer", True, ("", False)),
            "strangers' old": ("other_customer", False, ("", False)),
            "neighbour's": ("neighbour", True, ("", False)),
        }
        places = iter(self.draw.sample(range(SECOND_VERSION + 50, SECOND_VERSION + 7000), len(plan)))
        for name, (owner, young, (dealer, granted)) in plan.items():
            model = self.draw.choice(self.drawn.models)
            days = self.draw.randrange(20, 200) if young else LONG_AGO + self.draw.randrange(300)
            self.drawn.machines[name] = Machine(f"{model}-{next(places):05d}", model, owner, days, dealer, granted)
        # These belong together: one model, one on each side of what tells them apart.
        machines, model = self.drawn.machines, self.drawn.models[0]
        machines["young"] = replace(machines["young"], model=model, serial=f"{model}-{machines['young'].sequence:05d}")
        before = self.draw.randrange(50, SECOND_VERSION - 1)
        for name, place in (("before the break", before), ("no campaign", before - 40)):
            beside = machines["young" if name == "before the break" else "campaign"].model
            machines[name] = replace(machines[name], model=beside, serial=f"{beside}-{place:05d}")

    def take(self, wanted: Iterable[str]) -> str:
        """One of these that nobody has taken yet."""
        left = sorted(set(wanted) - self.taken)
        if not left:
            raise TooFewError
        part = self.draw.choice(left)
        self.taken.add(part)
        return part

    def _group(self, part: str) -> str:
        return group_of(self.catalogue.parts[part])

    def numbers(self) -> None:
        """Chains, old, foreign and ambiguous numbers, a kit."""
        catalogue, drawn = self.catalogue, self.drawn
        current, own = catalogue.current, catalogue.own
        steps = catalogue.became
        chains = sorted((old, steps[old], steps[steps[old]]) for old in steps if steps.get(steps[old]) in current)
        drawn.chain = self.draw.choice(chains)
        self.taken.add(drawn.chain[2])
        plain = {
            key: next(iter(parts)) for key, parts in catalogue.foreign.items() if len(parts) == 1 and parts <= current
        }
        key = self.draw.choice(sorted(key for key, part in plain.items() if key not in own and part not in self.taken))
        drawn.asked_by["foreign"], drawn.parts["foreign"] = key, plain[key]
        self.taken.add(plain[key])
        several = {key: parts for key, parts in catalogue.foreign.items() if len(parts) > 1 and key not in own}
        key = self.draw.choice(sorted(key for key, parts in several.items() if parts <= current))
        drawn.ambiguous = (key, tuple(sorted(several[key])))
        mine = {bare(one): one for one in sorted(current)}
        key = self.draw.choice(sorted(key for key, part in plain.items() if key in mine and mine[key] != part))
        drawn.both = (key, mine[key], plain[key])
        kits: dict[str, set[str]] = {}
        for row in catalogue.rows("kits"):
            kits.setdefault(row["assembly"], set()).add(row["component"])
        kit = self.take(one for one, held in kits.items() if one in current and len(held) > 1 and held <= current)
        drawn.kit = (kit, tuple(sorted(kits[kit])))

    def cover(self) -> None:
        """What warranty, campaign and contract must say, on parts of the machines' bills."""
        drawn, machines = self.drawn, self.drawn.machines
        drawn.excluded = self._group(self.take(self._on_bill("young")))
        covered = self._covered
        young = machines["young"].model
        drawn.parts["a"] = self.take(
            covered(self.catalogue.asked_as_old(young)) or covered(self.catalogue.on_bill(young))
        )
        drawn.parts["g"] = self.take(covered(self._on_bill("served")))
        self.case("a", "young", drawn.parts["a"], "WARRANTY", "MACHINE_WARRANTY")
        drawn.returned = {self._group(drawn.parts[one]) for one in "ag"}
        worn = {one for one in self._on_bill("young") if self._group(one) == drawn.excluded}
        self.case("a, excluded", "young", self.take(worn), "PAID", "EXCLUDED_PART")
        campaign = self.take(covered(self._on_bill("campaign")))
        drawn.parts["campaign"] = campaign
        self.case("a, campaign", "campaign", campaign, "WARRANTY", "CAMPAIGN")
        self.case("a, no campaign", "no campaign", campaign, "PAID", "EXPIRED")
        self.case("g", "served", drawn.parts["g"], "WARRANTY", "MACHINE_WARRANTY")
        self.case(
            "g, not granted", "not granted", self.take(covered(self._on_bill("not granted"))), "PAID", "NOT_GRANTED"
        )
        self._contracts()

    def _contracts(self) -> None:
        drawn, machines, covered = self.drawn, self.drawn.machines, self._covered
        share = f"0.{self.draw.randrange(5, 95):02d}"
        drawn.contracts.append(Contract(f"ST-{drawn.seed}-1", machines["contract"], share))
        self.case("h", "contract", self.take(covered(self._on_bill("contract"))), "CONTRACT", "CONTRACT", share=share)
        inside = self.take(covered(self._on_bill("groups")))
        groups = {self._group(inside)}
        outside = self.take(one for one in covered(self._on_bill("groups")) if self._group(one) not in groups)
        drawn.contracts.append(Contract(f"ST-{drawn.seed}-2", machines["groups"], share, tuple(groups)))
        self.case("h, inside", "groups", inside, "CONTRACT", "CONTRACT", share=share)
        self.case("h, outside", "groups", outside, "PAID", "EXPIRED")

    def fit(self) -> None:
        """Two misfits of a kind each, the break seen from its other side, and parts nobody knows the fit of."""
        young = self.drawn.machines["young"].model
        elsewhere = self.draw.sample(sorted(self._unknown()), OTHER_PARTS + 4)
        wrong, right = self.take(self._alone(young)), self.take(self._covered(self.catalogue.on_bill(young)))
        misfit = {"payer": "PAID", "reason": "DOES_NOT_FIT", "fit": "DOES_NOT_FIT"}
        self.case("d, excluded", "young", wrong, **misfit, instead=right)
        first, then = self.take(self._alone(young)), self.take(elsewhere)
        line = next(one for one in self.catalogue.bills[young] if one.part == first)
        self.drawn.breaks.append((young, line, then))
        self.case("d, break", "young", first, **misfit, instead=then)
        self.case("d, before the break", "before the break", then, **misfit, instead=first)
        self.drawn.parts["d"] = self.take(elsewhere)
        self.case("d, unknown", "old", self.take(elsewhere), "PAID", "EXPIRED", fit="UNKNOWN")
        self.case(
            "d, review", "young", self.take(elsewhere), "WARRANTY", "MACHINE_WARRANTY", fit="UNKNOWN", review=True
        )
        self.drawn.others = [one for one in elsewhere if one not in self.taken]

    def _alone(self, model: str) -> set[str]:
        """Parts that stand on exactly one line of the bill, under the number they are sold by, alone at their callout."""
        lines = self.catalogue.bills[model]
        at: dict[tuple[str, str], int] = {}
        named: dict[str, int] = {}
        for line in lines:
            at[line.assembly, line.item] = at.get((line.assembly, line.item), 0) + 1
            named[self.catalogue.heir(line.part)] = named.get(self.catalogue.heir(line.part), 0) + 1
        return {
            line.part
            for line in lines
            if at[line.assembly, line.item] == named.get(line.part, 0) == 1
            and line.part in self.catalogue.current
            and not self.catalogue.came_from[line.part]
            and (line.part, model) not in self.catalogue.listed
            and self._group(line.part) not in ("", self.drawn.excluded)
        }

    def _unknown(self) -> set[str]:
        """Current parts that no bill and no application list of our models names, by whatever number; the warranty excludes none of them."""
        models = set(self.drawn.models)
        named = {heir for model in models for heir in self.catalogue.on_bill(model)}
        named |= {self.catalogue.heir(part) for part, model in self.catalogue.listed if model in models}
        return self._covered(self.catalogue.current - named - {self.drawn.kit[0], *self.drawn.kit[1]})

    def trade(self) -> None:
        """Last pieces, holds, the dealers' lines and limits."""
        drawn, bills = self.drawn, {one for model in self.drawn.models for one in self.catalogue.on_bill(model)}
        free = set(drawn.others) | (bills - self.taken)
        for place in range(ROUNDS):
            drawn.parts[f"e{place}"] = self.take(drawn.others)
        for name in ("f", "i", "pack", "small"):
            drawn.parts[name] = self.take(free)
        drawn.packs[drawn.parts["pack"]] = self.draw.choice((4, 10, 12, 25))
        drawn.dealer_lines = [self.take(free) for _ in range(DEALER_LINES)]
        drawn.limits = {"dealer": self.draw.randrange(5, 60) * 1_000_000, "other_dealer": 900_000_000}
        classes = self.draw.sample(["STANDARD", "PREMIUM"], 2)
        drawn.classes = dict(zip(("dealer", "other_dealer"), classes, strict=True))
        drawn.classes |= {"customer": "STANDARD", "other_customer": "STANDARD"}

    def prices(self) -> None:
        """Prices for one piece, ten, a hundred or a thousand, most with tiers; one lies far below the smallest coin."""
        drawn = self.drawn
        named = {
            *drawn.parts.values(),
            *drawn.others,
            *drawn.dealer_lines,
            drawn.chain[2],
            drawn.both[1],
            drawn.both[2],
        }
        named |= {one.part for one in drawn.cases.values()} | {
            one.instead for one in drawn.cases.values() if one.instead
        }
        named |= {*drawn.ambiguous[1], drawn.kit[0], *drawn.kit[1]}
        named |= {one for model in drawn.models for one in self.catalogue.on_bill(model)}
        for part in sorted(named):
            drawn.prices[part] = self._price()
        for name in "ag":  # dear enough that its old part is worth the way back
            drawn.prices[drawn.parts[name]] = Published(Decimal(self.draw.randrange(120_000, 900_000)), 1)
        # A per cent of seven pieces is no whole won; a piece of the other one costs about a hundredth of it.
        drawn.prices[drawn.chain[2]] = Published(Decimal(self.draw.randrange(40_001, 900_000, 10)), 100)
        drawn.prices[drawn.parts["small"]] = Published(Decimal(self.draw.randrange(20, 90)), 1000)

    def _price(self) -> Published:
        per = self.draw.choice((1, 1, 1, 10, 100, 1000))
        piece = self.draw.randrange(310, 300_000) if per == 1 else self.draw.randrange(310, 3000)
        tiers = ((1, Decimal(1)), (10, Decimal("0.95")), (100, Decimal("0.9")))
        amount = piece * per + self.draw.randrange(per)
        return Published(Decimal(amount), per, tiers[: self.draw.randrange(1, 4)])

    def case(self, name: str, machine: str, part: str, payer: str, reason: str, **more: object) -> None:
        """Note a case; how many the machine holds is counted from the bill."""
        holder = self.drawn.machines[machine]
        known = more.get("fit", "FITS") == "FITS" and part not in {then for _, _, then in self.drawn.breaks}
        pieces = self.catalogue.pieces(holder.model, part) or None if known else None
        self.drawn.cases[name] = Case(holder, part, payer, reason, pieces=pieces, **more)  # type: ignore[arg-type]

    def _on_bill(self, machine: str) -> set[str]:
        return self.catalogue.on_bill(self.drawn.machines[machine].model)

    def _covered(self, parts: Collection[str]) -> set[str]:
        return {one for one in parts if self._group(one) not in ("", self.drawn.excluded) and one not in self.taken}
