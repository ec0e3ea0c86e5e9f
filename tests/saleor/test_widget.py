"""The frame in Saleor's order page, opened by the token that Saleor itself gives its staff."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from portal.saleor.services import connection_get
from tests import store
from tests.frontend.conftest import text
from tests.orders.world import World, line
from tests.saleor import dashboard
from tests.saleor.shop import Shop, shop_open

_TOKEN = "query($id: ID!) { app(id: $id) { accessToken } }"
_STAFFS_OWN = "mutation($e: String!, $p: String!) { tokenCreate(email: $e, password: $p) { token } }"


@pytest.fixture
def installed_shop(committed: None, portal: Any, world: World, settings: Any) -> Iterator[Shop]:
    """A shop to order from, whose app Saleor installed from our manifest: only such a one is given tokens for its staff."""
    call_command("saleor_connect", store.API_URL)
    yield from shop_open(world, settings)


def show(token: str, order: str) -> Any:
    """As the Dashboard posts it."""
    said = {"saleorApiUrl": store.API_URL, "accessToken": token, "appId": connection_get().app_id, "orderId": order}
    return Client(enforce_csrf_checks=True).post("/store/widget/", said)


def test_it_shows_an_order_to_the_bearer_of_a_token_that_saleor_made_for_us(
    installed_shop: Shop, world: World, settings: Any
):
    settings.SALEOR_DASHBOARD_URL = "https://dashboard.test"
    order = world.place(line(installed_shop.part(home=5, name="Seal kit"), 2))
    installed_shop.settle(order)
    there = dashboard.seen(order)["id"]
    ours = store.staff_ask(_TOKEN, id=connection_get().app_id)["app"]["accessToken"]
    answer = show(ours, there)
    assert answer.status_code == 200
    assert all(words in text(answer) for words in (order.number, "Seal kit", 'class="promise'))
    assert "frame-ancestors https://dashboard.test" in answer["Content-Security-Policy"]


def test_a_token_that_saleor_made_for_somebody_else_shows_nothing(installed_shop: Shop, world: World):
    order = world.place(line(installed_shop.part(home=5), 2))
    installed_shop.settle(order)
    there = dashboard.seen(order)["id"]
    staffs_own = store.ask(_STAFFS_OWN, e=store.EMAIL, p=store.PASSWORD)["tokenCreate"]["token"]
    before = store.staff_ask(_TOKEN, id=connection_get().app_id)["app"]["accessToken"]
    call_command("saleor_connect", store.API_URL, "--replace")
    for token in (staffs_own, before, "", "x.y.z"):
        answer = show(token, there)
        assert (answer.status_code, order.number in text(answer)) == (403, False)
