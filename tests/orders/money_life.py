"""A small world of money: a customer who pays at the bank or by card, a dealer on account, an accountant, a bank, and Stripe.

`came` and `went` count the bank's money outside the books; what cards took is counted at Stripe.
"""

from __future__ import annotations

import pickle
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet, Sum

from orders import stripe
from orders.models import BankLine, CardMovement, CardPayment, CardState, Order, OrderLine, Payment, Shipment
from orders.rules.references import payment_reference
from orders.selectors.ledger import order_account, order_accounts
from orders.selectors.ledger_check import ledger_disagreements
from orders.services.advancing import card_due, payable_now
from orders.services.banking import Share, bank_line_assign, bank_line_credit, bank_line_send_back, statement_read
from orders.services.cancelling import order_cancel
from orders.services.card_paying import card_open, card_returned
from orders.services.card_refunding import card_refund
from orders.services.card_settling import cards_ask, cards_sweep
from orders.services.cores import cores_sweep
from orders.services.dunning import dunning_sweep
from orders.services.expiring import transfers_sweep
from orders.services.paying import order_approve, order_pay
from orders.services.placing import order_place
from orders.services.returning import ReturnLine, return_create, return_receive
from orders.services.shipping import shipment_create
from orders.services.spending import credit_grant, credit_pay_out, order_credit_use, order_refund
from orders.services.undoing import shipment_undo
from portal import clock
from portal.errors import PortalError
from portal.money import quantise
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_drain
from portal.promises.services.sweep import promises_sweep
from portal.webhooks.services import stripe_missed
from tests import factories as make
from tests.cards.stripe_answers import StripeAnswers
from tests.lives import Life
from tests.orders.core_life import CORE, CoreSteps
from tests.orders.ledger_page import entries_not_told, papers_off
from tests.orders.world import line, request, world_make

ZERO = Decimal(0)
SUMS = (1, 50, 333, 1111, 2222, 5000, 100_000)
BOOKS = """
SELECT (SELECT coalesce(sum(amount), 0) FROM orders_ledgerposting),
       (SELECT count(*) FROM (SELECT entry_id FROM orders_ledgerposting GROUP BY 1 HAVING sum(amount) <> 0) AS uneven),
       (SELECT count(*) FROM orders_ledgeraccount a
         WHERE balance <> (SELECT coalesce(sum(amount), 0) FROM orders_ledgerposting p WHERE p.account_id = a.id)),
       (SELECT coalesce(max(balance), 0) FROM orders_ledgeraccount WHERE kind = 'CREDIT'),
       coalesce(sum(balance) FILTER (WHERE kind = 'BANK'), 0), coalesce(sum(balance) FILTER (WHERE kind = 'CARD'), 0),
       -coalesce(sum(balance) FILTER (WHERE kind = 'UNASSIGNED'), 0),
       (SELECT coalesce(sum(amount), 0) FROM orders_bankline WHERE state = 'WAITING')
  FROM orders_ledgeraccount"""
STARTED_TWICE = """
SELECT 'promised', l.id::text FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
  JOIN promises_promise p ON p.subject = o.number AND p.policy_code = 'ship' AND p.state <> 'OFFERED'
  JOIN promises_promiseline r ON r.promise_id = p.id AND r.ref = l.id::text
 GROUP BY l.id, l.quantity HAVING sum(r.quantity) > l.quantity
UNION ALL
SELECT 'cleared', concat(e.order_id, ':', place) FROM orders_orderevent e, jsonb_array_elements_text(e.data -> 'lines') AS place
 WHERE e.kind = 'cleared' GROUP BY e.order_id, place HAVING count(*) > 1"""


@contextmanager
def cards_taken() -> Iterator[pytest.MonkeyPatch]:
    """Keys for Stripe, for as long as lives are lived."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("SECRET_KEY", "PUBLISHABLE_KEY", "WEBHOOK_SECRET"):
            patch.setattr(settings, f"STRIPE_{name}", f"test_{name}")
        stripe.client.cache_clear()
        yield patch
        stripe.client.cache_clear()


class MoneyLife(CoreSteps, Life):
    """Everybody acts at random; a refusal is an answer too, an accident is not."""

    steps = {
        "place": 5, "pay": 3, "approve": 1, "use_credit": 1, "ship": 4, "cancel": 2, "give_back": 2, "refund": 2, "grant": 1,
        "pay_out": 1, "bank": 2, "place_sum": 1, "time_passes": 1, "card": 4, "card_refund": 1, "work": 2, "stripe_is_odd": 1, "rest": 1,
        "old_unit_comes": 2, "undo": 1,
    }  # fmt: skip

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.world = world_make()
        make.make_freight("3333")
        make.make_tax_rate("KR", "0.10")
        core = {"core_charge": Decimal(CORE), "core_currency": "KRW"}
        self.parts = [self.world.part(home=60, price="1111", **core), self.world.part(home=60, price="90000")]
        self.came, self.went, self.files = ZERO, ZERO, 0
        self.stripe = StripeAnswers(lambda: self.world.now.timestamp())  # noqa: PLW0108  the world's now moves
        self.stripe.refuse = {"pm_poor": "insufficient_funds"}
        patch.setattr(stripe, "http_client", lambda: self.stripe)
        patch.setattr(clock, "now", lambda: self.world.now)

    def keep(self) -> Any:
        there = self.stripe
        told = pickle.dumps((there.things, there.keys, there.events))
        return self.world.now, self.came, self.went, self.files, told, there.away, there.lose, there.multicapture

    def back(self, kept: Any) -> None:
        there = self.stripe
        self.world.now, self.came, self.went, self.files, told, there.away, there.lose, there.multicapture = kept
        there.things, there.keys, there.events = pickle.loads(told)

    # --- how things are done -----------------------------------------------------------------------------------------

    def act(self, service: Callable[..., Any], **given: Any) -> Any:
        """Do it, and what follows from it by itself."""
        made = None
        try:
            with transaction.atomic():
                made = service(now=self.world.now, **given)
            self.done[service.__name__] += 1
        except (PortalError, stripe.StripeAway):
            self.done[f"{service.__name__} refused"] += 1
        self.settle()
        return made

    def settle(self) -> None:
        """The sweep and the workers come; letters are not written, they move no money."""
        done = 1
        while done:
            done = promises_sweep(self.world.now)
            OutboxMessage.objects.filter(kind="notice.email", done_at=None).update(done_at=self.world.now)
            done += outbox_drain()

    def one(self, rows: QuerySet[Any], chance: Random) -> Any:
        """One of the rows there are, or None."""
        found = list(rows.order_by("pk"))
        return chance.choice(found) if found else None

    def order(self, chance: Random) -> Order | None:
        """Any order."""
        found: Order | None = self.one(Order.objects.select_related("company"), chance)
        return found

    def company(self, chance: Random) -> int:
        """Whose."""
        return chance.choice([self.world.people.dealer, self.world.people.customer]).company_id or 0

    # --- orders ------------------------------------------------------------------------------------------------------

    def place(self, chance: Random) -> None:
        people, payment = self.world.people, chance.choice(["ACCOUNT", "TRANSFER", "CARD"])
        who = people.dealer if payment == "ACCOUNT" else people.customer
        wanted = [line(chance.choice(self.parts), chance.randint(1, 6)), line(self.parts[0], 1)]
        asked = request(*wanted, payment=payment, use_credit=chance.random() < 0.5)
        self.act(order_place, actor=who, request=asked)

    def approve(self, chance: Random) -> None:
        found = self.one(Order.objects.filter(needs_approval=True), chance)
        if found:
            self.act(order_approve, actor=self.world.people.approver, order_id=found.pk, note="")

    def ship(self, chance: Random) -> None:
        """Sometimes so late that it earns credit."""
        self.world.now += timedelta(days=chance.choice([0, 0, 0, 0, 7, 9]))
        found = self.order(chance)
        if found:
            self.act(shipment_create, actor=self.world.people.manager, order_id=found.pk, lines=None, carrier="Post")

    def cancel(self, chance: Random) -> None:
        found = self.order(chance)
        if found:
            named = None if chance.random() < 0.5 else [self.one(found.lines.all(), chance).pk]
            self.act(order_cancel, actor=self.world.people.desk, order_id=found.pk, line_ids=named, reason="no")

    def undo(self, chance: Random) -> None:
        """A parcel that never left, not always the last one."""
        found = self.one(Shipment.objects.filter(undone_at=None), chance)
        if found:
            self.act(shipment_undo, actor=self.world.people.manager, shipment_id=found.pk, reason="on the dock")

    def give_back(self, chance: Random) -> None:
        found = self.one(OrderLine.objects.filter(shipped__gt=0), chance)
        if found is None:
            return
        people, told = self.world.people, [ReturnLine(found.pk, chance.randint(1, 3))]
        reason = chance.choice(["CHANGE_OF_MIND", "DAMAGED", "UNUSED"])
        rows = self.act(return_create, actor=people.desk, order_id=found.order_id, lines=told, reason=reason)
        for row in rows or ():
            self.act(return_receive, actor=people.manager, return_id=row.pk)

    # --- money at the bank -------------------------------------------------------------------------------------------

    def pay(self, chance: Random) -> None:
        found = self.order(chance)
        if found:
            share = chance.choice([None, None, 2, 3, -1])
            amount = quantise(found.total / share, "KRW") if share else None
            given = {"actor": self.world.people.accountant, "order_id": found.pk, "amount": amount}
            made = self.act(order_pay, method="TRANSFER", **given)
            self.came += made.amount if made else 0

    def use_credit(self, chance: Random) -> None:
        found = self.order(chance)
        if found:
            self.act(order_credit_use, actor=self.world.people.accountant, order_id=found.pk)

    def refund(self, chance: Random) -> None:
        found = self.order(chance)
        if found is None:
            return
        before, credit = order_account(found).settled, chance.random() < 0.5
        amount = None if chance.random() < 0.5 else Decimal(chance.choice(SUMS))
        given = {"actor": self.world.people.accountant, "order_id": found.pk, "amount": amount, "as_credit": credit}
        if self.act(order_refund, **given) and not credit:
            self.went += before - order_account(found).settled

    def grant(self, chance: Random) -> None:
        given = {"company_id": self.company(chance), "currency": "KRW", "amount": Decimal(chance.choice(SUMS))}
        self.act(credit_grant, actor=self.world.people.approver, reason="why", **given)

    def pay_out(self, chance: Random) -> None:
        given = {"company_id": self.company(chance), "currency": "KRW", "amount": Decimal(chance.choice(SUMS))}
        if self.act(credit_pay_out, actor=self.world.people.accountant, reason="bank", **given):
            self.went += given["amount"]  # type: ignore[operator]

    def bank(self, chance: Random) -> None:
        """A statement with one sum: for an order, or for nobody; sometimes a file read before."""
        self.files += 0 if chance.random() < 0.3 and self.files else 1
        text, came, found = f"sum {self.files}", Decimal(chance.choice(SUMS)), self.order(chance)
        if found:
            text = f"{payment_reference(found.number)} sum {self.files}"
            exact = max(Decimal(1), found.total - order_account(found).settled)
            came = exact if chance.random() < 0.5 else came
        day = self.world.now.date().isoformat()
        data = f"date,amount,currency,text,id\n{day},{came},KRW,{text},n{self.files}".encode()
        made = self.act(statement_read, actor=self.world.people.accountant, data=data, name="bank.csv")
        if made is not None and not made.again:
            self.came += came

    def place_sum(self, chance: Random) -> None:
        """A sum that waits is given to an order, kept as credit, or sent back."""
        row, found = self.one(BankLine.objects.filter(state="WAITING"), chance), self.order(chance)
        if row is None:
            return
        given: dict[str, Any] = {"actor": self.world.people.accountant, "line_id": row.pk}
        what = chance.choice(["assign", "credit", "back"])
        if what == "credit":
            self.act(bank_line_credit, company_id=self.company(chance), **given)
        elif what == "back" and self.act(bank_line_send_back, note="bank", **given):
            self.went += row.amount
        elif what == "assign" and found:
            share = min(row.amount, max(ZERO, found.total - order_account(found).settled))
            self.act(bank_line_assign, shares=[Share(found.number, share)], **given)

    # --- money on cards ----------------------------------------------------------------------------------------------

    def card(self, chance: Random) -> None:
        """The buyer opens the page and gives a card; the bank agrees or not; sometimes the browser is closed before it is back."""
        found = self.one(Order.objects.filter(payment_method="CARD"), chance)
        if found is None:
            return
        form = self.act(card_open, actor=self.world.people.customer, order_id=found.pk)
        if form is None:
            return
        intent, card = str(form.card.intent_id), chance.choice(["pm_good", "pm_good", "pm_poor"])
        if self.stripe.things[intent]["status"] in ("requires_payment_method", "requires_action"):
            self.stripe.buyer(intent, refuse=self.stripe.refuse.get(card, ""), card=card)
        if chance.random() < 0.7:
            self.act(card_returned, actor=self.world.people.customer, order_id=found.pk)

    def card_refund(self, chance: Random) -> None:
        """Goodwill by our people, or by somebody in the dashboard."""
        found = self.one(CardPayment.objects.filter(captured__gt=0), chance)
        if found is None:
            return
        amount = chance.choice([10, 1111, int(found.captured)])
        if chance.random() < 0.4:
            with suppress(Exception):
                self.stripe.dashboard_refund(str(found.intent_id), amount)
            return
        given = {"order_id": found.order_id, "amount": Decimal(amount), "reason": "goodwill"}
        self.act(card_refund, actor=self.world.people.accountant, **given)

    def work(self, chance: Random) -> None:
        """What was told in vain is asked for."""
        with suppress(stripe.StripeAway):
            stripe_missed(now=self.world.now, real_now=self.world.now)
        cards_ask(now=self.world.now)
        self.settle()

    def stripe_is_odd(self, chance: Random) -> None:
        """It goes away or comes back, loses answers after the work was done, or lets a card be charged in parts."""
        what = chance.choice(["away", "lose", "parts"])
        if what == "away":
            self.stripe.away = not self.stripe.away
        elif what == "lose":
            self.stripe.lose += chance.randint(1, 2)
        else:
            self.stripe.multicapture = not self.stripe.multicapture

    # --- time --------------------------------------------------------------------------------------------------------

    def time_passes(self, chance: Random) -> None:
        """Late days are credited, transfers end, what is due is said; a second sweep finds nothing to do. Banks let go what lapsed."""
        self.world.now += timedelta(days=chance.choice([1, 2, 3, 8, 15, 61]))
        for intent in self.stripe.intents(status="requires_capture"):
            until = intent["latest_charge"]["payment_method_details"]["card"]["capture_before"]
            if until <= self.world.now.timestamp():
                self.stripe.lapse(intent["id"])
        cards_sweep()
        self.act(transfers_sweep)
        assert not self.act(transfers_sweep)
        self.act(dunning_sweep)
        assert not self.act(dunning_sweep)
        self.act(cores_sweep)
        assert not self.act(cores_sweep)

    def rest(self, chance: Random) -> None:
        """Stripe is well again and some hours go by: then both sides say the same."""
        self.stripe.away, self.stripe.lose = False, 0
        for _ in range(4):
            self.world.now += timedelta(hours=2)
            cards_sweep()
            self.work(chance)
        waiting = OutboxMessage.objects.filter(kind__in=["card.settle", "webhook.stripe"], done_at=None)
        assert not waiting.exists(), waiting.values_list("last_error", flat=True)
        for card in CardPayment.objects.exclude(intent_id=None):
            theirs = self.stripe.things[str(card.intent_id)]
            back = sum(one["amount"] for one in self.stripe.refunds(str(card.intent_id)) if one["metadata"])
            assert (theirs["amount_received"], back) == (card.captured, card.refunded)
            assert (theirs["status"] == "requires_capture") == (card.state == CardState.AUTHORISED)

    # --- what must hold ----------------------------------------------------------------------------------------------

    def check(self) -> None:
        self._books()
        orders = list(Order.objects.prefetch_related("lines"))
        accounts = order_accounts([one.pk for one in orders])
        for order in orders:
            account, due = accounts[order.pk], payable_now(order, list(order.lines.all()))
            open_sum = card_due(due, order=order, paid=account.settled) - account.settled
            assert (order.payment_state == "REFUND_DUE") == (open_sum < 0), (order.payment_state, due, account)
            assert account.credit_used >= 0
            if order.payment_method == "ACCOUNT":
                assert open_sum >= 0  # what is too much became credit
        assert (papers_off(), entries_not_told()) == ([], [])
        self._cards()
        self.check_cores()
        with connection.cursor() as cursor:
            cursor.execute(STARTED_TWICE)
            assert cursor.fetchall() == []

    def check_end(self) -> None:
        assert ledger_disagreements() == []

    def _books(self) -> None:
        """None is made and none is lost: the ledger sums to zero, holds the bank's money and what waits; credit is never below zero."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
            cursor.execute(BOOKS)
            all_, uneven, off, least, bank, card, kept, waiting = cursor.fetchone()
        assert (all_, uneven, off) == (0, 0, 0)
        assert least <= 0  # nobody brings late proof here
        assert bank == self.came - self.went
        assert kept == waiting
        assert card == sum((one.captured - one.refunded for one in CardPayment.objects.all()), ZERO)

    def _cards(self) -> None:
        """paid = captured + given back + open: never more reserved than asked, taken than reserved, given back than taken."""
        cards = list(CardPayment.objects.all())
        if not cards:
            return
        moved: dict[int, Counter[str]] = defaultdict(Counter)
        for card_id, kind, amount in CardMovement.objects.values_list("card", "kind").annotate(sum=Sum("amount")):
            moved[card_id][kind] = amount
        paid = dict(Payment.objects.exclude(card=None).values_list("card").annotate(sum=Sum("amount")))
        for card in cards:
            told = moved[card.pk]
            assert ZERO <= card.refunded <= card.captured <= card.authorised <= card.amount
            assert (told["AUTHORISED"], told["CAPTURED"]) == (card.authorised, card.captured)
            assert told["REFUNDED"] - told["REFUND_FAILED"] == card.refunded
            assert paid.get(card.pk, ZERO) == card.captured
            open_ = card.authorised - card.captured if card.state == CardState.AUTHORISED else ZERO
            assert card.authorised == card.captured + told["RELEASED"] + open_
        for intent in self.stripe.intents():
            back = sum(one["amount"] for one in self.stripe.refunds(intent["id"]) if one["metadata"])
            assert 0 <= back <= intent["amount_received"] <= intent["amount"]
