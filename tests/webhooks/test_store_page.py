"""The house sees how the talk with its store stands; the store's staff see our side of an order in theirs."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from inspect import getsource
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from catalog.services.store_sweep import store_sweep
from orders.rules import mirror
from orders.services import mirroring
from orders.services.store_sweeping import store_orders_sweep
from orders.store_words import figure_words, figures_told
from portal import clock
from portal.accounts.models import User
from portal.management.store_ours import ours_read
from portal.notices.words import notice_words
from portal.outbox.services import outbox_run
from portal.saleor import services
from portal.saleor.check import check_keep
from portal.saleor.errors import SaleorAway
from portal.saleor.findings import Finding
from portal.saleor.manifest import PERMISSIONS
from portal.saleor.models import Connection
from portal.webhooks.models import Delivery, DeliveryState
from tests.catalog.store_world import Catalogue
from tests.frontend.conftest import browser, text
from tests.orders.world import World, line, world_make
from tests.webhooks.the_store import Key, TheStore
from tests.webhooks.told import of_order, send, signed


@pytest.fixture
def world(db: None) -> World:
    return world_make()


def page(world: World) -> str:
    return text(browser(world.people.manager).get("/store/"))


def test_without_a_store_it_says_how_to_connect(world: World):
    assert "saleor_connect URL" in page(world)


def test_it_shows_what_was_heard_refused_and_differs(world: World, connection: Connection, store: TheStore):
    now = clock.now()
    signed(of_order("10001"), store.keys[0])
    send(of_order("10002"), "a..b")
    services.difference_note(kind="stock", subject="HS1 @ HOME", ours="3", theirs="4", now=now)
    services.difference_note(kind="stock", subject="HS2 @ HOME", ours="5", theirs="6", now=now)
    services.difference_mended(kind="stock", subject="HS2 @ HOME", now=now)
    services.sweep_noted(kind="stock", began=now - timedelta(minutes=2), ended=now, seen=12874, differences=1)
    shown = page(world)
    assert store.api_url in shown
    for words in ("HS1 @ HOME", "12,874", "event: DecodeError"):
        assert words in shown
    assert "HS2 @ HOME" not in shown


def test_both_sweeps_stand_on_the_page_while_they_run_and_after(
    world: World, connection: Connection, monkeypatch: pytest.MonkeyPatch
):
    shown: list[str] = []

    class Copy:
        """A store whose orders nobody changed."""

        def changed_since(self, since: datetime) -> list[str]:
            shown.append(page(world))
            return []

    monkeypatch.setattr("orders.services.store_sweeping.store_copy", Copy)
    store_orders_sweep(now=world.now, real_now=clock.real_now(), whole=False)
    store_sweep(catalogue=Catalogue([]), ours=ours_read(world.now), now=world.now)
    assert re.search(r"Orders</td><td>running since", shown[0])
    for kind in ("Orders", "Parts, prices and stock"):
        assert re.search(rf"{kind}</td><td>(?!running)", page(world))
    assert "running since" not in page(world)


def test_a_sweep_that_breaks_off_says_by_what_and_one_that_was_killed_does_not_run_for_ever(
    world: World, connection: Connection, monkeypatch: pytest.MonkeyPatch
):
    class Gone:
        """A store that is away."""

        def changed_since(self, since: datetime) -> list[str]:
            raise SaleorAway("Nobody answers.")

    monkeypatch.setattr("orders.services.store_sweeping.store_copy", Gone)
    with pytest.raises(SaleorAway):
        store_orders_sweep(now=world.now, real_now=clock.real_now(), whole=False)
    assert "broken off" in page(world)
    assert "The store does not answer" in page(world)
    services.sweep_noted(kind="orders", began=world.now, ended=None)  # and then its process died
    shown = page(world)
    assert ("killed" in shown, "running since" in shown) == (True, False)


def test_an_order_that_differs_says_so_in_figures_and_reasons_of_the_readers_language(
    world: World, connection: Connection
):
    facts = {
        "gaps": [{"what": "quantity", "ours": "2", "theirs": "", "place": 3}],
        "why": [
            {"fact": "SHIPPED", "problems": [{"code": "WRONG_STATE", "field": "order", "details": {}, "why": "held"}]},
            {"step": "SHIP", "said": "No such line."},
        ],
    }
    services.difference_note(kind="order", subject="10001", ours="-", theirs="-", facts=facts, now=clock.now())
    shown = page(world)
    for words in ("pieces of line 3: 2", "pieces of line 3: -", "Handed over there: The order is held back. Release it first.", "The store refuses it: No such line."):  # fmt: skip
        assert words in shown


def test_the_notice_of_an_order_that_differs_names_the_figures_in_the_readers_language():
    told = figures_told([("quantity", 3), ("hand-overs", 0), ("quantity", 3)])
    english = notice_words("order.differs", "10001", {"figures": told}).text
    assert "differs in: pieces of line 3; hand-overs." in english
    for language in ("ko", "ja"):
        with override(language):
            read = notice_words("order.differs", "10001", {"figures": told}).text
        assert ("hand-overs" in read, "3" in read, "10001" in read) == (False, True, True)


def test_every_figure_that_may_differ_has_words():
    codes = re.findall(r'Gap\(\s*"([a-z-]+)"', "".join(getsource(one) for one in (mirror, mirroring)))
    assert len(set(codes)) > 7
    assert {one for one in codes if figure_words(one, 1) == one} <= {
        "hand-overs",
        "cancelled",
        "paid",
    }  # read as they are


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"tried": False}, "never tried"),
        ({"tried": True, "status": None, "text": "Invalid IP address"}, "HTTP_IP_FILTER_ENABLED"),
        ({"tried": True, "status": 404, "text": ""}, "HTTP 404: there is no such address"),
    ],
)
def test_a_webhook_that_did_not_arrive_says_what_the_store_was_answered(answer: dict[str, Any], words: str):
    assert words in Finding("ping", False, {"seconds": 15, **answer}).words


def test_a_permission_that_is_missing_says_what_it_is_for_in_the_readers_language():
    found = Finding("permissions.missing", False, {"missing": sorted(PERMISSIONS)})
    english = found.words
    for language in ("ko", "ja"):
        with override(language):
            assert not [code for code, why in PERMISSIONS.items() if f"{code} ({why})" not in found.words]
            assert not [why for why in map(str, PERMISSIONS.values()) if why in english]


def test_what_a_worker_found_is_read_in_the_readers_language(world: World, connection: Connection, store: TheStore):
    store.away = True
    with override("ja"):
        check_keep(now=clock.now())
    assert "The store does not answer" in page(world)
    User.objects.filter(memberships=world.people.manager.membership_id).update(language="ko")
    shown = page(world)
    assert ("The store does not answer" in shown, "HTTP 503" in shown) == (False, True)


def test_the_lag_is_from_the_deed_to_us(world: World, connection: Connection):
    now = clock.now()
    for seconds in (1, 2, 9):
        Delivery.objects.create(
            source="saleor", event_id=str(seconds), kind="OrderUpdated", state=DeliveryState.APPLIED,
            happened_at=now - timedelta(seconds=seconds), received_at=now,
        )  # fmt: skip
    shown = page(world)
    assert "2.0 s" in shown
    assert "9.0 s" in shown


def test_asked_how_it_is_a_worker_looks_and_the_page_tells(world: World, connection: Connection, store: TheStore):
    person = browser(world.people.manager)
    assert person.post("/store/").status_code == 302
    store.away = True
    assert outbox_run("store.check") == 1
    assert "HTTP 503" in text(person.get("/store/"))


class TestWidget:
    """Framed by the Dashboard alone, opened by the store's own token alone."""

    DASHBOARD = "https://dashboard.store.test"

    @pytest.fixture(autouse=True)
    def _order(self, world: World, connection: Connection, store: TheStore, settings: Any) -> None:
        settings.SALEOR_DASHBOARD_URL, settings.PORTAL_URL = f"{self.DASHBOARD}/dashboard", "https://parts.test"
        self.store = store
        self.order = world.place(line(world.part(home=9, name="Seal kit"), 2))
        services.link_set("order", self.order.number, "T3JkZXI6MQ==")

    def show(self, token: str | None = None, order: str = "T3JkZXI6MQ==") -> Any:
        said = {
            "accessToken": self.store.staff_token() if token is None else token,
            "orderId": order,
            "appId": "QXBwOjE=",
        }
        return Client(enforce_csrf_checks=True).post("/store/widget/", said)

    def test_it_shows_lines_payer_and_promise_and_leads_to_the_portal(self):
        answer = self.show()
        shown = text(answer)
        assert answer.status_code == 200
        for words in (
            self.order.number,
            "Seal kit",
            'class="promise',
            f'href="https://parts.test/orders/{self.order.number}/"',
        ):
            assert words in shown
        assert not re.search(r"<script|style=|<form", shown)

    def test_it_may_be_framed_by_the_dashboard_alone(self):
        answer = self.show()
        assert f"frame-ancestors {self.DASHBOARD}" in answer["Content-Security-Policy"].split("; ")
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert "X-Frame-Options" not in answer
        assert answer["Cache-Control"] == "no-store"

    def test_without_a_dashboard_nobody_frames_it(self, settings: Any):
        settings.SALEOR_DASHBOARD_URL = ""
        assert "frame-ancestors 'none'" in self.show()["Content-Security-Policy"]

    @pytest.mark.parametrize(
        "claims",
        [{"app": "QXBwOjI="}, {"exp": 1}, {"aud": "another"}, {"permissions": []}, {"permissions": None, "iss": "x"}],
    )
    def test_another_token_shows_nothing(self, claims: dict[str, Any]):
        answer = self.show(self.store.staff_token(**claims))
        assert answer.status_code == 403
        assert self.order.number not in text(answer)

    def test_a_forged_token_shows_nothing(self):
        assert self.show(self.store.staff_token(key=Key("1"))).status_code == 403
        assert self.show("").status_code == 403

    def test_an_order_of_another_channel_is_none_of_ours(self):
        services.link_set("order", "someone", "T3JkZXI6OQ==")
        assert "not placed in the parts portal" in text(self.show(order="T3JkZXI6OQ=="))

    def test_while_the_keys_cannot_be_fetched_it_says_so(self):
        self.store.away = True
        assert self.show().status_code == 503

    def test_without_a_store_there_is_nothing(self):
        Connection.objects.all().delete()
        assert self.show().status_code == 403
