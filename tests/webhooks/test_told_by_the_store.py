"""What the store tells: believed by its signature alone, kept once, handed over as "look again", answered at once."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import jwt
import pytest
from django.test import Client
from jwt import PyJWS

from portal import clock
from portal.notices.models import Notice
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_write
from portal.saleor import signatures
from portal.saleor.models import Connection
from portal.webhooks import saleor_doors
from portal.webhooks.models import Delivery, DeliveryState
from tests.webhooks.the_store import Key, TheStore
from tests.webhooks.told import body, of_order, route, send, signed

pytestmark = pytest.mark.usefixtures("connection")


@pytest.fixture(autouse=True)
def _routes(settings: Any) -> None:
    settings.OUTBOX_ROUTES = route("order.look", "variant.look")


@pytest.fixture
def key(store: TheStore) -> Key:
    return store.keys[0]


def looks() -> list[tuple[str, str]]:
    found = OutboxMessage.objects.filter(kind__endswith=".look").order_by("pk")
    return list(found.values_list("kind", "key"))


def the_delivery() -> Delivery:
    return Delivery.objects.get()


def test_an_order_of_ours_is_looked_at_under_its_number(key: Key):
    assert signed(of_order("10001"), key).status_code == 200
    assert looks() == [("order.look", "store:10001")]
    assert OutboxMessage.objects.get().payload == {"order": "10001", "store_id": "T3JkZXI6MQ=="}
    assert (the_delivery().kind, the_delivery().state) == ("OrderUpdated", DeliveryState.APPLIED)


def test_an_order_of_another_channel_is_looked_at_under_the_stores_id(key: Key):
    signed(body("OrderCreated", order={"id": "T3JkZXI6OQ==", "externalReference": None}), key)
    assert looks() == [("order.look", "store:T3JkZXI6OQ==")]


def test_of_many_orders_each_is_looked_at(key: Key):
    orders = [{"id": str(n), "externalReference": f"portal:{n}"} for n in (1, 2)]
    signed(body("OrderBulkCreated", orders=orders), key)
    assert looks() == [("order.look", "store:1"), ("order.look", "store:2")]


def test_a_part_and_its_product_share_a_reference_and_one_look_does_not_do_for_the_other(key: Key):
    signed(body("ProductVariantStockUpdated", productVariant={"id": "VjE=", "externalReference": "ACME/1"}), key)
    signed(body("ProductUpdated", product={"id": "UDE=", "externalReference": "ACME/1"}), key)
    assert looks() == [("variant.look", "part:VjE= ACME/1"), ("variant.look", "part:UDE= ACME/1")]


def test_staff_are_told_once_a_day_that_something_cannot_be_read(key: Key):
    for number in range(3):
        signed(body("OrderUpdated", order={"number": number}), key)
    assert Notice.objects.filter(kind="webhook.malformed").values("key").distinct().count() == 1


def test_the_same_event_again_is_kept_once(key: Key):
    raw = of_order()
    assert [signed(raw, key).status_code for _ in range(3)] == [200] * 3
    assert (Delivery.objects.count(), len(looks())) == (1, 1)


def test_what_we_caused_ourselves_rings_nothing(key: Key, connection: Connection):
    signed(of_order(issuingPrincipal={"id": connection.app_id}), key)
    signed(of_order(issuingPrincipal={"id": "VXNlcjox"}), key)
    assert len(looks()) == 1
    assert sorted(Delivery.objects.values_list("state", "note")) == [("APPLIED", "store:10001"), ("IGNORED", "own")]


def test_a_kind_we_know_nothing_of_is_kept_and_ignored(key: Key):
    assert signed(body("GiftCardCreated"), key).status_code == 200
    assert (looks(), the_delivery().state) == ([], DeliveryState.IGNORED)


@pytest.mark.parametrize(
    "raw",
    [b"{", b"[]", b"{}", b'{"__typename": 1}', b'{"__typename": "OrderUpdated"}', b"\xff\xfe",
     b'{"__typename": "OrderUpdated", "issuedAt": "yesterday"}', b'{"__typename": "OrderUpdated", "issuedAt": "2026-01-01T00:00:00"}',
     b'{"__typename": "OrderUpdated", "issuedAt": "2026-01-01T00:00:00Z", "order": {"externalReference": "portal:1"}}',
     b'{"__typename": "ProductUpdated", "issuedAt": "2026-01-01T00:00:00Z", "product": {"externalReference": "x"}}',
     b'{"__typename": "ProductUpdated", "issuedAt": "2026-01-01T00:00:00Z", "product": "x", "issuingPrincipal": "y"}'],
)  # fmt: skip
def test_what_carries_a_good_signature_and_cannot_be_read_is_shown_to_staff(key: Key, raw: bytes):
    assert signed(raw, key).status_code == 400
    assert (looks(), the_delivery().state) == ([], DeliveryState.MALFORMED)


class TestForged:
    """Not the store's: nothing is kept but that it happened, once a day."""

    def refused(self, answer: Any) -> None:
        assert answer.status_code == 401
        assert looks() == []
        assert the_delivery().state == DeliveryState.REFUSED

    def test_without_a_signature(self):
        self.refused(send(of_order(), ""))

    def test_with_rubbish_for_one(self):
        self.refused(send(of_order(), "a..b"))

    def test_with_the_signature_of_another_body(self, key: Key):
        self.refused(send(of_order("10002"), key.sign(of_order("10001"))))

    def test_with_the_same_json_written_otherwise(self, key: Key):
        raw = of_order()
        self.refused(send(json.dumps(json.loads(raw), indent=1).encode(), key.sign(raw)))

    def test_by_another_key_under_the_stores_name(self, key: Key):
        raw = of_order()
        self.refused(send(raw, Key(key.kid).sign(raw)))

    def test_without_an_algorithm(self, key: Key):
        head = {"kid": key.kid, "b64": False, "crit": ["b64"]}
        raw = of_order()
        self.refused(send(raw, PyJWS().encode(raw, "", algorithm="none", headers=head, is_payload_detached=True)))

    def test_by_the_public_key_as_a_password(self, key: Key):
        raw, head = of_order(), {"kid": key.kid, "b64": False, "crit": ["b64"]}
        secret = json.dumps(key.public()) * 2
        self.refused(send(raw, PyJWS().encode(raw, secret, algorithm="HS256", headers=head, is_payload_detached=True)))

    def test_many_leave_one_row_a_day(self, key: Key):
        for number in range(5):
            send(of_order(str(number)), "a..b")
        assert Delivery.objects.count() == 1


class TestKeys:
    """The store's keys change by themselves, and nobody makes us fetch them for ever."""

    @pytest.fixture(autouse=True)
    def _time(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import time

        self.later = 0.0
        real = time.monotonic
        monkeypatch.setattr(time, "monotonic", lambda: real() + self.later)

    def test_they_are_fetched_once(self, key: Key, store: TheStore):
        for number in range(5):
            signed(of_order(str(number)), key)
        assert store.asked.count("keys") == 1

    def test_a_new_key_works_by_itself(self, key: Key, store: TheStore):
        signed(of_order("1"), key)
        store.keys = [Key("2")]
        self.later += signatures.KEYS_PAUSE + 1
        assert signed(of_order("2"), store.keys[0]).status_code == 200
        assert store.asked.count("keys") == 2

    def test_a_key_too_new_is_asked_to_come_again_and_is_not_lost(self, key: Key, store: TheStore):
        signed(of_order("1"), key)
        store.keys = [Key("2")]
        raw = of_order("2")
        assert signed(raw, store.keys[0]).status_code == 503
        self.later += signatures.KEYS_PAUSE + 1
        assert signed(raw, store.keys[0]).status_code == 200

    def test_unknown_keys_do_not_make_us_ask_again_and_again(self, key: Key, store: TheStore):
        signed(of_order("1"), key)
        for number in range(20):
            raw = of_order(str(number))
            assert signed(raw, Key(f"forged {number % 3}")).status_code == 503
        assert store.asked.count("keys") <= 2
        assert len(looks()) == 1

    def test_an_old_key_that_was_taken_away_is_refused_once_they_are_fetched_anew(self, key: Key, store: TheStore):
        signed(of_order("1"), key)
        store.keys = [Key("2")]
        self.later += signatures.KEYS_KEPT + 1
        assert signed(of_order("2"), key).status_code == 503

    def test_while_they_cannot_be_fetched_the_store_comes_again(self, key: Key, store: TheStore):
        store.away = True
        assert signed(of_order(), key).status_code == 503
        store.away = False
        assert signed(of_order(), key).status_code == 200


class TestDoors:
    """What the store waits for the answer to is done once."""

    asked: list[str]

    @pytest.fixture(autouse=True)
    def _door(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked = []

        def door(said: Any, now: Any) -> dict[str, str]:
            self.asked.append(said["transaction"]["id"])
            return {"pspReference": "re_1"}

        monkeypatch.setitem(saleor_doors.DOORS, "TransactionRefundRequested", door)

    def question(self) -> bytes:
        return body("TransactionRefundRequested", transaction={"id": "VDE="}, action={"amount": 5})

    def test_it_is_answered(self, key: Key):
        answer = signed(self.question(), key)
        assert (answer.status_code, answer.json()) == (200, {"pspReference": "re_1"})
        assert the_delivery().state == DeliveryState.APPLIED

    def test_the_same_question_again_has_the_same_answer_and_does_nothing(self, key: Key):
        raw = self.question()
        assert [signed(raw, key).json() for _ in range(2)] == [{"pspReference": "re_1"}] * 2
        assert self.asked == ["VDE="]

    def test_an_old_question_is_a_replay(self, key: Key, monkeypatch: pytest.MonkeyPatch):
        raw = self.question()
        later = clock.real_now() + saleor_doors.OLDEST + timedelta(seconds=1)
        monkeypatch.setattr(clock, "real_now", lambda: later)
        assert signed(raw, key).status_code == 503
        assert (self.asked, the_delivery().state) == ([], DeliveryState.REFUSED)

    def test_one_that_was_killed_between_deed_and_answer_is_asked_again_and_done_once(self, key: Key, monkeypatch: pytest.MonkeyPatch):  # fmt: skip
        deaths = [SystemExit]

        def door(said: Any, now: Any) -> dict[str, str]:
            outbox_write(kind="order.look", key="1", payload={"order": "1", "store_id": ""}, now=now)
            if deaths:
                raise deaths.pop()
            return {"pspReference": "re_1"}

        monkeypatch.setitem(saleor_doors.DOORS, "TransactionRefundRequested", door)
        question = self.question()
        with pytest.raises(SystemExit):
            signed(question, key)
        assert not OutboxMessage.objects.exists()
        assert [signed(question, key).json() for _ in range(2)] == [{"pspReference": "re_1"}] * 2
        assert OutboxMessage.objects.count() == 1


def test_without_a_store_there_is_no_door(key: Key):
    Connection.objects.all().delete()
    assert signed(of_order(), key).status_code == 404


def test_what_is_too_large_is_not_read(key: Key):
    assert signed(body(order={"id": "x" * 300_000}), key).status_code == 413


def test_it_is_posted():
    assert Client().get("/webhooks/saleor/").status_code == 405


class TestStaffToken:
    """The Dashboard's token for our widget: the store's, for our app, meant for us, not too old."""

    def read(self, token: str) -> dict[str, Any]:
        return signatures.staff_token_read(Connection.objects.get(), token)

    def test_a_good_one_says_who_it_is(self, store: TheStore):
        assert self.read(store.staff_token())["email"] == "staff@store.test"

    @pytest.mark.parametrize(
        "claims",
        [{"app": "QXBwOjI="}, {"iss": "http://other.test/graphql/"}, {"aud": "another"}, {"aud": None}, {"type": "access"}, {"exp": 1}, {"exp": None}],
    )  # fmt: skip
    def test_any_other_is_refused(self, store: TheStore, claims: dict[str, Any]):
        with pytest.raises(signatures.NotTheStore):
            self.read(store.staff_token(**claims))

    def test_one_by_another_key_is_refused(self, store: TheStore):
        with pytest.raises(signatures.NotTheStore):
            self.read(store.staff_token(key=Key("1")))

    def test_one_signed_by_a_password_is_refused(self, store: TheStore):
        said = {"iss": store.api_url, "aud": "x", "type": "thirdparty", "exp": 9_999_999_999}
        with pytest.raises(signatures.NotTheStore):
            self.read(jwt.encode(said, "p" * 40, algorithm="HS256", headers={"kid": "1"}))

    @pytest.mark.parametrize("token", ["", "a", "a.b.c", "é.b.c", "x" * 5000])
    def test_rubbish_is_refused(self, token: str):
        with pytest.raises(signatures.NotTheStore):
            self.read(token)
