"""The account page: what is owed and when, credit and its reasons; credit pays from the cart; staff grant and pay out."""

from __future__ import annotations

import re
from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Part
from orders.models import LedgerEntry, Order
from orders.selectors.account import accounts_due
from orders.selectors.ledger import spendable
from orders.services.carts import cart_add
from orders.services.expiring import transfers_sweep
from orders.services.spending import credit_grant
from portal.accounts.actor import Actor
from portal.accounts.models import Company
from tests.frontend.conftest import browser, hidden, text
from tests.orders.world import World, line


def grant(world: World, amount: int) -> int:
    """Goodwill for the customer; its company."""
    company = world.people.customer.company_id or 0
    credit_grant(
        actor=world.people.approver, company_id=company, currency="KRW", amount=Decimal(amount), reason="A long wait", now=world.now
    )  # fmt: skip
    return company


def test_a_dealer_reads_limit_debt_due_day_and_what_happened(world: World, part: Part) -> None:
    order = world.place(line(part, 2), line(part), by=world.people.dealer, payment="ACCOUNT")
    world.ship(order)
    world.days(40)
    page = text(browser(world.people.dealer).get("/account/"))
    for told in ("₩1,000,000", "₩30,000", "₩30,000 overdue", "23 Dec 2026", "Goods shipped", order.number, "₩970,000"):
        assert told in page


def test_credit_is_shown_with_its_reason_and_day(world: World) -> None:
    grant(world, 4000)
    page = text(browser(world.people.customer).get("/account/"))
    for told in ("₩4,000", "A long wait", "Goodwill credit", "Mon 23 Nov"):
        assert told in page


def test_the_cart_offers_the_credit_and_the_order_is_paid_with_it(world: World, part: Part) -> None:
    company = grant(world, 4000)
    cart_add(actor=world.people.customer, lines=[line(part)], now=world.now)
    client = browser(world.people.customer)
    page = text(client.get("/cart/"))
    assert "Paid with your credit" in page
    assert "₩6,000" in page
    form = {name: hidden(page, name) for name in ("reference", "shown")}
    client.post("/cart/", {**form, "type": "CUSTOMER", "payment": "TRANSFER", "use_credit": "on"})
    assert (Order.objects.get().payment_state, spendable(company, "KRW")) == ("PARTLY_PAID", 0)


def test_a_part_paid_with_credit_does_not_promise_that_nothing_is_cancelled(world: World, part: Part) -> None:
    """Only money keeps an order; credit spent on one that ends comes back."""
    grant(world, 4000)
    order = world.place(line(part), payment="TRANSFER", use_credit=True)
    page = browser(world.people.customer)
    assert "nothing is cancelled unasked" not in text(page.get(f"/orders/{order.number}/"))
    world.pay(order, amount=Decimal(1000))
    assert "nothing is cancelled unasked" in text(page.get(f"/orders/{order.number}/"))
    world.days(9)
    transfers_sweep(world.now)
    order.refresh_from_db()
    assert order.state == "AWAITING_PAYMENT"


def test_a_buyer_who_takes_the_mark_away_keeps_the_credit(world: World, part: Part) -> None:
    company = grant(world, 4000)
    cart_add(actor=world.people.customer, lines=[line(part)], now=world.now)
    client = browser(world.people.customer)
    page = text(client.get("/cart/"))
    form = {name: hidden(page, name) for name in ("reference", "shown")}
    client.post("/cart/", {**form, "type": "CUSTOMER", "payment": "TRANSFER"})
    assert (Order.objects.get().payment_state, spendable(company, "KRW")) == ("UNPAID", 4000)
    client.post(f"/orders/{Order.objects.get().number}/credit/")
    assert spendable(company, "KRW") == 0


def test_an_approver_grants_and_an_accountant_pays_out_once(world: World) -> None:
    company = grant(world, 4000)
    path = f"/books/{company}/"
    approver, accountant = browser(world.people.approver), browser(world.people.accountant)
    form = {"currency": "KRW", "amount": "500", "reason": "Sorry", "reference": "r1"}
    for _ in range(2):
        approver.post(f"{path}grant/", {f"grant-{name}": value for name, value in form.items()})
    assert spendable(company, "KRW") == 4500
    refused = accountant.post(
        f"{path}payout/", {f"payout-{name}": value for name, value in {**form, "amount": "4501"}.items()}
    )
    assert (refused.status_code, "At most ₩4,500" in text(refused)) == (422, True)
    accountant.post(f"{path}payout/", {f"payout-{name}": value for name, value in {**form, "amount": "4500"}.items()})
    assert (spendable(company, "KRW"), LedgerEntry.objects.count()) == (0, 3)


def test_staff_find_who_owes_and_who_has_credit(world: World) -> None:
    company = grant(world, 4000)
    page = text(browser(world.people.accountant).get("/books/"))
    assert f"/books/{company}/" in page
    assert "₩4,000" in page


def test_the_list_of_accounts_asks_no_more_for_many_buyers_than_for_one(world: World, part: Part) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            found = accounts_due(world.people.accountant, now=world.now)
            assert all(one.receivable > 0 for one in found)
        return len(seen.captured_queries)

    def owing(buyer: Actor) -> None:
        Company.objects.filter(pk=buyer.company_id).update(credit_limit=10**9)
        world.ship(world.place(line(part, 1), by=buyer, payment="ACCOUNT"))

    owing(world.people.dealer)
    few = asked()
    owing(world.people.customer)
    owing(world.people.other)
    assert (asked(), len(accounts_due(world.people.accountant, now=world.now))) == (few, 3)


def test_an_accountant_pays_back_what_an_order_was_paid_too_much(world: World, part: Part) -> None:
    from orders.services.cancelling import order_cancel

    order = world.paid(line(part))
    order_cancel(actor=world.people.desk, order_id=order.pk, line_ids=None, reason="no", now=world.now)
    client = browser(world.people.accountant)
    assert "Pay back" in text(client.get(f"/orders/{order.number}/"))
    client.post(f"/orders/{order.number}/refund/", {"refund-reference": "r", "refund-reason": "bank 5"})
    order.refresh_from_db()
    assert order.payment_state == "NOTHING_TO_PAY"


def test_staff_read_of_the_buyer_and_the_buyer_of_itself(world: World, part: Part) -> None:
    dealer = world.people.dealer
    world.ship(world.place(line(part), by=dealer, payment="ACCOUNT"))
    own = text(browser(dealer).get("/account/"))
    assert "You owe" in own
    for reader in (world.people.accountant, world.people.approver):
        page = text(browser(reader).get(f"/books/{dealer.company_id}/"))
        assert "The buyer owes" in page
        assert "You owe" not in page
        assert "Your credit" not in page
    head = browser(world.people.accountant).get(f"/tables/ledger.csv?company={dealer.company_id}")
    first = b"".join(head.streaming_content if head.streaming else [head.content]).decode("utf-8-sig").splitlines()[0]
    assert first == "Day,What,Why,Order,Currency,Owed,Credit,Due"


def test_an_order_leads_who_decides_on_credit_to_the_buyers_account(world: World, part: Part) -> None:
    order = world.place(line(part))
    account = f"/books/{order.company_id}/"
    for reader, led in ((world.people.approver, True), (world.people.accountant, True), (world.people.manager, False)):
        assert (account in text(browser(reader).get(f"/orders/{order.number}/"))) is led
    assert account not in text(browser(world.people.customer).get(f"/orders/{order.number}/"))
    for reader, told in ((world.people.customer, True), (world.people.accountant, False)):
        assert ("Write the reference exactly" in text(browser(reader).get(f"/orders/{order.number}/"))) is told


def test_the_desk_spends_no_credit_unasked_and_buyers_spend_their_own(world: World, part: Part) -> None:
    grant(world, 4000)
    machine = world.machine(part)
    for buyer, ticked in ((world.people.desk, False), (world.people.customer, True)):
        cart_add(actor=buyer, lines=[line(part, serial=machine.serial)], now=world.now)
        page = text(browser(buyer).get("/cart/"))
        [box] = re.findall(r'<input[^>]*name="use_credit"[^>]*>', page)
        assert ("checked" in box) is ticked, buyer
        assert ("credit</dt>" in page) is ticked, buyer


def test_the_desk_is_not_spoken_to_as_the_buyer_whose_credit_it_spends(world: World, part: Part) -> None:
    company = grant(world, 4000)
    cart_add(actor=world.people.desk, lines=[line(part)], now=world.now)
    desk = browser(world.people.desk)
    sent = {"reference": hidden(text(desk.get("/cart/")), "reference"), "shown": "", "look": "1"}
    page = text(
        desk.post(
            "/cart/", {**sent, "type": "CUSTOMER", "payment": "TRANSFER", "company": str(company), "use_credit": "on"}
        )
    )
    for told in (
        "The buyer’s order number",
        "Use the buyer’s credit",
        "Paid with the buyer’s credit",
        "The buyer has ₩4,000 of credit.",
    ):
        assert told in page, told
    for wrong in ("Your order number", "Use my credit", "Paid with your credit", "You have"):
        assert wrong not in page, wrong
