"""The payment page: what it shows, what it may load, and that no browser decides what was paid."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from orders.services.spending import credit_grant
from portal.accounts.actor import Actor
from tests.cards.conftest import Shop
from tests.frontend.conftest import browser, hidden, text
from tests.orders.world import line, won
from tests.people import company_of


def visit(shop: Shop, order: Any, *, by: Actor | None = None, **query: str) -> Any:
    """Somebody opens the page, the buyer unless told otherwise."""
    return browser(by or shop.world.people.customer).get(f"/orders/{order.number}/pay/", query)


def test_it_says_the_sum_when_it_is_charged_and_opens_stripes_form(shop: Shop) -> None:
    order = shop.placed()
    page = text(visit(shop, order))
    intent = shop.card(order)
    assert all(words in page for words in ("₩40,000", "reserved now", "when your goods leave", order.number))
    assert f'data-secret="{intent.intent_id}_secret_1"' in page
    assert 'src="https://js.stripe.com/endive/stripe.js"' in page
    assert "test-number" not in page  # the demo's own form


def test_stripe_is_allowed_on_this_page_alone_and_nothing_is_kept_by_the_browser(shop: Shop) -> None:
    order = shop.placed()
    answer = visit(shop, order)
    rules = dict(one.strip().split(" ", 1) for one in answer["Content-Security-Policy"].split(";"))
    assert rules["script-src"] == "'self' https://js.stripe.com https://*.js.stripe.com"
    assert rules["default-src"] == "'self'"
    assert rules["form-action"] == "'self'"
    assert "no-store" in answer["Cache-Control"]
    assert "js.stripe.com" not in text(browser(shop.world.people.customer).get(f"/orders/{order.number}/"))


def test_without_javascript_it_offers_a_transfer(shop: Shop) -> None:
    order = shop.placed()
    page = text(visit(shop, order))
    assert "<noscript>" in page
    assert 'class="stack" hidden' in page  # the form that needs it
    done = browser(shop.world.people.customer).post(f"/orders/{order.number}/transfer/")
    order.refresh_from_db()
    assert (done.status_code, order.payment_method) == (302, "TRANSFER")


def test_the_bank_sends_the_buyer_back_and_stripe_says_what_became_of_it(shop: Shop) -> None:
    order = shop.placed()
    visit(shop, order)
    shop.stripe.buyer(str(shop.card(order).intent_id))
    answer = visit(shop, order, payment_intent=str(shop.card(order).intent_id), redirect_status="succeeded")
    order.refresh_from_db()
    assert (answer.status_code, answer["Location"], order.state) == (302, f"/orders/{order.number}/", "READY")


def test_what_the_browser_says_of_another_intent_or_of_success_counts_for_nothing(shop: Shop) -> None:
    paid, unpaid = shop.paid(), shop.placed(1)
    answer = visit(shop, unpaid, payment_intent=str(shop.card(paid).intent_id), redirect_status="succeeded")
    unpaid.refresh_from_db()
    assert (answer.status_code, unpaid.payment_state) == (200, "UNPAID")


def test_a_refusal_is_said_in_words_with_what_to_do(shop: Shop) -> None:
    order = shop.placed()
    visit(shop, order)
    shop.stripe.buyer(str(shop.card(order).intent_id), refuse="insufficient_funds")
    page = text(visit(shop, order))
    assert "The card has not enough money." in page
    assert "Nothing was charged." in page
    assert "insufficient_funds" not in page


def test_others_and_the_house_find_no_such_page(shop: Shop) -> None:
    order = shop.placed()
    people = shop.world.people
    for actor in (people.other, people.dealer, people.manager, people.admin):
        assert visit(shop, order, by=actor).status_code == 404


def test_while_stripe_is_away_the_page_says_so_and_the_order_stands(shop: Shop) -> None:
    order = shop.placed()
    shop.stripe.away = True
    answer = visit(shop, order)
    assert (answer.status_code, "Your order stands" in text(answer), "Try again" in text(answer)) == (422, True, True)


def test_the_demos_form_is_refused_outside_a_demo(shop: Shop) -> None:
    order = shop.placed()
    sent = browser(shop.world.people.customer).post(f"/orders/{order.number}/pay/", {"token": "tok_1"})
    assert sent.status_code == 404


def test_the_cart_leads_to_the_page_and_offers_no_card_where_none_is_taken(shop: Shop, settings: Any) -> None:
    client = browser(shop.world.people.customer)
    client.post("/cart/add/", {"part_number": shop.part.number, "quantity": "1"})
    page = text(client.get("/cart/"))
    sent = {name: hidden(page, name) for name in ("reference", "shown")} | {"type": "CUSTOMER", "payment": "CARD"}
    looked = text(client.post("/cart/", sent | {"look": "1"}))
    ordered = client.post("/cart/", sent | {"shown": hidden(looked, "shown")})
    assert ordered.status_code == 302
    assert ordered["Location"].endswith("/pay/")
    settings.STRIPE_SECRET_KEY = ""
    client.post("/cart/add/", {"part_number": shop.part.number, "quantity": "1"})
    assert 'value="CARD"' not in text(client.get("/cart/"))


def test_an_order_paid_in_part_with_credit_still_leads_to_the_page_which_says_so(shop: Shop) -> None:
    people, client = shop.world.people, browser(shop.world.people.customer)
    credit_grant(actor=people.approver, company_id=company_of(people.customer).pk, currency="KRW", amount=won(4000), reason="w", now=shop.world.now)  # fmt: skip
    client.post("/cart/add/", {"part_number": shop.part.number, "quantity": "1"})
    page = text(client.get("/cart/"))
    sent = {name: hidden(page, name) for name in ("reference", "shown")} | {"type": "CUSTOMER", "payment": "CARD"}
    looked = text(client.post("/cart/", sent | {"use_credit": "on", "look": "1"}))
    ordered = client.post("/cart/", sent | {"use_credit": "on", "shown": hidden(looked, "shown")})
    assert ordered["Location"].endswith("/pay/")
    shown = text(client.get(ordered["Location"]))
    assert "₩4,000" in shown
    assert "Pay ₩6,000" in shown


def test_an_order_that_credit_paid_whole_never_had_a_card_accepted(shop: Shop) -> None:
    people, client = shop.world.people, browser(shop.world.people.customer)
    order = shop.placed()
    credit_grant(actor=people.approver, company_id=company_of(people.customer).pk, currency="KRW", amount=won(90000), reason="w", now=shop.world.now)  # fmt: skip
    client.post(f"/orders/{order.number}/credit/")
    page = text(client.get(f"/orders/{order.number}/pay/", follow=True))
    assert "Nothing is left to pay on this order." in page
    assert "Your card is accepted" not in page


def test_the_order_shows_what_is_reserved_and_what_is_charged(shop: Shop) -> None:
    order = shop.placed()
    client = browser(shop.world.people.customer)
    assert f'href="/orders/{order.number}/pay/"' in text(client.get(f"/orders/{order.number}/"))
    shop.look(order)
    shop.stripe.buyer(str(shop.form(order).card.intent_id))
    shop.look(order)
    page = text(client.get(f"/orders/{order.number}/"))
    assert "nothing charged yet" in page
    assert "visa …4242" in page
    assert f'href="/orders/{order.number}/pay/"' not in page
    shop.world.ship(order)
    shop.run(order)
    assert "₩40,000 charged" in text(client.get(f"/orders/{order.number}/"))


def test_the_accountant_gives_back_on_the_orders_page(shop: Shop) -> None:
    order = shop.paid()
    shop.world.ship(order)
    shop.run(order)
    client = browser(shop.world.people.accountant)
    sent = {"give-back-amount": "5000", "give-back-reason": "goodwill", "give-back-reference": "r-1"}
    for _ in range(2):
        assert client.post(f"/orders/{order.number}/give-back/", sent).status_code == 302
    shop.run(order)
    assert shop.card(order).refunded == 5000
    assert "₩5,000 back: given back" in text(client.get(f"/orders/{order.number}/"))


@pytest.mark.parametrize("world", ["KWD"], indirect=True)
def test_three_decimals_are_charged_in_tens_and_the_rest_is_let_off(shop: Shop) -> None:
    part = shop.world.part(home=9, price="0.125")
    order = shop.world.place(line(part, 3), payment="CARD")
    assert "0.37" in text(visit(shop, order))
    shop.stripe.buyer(str(shop.card(order).intent_id))
    shop.look(order)
    assert (str(order.total), order.payment_state) == ("0.375", "AUTHORISED")
    shop.world.now += timedelta(minutes=1)
    shop.world.ship(order)
    shop.run(order)
    assert (str(shop.card(order).captured), order.payment_state) == ("0.370", "PAID")
