"""What waits for somebody, as files: each row says what its page says, and only to whom the page does."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import ImportRun, Part
from orders.models import StoreRefusal
from orders.services.enquiring import enquiry_answer, enquiry_make
from orders.services.saved_lists import saved_list_make
from portal.accounts.models import Membership
from portal.accounts.tokens import token_create
from portal.saleor.models import Difference
from tests import factories as make
from tests.frontend.conftest import browser
from tests.frontend.test_backorders_page import FIRST
from tests.frontend.test_reviews_page import waiting
from tests.frontend.test_tables import rows
from tests.orders.world import World, line, lines_of
from tests.people import company_of
from warranty.services.repair_cards import repair_card_confirm

__all__ = ["waiting"]  # a fixture of theirs


def told(actor: Any, name: str, query: str = "") -> list[dict[str, str]]:
    """The file's rows by its headings."""
    head, *body = rows(browser(actor), f"/tables/{name}.csv{query}")
    return [dict(zip(head, row, strict=True)) for row in body]


def test_lines_to_decide_with_what_the_rules_propose(world: World, waiting: list[Any]) -> None:
    found = told(world.people.approver, "reviews")
    assert [row["Order"] for row in found] == [one.order.number for one in waiting]
    assert (found[0]["At stake"], found[0]["The rules propose"]) == ("10000", "free of charge")


def test_what_the_store_refused(world: World, part: Part) -> None:
    order = world.paid(line(part, 2))
    StoreRefusal.objects.create(
        order=order, line=lines_of(order)[0], attempt=1, reason="OUT_OF_STOCK", missing=1, words="=none", at=world.now
    )
    (row,) = told(world.people.manager, "refusals")
    assert (row["Order"], row["Part"], row["Missing"], row["In the store’s words"]) == (order.number, part.number, "1", "'=none")  # fmt: skip


def test_sums_to_place_with_the_orders_they_may_be_for(world: World, part: Part) -> None:
    order = world.place(line(part))
    file = SimpleUploadedFile(
        "bank.csv", f"date,amount,currency,text,payer\n2026-11-23,9000,KRW,{order.number},Customer\n".encode()
    )
    browser(world.people.accountant).post("/money/", {"file": file})
    (row,) = told(world.people.accountant, "sums")
    assert (row["Amount"], row["Orders it may be for"], row["File"]) == ("9000", order.number, "bank.csv")


def test_questions_of_ones_own_or_for_the_desk_all(world: World) -> None:
    for number, who in enumerate((world.people.customer, world.people.other)):
        made = enquiry_make(actor=who, words=f"Which {number}?", serial="", searched="", part_id=None, photo=None, reference=f"r{number}", now=world.now)  # fmt: skip
    enquiry_answer(actor=world.people.desk, enquiry_id=made.pk, answer="This one", parts=[], now=world.now)
    assert [row["Question"] for row in told(world.people.customer, "enquiries")] == ["Which 0?"]
    assert {row["Question"]: row["Answer"] for row in told(world.people.desk, "enquiries")} == {"Which 0?": "", "Which 1?": "This one"}  # fmt: skip


def test_waiting_goods_and_what_the_shelf_needs(world: World) -> None:
    part = world.part(home=2, name="Filter")
    make.make_expected(part, world.home, 10, FIRST)
    world.place(line(part, 5, accept_expected_on=FIRST), by=world.people.dealer, payment="ACCOUNT", type="STOCK")
    (row,) = told(world.people.dealer, "backorders")
    assert (row["Part"], row["Waiting"], row["Ready"], row["First promised"]) == (part.number, "3", "2", "2026-12-04")
    assert [row["Part"] for row in told(world.people.dealer, "restock")] == [part.number]
    assert told(world.people.manager, "backorders") == []


def test_what_was_owed_and_paid_to_the_company_alone(world: World, part: Part) -> None:
    world.ship(world.place(line(part), by=world.people.dealer, payment="ACCOUNT"))
    mine = told(world.people.dealer, "ledger")
    assert mine
    assert told(world.people.accountant, "ledger", f"?company={company_of(world.people.dealer).pk}") == mine
    assert told(world.people.customer, "ledger", f"?company={company_of(world.people.dealer).pk}") == []
    assert told(world.people.accountant, "ledger", "?company=x") == []


def test_notices_in_the_readers_words_and_of_one_group(world: World, part: Part) -> None:
    order = world.paid(line(part))
    found = told(world.people.customer, "notices")
    assert order.number in {row["About"] for row in found}
    assert all(row["Title"] and row["Text"] for row in found)
    assert told(world.people.customer, "notices", "?group=CREDIT") == []


def test_imports_and_where_the_books_differ(world: World) -> None:
    ImportRun.objects.create(folder="x", created_at=world.now, started_by=None)
    (run,) = told(world.people.manager, "imports")
    assert (run["By"], run["Rows"]) == ("command line", "0")
    gap = {"what": "paid", "place": "", "ours": "10", "theirs": "9"}
    Difference.objects.create(kind="order", subject="100061", facts={"gaps": [gap]}, found_at=world.now)
    (row,) = told(world.people.manager, "store")
    assert (row["Which one"], row["Ours"], row["The store’s"]) == ("100061", "paid: 10", "paid: 9")


def test_cards_are_those_of_the_list(world: World, part: Part) -> None:
    one, other = (world.card(world.machine(part)) for _ in range(2))
    repair_card_confirm(actor=world.people.desk, card_id=other.pk, now=world.now)
    assert [row["Repair card"] for row in told(world.people.desk, "cards", "?state=OPEN")] == [one.number]
    assert [row["Repair card"] for row in told(world.people.desk, "cards", f"?q={other.number}")] == [other.number]
    assert len(told(world.people.desk, "cards", "?state=NONE")) == 2


@pytest.mark.parametrize("name", ["reviews", "refusals", "sums", "imports", "store"])
def test_strangers_and_buyers_get_none(world: World, name: str) -> None:
    assert browser(world.people.customer).get(f"/tables/{name}.csv").status_code == 404


def test_people_with_limits_in_the_companys_money_tokens_without_secrets_and_lists_line_by_line(
    world: World, part: Part
) -> None:
    mine = Membership.objects.get(pk=world.people.customer.membership_id)
    Membership.objects.filter(pk=mine.pk).update(order_limit=15_000)
    _, secret = token_create(membership=mine, name="ERP", now=world.now)
    saved_list_make(actor=world.people.customer, name="Spring", lines=[line(part, 2)], now=world.now)
    (person,) = told(world.people.customer, "people")
    assert (person["E-mail address"], person["May"], person["Limit of one order"], person["Currency"]) == (mine.user.email, "orders", "15000", "KRW")  # fmt: skip
    (token,) = told(world.people.customer, "tokens")
    assert (token["What for"], token["Begins with"]) == ("ERP", secret[:9])
    assert secret not in str(token)
    (kept,) = told(world.people.customer, "lists")
    assert (kept["Saved list"], kept["Part"], kept["Pieces"]) == ("Spring", part.number, "2")
    for name in ("people", "tokens", "lists"):
        assert secret[:9] not in str(told(world.people.other, name))
        assert mine.user.email not in str(told(world.people.other, name))
