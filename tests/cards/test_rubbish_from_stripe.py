"""Well signed, and absurd: whatever Stripe says is taken or kept for a person to see; it stops nothing and is not tried for ever."""

from __future__ import annotations

import json
import time
from copy import deepcopy
from typing import Any

import pytest
from django.contrib.admin.sites import site
from django.db import transaction
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from orders.models import CardRefund, Payment
from portal.notices.models import Notice
from portal.notices.words import notice_words
from portal.outbox.models import OutboxMessage
from portal.webhooks.admin import DeliveryAdmin
from portal.webhooks.models import Delivery
from portal.webhooks.services import stripe_missed
from tests.cards.conftest import Shop
from tests.cards.test_webhooks import accepted, knock, last_event

DEEP: Any = json.loads('{"a":' * 60 + "1" + "}" * 60)
JUNK: list[Any] = [
    None, True, False, 0, -1, 1, 10**18, 10**400, -(10**18), 1.5, float("nan"), float("inf"), "", " ", "²", "١", "12", "pi_none",
    "\x00", "a\x00", "\ud800", "x" * 600, [], ["pi_1"], {}, {"id": None}, {"id": "pi_1"}, {"id": ["x"]}, DEEP,
]  # fmt: skip
ABSURD: dict[str, Any] = {
    "a negative time": ({"created": -5}, "time"),
    "a time beyond every calendar": ({"created": 10**18}, "time"),
    "half a second": ({"created": 1.7e9 + 0.5}, "time"),
    "a time in words": ({"created": "yesterday"}, "time"),
    "a time in other digits": ({"created": "١٢٣"}, "time"),
    "no time": ({"created": None}, "time"),
    "no name": ({"id": None}, "name"),
    "a name no column holds": ({"id": "evt_" + "x" * 200}, "name"),
    "a name with a nought": ({"id": "evt_\x00"}, "name"),
    "no kind": ({"type": {"a": 1}}, "object"),
    "about nothing": ({"data": {"object": None}}, "object"),
    "nothing in it": ({"data": None}, "object"),
    "about a list": ({"data": {"object": ["pi_1"]}}, "object"),
    "about an intent without a name": ({"data": {"object": {"object": "payment_intent", "id": None}}}, None),
    "about an intent named by a list": ({"data": {"object": {"object": "charge", "payment_intent": ["pi"]}}}, "name"),
    "about a dispute without a name": ({"data": {"object": {"object": "dispute"}}}, "name"),
}  # fmt: skip


def waiting() -> list[OutboxMessage]:
    """What failed and would be tried again."""
    return [one for one in OutboxMessage.objects.filter(done_at=None) if one.attempts or one.kind == "webhook.stripe"]


def told(delivery: Delivery) -> set[str]:
    """The reason as staff read it, in each language."""
    found = set()
    for language in ("en", "ko", "ja"):
        with translation.override(language):
            found.add(DeliveryAdmin(Delivery, site).said(delivery))
    return found


@pytest.mark.parametrize("what", list(ABSURD))
def test_an_absurd_event_is_kept_with_words_and_the_next_one_is_taken(shop: Shop, what: str) -> None:
    changed, why = ABSURD[what]
    order = accepted(shop)
    good = last_event(shop, "payment_intent.amount_capturable_updated")
    if why is None:  # it names nothing: nothing of ours
        assert knock(good | {"id": "evt_bad"} | changed) == 200
        shop.run(order)
        assert Delivery.objects.get().state == "IGNORED"
    else:
        assert [knock(good | {"id": "evt_bad"} | changed) for _ in range(2)] == [400, 400]
        row = Delivery.objects.get()
        assert (row.state, row.note) == ("MALFORMED", f"unread:{why}")
        assert len(told(row)) == 3
        assert not any("unread" in one for one in told(row))
        notice = Notice.objects.get(kind="webhook.malformed")
        assert "unread" not in notice_words(notice.kind, notice.subject, notice.data).text
    assert knock(good) == 200
    shop.run(order)
    assert (order.state, waiting()) == ("READY", [])


@pytest.mark.parametrize("deep", [70, 900, 20_000])
@pytest.mark.parametrize("open_close", ["[]", '{"a":}'])
def test_an_event_nested_however_deep_is_kept(shop: Shop, deep: int, open_close: str) -> None:
    order = accepted(shop)
    about = open_close[:-1] * deep + "1" + open_close[-1] * deep
    event = last_event(shop, "payment_intent.amount_capturable_updated") | {"id": "evt_deep"}
    event["data"]["object"]["metadata"] = "HERE"
    assert knock(json.dumps(event).replace('"HERE"', about)) in (200, 400)
    shop.run(order)
    assert (Delivery.objects.count(), waiting()) == (1, [])
    assert len(json.dumps(Delivery.objects.get().body)) < 30_000


def test_a_refund_that_does_not_name_one_of_ours_is_one_made_elsewhere(shop: Shop) -> None:
    order = shop.paid()
    shop.world.ship(order)
    shop.run(order)
    given_back = shop.stripe.dashboard_refund(str(shop.card(order).intent_id), 3000)
    for metadata in [{"portal_refund": one} for one in JUNK] + JUNK:
        given_back["metadata"] = metadata
        with transaction.atomic():
            assert knock(last_event(shop, "refund.created")) == 200
            shop.run(order)
            row = CardRefund.objects.get()
            assert (row.origin, row.state, row.amount, waiting()) == ("DASHBOARD", "DONE", 3000, []), metadata
            transaction.set_rollback(True)


@pytest.mark.parametrize("name", ["amount", "amount_received", "currency", "status", "id", "latest_charge"])
def test_an_intent_that_cannot_be_read_moves_nothing_until_it_can(shop: Shop, name: str) -> None:
    order = accepted(shop)
    intent, event = shop.stripe.intents()[0], last_event(shop, "payment_intent.amount_capturable_updated")
    was = intent[name]
    for value in JUNK:
        intent[name] = value
        with transaction.atomic():
            knock(event)
            shop.run(order)
            row = Delivery.objects.get()
            assert not Payment.objects.exists() or (name, value) == ("amount_received", 1), value  # one won was charged
            assert not [one for one in waiting() if one.kind == "webhook.stripe"], value
            assert row.state == "APPLIED" or (row.state == "MALFORMED" and len(told(row)) == 3), value
            if row.state == "MALFORMED":
                intent[name] = was
                knock(event | {"id": "evt_later"})
                shop.run(order)
                assert order.state == "READY", value
            transaction.set_rollback(True)
        order.refresh_from_db()


def test_an_intent_that_charged_more_than_was_asked_never_counts(shop: Shop) -> None:
    order = accepted(shop)
    shop.stripe.intents()[0]["amount_received"] = 40001
    knock(last_event(shop, "payment_intent.amount_capturable_updated"))
    shop.run(order)
    assert (shop.card(order).state, Delivery.objects.get().state, Payment.objects.count()) == ("FOREIGN", "APPLIED", 0)
    assert Notice.objects.filter(kind="card.foreign", role="ACCOUNTANT").count() == 1


def test_a_dispute_in_another_currency_than_its_order_moves_nothing(shop: Shop) -> None:
    order = shop.paid()
    shop.world.ship(order)
    shop.run(order)
    shop.stripe.dispute(str(shop.card(order).intent_id), 40000)["currency"] = "usd"
    knock(last_event(shop, "charge.dispute.created"))
    shop.run(order)
    assert (Delivery.objects.get().note, shop.card(order).disputes.count()) == ("unread:currency", 0)


def test_what_was_asked_for_and_cannot_be_read_is_kept_once_and_keeps_nobody_from_the_rest(shop: Shop) -> None:
    order = accepted(shop)
    for number, (changed, why) in enumerate(ABSURD.values()):
        if why and why != "time":  # Stripe finds events by their time
            event = shop.stripe.tell("payment_intent.succeeded", {"id": "pi_1", "object": "payment_intent"})
            event |= {"id": f"evt_absurd_{number}"} | changed
    many = sum(1 for _, why in ABSURD.values() if why and why != "time")
    for _ in range(2):
        stripe_missed(now=shop.world.now, real_now=shop.world.now)
    shop.run(order)
    assert (order.state, Delivery.objects.filter(state="MALFORMED").count(), waiting()) == ("READY", many, [])


def _places(thing: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    for name in thing if isinstance(thing, dict) else ():
        found += _places(thing[name], (*path, name))
    return found


def _put(thing: Any, path: tuple[Any, ...], value: Any) -> None:
    for name in path[:-1]:
        thing = thing.get(name)
        if not isinstance(thing, dict):
            return
    thing[path[-1]] = value


def _rubbish(examples: int, shop: Shop) -> None:
    order = shop.paid()
    shop.world.ship(order)
    shop.run(order)
    shop.stripe.dashboard_refund(str(shop.card(order).intent_id), 3000)
    shop.stripe.dispute(str(shop.card(order).intent_id), 5000)
    events = {one["type"]: one for one in shop.stripe.events}
    things = deepcopy(shop.stripe.things)
    places = [(name, path) for name, thing in things.items() for path in _places(thing)]
    word = some.text(some.characters(exclude_categories=()), max_size=8)
    plain = some.one_of(some.sampled_from(JUNK), some.integers(), some.floats(), word, some.none())
    junk = some.recursive(plain, lambda one: some.lists(one, max_size=3) | some.dictionaries(word, one, max_size=3), max_leaves=6)  # fmt: skip

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        kind=some.sampled_from(sorted(events)),
        here=some.lists(some.tuples(some.sampled_from(_places(events["charge.dispute.created"])), junk), max_size=2),
        there=some.lists(some.tuples(some.sampled_from(places), junk), max_size=3),
    )
    def once(kind: str, here: Any, there: Any) -> None:
        shop.stripe.things = deepcopy(things)
        event = deepcopy(events[kind]) | {"created": int(time.time())}
        for path, value in here:
            _put(event, path, value)
        for (name, path), value in there:
            _put(shop.stripe.things[name], path, value)
        with transaction.atomic():
            assert knock(event) in (200, 400)
            row = Delivery.objects.get()
            shop.run(order)
            row.refresh_from_db()
            assert row.state != "NEW", row.note
            assert row.state != "MALFORMED" or (row.note.startswith("unread:") and len(told(row)) == 3)
            assert not OutboxMessage.objects.filter(kind="webhook.stripe", done_at=None).exists()
            transaction.set_rollback(True)

    once()


def test_rubbish_in_an_event_and_in_what_it_is_about_is_taken_or_kept(shop: Shop) -> None:
    _rubbish(60, shop)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_much_rubbish_in_an_event_and_in_what_it_is_about_is_taken_or_kept(shop: Shop) -> None:
    _rubbish(4000, shop)
