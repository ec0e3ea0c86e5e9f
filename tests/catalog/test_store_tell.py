"""Movements made here reach the store's stock once, also when nobody knows whether they did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from django.db import transaction

from catalog.models import Part, StockLevel
from catalog.rules.store_look import Doubt, Step, stock_step
from catalog.services.stock import Movement, stock_post
from catalog.services.store_tell import movement_pass_on
from orders.selectors.store_claims import store_claims
from portal.engine import ShelfStock
from portal.outbox.models import OutboxMessage
from portal.saleor.models import Difference
from tests.catalog.store_world import NOW, Catalogue, World

pytestmark = pytest.mark.django_db


class Store(Catalogue):
    """A store with a count of its own; may take what it is told and never answer."""

    def __init__(self, world: World, part: Part, pieces: int) -> None:
        super().__init__([world.item(part, pieces=pieces)])
        self.puts, self.silent = list[Mapping[str, int]](), False

    def count(self, pieces: int | None = None) -> int:
        """What it says; or says from now on."""
        if pieces is not None:
            self.items = [replace(self.items[0], stock={"ICN": ShelfStock(pieces, 0)})]
        return self.items[0].stock["ICN"].on_hand

    def stock_put(self, store_id: str, on_hand: Mapping[str, int]) -> None:
        """Takes it."""
        self.puts.append(on_hand)
        self.count(on_hand["ICN"])
        if self.silent:
            raise TimeoutError


@pytest.fixture
def world(settings) -> World:
    settings.STORE_CATALOGUE = "a store"
    return World()


def moved(world: World, part: Part, change: int, *, tell: bool = True) -> OutboxMessage:
    moves = [Movement(part.pk, world.warehouse.pk, change, "RECEIPT" if change > 0 else "SHIPMENT")]
    with transaction.atomic():
        stock_post(movements=moves, now=NOW, actor="somebody", tell=tell)
    return OutboxMessage.objects.get(kind="stock.tell", done_at=None)


def test_goods_in_are_added_to_what_the_store_has(world: World):
    part = world.part()
    store = Store(world, part, 8)  # somebody there took two in the meantime
    message = moved(world, part, 5)
    assert store_claims([part.pk], NOW).moving == {part.pk}
    movement_pass_on(message, store, now=NOW)
    assert (store.count(), OutboxMessage.objects.get(pk=message.pk).done_at) == (13, NOW)


def test_after_a_silence_a_look_tells_that_it_was_done(world: World):
    part = world.part()
    store, message = Store(world, part, 10), moved(world, part, 5)
    store.silent = True
    with pytest.raises(TimeoutError):
        movement_pass_on(message, store, now=NOW)
    movement_pass_on(OutboxMessage.objects.get(pk=message.pk), store, now=NOW)
    assert (store.count(), len(store.puts)) == (15, 1)


def test_what_cannot_be_told_is_shown_to_staff_and_not_done_twice(world: World):
    part = world.part()
    store, message = Store(world, part, 10), moved(world, part, 5)
    store.silent = True
    with pytest.raises(TimeoutError):
        movement_pass_on(message, store, now=NOW)
    store.count(12)  # somebody fulfilled three in that moment, before it or after
    movement_pass_on(OutboxMessage.objects.get(pk=message.pk), store, now=NOW)
    told = Difference.objects.get(kind="stock.doubt")
    assert (store.count(), told.subject, told.ours, told.theirs) == (12, f"/{part.number} ICN", "10 > 15", "12")


def test_nobody_is_told_of_what_an_order_tells_of_what_the_store_said_or_of_parts_it_has_not(world: World):
    part, unknown = world.part(), world.part(known=False)
    for one, change, tell in ((part, -1, False), (unknown, 5, True)):
        with pytest.raises(OutboxMessage.DoesNotExist):
            moved(world, one, change, tell=tell)
    world.look(world.item(part, pieces=20))
    assert StockLevel.objects.get(part=part).on_hand == 20
    assert not OutboxMessage.objects.filter(kind="stock.tell").exists()


def test_without_a_store_nobody_is_told(world: World, settings):
    settings.STORE_CATALOGUE = ""
    with pytest.raises(OutboxMessage.DoesNotExist):
        moved(world, world.part(), 5)


def test_a_step_is_made_once():
    assert stock_step("A", 5, 10, None) == Step("A", 15)
    assert stock_step("A", -20, 10, None) == Step("A", 0)
    assert stock_step("A", 5, 15, [10, 15]) == Step("A", None)
    assert stock_step("A", 5, 10, [10, 15]) == Step("A", 15)
    assert isinstance(stock_step("A", 5, 12, [10, 15]), Doubt)


def test_goods_that_came_in_there_are_handed_to_who_waits(world: World):
    part = world.part()
    world.look(world.item(part, pieces=9))
    assert world.served == set()
    world.look(world.item(part, pieces=12))
    assert world.served == {part.pk}
