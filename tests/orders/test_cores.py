"""Core deposits: charged with the part, back with the old unit in time and good, kept when not; the books agree at every step."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db.models import Sum

from catalog.models import Part
from orders.models import AccountKind, LedgerPosting, Order, Paper, Return
from orders.selectors.ledger import order_account, spendable
from orders.selectors.ledger_check import ledger_disagreements
from orders.services.cores import cores_sweep
from orders.services.order_papers import order_paper_issue
from orders.services.quoting import order_quote
from orders.services.returning import ReturnLine, return_create, return_receive
from portal.notices.models import Notice
from tests import factories as make
from tests.frontend.conftest import browser, text
from tests.graphql.client import api
from tests.orders.world import World, free, line, lines_of, refused, request, seoul, won


def held(order: Order) -> Decimal:
    """Deposits we hold for it."""
    rows = LedgerPosting.objects.filter(entry__order=order, account__kind=AccountKind.CORES)
    return -(rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0))


def come(world: World, row: Return, quantity: int | None = None, *, good: bool = True) -> None:
    """An old unit is here."""
    return_receive(actor=world.people.manager, return_id=row.pk, now=world.now, quantity=quantity, good=good, condition="cracked")  # fmt: skip
    assert ledger_disagreements() == []


@pytest.fixture
def starter(world: World) -> Part:
    """A starter for 10,000 with 10 % of tax, and 4,500 of deposit on the old one."""
    make.make_tax_rate("KR", "0.10")
    return world.part(home=20, core_charge=Decimal(4500), core_currency="KRW")


def shipped(world: World, part: Part, quantity: int = 2, **extra: Any) -> Order:
    """Paid and on its way; the old units are expected."""
    order = world.paid(line(part, quantity), **extra)
    world.ship(order)
    return order


def test_the_deposit_is_charged_with_the_part_and_taxed_like_it(world: World, starter: Part) -> None:
    quote = order_quote(actor=world.people.customer, request=request(line(starter, 2)), now=world.now)
    assert (quote.draft.net, quote.draft.tax, quote.draft.total) == (won(29000), won(2900), won(31900))
    order = world.place(line(starter, 2), quote_id=None)
    (row,) = lines_of(order)
    assert (row.net, row.core_net, row.core_tax, order.total) == (won(20000), won(9000), won(900), won(31900))
    world.pay(order)
    world.ship(order)
    (invoice,) = Paper.objects.filter(kind="INVOICE")
    assert (invoice.total, held(order)) == (order.total, won(9000))
    assert [(one["core"], one["amount"]) for one in invoice.snapshot["lines"]] == [(False, "20000"), (True, "9000")]
    assert order_paper_issue(actor=world.people.customer, order_id=order.pk, kind="CONFIRMATION", now=world.now).total == order.total  # fmt: skip
    assert ledger_disagreements() == []


def test_the_old_unit_is_expected_and_its_deposit_comes_back_with_its_tax(world: World, starter: Part) -> None:
    order = shipped(world, starter)
    (row,) = Return.objects.filter(line__order=order)
    assert (row.reason, row.quantity, row.due_on.isoformat()) == ("CORE", 2, "2027-01-22")
    come(world, row, 1)
    come(world, row)
    assert (held(order), order_account(order).settled) == (0, order.total + won(9900))
    order.refresh_from_db()
    assert order.payment_state == "REFUND_DUE"
    notes = Paper.objects.filter(kind="CREDIT_NOTE").order_by("pk")
    assert [(one.net, one.tax, one.snapshot["lines"][0]["core"]) for one in notes] == [(won(4500), won(450), True)] * 2
    assert Notice.objects.filter(kind="core.credited", company=order.company_id).count() == 2


def test_of_a_dealer_on_account_the_deposit_of_a_paid_order_becomes_credit(world: World, starter: Part) -> None:
    order = world.place(line(starter, 1), by=world.people.dealer, payment="ACCOUNT")
    world.ship(order)
    world.pay(order)
    come(world, Return.objects.get(line__order=order))
    assert spendable(order.company_id, "KRW") == won(4950)


def test_a_unit_that_cannot_be_rebuilt_leaves_its_deposit_here(world: World, starter: Part) -> None:
    order = shipped(world, starter)
    row = Return.objects.get(line__order=order)
    come(world, row, 1, good=False)
    come(world, row)
    row.refresh_from_db()
    assert (row.state, row.received, row.refused, held(order)) == ("RECEIVED", 2, 1, 0)
    assert order_account(order).settled == order.total + won(4950)
    assert Notice.objects.get(kind="core.kept.refused").data["condition"] == "cracked"


def test_what_does_not_come_is_asked_for_once_then_kept_once(world: World, starter: Part) -> None:
    order = shipped(world, starter)
    row = Return.objects.get(line__order=order)
    world.now = seoul("12-30 10:00")
    come(world, row, 1)
    told = []
    for moment in ("2027-01-14 23:00", "2027-01-15 01:00", "2027-01-15 02:00", "2027-01-22 23:59", "2027-01-23 00:01", "2027-01-24 00:00"):  # fmt: skip
        world.now = seoul("01-01 00:00").fromisoformat(moment).replace(tzinfo=world.now.tzinfo)
        told.append(cores_sweep(world.now))
    row.refresh_from_db()
    assert (told, row.state, held(order)) == ([0, 1, 0, 0, 1, 0], "LAPSED", 0)
    assert order_account(order).settled == order.total + won(4950)
    assert refused(lambda: come(world, row)) == [("WRONG_STATE", "return")]
    kinds = Notice.objects.filter(kind__startswith="core.").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["core.credited", "core.reminder", "core.kept.late"]
    assert ledger_disagreements() == []


def test_a_unit_that_comes_after_its_last_day_leaves_its_deposit_here_though_nobody_swept(
    world: World, starter: Part
) -> None:
    order = shipped(world, starter)
    row = Return.objects.get(line__order=order)
    world.now = seoul("01-22 23:59").replace(year=2027)
    come(world, row, 1)
    world.now = seoul("01-23 00:00").replace(year=2027)
    come(world, row)
    assert (held(order), order_account(order).settled) == (0, order.total + won(4950))
    told = Notice.objects.filter(kind__startswith="core.").order_by("pk").values_list("kind", flat=True)
    assert list(told) == ["core.credited", "core.kept.late"]


def test_an_old_unit_nobody_asked_a_deposit_for_gives_nothing_back(world: World) -> None:
    order = shipped(world, world.part(home=9))
    asked = [ReturnLine(lines_of(order)[0].pk, 1)]
    (row,) = return_create(actor=world.people.customer, order_id=order.pk, lines=asked, reason="CORE", now=world.now)
    come(world, row)
    row.refresh_from_db()
    assert (row.state, lines_of(order)[0].core_ended, order_account(order).settled) == ("RECEIVED", 0, order.total)
    assert not Notice.objects.filter(kind__startswith="core.").exists()


def test_the_new_parts_sent_back_bring_their_deposit_and_no_fee_falls_on_it(world: World, starter: Part) -> None:
    order = world.place(line(starter, 3), by=world.people.dealer, payment="ACCOUNT")
    world.ship(order)
    (row,) = return_create(
        actor=world.people.dealer, order_id=order.pk, lines=[ReturnLine(lines_of(order)[0].pk, 2)], reason="CHANGE_OF_MIND", now=world.now
    )  # fmt: skip
    come(world, row)
    (note,) = Paper.objects.filter(kind="CREDIT_NOTE")
    assert (note.total, note.snapshot["fee"], held(order)) == (won(18700 + 9900), "3000", won(4500))
    expected = Return.objects.get(reason="CORE")
    assert (expected.state, expected.quantity) == ("EXPECTED", 1)
    come(world, expected)
    assert held(order) == 0


def test_nobody_leaves_a_deposit_for_what_somebody_else_pays(world: World, starter: Part) -> None:
    make.make_warranty_term()
    machine = world.machine(starter)
    order = world.place(free(starter, machine, world.card(machine)), payment="NONE")
    world.ship(order)
    assert (order.total, list(Return.objects.values_list("reason", flat=True))) == (0, [])


def test_no_rate_of_exchange_is_made_up_for_a_deposit_in_another_currency(world: World) -> None:
    part = world.part(home=2, core_charge=Decimal(45), core_currency="EUR")
    assert world.place(line(part)).total == won(10000)


def test_old_units_are_not_announced_twice_and_do_not_count_as_goods(world: World, starter: Part) -> None:
    order = shipped(world, starter)
    asked = [ReturnLine(lines_of(order)[0].pk, 2)]
    ask = partial(return_create, actor=world.people.customer, order_id=order.pk, lines=asked, now=world.now)
    assert refused(lambda: ask(reason="CORE")) == [("INVALID", "reason")]
    assert ask(reason="CHANGE_OF_MIND")  # the expected old units are none of these


def test_the_pages_and_the_api_show_the_deposit_and_take_the_verdict(world: World, starter: Part) -> None:
    order = shipped(world, starter)
    row = Return.objects.get(line__order=order)
    page = text(browser(world.people.customer).get(f"/orders/{order.number}/"))
    assert all(one in page for one in ("Core deposits", "₩9,000", "by 22 Jan 2027"))
    assert "₩4,500 a piece" in text(browser(world.people.customer).get(f"/parts/{starter.pk}/"))
    answer = browser(world.people.manager).post(
        f"/orders/{order.number}/receive/", {"receive-returned": row.pk, "receive-quantity": 1, "receive-condition": "cracked", "receive-refused": "on"}
    )  # fmt: skip
    row.refresh_from_db()
    assert (answer.status_code, row.refused) == (302, 1)
    told = api(world.people.customer).data(
        "query($n: String) { order(number: $n) { lines { coreDeposit { amount } coreTax { amount } } expectedReturns { id reason dueOn refused } } }",
        n=order.number,
    )["order"]  # fmt: skip
    assert Decimal(told["lines"][0]["coreDeposit"]["amount"]) == 9000
    done = api(world.people.manager).data(
        "mutation($id: ID!) { returnReceive(return: $id, good: true) { return { state refused } errors { code } } }",
        id=told["expectedReturns"][0]["id"],
    )["returnReceive"]
    assert (done["return"], held(order)) == ({"state": "RECEIVED", "refused": 1}, 0)
