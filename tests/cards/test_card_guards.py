"""Guards around a payment by card that nothing else looks at: each of these was red when its guard was cut out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from frontend.words import entry_reason
from orders.models import (
    BankLine,
    CardDispute,
    CardMovement,
    CardPayment,
    CardRefund,
    EngineState,
    LedgerAccount,
    LedgerEntry,
    Order,
    Paper,
)
from orders.rules.cards import Act, Card, Standing, next_step
from orders.selectors.ledger_check import ledger_disagreements
from orders.services import card_settling
from orders.services.banking import statement_read
from orders.services.cancelling import order_cancel
from orders.services.card_applying import card_apply
from orders.services.card_events import dispute_apply
from orders.services.card_paying import card_open
from orders.services.card_refunding import card_refund
from orders.services.dunning import dunning_sweep
from orders.services.paying import order_pay
from orders.stripe import StripeRefused, card_of_token, dispute_get, intent_get
from portal.notices.models import Notice
from portal.outbox.models import OutboxMessage
from tests.cards.conftest import Shop
from tests.cards.stripe_answers import RefusedError
from tests.orders.world import line, lines_of, promise, refused, won


def test_a_test_card_is_read_in_a_demo_alone(shop: Shop) -> None:
    with pytest.raises(StripeRefused, match="test_only"):
        card_of_token("tok_1")
    assert shop.stripe.calls == []


def test_the_house_is_told_that_a_card_is_its_owners(shop: Shop) -> None:
    order = shop.placed()
    act = partial(card_open, actor=shop.world.people.manager, order_id=order.pk, now=shop.world.now)
    assert refused(act) == [("NOT_ALLOWED", "order")]


def test_an_order_that_the_store_refused_takes_no_card(shop: Shop) -> None:
    order = shop.placed()
    Order.objects.filter(pk=order.pk).update(engine_state=EngineState.REFUSED)
    act = partial(card_open, actor=shop.world.people.customer, order_id=order.pk, now=shop.world.now)
    assert refused(act) == [("WRONG_STATE", "order")]
    assert not CardPayment.objects.exists()


def test_an_answer_about_another_intent_is_foreign_and_the_accountant_is_told_once(shop: Shop) -> None:
    order = shop.placed()
    intent = str(shop.form(order).card.intent_id)
    thing = shop.stripe.buyer(intent)
    shop.stripe.things[intent] = {**thing, "id": "pi_another"}
    for _ in range(2):
        shop.look(order)
    assert (shop.card(order).state, order.payment_state) == ("FOREIGN", "UNPAID")
    assert Notice.objects.filter(kind="card.foreign", role="ACCOUNTANT").count() == 1


def test_a_card_that_was_charged_stays_what_it_is_when_its_intent_is_changed_afterwards(shop: Shop) -> None:
    order = shop.paid()
    shop.world.ship(order)
    shop.run(order)
    shop.stripe.things[str(shop.card(order).intent_id)]["amount"] = 100
    shop.look(order)
    assert (shop.card(order).state, order.payment_state) == ("CAPTURED", "PAID")
    assert order.events.filter(kind="card.foreign").count() == 1


def test_a_clock_never_starts_in_the_future_whatever_stripes_clock_says(shop: Shop) -> None:
    order = shop.placed()
    intent = str(shop.form(order).card.intent_id)
    shop.stripe.buyer(intent)["latest_charge"]["created"] += 3600
    shop.look(order)
    assert (shop.card(order).authorised_at, promise(order).started_at) == (shop.world.now, shop.world.now)


def test_the_moment_a_sum_was_reserved_stands_whatever_is_told_later(shop: Shop) -> None:
    order = shop.paid()
    first = shop.card(order).authorised_at
    shop.world.now += timedelta(days=1)
    shop.stripe.things[str(shop.card(order).intent_id)]["latest_charge"]["created"] += 86400
    told = intent_get(str(shop.card(order).intent_id))
    card_apply(card=shop.card(order), told=told, now=shop.world.now)
    assert shop.card(order).authorised_at == first
    assert Notice.objects.filter(kind="card.authorised").count() == 1


def test_a_refund_that_names_a_row_of_another_order_is_not_that_rows(shop: Shop) -> None:
    mine, other = shop.paid(), shop.paid(2)
    for order in (mine, other):
        shop.world.ship(order)
        shop.run(order)
    wanted = card_refund(actor=shop.world.people.accountant, order_id=other.pk, amount=won(500), reason="goodwill", now=shop.world.now)  # fmt: skip
    there = shop.stripe
    there._post_refunds(str(shop.card(mine).intent_id), "500", {"portal_refund": str(wanted.pk)})
    for card in mine.cards.all():
        card_apply(card=card, told=intent_get(str(card.intent_id), refunded=True), now=shop.world.now)
    wanted.refresh_from_db()
    assert (wanted.state, wanted.refund_id) == ("WANTED", None)
    assert CardRefund.objects.get(card__order=mine).origin == "DASHBOARD"
    assert ledger_disagreements() == []


def test_a_refund_of_nothing_or_less_is_refused(shop: Shop) -> None:
    order = shop.paid()
    shop.world.ship(order)
    shop.run(order)
    for amount in (Decimal(0), Decimal(-500), Decimal("NaN"), Decimal("0.5")):
        act = partial(
            card_refund,
            actor=shop.world.people.accountant,
            order_id=order.pk,
            amount=amount,
            reason="x",
            now=shop.world.now,
        )
        assert refused(act) == [("INVALID", "amount")]
    assert not CardRefund.objects.exists()


def test_a_card_that_was_charged_in_part_and_canceled_then_counts_as_charged(shop: Shop) -> None:
    shop.stripe.multicapture = True
    order = shop.paid()
    shop.world.ship(order, (lines_of(order)[0], 1))
    shop.run(order)
    told = replace(intent_get(str(shop.card(order).intent_id)), status="canceled")
    card = card_apply(card=shop.card(order), told=told, now=shop.world.now)
    assert (card.state, card.captured) == ("CAPTURED", 10000)
    assert CardMovement.objects.get(kind="RELEASED").amount == 30000


def test_a_banks_sum_for_an_order_by_card_waits_for_a_person(shop: Shop) -> None:
    order = shop.placed()
    day = shop.world.now.date()
    data = f"date,amount,currency,text,id\n{day},{order.total:.0f},KRW,{order.number},n1".encode()
    statement_read(actor=shop.world.people.accountant, data=data, name="bank.csv", now=shop.world.now)
    line_ = BankLine.objects.get()
    assert (line_.state, line_.why, line_.order) == ("WAITING", "CLOSED", order)


def test_an_inquiry_takes_no_money_and_a_dispute_that_is_won_gives_it_back_once(shop: Shop) -> None:
    order = shop.paid()
    shop.world.ship(order)
    shop.run(order)
    dispute = shop.stripe.dispute(str(shop.card(order).intent_id), 40000, status="warning_needs_response")
    moved = CardMovement.objects.filter(key__startswith="dp_")
    for status, kinds in (
        ("warning_needs_response", []),
        ("needs_response", ["DISPUTED"]),
        ("under_review", ["DISPUTED"]),
        ("won", ["DISPUTED", "DISPUTE_WON"]),
        ("needs_response", ["DISPUTED", "DISPUTE_WON"]),  # an old word that came late
        ("won", ["DISPUTED", "DISPUTE_WON"]),
    ):
        dispute["status"] = status
        shop.world.now += timedelta(hours=1)
        dispute_apply(card_id=shop.card(order).pk, told=dispute_get(dispute["id"]), now=shop.world.now)
        assert list(moved.order_by("pk").values_list("kind", flat=True)) == kinds
    assert CardDispute.objects.count() == 1
    assert ledger_disagreements() == []


def test_what_a_lost_dispute_took_waits_for_nobody_any_more(shop: Shop) -> None:
    order = shop.paid()
    shop.world.ship(order)
    shop.run(order)
    dispute = shop.stripe.dispute(str(shop.card(order).intent_id), 40000)
    for status in ("needs_response", "lost", "under_review", "lost"):
        dispute["status"] = status
        shop.world.now += timedelta(hours=1)
        dispute_apply(card_id=shop.card(order).pk, told=dispute_get(dispute["id"]), now=shop.world.now)
    balances = dict(LedgerAccount.objects.filter(company=None).values_list("kind", "balance"))
    assert (balances["UNASSIGNED"], balances["GOODWILL"]) == (0, 40000)
    assert LedgerAccount.objects.get(company=order.company_id, kind="CARD").balance == 0
    order.refresh_from_db()
    assert (order.payment_state, ledger_disagreements()) == ("PAID", [])


def test_nobody_is_dunned_for_a_charge_that_has_not_come_yet(shop: Shop) -> None:
    order = shop.paid()
    shop.stripe.away = True
    shop.world.ship(order)
    shop.run(order)
    assert (dunning_sweep(shop.world.now), dunning_sweep(shop.world.now + timedelta(days=40))) == (0, 0)
    assert not Notice.objects.filter(kind__startswith="account.").exists()


def test_no_card_is_asked_for_more_than_it_reserved() -> None:
    order = Standing("EUR", due=Decimal(150), left=Decimal(150), cleared=Decimal(150), settled=Decimal(0))
    two = [Card(pk, "AUTHORISED", Decimal(sum_), Decimal(sum_)) for pk, sum_ in ((1, 100), (2, 50))]
    found = next_step(order, two, now=datetime(2026, 11, 23, tzinfo=UTC))
    assert found is not None
    assert (found.act, found.card, found.amount) == (Act.CAPTURE, 1, Decimal(100))


def test_a_form_for_another_sum_is_let_go_before_the_next_is_shown(shop: Shop) -> None:
    other = shop.world.part(home=3)
    order = shop.world.place(line(shop.part, 2), line(other, 3), payment="CARD")
    first = str(shop.form(order).card.intent_id)
    gone = lines_of(order)[1]
    order_cancel(actor=shop.world.people.customer, order_id=order.pk, line_ids=[gone.pk], reason="no", now=shop.world.now)  # fmt: skip
    form = shop.form(order)  # the worker did not come yet
    assert (form.amount, form.card.intent_id != first) == (won(20000), True)
    assert shop.stripe.things[first]["status"] == "canceled"  # a tab that still shows it pays nothing


def test_a_charge_that_stripe_refuses_is_asked_for_once_a_run_and_stays_to_be_done(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = shop.paid()
    shop.world.ship(order)
    monkeypatch.setattr(shop.stripe, "_post_payment_intents_one_capture", _refuses)
    shop.run(order)
    assert shop.stripe.calls.count(f"POST /v1/payment_intents/{shop.card(order).intent_id}/capture") == 1
    assert OutboxMessage.objects.get(key=f"card:{order.number}", done_at=None).attempts == 1


def _refuses(ident: str, **_: object) -> None:
    raise RefusedError(400, code="capture_not_allowed", message=ident)


def test_who_settles_waits_for_who_is_at_the_same_orders_cards(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    order = shop.paid()
    shop.world.ship(order)
    monkeypatch.setattr(card_settling, "PATIENCE", 0.1)
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        name = card_settling.card_lock_name(order.company_id, order.pk)
        other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
        act = partial(card_settling.cards_settle, order_id=order.pk, now=shop.world.now)
        assert refused(act) == [("BUSY", "")]
    assert not any(call.endswith("/capture") for call in shop.stripe.calls)


def test_what_is_told_of_a_card_is_applied_under_the_orders_lock(shop: Shop) -> None:
    order = shop.placed()
    card = shop.form(order).card
    shop.stripe.buyer(str(card.intent_id))
    with CaptureQueriesContext(connection) as seen:
        card_apply(card=card, told=intent_get(str(card.intent_id)), now=shop.world.now)
    said = [one["sql"] for one in seen if ' FROM "orders_' in one["sql"] or one["sql"].startswith("UPDATE")]
    assert "FOR NO KEY UPDATE" in said[0]
    assert '"orders_order"' in said[0]


def test_the_invoice_of_goods_paid_by_card_is_marked_as_paid(shop: Shop) -> None:
    """It is issued with the goods, before the charge came through: nobody shall transfer the sum as well."""
    order = shop.paid()
    shop.world.ship(order, (lines_of(order)[0], 1))
    invoice = Paper.objects.get(order=order, kind="INVOICE")
    assert (invoice.snapshot["paid"], invoice.snapshot["payment"]) == (True, "CARD")


@pytest.mark.parametrize("world", ["KWD"], indirect=True)
def test_the_buyer_reads_why_money_moved_in_words(shop: Shop) -> None:
    order = shop.shipped(shop.world.part(home=9, price="1.235"), 1)
    card_refund(actor=shop.world.people.accountant, order_id=order.pk, amount=Decimal("0.500"), reason="goodwill", now=shop.world.now)  # fmt: skip
    shop.run(order)
    dispute = shop.stripe.dispute(str(shop.card(order).intent_id), 700)
    for status in ("needs_response", "won"):
        dispute["status"] = status
        dispute_apply(card_id=shop.card(order).pk, told=dispute_get(dispute["id"]), now=shop.world.now)
    codes = set(LedgerEntry.objects.exclude(reason="").values_list("reason", flat=True))
    assert codes == {"rounding", "card REFUNDED", "card DISPUTED", "card DISPUTE_WON"}
    with override("ko"):
        assert not [code for code in codes if entry_reason(code) == code or entry_reason(code).isascii()]


def test_a_movement_of_a_card_refuses_every_change(shop: Shop) -> None:
    shop.paid()
    moved = CardMovement.objects.all()
    for change in (lambda: moved.update(amount=1), moved.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert moved.get().amount == 40000


def test_what_a_card_has_reserved_is_not_typed_as_a_transfer_as_well(shop: Shop) -> None:
    order = shop.paid()
    act = partial(
        order_pay,
        actor=shop.world.people.accountant,
        order_id=order.pk,
        method="TRANSFER",
        amount=won(40000),
        now=shop.world.now,
    )
    assert refused(act) == [("INVALID", "amount")]
