"""Every fault there is over one set of orders, in one run; then an operator asks on the command line, and both books are equal."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.core.exceptions import ObjectDoesNotExist

from catalog.models import Part
from orders.models import Order
from orders.selectors.ledger_check import ledger_disagreements
from orders.services.cancelling import order_cancel
from orders.services.placing import order_place
from orders.services.returning import ReturnLine, return_create, return_receive
from orders.services.spending import order_refund
from orders.services.undoing import shipment_undo
from portal import clock
from portal.errors import PortalError
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_drain, outbox_run
from portal.saleor.client import SaleorClient
from portal.saleor.errors import SaleorAway
from portal.saleor.models import Difference
from portal.saleor.selectors import STORE_KINDS
from portal.saleor.waking import store_back
from portal.webhooks.models import Delivery, DeliveryState
from tests.architecture.source import ROOT
from tests.orders.world import World, line, lines_of, request
from tests.promises.test_sweep_survives import database_url
from tests.saleor import dashboard
from tests.saleor.killing import killed_worker
from tests.saleor.shop import Shop
from tests.saleor.test_orders_survive import START, STOP, told
from tests.saleor.wire import Wire
from tests.webhooks.the_store import Key

ORDERS = int(os.environ.get("SALEOR_FAULT_ORDERS", "16"))
pytestmark = pytest.mark.timeout(6000)


@contextmanager
def answers_lost(chance: random.Random, share: float) -> Iterator[None]:
    """So many of Saleor's answers to what we do there get lost, after the deed."""
    real = SaleorClient.call

    def lossy(self: SaleorClient, name: str, /, **given: Any) -> Any:
        answer = real(self, name, **given)
        if not name.endswith(("look", "find", "stock")) and chance.random() < share:
            raise SaleorAway("lost", doubtful=True)
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SaleorClient, "call", lossy)
        yield


@dataclass
class Trial:
    """Orders, and what is done to them; `done` counts what was possible. `moved`: Saleor's people did something that we have not looked at."""

    shop: Shop
    world: World
    wire: Wire
    part: Part
    chance: random.Random
    orders: list[Order] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)
    moved: set[int] = field(default_factory=set)

    def count(self, what: str) -> None:
        """It was done."""
        self.done[what] = self.done.get(what, 0) + 1

    def place(self) -> Order:
        """A buyer orders; nobody has told Saleor yet."""
        wanted = line(self.part, self.chance.randint(2, 6))
        order = order_place(actor=self.world.people.customer, request=request(wanted), now=self.world.now)
        self.orders.append(order)
        self.count("placed")
        return order

    def act(self, order: Order, *acts: Callable[[Trial, Order], None]) -> None:
        """One of these acts, if it is possible at this moment."""
        act = self.chance.choice(acts)
        if order.pk in self.moved and act in MAY_CROSS:  # a true conflict is a person's to settle (test_webhooks.py)
            try:
                assert self.shop.look(order) == []
            except SaleorAway:
                return  # stopped: nobody can see what they did there
            self.moved.discard(order.pk)
        order.refresh_from_db()
        if act in THERE and not dashboard.seen(order):
            return  # cancelled before the store had it
        try:
            act(self, order)
        except (PortalError, AssertionError, StopIteration, ObjectDoesNotExist):
            return
        self.count(act.__name__)
        if act in THERE:
            self.moved.add(order.pk)

    def later(self) -> None:
        """Time passes: what failed is tried again."""
        self.world.now += timedelta(minutes=10)

    def worker(self) -> None:
        """One comes, until nothing waits. A dead one's lock goes with its connection, and a completion without answer may still live."""
        for _ in range(200):
            self.later()
            outbox_drain()
            if not OutboxMessage.objects.filter(kind__in=STORE_KINDS, done_at=None).exists():
                return
        raise AssertionError(list(OutboxMessage.objects.filter(done_at=None).values("kind", "key", "last_error")))


def pays(trial: Trial, order: Order) -> None:
    """The bank says so."""
    trial.world.pay(order)


def ships(trial: Trial, order: Order) -> None:
    """Some pieces leave."""
    (first,) = lines_of(order)
    trial.world.ship(order, (first, trial.chance.randint(1, max(first.open_quantity, 1))), tracking_number="OUR-1")


def unships(trial: Trial, order: Order) -> None:
    """A hand-over that did not happen."""
    shipment = order.shipments.filter(undone_at=None).order_by("-pk")[0:1].get()
    shipment_undo(actor=trial.world.people.manager, shipment_id=shipment.pk, reason="dock", now=trial.world.now)


def cancels(trial: Trial, order: Order) -> None:
    """A piece less, and its money back if it was paid."""
    pieces = {lines_of(order)[0].pk: 1}
    world = trial.world
    order_cancel(
        actor=world.people.manager, order_id=order.pk, line_ids=pieces, pieces=pieces, reason="less", now=world.now
    )
    order.refresh_from_db()
    if order.payment_state == "REFUND_DUE":
        order_refund(actor=world.people.accountant, order_id=order.pk, now=world.now)


def cancels_all(trial: Trial, order: Order) -> None:
    """The buyer does not want it any more."""
    world = trial.world
    order_cancel(actor=world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=world.now)


def takes_back(trial: Trial, order: Order) -> None:
    """A piece comes back."""
    world, wanted = trial.world, [ReturnLine(lines_of(order)[0].pk, 1)]
    (row,) = return_create(actor=world.people.customer, order_id=order.pk, lines=wanted, reason="UNUSED", now=world.now)
    return_receive(actor=world.people.manager, return_id=row.pk, now=world.now)


def they_fulfil(trial: Trial, order: Order) -> None:
    """The warehouse hands over in the Dashboard."""
    assert order.payment_state == "PAID"
    assert order.state in ("READY", "PARTLY_SHIPPED")
    outbox_run(f"store:{order.number}")  # they see what we did
    (there,) = dashboard.seen(order)["lines"]
    count = trial.chance.randint(1, there["quantityToFulfill"]) if there["quantityToFulfill"] else 0
    assert count
    dashboard.fulfil(order, trial.part.number, count, trial.shop.warehouses[trial.chance.choice(["HOME", "AWAY"])])


def they_unfulfil(trial: Trial, order: Order) -> None:
    """And takes it back."""
    outbox_run(f"store:{order.number}")
    seen = dashboard.seen(order)["fulfillments"]
    assert not any(one["status"] == "RETURNED" for one in seen)
    one = next(one for one in seen if one["status"] == "FULFILLED")
    dashboard.unfulfil(one["id"], trial.shop.warehouses[one["warehouse"]["externalReference"]])


def they_track(trial: Trial, order: Order) -> None:
    """A carrier's number is edited."""
    one = next(one for one in dashboard.seen(order)["fulfillments"] if one["status"] == "FULFILLED")
    dashboard.track(one["id"], f"THEIR-{trial.chance.randint(1, 9)}")


def they_strike(trial: Trial, order: Order) -> None:
    """A piece that never left is struck out."""
    outbox_run(f"store:{order.number}")
    assert dashboard.seen(order)["lines"][0]["quantityToFulfill"]
    dashboard.strike(order, trial.part.number, 1)


def they_enter(trial: Trial, order: Order) -> None:
    """Money is entered by hand."""
    dashboard.enter(order, charged="1000")


HERE = (pays, ships, ships, unships, cancels, cancels_all, takes_back)
MAY_CROSS = (ships, unships, cancels, cancels_all)
THERE = (they_fulfil, they_fulfil, they_unfulfil, they_track, they_strike, they_enter)


@pytest.fixture
def trial(wire: Wire, shop: Shop, world: World, monkeypatch: pytest.MonkeyPatch) -> Trial:
    """Two shelves full, and workers who come later each time."""
    real, began = clock.real_now, world.now
    monkeypatch.setattr(clock, "real_now", lambda: real() + (world.now - began))
    return Trial(shop, world, wire, shop.part(home=4000, away=4000), random.Random(20261128))


def test_after_every_fault_the_operator_sees_no_difference(trial: Trial, capsys: pytest.CaptureFixture[str]):
    _killed_while_placing(trial)
    _killed_and_answers_lost(trial)
    _told_badly(trial)
    if STOP and START:
        _stopped(trial)
    _lost(trial)
    trial.worker()
    swept = _sweep()
    assert (swept.returncode, swept.stdout.split(", ")[-1].strip()) == (0, "0 differences"), swept.stdout + swept.stderr
    with capsys.disabled():
        print(f"\n{dict(sorted(trial.done.items()))}\n{swept.stdout.strip().splitlines()[-1]}")
    assert "0 mended, 0 differences" in _sweep().stdout
    assert (ledger_disagreements(), list(Difference.objects.filter(mended_at=None))) == ([], [])
    for order in trial.orders:
        order.refresh_from_db()
        assert trial.shop.look(order) == []
        assert order.engine_state == "ACCEPTED" or order.state == "CANCELLED"
    assert {"placed", "killed", "answers lost", "told again", "forged", "lost"} <= trial.done.keys()


def _sweep() -> subprocess.CompletedProcess[str]:
    """As an operator types it."""
    environment = os.environ | {
        "DATABASE_URL": database_url(), "COMMERCE_ENGINE": "orders.engines.saleor.SaleorEngine", "PYTHONPATH": str(ROOT),
        "COLUMNS": "200",
    }  # fmt: skip
    command = [sys.executable, "-m", "portal", "saleor_sweep"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)


def _killed_while_placing(trial: Trial) -> None:
    """Every other worker is killed over a new order, at its first, second ... point; money comes in meanwhile."""
    for number in range(ORDERS):
        order = trial.place()
        if number % 2:
            trial.done["killed"] = trial.done.get("killed", 0) + killed_worker(order, number // 2 + 1)
        trial.act(order, pays, pays, cancels)
    trial.worker()


def _killed_and_answers_lost(trial: Trial) -> None:
    """Things happen here and there; workers are killed over them, and answers get lost after the deed."""
    for order in trial.orders[: ORDERS // 2]:
        trial.act(order, *HERE)
        trial.act(order, *THERE)
        trial.act(order, *HERE)
        trial.done["killed"] += killed_worker(order, trial.chance.randint(1, 8))
    with answers_lost(trial.chance, 0.4):
        for order in trial.orders[ORDERS // 2 :]:
            trial.act(order, *HERE)
            trial.act(order, *HERE)
            outbox_run(f"store:{order.number}")
            trial.later()
            trial.count("answers lost")
    trial.worker()


def _told_badly(trial: Trial) -> None:
    """What Saleor says is kept, then told twice, in another order, and by a forger too, while more happens."""
    wire, before = trial.wire, len(trial.wire.said)
    wire.keeps = True
    for order in trial.orders:
        trial.act(order, *THERE)
    wire.wait(lambda: len(wire.said) > before)
    kept = wire.said[before:]
    for number, one in enumerate(trial.chance.sample(kept, len(kept)) + trial.chance.sample(wire.said, 40)):
        assert wire.tell(one).status_code == 200
        trial.count("told again")
        if number % 4 == 0:
            trial.act(trial.chance.choice(trial.orders), *HERE)
    stranger = Key(jwt.get_unverified_header(wire.said[0].headers["Saleor-Signature"])["kid"])
    for one in wire.said[:3]:
        forged = type(one)(one.body, {**one.headers, "Saleor-Signature": stranger.sign(one.body)})
        assert wire.tell(forged).status_code == 401
        trial.count("forged")
    wire.keeps = False
    assert not Delivery.objects.filter(state=DeliveryState.MALFORMED).exists()
    trial.worker()


def _stopped(trial: Trial) -> None:
    """Saleor is stopped; everybody goes on here."""
    told(STOP)
    try:
        for _ in range(6):
            trial.act(trial.place(), pays, pays, cancels_all)
            for _ in range(3):
                trial.act(trial.chance.choice(trial.orders), *HERE)
            outbox_drain()
            trial.later()
            trial.count("stopped")
    finally:
        told(START)
    trial.later()
    store_back(now=trial.world.now)
    trial.worker()


def _lost(trial: Trial) -> None:
    """The portal does not answer Saleor; a last round of acts there is never heard of. Only the sweep finds them."""
    trial.wire.down = True
    for order in trial.orders:
        trial.act(order, *THERE)
        trial.count("lost")
