"""A hand-over put right through the API: its number for tracking, and that it did not happen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from graphql_relay import to_global_id

from tests.graphql.client import ERRORS, api
from tests.orders.world import World, line

_UNDO = f"mutation($id: ID!, $why: String!) {{ shipmentUndo(shipment: $id, reason: $why) {{ shipment {{ undoneAt lines {{ id }} }} order {{ state lines {{ shipped }} }} {ERRORS} }} }}"
_TRACK = f"mutation($id: ID!, $number: String!) {{ shipmentTrack(shipment: $id, trackingNumber: $number) {{ shipment {{ trackingNumber }} order {{ state }} {ERRORS} }} }}"


def shipped(world: World) -> str:
    """A paid order handed over: the shipment's id."""
    order = world.paid(line(world.part(home=9), 4))
    return to_global_id("Shipment", str(world.ship(order)[0].pk))


def ask(world: World, document: str, **variables: Any) -> dict[str, Any]:
    """The manager's answer."""
    ((_, told),) = api(world.people.manager).data(document, **variables).items()
    return dict(told)


def test_a_number_for_tracking_comes_later(world: World) -> None:
    told = ask(world, _TRACK, id=shipped(world), number="T-77")
    assert (told["shipment"], told["order"], told["errors"]) == ({"trackingNumber": "T-77"}, {"state": "SHIPPED"}, [])


def test_a_hand_over_that_did_not_happen_is_taken_back_once(world: World) -> None:
    shipment = shipped(world)
    first, again = (ask(world, _UNDO, id=shipment, why="still on the dock") for _ in range(2))
    assert first["order"] == again["order"]
    for told in (first, again):
        assert datetime.fromisoformat(told["shipment"]["undoneAt"]) == world.now
    assert (first["shipment"]["lines"], first["order"], first["errors"]) == ([], {"state": "READY", "lines": [{"shipped": 0}]}, [])  # fmt: skip


def test_without_a_reason_it_stays_handed_over(world: World) -> None:
    (told,) = ask(world, _UNDO, id=shipped(world), why=" ")["errors"]
    assert (told["code"], told["field"]) == ("INVALID", "reason")
