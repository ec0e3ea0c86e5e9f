"""A bank's statement: exact sums are booked by themselves, the rest waits for a person; nothing is lost and nothing comes twice."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from catalog.models import Part
from orders.models import BankLine, LedgerAccount, Order, Paper, Payment
from orders.rules.bank_files import BankFileError, read
from orders.rules.references import payment_reference, shown
from orders.selectors.bank import bank_money_seen, sums_hinted
from orders.selectors.ledger import spendable
from orders.selectors.ledger_check import ledger_disagreements
from orders.services.banking import Share, bank_line_assign, bank_line_credit, bank_line_send_back, statement_read
from orders.services.cancelling import order_cancel
from orders.services.expiring import transfers_sweep
from portal.accounts.models import Company
from portal.notices.models import Notice
from tests.orders.world import World, line, promise, refused, seoul

ENTRY = """<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>{status}</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt>
<ValDt><Dt>{day}</Dt></ValDt><AcctSvcrRef>{name}</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>{payer}</Nm></Pty></Dbtr>
<DbtrAcct><Id><IBAN>DE02120300000000202051</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""


def camt(*entries: str, version: str = "08") -> bytes:
    """A statement of these entries."""
    space = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
    return f'<?xml version="1.0"?><Document xmlns="{space}"><BkToCstmrStmt><Stmt>{"".join(entries)}</Stmt></BkToCstmrStmt></Document>'.encode()


def entry(text: str, amount: int | str, **extra: str) -> str:
    """Money that came on the 23rd."""
    given = {
        "currency": "KRW",
        "sign": "CRDT",
        "status": "BOOK",
        "day": "2026-11-23",
        "name": f"N{text}{amount}",
        "payer": "Customer",
    }
    return ENTRY.format(text=text, amount=amount, **(given | extra))


def bring(world: World, *entries: str, **extra: Any) -> Any:
    """The accountant reads a statement."""
    given: dict[str, Any] = {"actor": world.people.accountant, "data": camt(*entries), "name": "november.xml"} | extra
    return statement_read(now=world.now, **given)


def lines() -> list[tuple[str, str]]:
    """(state, why) of every sum."""
    return list(BankLine.objects.order_by("pk").values_list("state", "why"))


def unassigned() -> Decimal:
    """What waits for a person."""
    return -(LedgerAccount.objects.filter(kind="UNASSIGNED").aggregate(sum=Sum("balance"))["sum"] or Decimal(0))


def test_an_exact_sum_under_the_orders_reference_pays_it_at_the_banks_value_date(world: World, part: Part) -> None:
    order = world.place(line(part))
    world.now = seoul("11-26 09:00")
    bring(world, entry(f"Rechnung {shown(payment_reference(order.number))}", "10000.00", day="2026-11-24"))
    order.refresh_from_db()
    assert (order.payment_state, order.state, lines()) == ("PAID", "READY", [("BOOKED", "")])
    assert promise(order).due_at == seoul("11-27 00:00")
    assert Payment.objects.get().received_at == seoul("11-24 00:00")
    assert ledger_disagreements() == []


def test_a_bank_of_seoul_has_its_new_day_before_london_has(world: World, part: Part) -> None:
    """The portal's time is told in UTC; until nine in the morning a statement of today was held for one of tomorrow."""
    order = world.place(line(part))
    world.now = seoul("11-24 08:00").astimezone(UTC)
    bring(world, entry(order.number, "10000", day="2026-11-24"), entry(order.number, "7", day="2026-11-25"))
    order.refresh_from_db()
    assert (order.payment_state, lines()[0]) == ("PAID", ("BOOKED", ""))
    assert Payment.objects.get().received_at == seoul("11-24 00:00")


def test_a_bank_of_the_buyers_may_have_its_new_day_before_the_house_has(world: World, part: Part) -> None:
    Company.objects.filter(pk=world.people.customer.company_id).update(zone="Pacific/Auckland")
    order = world.place(line(part))
    world.now = seoul("11-24 21:00")
    bring(world, entry(order.number, "10000", day="2026-11-25"))
    assert lines() == [("BOOKED", "")]


def test_money_of_the_day_of_the_order_came_with_the_order_and_not_before(world: World, part: Part) -> None:
    order = world.place(line(part))
    bring(world, entry(order.number, "10000", day="2026-11-23"))
    assert Payment.objects.get().received_at == order.placed_at  # a bank tells no hour
    assert promise(order).started_at == order.placed_at


def test_a_waiting_sum_is_placed_under_its_lock(world: World) -> None:
    """Two accountants at the same sum: the second finds it placed."""
    bring(world, entry("who knows", "7"))
    company, line_id = world.people.customer.company_id or 0, BankLine.objects.get().pk
    with CaptureQueriesContext(connection) as seen:
        bank_line_credit(actor=world.people.accountant, line_id=line_id, company_id=company, now=world.now)
    read = next(one["sql"] for one in seen if 'FROM "orders_bankline"' in one["sql"])
    assert read.endswith('FOR NO KEY UPDATE OF "orders_bankline"')


def test_late_money_is_not_put_on_a_cancelled_order_by_a_person_either(world: World, part: Part) -> None:
    order = world.place(line(part))
    order_cancel(actor=world.people.customer, order_id=order.pk, line_ids=None, reason="no", now=world.now)
    bring(world, entry(order.number, "10000"))
    line_id, shares = BankLine.objects.get().pk, [Share(order.number, Decimal(10000))]
    act = partial(bank_line_assign, actor=world.people.accountant, line_id=line_id, shares=shares, now=world.now)
    assert refused(act) == [("WRONG_STATE", "shares[0].order")]


def test_the_same_file_and_the_same_sum_in_another_file_change_nothing(world: World, part: Part) -> None:
    order = world.place(line(part))
    paid = entry(order.number, 10000)
    assert not bring(world, paid).again
    assert bring(world, paid).again
    bring(world, paid, entry("who knows", 7))
    assert (Payment.objects.count(), lines()) == (1, [("BOOKED", ""), ("WAITING", "UNKNOWN")])
    assert unassigned() == 7


@pytest.mark.parametrize(
    ("amount", "extra", "why"),
    [
        ("10001", {}, "OVER"),
        ("9999", {}, "UNDER"),
        ("10000", {"currency": "EUR"}, "CURRENCY"),
        ("10000", {"day": "2026-11-22"}, "DATE"),
        ("10000", {"day": "2026-11-24"}, "DATE"),
    ],
)
def test_what_does_not_fit_exactly_waits_for_a_person_and_is_not_lost(
    world: World, part: Part, amount: str, extra: dict[str, str], why: str
) -> None:
    order = world.place(line(part))
    bring(world, entry(order.number, amount, **extra))
    order.refresh_from_db()
    assert (order.payment_state, lines(), unassigned()) == ("UNPAID", [("WAITING", why)], Decimal(amount))
    assert BankLine.objects.get().order == order
    assert Notice.objects.filter(kind="money.waiting", role="ACCOUNTANT").count() == 1
    assert ledger_disagreements() == []


def test_money_for_a_cancelled_order_and_for_two_orders_waits(world: World, part: Part) -> None:
    one, other = world.place(line(part)), world.place(line(part))
    order_cancel(actor=world.people.customer, order_id=one.pk, line_ids=None, reason="no", now=world.now)
    bring(world, entry(one.number, 10000), entry(f"{one.number} {other.number}", 20000))
    assert lines() == [("WAITING", "CLOSED"), ("WAITING", "SEVERAL")]


def test_an_order_whose_money_waits_for_a_person_is_not_cancelled(world: World, part: Part) -> None:
    order = world.place(line(part))
    bring(world, entry(order.number, 9000))
    world.now = seoul("12-10 00:00")
    transfers_sweep(world.now)
    order.refresh_from_db()
    assert order.state == "AWAITING_PAYMENT"


def test_orders_named_together_are_hinted_at_and_not_cancelled(world: World, part: Part) -> None:
    """One transfer for two orders: nothing says which it pays, and both have their money at the bank."""
    one, other, third = (world.place(line(part)) for _ in range(3))
    bring(world, entry(f"orders {one.number} and {other.number}", 20000))
    (waiting,) = sums_hinted(list(BankLine.objects.all()))
    assert [(hint.order, hint.open) for hint in waiting.hints] == [(one, Decimal(10000)), (other, Decimal(10000))]
    world.now = seoul("12-10 00:00")
    transfers_sweep(world.now)
    states = dict(Order.objects.values_list("number", "state"))
    assert states == {one.number: "AWAITING_PAYMENT", other.number: "AWAITING_PAYMENT", third.number: "CANCELLED"}


def test_however_many_sums_name_several_orders_an_order_asks_for_them_once(world: World, part: Part) -> None:
    one, other, third = (world.place(line(part)) for _ in range(3))
    sums = [
        entry(f"orders {one.number} and {other.number}, INV-2026-999{place:03}", 20000 + place) for place in range(10)
    ]
    asked = []
    for come in (sums[:1], sums):
        bring(world, *come)
        with CaptureQueriesContext(connection) as seen:
            assert not bank_money_seen(third)
        asked.append(len(seen))
    assert asked == [3, 3]
    assert BankLine.objects.filter(why="SEVERAL").count() == 10


def test_invoices_of_several_orders_named_together_are_money_for_each(world: World, part: Part) -> None:
    orders = [world.paid(line(part)) for _ in range(3)]
    for order in orders:
        world.ship(order)
    one, other, _ = Paper.objects.filter(kind="INVOICE").order_by("pk")
    bring(world, entry(f"{one.number} {other.number}", 20000))
    assert [bank_money_seen(order) for order in orders] == [True, True, False]


def test_an_accountant_splits_a_sum_over_orders_and_the_rest_becomes_credit(world: World, part: Part) -> None:
    one, other = world.place(line(part)), world.place(line(part))
    bring(world, entry("thank you", 20500))
    (row,) = BankLine.objects.all()
    shares = [Share(one.number, Decimal(10000)), Share(other.number, Decimal(10000))]
    bank_line_assign(actor=world.people.accountant, line_id=row.pk, shares=shares, now=world.now)
    assert set(Order.objects.values_list("payment_state", flat=True)) == {"PAID"}
    assert (spendable(one.company_id, "KRW"), unassigned(), lines()) == (500, 0, [("BOOKED", "UNKNOWN")])
    again = partial(bank_line_assign, actor=world.people.accountant, line_id=row.pk, shares=shares, now=world.now)
    assert refused(again) == [("WRONG_STATE", "line")]
    assert ledger_disagreements() == []


def test_a_share_is_of_one_buyer_in_the_orders_currency_and_no_more_than_is_open(world: World, part: Part) -> None:
    mine, other = world.place(line(part)), world.place(line(part), by=world.people.other)
    bring(world, entry("thank you", 30000), entry("danke", 5, currency="EUR"))
    won, euros = BankLine.objects.order_by("pk")

    def assign(row: BankLine, *shares: tuple[Order, str]) -> Any:
        told = [Share(order.number, Decimal(amount)) for order, amount in shares]
        return partial(bank_line_assign, actor=world.people.accountant, line_id=row.pk, shares=told, now=world.now)

    assert refused(assign(won, (mine, "10000"), (other, "10000"))) == [("INVALID", "shares")]
    for amount in ("10001", "-5", "0", "0.5", "NaN"):
        assert refused(assign(won, (mine, amount))) == [("INVALID", "shares[0].amount")]
    third = world.place(line(part, 3))
    assert refused(assign(won, (mine, "10000"), (third, "20001"))) == [
        ("INVALID", "shares[1].amount")
    ]  # more than came
    assert refused(assign(euros, (mine, "5"))) == [("INVALID", "shares[0].amount")]
    assert refused(assign(won, (mine, "1"), (mine, "1"))) == [("INVALID", "shares")]
    assert refused(assign(won)) == [("INVALID", "shares")]
    assert unassigned() == 30005


def test_a_sum_is_kept_as_credit_or_sent_back_once(world: World) -> None:
    bring(world, entry("a", 500), entry("b", 700))
    one, other = BankLine.objects.order_by("pk")
    people, company = world.people, world.people.customer.company_id or 0
    bank_line_credit(actor=people.accountant, line_id=one.pk, company_id=company, now=world.now)
    bank_line_send_back(actor=people.accountant, line_id=other.pk, note="bank order 9", now=world.now)
    assert (spendable(company, "KRW"), unassigned()) == (500, 0)
    for row in (one, other):
        back = partial(bank_line_send_back, actor=people.accountant, line_id=row.pk, note="x", now=world.now)
        assert refused(back) == [("WRONG_STATE", "line")]
    assert ledger_disagreements() == []


def test_only_an_accountant_reads_statements_and_assigns(world: World) -> None:
    bring(world, entry("a", 500))
    row = BankLine.objects.get()
    for actor in (world.people.manager, world.people.approver, world.people.customer, world.people.dealer):
        assert refused(partial(bring, world, entry("b", 1), actor=actor)) == [("NOT_ALLOWED", "")]
        back = partial(bank_line_send_back, actor=actor, line_id=row.pk, note="x", now=world.now)
        assert refused(back) == [("NOT_ALLOWED", "")]


def test_what_left_is_pending_or_was_reversed_is_not_money_that_came(world: World) -> None:
    bring(world, entry("a", 5, sign="DBIT"), entry("b", 5, status="PDNG"))
    assert lines() == []


def test_a_batch_is_read_by_its_single_payments() -> None:
    single = '<TxDtls><Refs><EndToEndId>{0}</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">{1}</Amt></TxAmt></AmtDtls></TxDtls>'
    details = f"<NtryDtls>{single.format('A', '1.10')}{single.format('B', '2.20')}</NtryDtls>"
    batch = f'<Ntry><Amt Ccy="EUR">3.30</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><ValDt><Dt>2026-11-23</Dt></ValDt><NtryRef>9</NtryRef>{details}</Ntry>'
    form, told = read(camt(batch, version="02"), {})
    assert (form, [(one.amount, one.text, one.name) for one in told]) == (
        "CAMT053",
        [(Decimal("1.10"), "A", "9/1"), (Decimal("2.20"), "B", "9/2")],
    )


BOMB = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Document><BkToCstmrStmt>&b;</BkToCstmrStmt></Document>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (BOMB, "xml"),
        (b"<Document><Cstmr/></Document>", "no_statement"),
        (b"<Document", "xml"),
        (b"date,amount\n2026-13-01,5", "date"),
        (b"date,amount\n2026-11-01,five", "amount"),
        (b"date,amount\n2026-11-01,1e99", "amount"),
        (b"day,sum\n2026-11-01,5", "columns"),
        (b"date,amount\n\xff\xfe,5", "encoding"),
        (b'date,amount\n2026-11-01,"1,50"', "amount"),  # not 150
        (b"date,amount\n2026-11-01,1.50.00", "amount"),
        (b"date,amount\n2026-11-01,1_000", "amount"),
        (b"date,amount\n0001-01-01,5", "date"),
        (b'date,amount,text\n2026-11-01,5,"never closed\n2026-11-02,7,x\n', "rows"),
        (b"date,amount,text\n2026-11-01,5," + b"x" * 140_000, "rows"),
        (camt(entry("a", "-5")), "amount"),
        (camt(entry("a", "")), "amount"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_writes_nothing(data: bytes, why: str) -> None:
    with pytest.raises(BankFileError) as caught:
        read(data, {})
    assert caught.value.why == why


def test_a_banks_own_csv_is_read_by_its_profile() -> None:
    profile = {
        "delimiter": ";", "decimal": ",", "date_format": "%d.%m.%Y", "encoding": "cp1252", "date": "Valuta", "amount": "Betrag",
        "text": "Verwendungszweck", "payer": "Auftraggeber", "default_currency": "EUR",
    }  # fmt: skip
    text = "Valuta;Betrag;Verwendungszweck;Auftraggeber\n23.11.2026;1.234,50;Bestellung 100001;Müller\n24.11.2026;-7,00;Gebühr;Bank\n"
    (one,) = read(text.encode("cp1252"), profile)[1]
    assert (one.amount, one.currency, one.payer, one.value_on.isoformat()) == (
        Decimal("1234.50"),
        "EUR",
        "Müller",
        "2026-11-23",
    )


def test_equal_sums_of_one_day_are_two_sums_and_come_once_each() -> None:
    data = b"date,amount,currency,text\n2026-11-01,5,EUR,x\n2026-11-01,5,EUR,x\n"
    seen: dict[str, int] = {}
    keys = [one.key(seen) for one in read(data, {})[1]]
    assert len(set(keys)) == 2
    assert keys == [one.key(again) for again in [{}] for one in read(data, {})[1]]


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [("1,234.50", ".", "1234.50"), ("1.234,5", ",", "1234.5"), ("1'234.50", ".", "1234.50"), ("1\u202f234,50", ",", "1234.50"),
     ("12 345", ".", "12345"), ("1,00,000.00", ".", "100000"), ("0.125", ".", "0.125"), ("+7", ".", "7")],
)  # fmt: skip
def test_amounts_are_read_as_banks_group_them(text: str, decimal: str, value: str) -> None:
    ((one,),) = [read(f'date,amount\n2026-11-01,"{text}"'.encode(), {"decimal": decimal})[1]]
    assert one.amount == Decimal(value)


def test_rows_that_end_as_on_an_old_mac_are_rows() -> None:
    assert len(read(b"date,amount\r2026-11-01,5\r2026-11-02,6\r", {})[1]) == 2


def test_entries_that_each_statement_counts_from_one_are_not_the_same_money(world: World) -> None:
    first = entry("who knows", 7, name="1")
    bring(world, first)
    bring(world, entry("who else", 9, name="1", day="2026-11-22"))
    bring(world, first, entry("another", 7, name="2"))
    assert (len(lines()), unassigned()) == (3, 23)


@pytest.mark.parametrize("single", ["", "<Amt Ccy='EUR'>1.00</Amt>", "<Amt Ccy='USD'>1.65</Amt>"])
def test_a_batch_whose_payments_do_not_add_up_to_it_is_one_sum(single: str) -> None:
    one = (
        f"<TxDtls>{single}<RmtInf><Ustrd>100001</Ustrd></RmtInf><RltdPties><Dbtr><Nm>A</Nm></Dbtr></RltdPties></TxDtls>"
    )
    batch = f'<Ntry><Amt Ccy="EUR">3.30</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><ValDt><Dt>2026-11-23</Dt></ValDt><NtryDtls>{one}{one}</NtryDtls></Ntry>'
    (told,) = read(camt(batch), {})[1]
    assert (told.amount, told.currency, told.text, told.payer) == (Decimal("3.30"), "EUR", "100001 100001", "")


def test_a_reversal_and_an_entry_of_nothing_are_no_money() -> None:
    back = entry("a", 5).replace("<Sts>", "<RvslInd>1</RvslInd><Sts>")
    assert read(camt(back, entry("b", "0.00")), {})[1] == []


def test_a_statement_in_won_has_no_half_won(world: World) -> None:
    assert refused(partial(bring, world, entry("a", "5.5"))) == [("INVALID", "file")]
