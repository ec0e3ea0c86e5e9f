"""Orders handed to a real Saleor: killed at each step, raced for the last piece, with the store stopped and back. Once, and none lost."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connections

from orders.engines.saleor import SaleorEngine
from orders.models import Order
from orders.services.engines import engine
from orders.services.placing import order_place
from portal import clock
from portal.engine import EngineEvent, EngineLine, EngineOrder, EventKind, Refusal
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_run
from portal.promises import seed
from portal.promises.models import Calendar, Holiday, Policy
from portal.saleor.client import SaleorClient
from portal.saleor.errors import SaleorAway
from portal.saleor.models import StoreLink
from portal.saleor.services import client
from tests import store
from tests.engines.contract import ADDRESS, NOW
from tests.orders.world import line as wanted
from tests.orders.world import request, world_make
from tests.shop import Shop, allocated, order_seen, part_make, sell_elsewhere, shop_make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1800)]
MAKE, ROUND, FINISH = (
    1,
    2,
    3,
)  # an order whose prices do not divide; of one that needs no rounding the second is the last
STOP, START = os.environ.get("SALEOR_STOP", ""), os.environ.get("SALEOR_START", "")


@pytest.fixture(scope="module")
def shop() -> Shop:
    """A shop of this run's own."""
    return shop_make(clock.real_now().strftime("%m%d%H%M%S"))


@pytest.fixture
def saleor(app: store.App, shop: Shop) -> Iterator[SaleorEngine]:
    """Connected and linked; rows are committed, so that other processes see them."""
    store.connect(store.API_URL, app.token, app.id)
    shop.link()
    yield SaleorEngine()
    engine.cache_clear()


def handed(shop: Shop, name: str, part: str, quantity: int = 1, gross: str = "") -> EngineOrder:
    """An order of one line; ten a piece, unless told."""
    net = Decimal(gross or 10 * quantity)
    one = EngineLine(1, part, part, quantity, net, Decimal(0), Decimal(0), {f"HOME-{shop.run}": quantity})
    number = f"{name}-{shop.run}"
    return EngineOrder(
        f"portal:{number}", number, 1, shop.channel, shop.currency, "Dealer", "buyer@example.com", ADDRESS, Decimal(0), Decimal(0), one.gross, [one]
    )  # fmt: skip


def killed(act: Callable[[], object], *, at: int, sent: bool) -> bool:
    """Run `act` in a child that dies at its n-th request, before it is sent or after it was answered; answers whether it died."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        count, real = 0, SaleorClient._post

        def deadly(self: SaleorClient, *args: object) -> object:
            nonlocal count
            count += 1
            answer = real(self, *args) if sent or count != at else None  # type: ignore[arg-type]
            if count == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        SaleorClient._post = deadly  # type: ignore[method-assign,assignment]
        act()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL


def told(command: str) -> None:
    """Stop or start the store, as its own people would: what our tests have in their environment is none of its business."""
    subprocess.run(shlex.split(command), check=True, env={name: os.environ[name] for name in ("PATH", "HOME")})


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Ten minutes pass: the mark of a completion has lapsed."""

    def pass_() -> None:
        real = clock.real_now
        monkeypatch.setattr(clock, "real_now", lambda: real() + timedelta(minutes=10))

    return pass_


def ends_as_one(saleor: SaleorEngine, shop: Shop, order: EngineOrder, part: str) -> None:
    """Asked again, and once more: one order with the right total, its pieces given to it once, our words on its line."""
    first, second = saleor.place(order, now=NOW), saleor.place(order, now=NOW)
    assert [one.kind for one in first] == [EventKind.ACCEPTED]
    assert [one.event_id for one in first] == [one.event_id for one in second]
    seen = order_seen(order.key)
    assert (seen["number"], seen["status"]) == (first[0].store_number, "UNFULFILLED")
    assert Decimal(str(seen["total"]["gross"]["amount"])) == order.total
    assert allocated(shop, part)[f"HOME-{shop.run}"] == (9, order.lines[0].quantity)
    (line,) = client().call("order_find", reference=order.key)["lines"]
    assert {one["key"]: one["value"] for one in line["metadata"]}["portal.position"] == "1"


@pytest.mark.parametrize("sent", [False, True])
@pytest.mark.parametrize(("gross", "at"), [("30", 1), ("30", 2), ("10", MAKE), ("10", ROUND), ("10", FINISH)])
def test_a_worker_killed_at_any_step_leaves_one_order_in_the_end(
    saleor: SaleorEngine, shop: Shop, later: Callable[[], None], gross: str, at: int, sent: bool
) -> None:
    part = part_make(shop, f"K{gross}{at}{sent}", home=9)
    shop.link()
    order = handed(shop, f"kill-{gross}-{at}-{sent}", part, 3, gross)
    assert killed(lambda: saleor.place(order, now=NOW), at=at, sent=sent)
    later()
    ends_as_one(saleor, shop, order, part)


@pytest.mark.parametrize("sent", [False, True])
@pytest.mark.parametrize("at", range(1, 6))  # make (refused: it is there), look, mark and describe, round, finish
def test_a_worker_killed_over_what_a_killed_one_left_leaves_one_order_too(
    saleor: SaleorEngine, shop: Shop, later: Callable[[], None], at: int, sent: bool
) -> None:
    part = part_make(shop, f"KK{at}{sent}", home=9)
    shop.link()
    order = handed(shop, f"kill-again-{at}-{sent}", part, 3, "10")
    assert killed(lambda: saleor.place(order, now=NOW), at=MAKE, sent=True)
    later()
    assert killed(lambda: saleor.place(order, now=NOW), at=at, sent=sent)
    later()
    ends_as_one(saleor, shop, order, part)


def test_a_draft_whose_completion_may_still_be_running_is_left_alone(saleor: SaleorEngine, shop: Shop) -> None:
    part = part_make(shop, "WAIT", home=9)
    shop.link()
    order = handed(shop, "kill-wait", part)
    assert killed(lambda: saleor.place(order, now=NOW), at=2, sent=False)
    with pytest.raises(SaleorAway, match="may still be running"):
        saleor.place(order, now=NOW)
    assert order_seen(order.key)["status"] == "DRAFT"


def test_an_order_in_another_currency_than_its_channel_is_refused_before_a_draft_is_made(
    saleor: SaleorEngine, shop: Shop
) -> None:
    part = part_make(shop, "COIN", home=5)
    shop.link()
    order = handed(shop, "coin", part)
    StoreLink.objects.filter(kind="currency").delete()  # so that Saleor itself is asked
    for _ in range(2):
        (event,) = saleor.place(replace(order, currency="KRW"), now=NOW)
        (told,) = event.refusals
        assert (event.kind, told.reason, told.position) == (EventKind.REFUSED, Refusal.CURRENCY, 0)
        assert told.words == f"{shop.channel}: EUR there, KRW here"
    assert client().call("order_find", reference=order.key) is None
    (event,) = saleor.place(order, now=NOW)
    assert event.kind == EventKind.ACCEPTED


def test_an_order_of_a_channel_that_is_gone_is_refused_as_such(saleor: SaleorEngine, shop: Shop) -> None:
    part = part_make(shop, "GONE", home=5)
    replace(shop, channel="gone-dealer", channel_id="Q2hhbm5lbDo5OTk5OTk=").link()
    StoreLink.objects.filter(kind="currency").delete()
    (event,) = saleor.place(replace(handed(shop, "gone", part), channel="gone-dealer"), now=NOW)
    assert [(one.reason, one.position) for one in event.refusals] == [(Refusal.CHANNEL, 0)]


def test_the_last_piece_goes_to_one_of_three_channels_and_the_others_are_told_by_line(
    saleor: SaleorEngine, shop: Shop
) -> None:
    part = part_make(shop, "LAST", home=1)
    shop.link()
    said: list[EngineEvent] = []
    bought: list[bool] = []

    def ours(name: str) -> None:
        try:
            said.extend(saleor.place(handed(shop, name, part), now=NOW))
        finally:
            connections.close_all()

    race = [threading.Thread(target=ours, args=("race-a",)), threading.Thread(target=ours, args=("race-b",))]
    race.append(threading.Thread(target=lambda: bought.append(sell_elsewhere(shop, part, 1))))
    for one in race:
        one.start()
    for one in race:
        one.join()
    accepted = [one for one in said if one.kind == EventKind.ACCEPTED]
    assert len(accepted) + bought.count(True) == 1
    assert [one.refusals[0].reason for one in said if one.kind == EventKind.REFUSED] == [Refusal.OUT_OF_STOCK] * (
        2 - len(accepted)
    )
    assert allocated(shop, part)[f"HOME-{shop.run}"] == (1, 1)


@pytest.mark.skipif(not (STOP and START), reason="give commands that stop and start Saleor: SALEOR_STOP, SALEOR_START")
def test_orders_taken_while_the_store_is_stopped_go_through_by_themselves_in_order_and_once(
    saleor: SaleorEngine, shop: Shop, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.COMMERCE_ENGINE = "orders.engines.saleor.SaleorEngine"
    engine.cache_clear()
    seed.plant(Policy, Calendar, Holiday)  # tests with real commits empty the tables
    world = world_make("EUR")
    key = part_make(shop, "AWAY", home=9)
    StoreLink.objects.filter(kind="channel").delete()
    replace(shop, channel="kr-customer").link()
    maker, number = key.split("/")
    part = world.part(home=9, number=number, maker=maker)
    told(STOP)
    try:
        orders = [
            order_place(actor=world.people.customer, request=request(wanted(part, 2)), now=world.now) for _ in range(3)
        ]
        for order in orders:
            outbox_run(f"store:{order.number}")
        assert {one.engine_state for one in Order.objects.all()} == {"PENDING"}
        assert OutboxMessage.objects.filter(kind="order.submit", done_at=None, attempts__gt=0).count() == 3
    finally:
        told(START)
    OutboxMessage.objects.filter(done_at=None).update(due_at=clock.now())
    real = clock.real_now
    monkeypatch.setattr(
        clock, "real_now", lambda: real() + timedelta(minutes=10)
    )  # whoever leaves a dead store alone asks again
    for order in orders:
        outbox_run(f"store:{order.number}")
        outbox_run(f"store:{order.number}")
    seen = [order_seen(f"portal:{order.number}") for order in orders]
    assert [one["status"] for one in seen] == ["UNFULFILLED"] * 3
    assert [int(one["number"]) for one in seen] == sorted(int(one["number"]) for one in seen)
    assert {one.engine_state for one in Order.objects.all()} == {"ACCEPTED"}
    assert allocated(shop, key)[f"HOME-{shop.run}"] == (9, 6)
