"""The Saleor engine keeps the contract: exchanges with a real Saleor, recorded by `make record-saleor`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from orders.engines.saleor import SaleorEngine
from portal import clock
from portal.engine import EventKind, LineRefusal, Refusal
from portal.saleor.client import SaleorClient
from portal.saleor.plan import EXPECTED
from portal.saleor.services import client
from tests.engines.contract import EngineContract, line, order, placed
from tests.shop import Shop, part_make, sell_elsewhere, shop_make

SHOP = Path(__file__).parent / "cassettes" / "shop.json"
FROZEN = datetime(
    2026, 11, 23, 10, 0, 5, tzinfo=UTC
)  # what is sent names moments, and recordings are found by what is sent


@dataclass
class RecordedSaleor:
    """A shop as it stood when the exchanges were recorded."""

    shop: Shop
    recording: bool
    engine: SaleorEngine = field(default_factory=SaleorEngine)

    @property
    def channel(self) -> str:
        """Of this run."""
        return self.shop.channel

    @property
    def home(self) -> str:
        """Of this run."""
        return f"HOME-{self.shop.run}"

    @property
    def away(self) -> str:
        """Of this run."""
        return f"AWAY-{self.shop.run}"

    def number(self, name: str) -> str:
        """Never used before."""
        return f"{name}-{self.shop.run}"

    def part(self, name: str) -> str:
        """Made when first asked for, while recording."""
        key = self.shop.part(name)
        if self.recording and key not in self.shop.variants:
            home, away = (5, 5) if name.startswith("TWIN") else (1000 if name == "A" else 10, 0)
            part_make(self.shop, name, home=home, away=away)
            self.shop.link()
            SHOP.write_text(json.dumps(self.shop.as_json(), indent=1) + "\n")
        return key

    def pieces(self, part: str) -> dict[str, tuple[int, int]]:
        """What the store says of it: (quantity, allocated) by warehouse."""
        told = client().call("variants_stock", ids=[self.shop.variants[self.part(part)]], channel=self.channel)
        (found,) = told["productVariants"]["edges"]
        return {one["warehouse"]["externalReference"]: (one["quantity"], one["quantityAllocated"]) for one in found["node"]["stocks"]}  # fmt: skip

    def sell_elsewhere(self, part: str, quantity: int) -> None:
        """A stranger takes pieces, while recording."""
        if self.recording:
            assert sell_elsewhere(self.shop, self.part(part), quantity)


@pytest.fixture(scope="module")
def shop(record_mode: str) -> Shop:
    """Made anew for a recording, read from beside the recordings otherwise."""
    if record_mode == "none":
        return Shop(**json.loads(SHOP.read_text()))
    return shop_make(clock.real_now().strftime("%m%d%H%M%S"))


@pytest.fixture
def stage(recorded: SaleorClient, recording: bool, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> RecordedSaleor:  # fmt: skip
    """Connected, linked, at a moment that does not move."""
    shop.link()
    monkeypatch.setattr(clock, "real_now", lambda: FROZEN)
    return RecordedSaleor(shop, recording)


@pytest.mark.vcr
class TestSaleor(EngineContract):
    """Held to it; and what only a store that sells elsewhere, too, can do."""

    def test_pieces_sold_elsewhere_are_refused_by_line(self, stage: RecordedSaleor) -> None:
        lines = [line(stage, 1, "D", 8, "80.00"), line(stage, 2, "E", 1, "10.00")]
        stage.sell_elsewhere("D", 4)
        event = placed(stage, order(stage, "sold", *lines))
        assert (event.kind, event.reason) == (EventKind.REFUSED, Refusal.OUT_OF_STOCK)
        assert event.refusals == (LineRefusal(Refusal.OUT_OF_STOCK, 1, 2),)
        assert event.event_id.endswith(":REFUSED:1")

    def test_shelves_that_hold_as_many_give_all_they_have_and_no_piece_more(self, stage: RecordedSaleor) -> None:
        for name, pieces in (("first", 7), ("second", 3)):
            assert placed(stage, order(stage, f"all-{name}", line(stage, 1, "TWIN-ALL", pieces, "70.00"))).kind == EventKind.ACCEPTED  # fmt: skip
        event = placed(stage, order(stage, "all-third", line(stage, 1, "TWIN-ALL", 1, "10.00")))
        assert event.refusals == (LineRefusal(Refusal.OUT_OF_STOCK, 1, 1),)
        assert stage.pieces("TWIN-ALL") == {stage.home: (5, 5), stage.away: (5, 5), EXPECTED: (0, 0)}

    def test_a_part_the_store_does_not_know_is_refused_by_line(self, stage: RecordedSaleor) -> None:
        strange = line(stage, 1, "A", 1, "10.00")
        strange = type(strange)(**{**strange.__dict__, "part": "acme/NEVER-HEARD-OF"})
        event = placed(stage, order(stage, "strange", strange, line(stage, 2, "A", 1, "10.00")))
        assert event.refusals == (LineRefusal(Refusal.UNKNOWN_PART, 1, 1),)

    def test_a_channel_that_is_not_there_is_refused_as_a_whole(self, stage: RecordedSaleor) -> None:
        event = placed(stage, order(stage, "nowhere", line(stage, 1, "A", 1, "10.00"), channel="mars-dealer"))
        assert [(one.reason, one.position) for one in event.refusals] == [(Refusal.CHANNEL, 0)]
