"""A draft of ours that Saleor's people changed after a worker died over it: staff here see it, nothing is lost, the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from orders.models import Order, StoreRefusal
from orders.services.placing import order_place
from orders.services.refusals import refusal_settle
from portal import clock
from portal.notices.models import Notice
from portal.outbox.services import outbox_run
from portal.saleor.client import SaleorClient
from portal.saleor.errors import SaleorAway
from portal.saleor.models import Difference
from tests.frontend.conftest import browser, text
from tests.orders.world import World, line, request
from tests.saleor import dashboard
from tests.saleor.shop import Shop


@contextmanager
def dies_before(name: str) -> Iterator[None]:
    """A worker that gets no further than this document."""
    real = SaleorClient.call

    def call(self: SaleorClient, asked: str, /, **given: Any) -> Any:
        if asked == name:
            raise SaleorAway("the worker died here")
        return real(self, asked, **given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SaleorClient, "call", call)
        yield


@pytest.fixture
def half(shop: Shop, world: World, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Order]:
    """An order of which Saleor has only a draft; whoever comes next comes an hour later."""

    def make(*lines: Any, before: str) -> Order:
        order = order_place(actor=world.people.customer, request=request(*lines), now=world.now)
        with dies_before(before):
            outbox_run(f"store:{order.number}")
        assert dashboard.seen(order)["status"] == "DRAFT"
        world.now += timedelta(hours=1)
        real = clock.real_now
        monkeypatch.setattr(clock, "real_now", lambda: real() + timedelta(hours=1))
        return order

    return make


@pytest.mark.parametrize("before", ["draft_finish"])
def test_completed_there_with_a_line_more_staff_see_it_and_our_lines_go_their_way(
    half: Callable[..., Order], shop: Shop, world: World, before: str
):
    part, strange = shop.part(home=5), shop.part(home=5)
    order = half(line(part, 3), before=before)
    dashboard.draft_add(order, shop.variants[strange.number], 2)
    dashboard.draft_complete(order)
    shop.settle(order)
    assert (order.engine_state, [one.what for one in shop.look(order)]) == ("ACCEPTED", ["lines"])
    told = Difference.objects.get(subject=order.number, mended_at=None)
    assert f"2 x {strange.number}" in told.theirs
    assert Notice.objects.filter(kind="order.differs", subject=order.number, role="PARTS_MANAGER").count() == 1
    assert strange.number in text(browser(world.people.manager).get("/store/"))
    world.pay(order)
    world.ship(order)
    shop.settle(order)
    seen = dashboard.seen(order)
    fulfilled = {one["productSku"]: one["quantityFulfilled"] for one in seen["lines"]}
    assert (fulfilled, seen["totalCharged"]["amount"]) == ({part.number: 3, strange.number: 0}, 30000)
    assert [one.what for one in shop.look(order)] == ["lines"]


@pytest.mark.parametrize("before", ["draft_finish"])
def test_completed_there_with_fewer_pieces_staff_see_both_counts_and_our_order_stands(
    half: Callable[..., Order], shop: Shop, world: World, before: str
):
    part, other = shop.part(home=5), shop.part(home=5)
    order = half(line(part, 3), line(other, 1), before=before)
    dashboard.draft_count(order, part.number, 2)
    dashboard.draft_complete(order)
    shop.settle(order)
    assert ("quantity", 1) in {(one.what, one.place) for one in shop.look(order)}
    told = Difference.objects.get(subject=order.number, mended_at=None)
    assert {"what": "quantity", "place": 1, "ours": "3", "theirs": "2"} in told.facts["gaps"]
    world.pay(order)
    world.ship(order)
    shop.settle(order)
    assert (order.state, [one.quantity for one in order.lines.order_by("position")]) == ("SHIPPED", [3, 1])
    assert shop.look(order)  # still seen, and tried again by every look
    assert dashboard.seen(order)["totalCharged"]["amount"] == 40000


def test_a_draft_that_was_changed_is_refused_in_words_and_made_anew_at_a_press(
    half: Callable[..., Order], shop: Shop, world: World
):
    part, strange = shop.part(home=5), shop.part(home=5)
    order = half(line(part, 3), before="draft_finish")
    dashboard.draft_add(order, shop.variants[strange.number], 2)
    shop.settle(order)
    found = StoreRefusal.objects.get(order=order, settled_at=None)
    assert (order.engine_state, found.reason) == ("REFUSED", "OTHER")
    assert found.words.startswith("Somebody changed draft ")
    assert dashboard.seen(order)["status"] == "DRAFT"  # theirs to look at until somebody decides
    refusal_settle(actor=world.people.manager, refusal_id=found.pk, act="RETRY", now=world.now)
    shop.settle(order)
    seen = dashboard.seen(order)
    assert (order.engine_state, seen["status"]) == ("ACCEPTED", "UNFULFILLED")
    assert [(one["productSku"], one["quantity"]) for one in seen["lines"]] == [(part.number, 3)]
    assert (shop.look(order), shop.stock(part)["HOME"]) == ([], (5, 3))
