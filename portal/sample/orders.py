"""Puts the plans on the time line: goods announced and received, orders placed, paid, shipped and all the rest."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from django.db.models import F

from orders.services.stocking import stock_expect, stock_receive
from portal.notices.models import Notice
from portal.sample.acts import VERBS, place
from portal.sample.buyers import buyers_load
from portal.sample.money import money_load
from portal.sample.plans_past import KEPT, LATE
from portal.sample.plans_present import HELD, OPEN
from portal.sample.timeline import Timeline
from portal.sample.trade import AWAITED, INCHEON
from portal.sample.world import World
from warranty.services.repair_calls import repair_call_open
from warranty.services.repair_cards import repair_card_open

_CAME = ("shaft/W", 1, 30, 18, 19.5)  # part, pieces, announced, expected and received so many days ago
_CALLS = (
    (2.1, "hangyeol", "over its hours", "Swings by itself after stopping.", False),
    (1.1, "duru", "contract ended", "Black smoke under load.", True),
    (0.4, "hangyeol", "service overdue", "Oil pressure lamp flickers.", True),
)


def orders_load(world: World) -> None:
    """Act out what happened in the last three months."""
    line = Timeline()
    _receipts(world, line)
    for plan in (*KEPT, *LATE, *HELD, *OPEN):
        placed = world.now - timedelta(days=plan.days)
        line.add(placed, partial(place, world, plan))
        for after, verb, what in plan.steps:
            line.add(placed + timedelta(days=after), partial(VERBS[verb], world, plan, what))
    for days, owner, state, fault, card in _CALLS:
        line.add(world.now - timedelta(days=days), partial(_call, world, owner, state, fault, card))
    line.add(world.now - timedelta(hours=3), partial(buyers_load, world))
    line.add(world.now - timedelta(minutes=20), partial(money_load, world))
    line.run(world.now)
    _old_notices_read(world.now)


def _old_notices_read(now: datetime) -> None:
    """What was told more than a week ago has been read since; the bell shows what is new."""
    told = Notice.objects.filter(created_at__lt=now - timedelta(days=7))
    told.update(read_at=F("created_at") + timedelta(hours=6))


def _receipts(world: World, line: Timeline) -> None:
    """Goods on their way to Incheon; one lot came already."""
    for number, (key, lots) in enumerate(AWAITED.items()):
        for pieces, days in lots:
            day = world.now.date() + timedelta(days=days)
            line.add(world.now - timedelta(days=35 - number / 10), partial(_expect, world, key, pieces, day))
    key, pieces, announced, expected, came = _CAME
    day = world.now.date() - timedelta(days=expected)
    line.add(world.now - timedelta(days=announced), partial(_expect, world, key, pieces, day))
    line.add(world.now - timedelta(days=came), partial(_receive, world, key, pieces))


def _expect(world: World, key: str, pieces: int, day: date, at: datetime) -> None:
    stock_expect(
        actor=world.house("manager"), part_number=world.number(key), warehouse=INCHEON, quantity=pieces, on=day, now=at
    )


def _receive(world: World, key: str, pieces: int, at: datetime) -> None:
    stock_receive(
        actor=world.house("manager"), part_number=world.number(key), warehouse=INCHEON, quantity=pieces, now=at
    )


def _call(world: World, owner: str, state: str, fault: str, card: bool, at: datetime) -> None:
    """A customer called; where a person was sent, the desk opened a card."""
    buyer, serial = world.buyer(owner), world.machine(owner, state).row.serial
    call = repair_call_open(actor=buyer, serial=serial, fault=fault, contact=buyer.name, now=at)
    if card:
        repair_card_open(actor=world.house("desk"), serial=serial, fault=fault, call_id=call.pk, now=at)
