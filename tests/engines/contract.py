"""What a commerce engine promises, whichever it is. Each engine's own test module runs these against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Protocol

import pytest

from portal.engine import CommerceEngine, EngineEvent, EngineLine, EngineOrder, EventKind

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
ADDRESS = {"name": "Goods in", "street": "Hafenstr. 1", "city": "Hamburg", "postalCode": "20457", "country": "DE", "phone": "no number at all"}  # fmt: skip


class Stage(Protocol):
    """Where the contract plays: a channel, and parts that lie on a shelf called `home`."""

    @property
    def engine(self) -> CommerceEngine:
        """Asked."""
        ...

    @property
    def channel(self) -> str:
        """Our name of it."""
        ...

    @property
    def home(self) -> str:
        """The shelf's warehouse."""
        ...

    @property
    def away(self) -> str:
        """Another warehouse."""
        ...

    def number(self, name: str) -> str:
        """An order number of this run's own."""
        ...

    def part(self, name: str) -> str:
        """The key of a part of which ten lie there, of `A` a thousand, of `TWIN...` five, and five away."""
        ...


def line(stage: Stage, position: int, part: str, quantity: int, net: str, **extra: Any) -> EngineLine:
    """A line without tax, unless told otherwise."""
    given: dict[str, Any] = {"tax": Decimal(0), "tax_rate": Decimal(0), "holds": {stage.home: quantity}} | extra
    return EngineLine(position=position, part=stage.part(part), part_number=part, quantity=quantity, net=Decimal(net), **given)  # fmt: skip


def order(stage: Stage, name: str, *lines: EngineLine, freight: str = "0", **extra: Any) -> EngineOrder:
    """An order of these lines."""
    number = stage.number(name)
    given: dict[str, Any] = {
        "key": f"portal:{number}", "number": number, "attempt": 1, "channel": stage.channel, "currency": "EUR", "company": "Dealer",
        "email": "buyer@example.com", "deliver_to": ADDRESS, "freight": Decimal(freight), "tax": sum((one.tax for one in lines), Decimal(0)),
        "total": sum((one.gross for one in lines), Decimal(freight)), "lines": lines, "facts": {"type": "STOCK"},
    }  # fmt: skip
    return EngineOrder(**(given | extra))


def placed(stage: Stage, wanted: EngineOrder) -> EngineEvent:
    """The one fact the engine tells of it."""
    (event,) = stage.engine.place(wanted, now=NOW)
    return event


class EngineContract:
    """Mixed into a test class whose module has a fixture `stage`."""

    def test_an_order_is_accepted_with_a_number_of_the_stores(self, stage: Stage) -> None:
        wanted = order(stage, "accepted", line(stage, 1, "A", 2, "20.00"), line(stage, 2, "B", 1, "0.00"), freight="5.90")  # fmt: skip
        event = placed(stage, wanted)
        assert (event.kind, event.order_number, event.refusals) == (EventKind.ACCEPTED, wanted.number, ())
        assert event.store_number
        assert event.event_id.startswith(f"{wanted.number}:ACCEPTED:")

    def test_asked_again_it_tells_the_same_fact(self, stage: Stage) -> None:
        wanted = order(stage, "again", line(stage, 1, "A", 1, "10.00"))
        first, second = placed(stage, wanted), placed(stage, wanted)
        assert (first.event_id, first.store_number) == (second.event_id, second.store_number)

    def test_an_order_without_lines_is_not_placed(self, stage: Stage) -> None:
        assert stage.engine.place(order(stage, "empty"), now=NOW) == []

    @pytest.mark.parametrize("gross", ["10.00", "0.07", "999.99"])
    def test_prices_that_do_not_divide_are_taken(self, stage: Stage, gross: str) -> None:
        name = f"odd-{gross}"
        assert placed(stage, order(stage, name, line(stage, 1, "A", 3, gross))).kind == EventKind.ACCEPTED

    def test_what_waits_for_goods_is_accepted_too(self, stage: Stage) -> None:
        waits = replace(line(stage, 1, "C", 12, "120.00"), holds={stage.home: 10}, waiting=2)
        assert placed(stage, order(stage, "waits", waits)).kind == EventKind.ACCEPTED

    def test_pieces_of_two_shelves_that_hold_as_many_are_accepted(self, stage: Stage) -> None:
        both = replace(line(stage, 1, "TWIN", 7, "70.00"), holds={stage.home: 5, stage.away: 2})
        assert placed(stage, order(stage, "twin", both)).kind == EventKind.ACCEPTED

    def test_as_many_as_lie_there_may_be_on_their_way(self, stage: Stage) -> None:
        waits = replace(line(stage, 1, "TWIN-WAITS", 15, "150.00"), holds={stage.home: 5, stage.away: 5}, waiting=5)
        assert placed(stage, order(stage, "twin-waits", waits)).kind == EventKind.ACCEPTED
