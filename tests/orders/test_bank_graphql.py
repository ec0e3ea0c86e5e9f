"""An accountant's own program lists what the bank told of and places what waits; nobody else learns that there is such a list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from graphql_relay import to_global_id

from catalog.models import Part
from orders.models import BankLine, BankLineState, LedgerEntry, Order
from orders.selectors.ledger import spendable
from orders.selectors.ledger_check import ledger_disagreements
from orders.services.banking import statement_read
from portal.accounts.actor import Actor
from tests.graphql.client import ERRORS, api, codes
from tests.orders.world import World, line

LISTED = """query($state: BankLineState, $first: Int, $after: String) { bankLines(state: $state, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage endCursor } edges { node { id statement valueOn amount { amount currency } text payer payerAccount
  state why words orderNumber company { name } settledAt } } } }"""
LINE = "line { state words orderNumber company { name } settledAt }"
ASSIGN = f"mutation($line: ID!, $shares: [BankShareInput!]!) {{ done: bankLineAssign(line: $line, shares: $shares) {{ {LINE} {ERRORS} }} }}"
CREDIT = f"mutation($line: ID!, $company: ID!) {{ done: bankLineCredit(line: $line, company: $company) {{ {LINE} {ERRORS} }} }}"
BACK = (
    f"mutation($line: ID!, $note: String!) {{ done: bankLineSendBack(line: $line, note: $note) {{ {LINE} {ERRORS} }} }}"
)


def came(world: World, *sums: tuple[str, str], day: str = "2026-11-23") -> list[str]:
    """The bank tells of these (amount, text); the ids of all sums so far."""
    rows = [f"{day},{amount},KRW,{text},Payer of {text},{text}/{amount}" for amount, text in sums]
    data = "\n".join(["date,amount,currency,text,payer,id", *rows]).encode()
    statement_read(actor=world.people.accountant, data=data, name="november.csv", now=world.now)
    return [to_global_id("BankLine", str(pk)) for pk in BankLine.objects.order_by("pk").values_list("pk", flat=True)]


def listed(actor: Actor | None, **given: Any) -> Any:
    """The page of sums, or None."""
    return api(actor).data(LISTED, **given)["bankLines"]


def act(actor: Actor, document: str, **given: Any) -> tuple[Any, list[tuple[str, str]]]:
    """The sum after an act, and its refusals as (code, field)."""
    done = api(actor).data(document, **given)["done"]
    return done["line"], [(one["code"], one["field"]) for one in done["errors"]]


def test_sums_are_listed_by_state_with_why_they_wait_oldest_first(world: World, part: Part) -> None:
    order = world.place(line(part))
    came(world, ("7", "who knows"))
    came(world, ("9000", order.number), day="2026-11-22")
    came(world, ("10000", order.number))
    accountant = world.people.accountant
    waiting = listed(accountant, state="WAITING")
    first, second = (edge["node"] for edge in waiting["edges"])
    assert (waiting["totalCount"], first["amount"], second["amount"]["amount"]) == (2, {"amount": "9000", "currency": "KRW"}, "7")  # fmt: skip
    assert (first["why"], first["orderNumber"], first["company"]["name"]) == ("DATE", order.number, order.company.name)
    assert (second["why"], second["words"], second["orderNumber"]) == ("UNKNOWN", "no order is named", None)
    assert (second["statement"], second["valueOn"], second["payer"]) == ("november.csv", "2026-11-23", "Payer of who knows")  # fmt: skip
    (booked,) = (edge["node"] for edge in listed(accountant, state="BOOKED")["edges"])
    assert (booked["why"], booked["words"], booked["settledAt"] is None) == (None, "booked", False)
    assert listed(accountant)["totalCount"] == 3
    assert listed(accountant, state="SENT_BACK")["edges"] == []


HINTS = """{ bankLines { edges { node { text hints { company { name }
  orders { orderNumber company { name } state open { amount currency } } } } } } }"""


def test_a_waiting_sum_comes_with_the_hints_that_the_page_shows(world: World, part: Part) -> None:
    named, same = world.place(line(part, 2)), world.place(line(part))
    came(world, ("9000", named.number), ("10000", "thank you"), ("7", "who knows"), ("20000", named.number))
    rows = {
        edge["node"]["text"]: edge["node"] for edge in api(world.people.accountant).data(HINTS)["bankLines"]["edges"]
    }
    company = {"name": named.company.name}
    hint = {"company": company, "state": "AWAITING_PAYMENT", "open": {"amount": "10000", "currency": "KRW"}}
    assert rows["thank you"]["hints"] == {"company": None, "orders": [{"orderNumber": same.number, **hint}]}
    assert rows["who knows"]["hints"] == {"company": None, "orders": []}
    booked = [edge["node"] for edge in api(world.people.accountant).data(HINTS)["bankLines"]["edges"]][-1]
    assert (booked["text"], booked["hints"]) == (named.number, None)


def test_a_long_list_comes_in_pages_and_asks_the_database_no_more_than_a_short_one(world: World, part: Part) -> None:
    order = world.place(line(part))

    def asked(first: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert len(caller.data(LISTED, first=first)["bankLines"]["edges"]) == first
        return len(seen)

    came(world, *[(str(3 + place), f"{order.number} {place}") for place in range(12)])
    caller = api(world.people.accountant)
    asked(1)  # the first call of a token notes that it was used
    assert asked(12) == asked(2) <= 8
    page = listed(world.people.accountant, first=8)
    rest = listed(world.people.accountant, first=8, after=page["pageInfo"]["endCursor"])
    texts = [edge["node"]["text"] for edge in page["edges"] + rest["edges"]]
    assert (texts, rest["pageInfo"]["hasNextPage"]) == ([f"{order.number} {place}" for place in range(12)], False)


def test_a_sum_is_split_over_orders_and_the_rest_is_credit_and_asked_again_nothing_changes(
    world: World, part: Part
) -> None:
    one, other = world.place(line(part)), world.place(line(part))
    (row,) = came(world, ("20500", "thank you"))
    shares = [{"order": order.number, "amount": "10000"} for order in (one, other)]
    done, errors = act(world.people.accountant, ASSIGN, line=row, shares=shares)
    assert (done["state"], done["words"], done["orderNumber"], errors) == ("BOOKED", "booked", one.number, [])
    assert done["company"]["name"] == one.company.name
    assert set(Order.objects.values_list("payment_state", flat=True)) == {"PAID"}
    entries = LedgerEntry.objects.count()
    assert act(world.people.accountant, ASSIGN, line=row, shares=shares) == (None, [("WRONG_STATE", "line")])
    assert (LedgerEntry.objects.count(), spendable(one.company_id, "KRW")) == (entries, 500)
    assert ledger_disagreements() == []


def test_what_does_not_fit_is_refused_by_share_and_the_sum_waits_on(world: World, part: Part) -> None:
    mine, foreign = world.place(line(part)), world.place(line(part), by=world.people.other)
    (row,) = came(world, ("30000", "thank you"))
    accountant = world.people.accountant

    def refusals(*shares: tuple[str, str]) -> list[tuple[str, str]]:
        told = [{"order": number, "amount": amount} for number, amount in shares]
        return act(accountant, ASSIGN, line=row, shares=told)[1]

    assert refusals() == [("INVALID", "shares")]
    assert refusals((mine.number, "1"), (mine.number, "1")) == [("INVALID", "shares")]
    assert refusals((mine.number, "10000"), (foreign.number, "10000")) == [("INVALID", "shares")]
    assert refusals((mine.number, "1"), ("999999", "1")) == [("NOT_FOUND", "shares[1].order")]
    for amount in ("10001", "-5", "0", "0.5", "1e400", "9" * 60):
        assert refusals((mine.number, amount)) == [("INVALID", "shares[0].amount")], amount
    assert BankLine.objects.get().state == BankLineState.WAITING
    assert set(Order.objects.values_list("payment_state", flat=True)) == {"UNPAID"}


def test_a_sum_is_kept_as_credit_or_sent_back_with_the_banks_order_and_once(world: World) -> None:
    kept, back = came(world, ("500", "a"), ("700", "b"))
    accountant, company = world.people.accountant, to_global_id("Company", str(world.people.customer.company_id))
    house = to_global_id("Company", str(accountant.company_id))
    assert act(accountant, CREDIT, line=kept, company=house)[1] == [("NOT_FOUND", "company")]
    assert act(accountant, BACK, line=back, note=" ")[1] == [("INVALID", "note")]
    done, errors = act(accountant, CREDIT, line=kept, company=company)
    assert (done["state"], done["company"]["name"], errors) == ("CREDITED", "Customer", [])
    done, errors = act(accountant, BACK, line=back, note="bank order 9")
    assert (done["state"], done["company"], errors) == ("SENT_BACK", None, [])
    assert LedgerEntry.objects.get(kind="MONEY_BACK").reason == "bank order 9"
    for row in (kept, back):
        assert act(accountant, CREDIT, line=row, company=company)[1] == [("WRONG_STATE", "line")]
        assert act(accountant, BACK, line=row, note="again")[1] == [("WRONG_STATE", "line")]
    assert spendable(world.people.customer.company_id or 0, "KRW") == Decimal(500)
    assert ledger_disagreements() == []


@pytest.mark.parametrize("who", ["customer", "dealer", "manager", "approver", "desk"])
def test_nobody_but_an_accountant_sees_a_sum_or_moves_it(world: World, part: Part, who: str) -> None:
    order = world.place(line(part))
    (row,) = came(world, ("9000", order.number))
    actor = getattr(world.people, who)
    assert listed(actor) is None
    assert listed(actor, state="WAITING") is None
    shares = [{"order": order.number, "amount": "9000"}]
    company = to_global_id("Company", str(order.company_id))
    for document, given in ((ASSIGN, {"shares": shares}), (CREDIT, {"company": company}), (BACK, {"note": "mine"})):
        told = api(actor).post(document, line=row, **given)
        assert (codes(told), told["data"]["done"]["line"]) == ({"NOT_ALLOWED"}, None)
    assert BankLine.objects.get().state == BankLineState.WAITING


def test_a_stranger_is_told_nothing(world: World) -> None:
    came(world, ("5", "a"))
    assert listed(None) is None
