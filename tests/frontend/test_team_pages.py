"""People, limits, approvals and tokens of a buyer's company, as pages."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client

from catalog.models import Part
from orders.models import CartLine, Order, PurchaseRequest
from portal.accounts.models import ApiToken, Membership, User
from portal.accounts.tokens import token_actor, token_create
from tests import factories as make
from tests.frontend.conftest import browser, hidden, text
from tests.orders.world import World
from tests.people import company_of

CHOICES = {"type": "CUSTOMER", "payment": "TRANSFER"}


@pytest.fixture
def admin(world: World) -> Client:
    """The customer's administrator."""
    return browser(make.make_actor(company_of(world.people.customer), "BUYER", "COMPANY_ADMIN"))


def limit_of(world: World) -> Decimal | None:
    return Membership.objects.get(pk=world.people.customer.membership_id).order_limit


def test_a_limit_is_set_and_the_cart_asks_a_colleague(world: World, admin: Client, part: Part) -> None:
    key = world.people.customer.membership_id
    assert admin.post(f"/team/{key}/", {"roles": ["BUYER"], "order_limit": "15000"}).status_code == 302
    assert limit_of(world) == 15000
    customer = browser(world.people.customer)
    customer.post("/cart/add/", {"part_number": part.number, "quantity": 2})
    page = text(customer.get("/cart/"))
    assert "Ask for approval of ₩20,000" in page
    form = {
        **CHOICES,
        "reference": hidden(page, "reference"),
        "shown": hidden(page, "shown"),
        "ask": "1",
        "po_number": "PO-7",
    }
    asked = customer.post("/cart/", form)
    made = PurchaseRequest.objects.get()
    assert asked["Location"] == customer.post("/cart/", form)["Location"] == f"/requests/{made.pk}/"
    assert (Order.objects.count(), CartLine.objects.count()) == (0, 0)
    theirs = text(admin.get(f"/requests/{made.pk}/"))
    assert "PO-7" in theirs
    assert "if ordered and paid now" in theirs
    PurchaseRequest.objects.update(body=made.body | {"payment": "ACCOUNT"})
    assert "if ordered now" in text(admin.get(f"/requests/{made.pk}/"))
    PurchaseRequest.objects.update(body=made.body)
    refused = admin.post(f"/requests/{made.pk}/", {"refuse": "1", "note": ""})
    assert refused.status_code == 422
    done = admin.post(f"/requests/{made.pk}/", {"approve": "1", "shown": hidden(theirs, "shown")})
    assert done["Location"] == f"/orders/{Order.objects.get().number}/"
    second = admin.post(f"/requests/{made.pk}/", {"refuse": "1", "note": "too late"})
    assert second.status_code == 422
    assert "was first" in text(second)


def test_who_asked_sees_no_button_to_approve_and_takes_the_lines_back(world: World, part: Part) -> None:
    Membership.objects.filter(pk=world.people.customer.membership_id).update(order_limit=1)
    customer = browser(world.people.customer)
    customer.post("/cart/add/", {"part_number": part.number, "quantity": 2})
    page = text(customer.get("/cart/"))
    customer.post(
        "/cart/", {**CHOICES, "reference": hidden(page, "reference"), "shown": hidden(page, "shown"), "ask": "1"}
    )
    address = f"/requests/{PurchaseRequest.objects.get().pk}/"
    assert "Approve and order" not in text(customer.get(address))
    assert customer.post(address, {"back": "1"})["Location"] == "/cart/"
    assert CartLine.objects.get().quantity == 2


def test_a_limit_is_told_in_the_companys_money(world: World, admin: Client) -> None:
    Membership.objects.filter(pk=world.people.customer.membership_id).update(order_limit=15_000)
    assert "₩15,000" in text(admin.get("/team/"))
    form = text(admin.get(f"/team/{world.people.customer.membership_id}/"))
    assert "Limit of one order, in KRW" in form
    assert 'value="15000"' in form


def test_somebody_new_gets_a_letter_to_choose_a_password(world: World, admin: Client) -> None:
    form = {"email": "New@Example.org", "name": "Kim New", "roles": ["BUYER"], "order_limit": ""}
    assert admin.post("/team/", form).status_code == 302
    made = User.objects.get(email="new@example.org")
    assert [one.to for one in mail.outbox] == [["new@example.org"]]
    assert made.memberships.get().company_id == world.people.customer.company_id
    again = admin.post("/team/", form)
    assert again.status_code == 422
    assert "in your company already" in text(again)


def test_the_last_administrator_stays_and_others_change_nothing(world: World, admin: Client) -> None:
    mine = Membership.objects.get(roles__contains=["COMPANY_ADMIN"])
    refused = admin.post(f"/team/{mine.pk}/", {"roles": ["BUYER"], "order_limit": ""})
    assert refused.status_code == 422
    assert "make a colleague administrator first" in text(refused)
    buyer = browser(world.people.customer)
    assert "Let in" not in text(buyer.get("/team/"))
    assert buyer.get(f"/team/{mine.pk}/").status_code == 404
    assert buyer.post("/team/", {"email": "x@example.org", "name": "X", "roles": ["BUYER"]}).status_code == 422
    other = browser(make.make_actor(company_of(world.people.other), "COMPANY_ADMIN"))
    assert other.post(f"/team/{mine.pk}/", {"roles": ["BUYER"]}).status_code == 404


def test_an_ended_membership_ends_its_tokens(world: World, admin: Client) -> None:
    membership = Membership.objects.get(pk=world.people.customer.membership_id)
    _, secret = token_create(membership=membership, name="erp", now=world.now)
    assert token_actor(secret, now=world.now)
    admin.post(f"/team/{membership.pk}/", {"roles": ["BUYER"], "end": "1"})
    assert token_actor(secret, now=world.now) is None


def test_a_token_is_shown_once_and_ended(world: World) -> None:
    customer = browser(world.people.customer)
    made = customer.post("/tokens/", {"name": "ERP"})
    token = ApiToken.objects.get()
    assert token.prefix in text(made)
    assert "pp_" in text(made)
    assert made["Cache-Control"] == "no-store"
    assert "never again" not in text(customer.get("/tokens/"))
    assert browser(world.people.other).post(f"/tokens/{token.pk}/").status_code == 404
    assert customer.post(f"/tokens/{token.pk}/").status_code == 302
    token.refresh_from_db()
    assert token.revoked_at == world.now
