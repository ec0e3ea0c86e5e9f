"""The confirmation and the pro-forma: an order as it stands, the same paper while nothing changes, the same sums as on every other paper."""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import ContentStream

from catalog.models import Part
from orders.models import BankAccount, Order, Paper, PaperFile, SellerDetails
from orders.papers.breaking import broken
from orders.papers.words import word
from orders.rules.references import payment_reference, shown
from orders.selectors.ledger_check import ledger_disagreements
from orders.selectors.papers import order_paper_kinds
from orders.services.cancelling import order_cancel
from orders.services.order_papers import order_paper_issue
from orders.services.paper_files import paper_file
from orders.services.returning import ReturnLine, return_create, return_receive
from orders.services.spending import credit_grant, order_credit_use
from portal.accounts.models import Company
from tests import factories as make
from tests.frontend.conftest import browser
from tests.graphql.client import api
from tests.orders.test_tax import DUTCH, Europe, europe  # noqa: F401  the fixture
from tests.orders.world import World, line, lines_of, refused, won


def issue(world: World, order: Order, kind: str = "CONFIRMATION") -> Paper:
    """The buyer asks for it."""
    return order_paper_issue(actor=world.people.customer, order_id=order.pk, kind=kind, now=world.now)


def printed(paper: Paper, world: World, language: str) -> str:
    """What stands on it."""
    content = paper_file(paper=paper, now=world.now, language=language)
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)


@pytest.fixture
def taxed(world: World) -> World:
    make.make_tax_rate("KR", "0.10")
    BankAccount.objects.create(currency="KRW", holder="House", bank="Hana", number="110-22")
    return world


def test_every_paper_of_an_order_says_the_same_sums_in_every_language(taxed: World) -> None:
    world = taxed
    order = world.place(line(world.part(home=9, price="1005"), 5), line(world.part(home=9, price="333"), 3))
    papers = [issue(world, order, "PROFORMA"), issue(world, order)]
    world.pay(order)
    world.ship(order, (lines_of(order)[0], 2))
    world.ship(order)
    invoices = list(Paper.objects.filter(order=order, kind="INVOICE"))
    for amount in ("net", "tax", "total"):
        whole = getattr(order, amount)
        assert [getattr(one, amount) for one in papers] == [whole, whole]
        assert sum(getattr(one, amount) for one in invoices) == whole
    for paper in [*papers, *invoices]:
        assert sum(Decimal(one["net"]) for one in paper.snapshot["lines"]) + Decimal(paper.snapshot["freight_net"]) == paper.net  # fmt: skip
        told = [re.findall(r"[\d,]{4,}", printed(paper, world, language)) for language in ("en", "ko", "ja")]
        assert all(f"{paper.total:,.0f}" in numbers for numbers in told)


def test_no_line_is_written_in_no_font(taxed: World, part: Part) -> None:
    """A line of Latin letters below one in Hangul or Kanji was there and nobody saw it."""
    house = Company.objects.get(kind="HOUSE")
    SellerDetails.objects.create(company=house, representative="이도윤", email="invoice@house.example")
    paper = issue(taxed, taxed.place(line(part, 2)), "PROFORMA")
    for language in ("en", "ko", "ja"):
        for page in PdfReader(BytesIO(paper_file(paper=paper, now=taxed.now, language=language))).pages:
            kept, font, shown = [], "", 0
            for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
                if operator == b"q":
                    kept.append(font)
                elif operator == b"Q":
                    font = kept.pop()
                elif operator == b"Tf":
                    font = str(operands[0])
                elif operator in (b"Tj", b"TJ"):
                    shown += 1
                    assert font, language
            assert shown > 20


def test_nothing_is_confirmed_of_an_order_that_waits_for_approval_after_a_part_of_it_left(
    taxed: World, part: Part
) -> None:
    order = taxed.place(line(part, 4), by=taxed.people.dealer, payment="ACCOUNT")
    taxed.ship(order, (lines_of(order)[0], 1))
    assert order_paper_kinds(order) == ["CONFIRMATION"]
    order.needs_approval = True  # a line was decided later, over the limit
    assert order_paper_kinds(order) == []


LONG = "油圧ショベル用メインコントロールバルブアセンブリ(リリーフバルブおよびパイロット配管付き)"


def test_a_long_japanese_name_begins_beside_its_number_and_breaks_where_japanese_does(taxed: World, part: Part) -> None:
    make.PartName.objects.create(part=part, language="ja", name=LONG)
    order = taxed.paid(line(part))
    taxed.ship(order)
    for paper in Paper.objects.filter(order=order):
        content = paper_file(paper=paper, now=taxed.now, language="ja")
        told = [re.sub(r"[\x00 ]", "", row) for row in PdfReader(BytesIO(content)).pages[0].extract_text().split("\n")]
        (first,) = (row for row in told if part.number in row)
        assert "油圧" in first, paper.kind
        assert not any(row.startswith(("ー", ")")) or row.endswith("(") for row in told)


@given(st.text(alphabet="aB1 (（「)」、ーァアバ油圧 \u3000", max_size=40), st.integers(1, 12))
def test_what_is_broken_into_lines_loses_nothing_but_blanks(text: str, width: int) -> None:
    assert re.sub(r"\s", "", broken(text, width, len)) == re.sub(r"\s", "", text)


def test_shelf_prices_stand_on_them_as_the_order_has_them(europe: Europe) -> None:  # noqa: F811
    europe.prices.includes_tax = True
    europe.prices.save()
    order = europe.place((europe.pump, 3), (europe.manual, 2))
    paper = order_paper_issue(actor=europe.buyer, order_id=order.pk, kind="CONFIRMATION", now=order.placed_at)
    assert (paper.net, paper.tax, paper.total) == (order.net, order.tax, order.total)
    assert [Decimal(one["amount"]) for one in paper.snapshot["lines"]] == [one.gross for one in lines_of(order)]


def test_what_is_taxed_at_the_reduced_rate_is_marked_as_the_note_below_says_and_nothing_where_no_tax_is(
    europe: Europe,  # noqa: F811
) -> None:
    europe.numbered(DUTCH)
    taxed = europe.place((europe.pump, 1), (europe.manual, 2))
    europe.numbered(DUTCH, confirmed=True)
    free = europe.place((europe.pump, 1), (europe.manual, 2))
    assert (taxed.tax > 0, free.tax) == (True, 0)
    counted = {}
    for order in (taxed, free):
        paper = order_paper_issue(actor=europe.buyer, order_id=order.pk, kind="CONFIRMATION", now=order.placed_at)
        for language, mark in (("en", "*"), ("ko", "*"), ("ja", "※")):
            counted[order.pk, language] = printed(paper, europe.world, language).count(mark)
    assert counted == {
        (order.pk, one): 2 if order is taxed else 0 for order in (taxed, free) for one in ("en", "ko", "ja")
    }


def test_asked_again_it_is_the_same_paper_and_a_change_makes_another(taxed: World, part: Part) -> None:
    world = taxed
    order = world.place(line(part, 2), line(world.part(home=9), 1))
    first = issue(world, order)
    assert (first.number, issue(world, order).pk) == (f"OC-{order.number}", first.pk)
    order_cancel(
        actor=world.people.customer, order_id=order.pk, line_ids=[lines_of(order)[1].pk], reason="no", now=world.now
    )
    second = issue(world, order)
    order.refresh_from_db()
    assert (second.number, second.total) == (f"OC-{order.number}-2", order.total)
    assert first.total > second.total
    world.pay(order)  # the clock runs now, so a day is promised
    third = issue(world, order)
    assert [one["policy"] for one in third.snapshot["promises"]] == ["ship"]


def test_the_pro_forma_says_where_to_pay_under_which_reference_and_what_is_left(taxed: World, part: Part) -> None:
    world = taxed
    order = world.place(line(part, 2))
    told = issue(world, order, "PROFORMA").snapshot
    reference = shown(payment_reference(order.number))
    assert (told["pay_reference"], told["bank"]["number"], told["due_on"]) == (reference, "110-22", "2026-11-30")
    company = world.people.customer.company_id or 0
    credit_grant(actor=world.people.approver, company_id=company, currency="KRW", amount=won(4000), reason="w", now=world.now)  # fmt: skip
    order_credit_use(actor=world.people.customer, order_id=order.pk, now=world.now)
    left = issue(world, order, "PROFORMA")
    assert (left.number, left.snapshot["settled"]) == (f"PF-{order.number}-2", "4000.000")
    text = printed(left, world, "en")
    assert all(one in text for one in (word("settled", "en"), "18,000", reference))


def test_what_cannot_be_had_is_not_offered_and_refused(taxed: World, part: Part) -> None:
    world = taxed
    over = world.place(line(part, 9), line(world.part(home=99, price="90000"), 20), by=world.people.dealer, payment="ACCOUNT")  # fmt: skip
    assert (over.state, order_paper_kinds(over)) == ("AWAITING_APPROVAL", [])
    ask = lambda kind: order_paper_issue(actor=world.people.dealer, order_id=over.pk, kind=kind, now=world.now)  # noqa: E731
    assert refused(lambda: ask("CONFIRMATION")) == refused(lambda: ask("INVOICE")) == [("WRONG_STATE", "kind")]
    paid = world.paid(line(world.part(home=9)))
    assert order_paper_kinds(paid) == ["CONFIRMATION"]
    assert refused(lambda: issue(world, paid, "PROFORMA")) == [("WRONG_STATE", "kind")]
    assert refused(lambda: order_paper_issue(actor=world.people.other, order_id=paid.pk, kind="CONFIRMATION", now=world.now)) == [("NOT_FOUND", "order")]  # fmt: skip


def test_the_page_and_the_api_lead_to_it(taxed: World, part: Part) -> None:
    world = taxed
    order = world.place(line(part, 2))
    buyer = browser(world.people.customer)
    assert f"/orders/{order.number}/papers/pro-forma/" in buyer.get(f"/orders/{order.number}/").content.decode()
    answer = buyer.get(f"/orders/{order.number}/papers/confirmation/", {"language": "ja"}, follow=True)
    assert (answer["Content-Type"], answer.request["PATH_INFO"]) == (
        "application/pdf",
        f"/papers/OC-{order.number}.pdf",
    )
    assert buyer.get(f"/orders/{order.number}/papers/invoice/").status_code == 404
    told = api(world.people.customer).data(
        'mutation($id: ID!) { orderPaper(order: $id, kind: PROFORMA) { paper { number total { amount } url } errors { code } } }',
        id=api(world.people.customer).data('query($n: String) { order(number: $n) { id } }', n=order.number)["order"]["id"],
    )["orderPaper"]  # fmt: skip
    assert told["errors"] == []
    assert (told["paper"]["number"], Decimal(told["paper"]["total"]["amount"])) == (f"PF-{order.number}", order.total)


def test_a_translation_is_drawn_once_and_kept(taxed: World, part: Part, monkeypatch: pytest.MonkeyPatch) -> None:
    world = taxed
    paper = issue(world, world.place(line(part)))
    first = paper_file(paper=paper, now=world.now, language="ja")
    monkeypatch.setattr("orders.services.paper_files.paper_pdf", lambda *_: pytest.fail("drawn again"))
    assert paper_file(paper=paper, now=world.now, language="ja") == first
    assert [one.language for one in PaperFile.objects.filter(paper=paper)] == ["ja"]


@pytest.mark.parametrize("world", ["KWD"], indirect=True)
def test_three_decimals_of_a_dinar_stand_on_every_paper(taxed: World) -> None:
    world = taxed
    BankAccount.objects.create(currency="KWD", holder="House", bank="Gulf", number="7")
    order = world.place(line(world.part(home=9, price="1.235"), 3))
    papers = [issue(world, order, "PROFORMA"), issue(world, order)]
    world.pay(order)
    world.ship(order)
    (row,) = lines_of(order)
    (back,) = return_create(
        actor=world.people.desk, order_id=order.pk, lines=[ReturnLine(row.pk, 1)], reason="DAMAGED", now=world.now
    )
    return_receive(actor=world.people.manager, return_id=back.pk, now=world.now)
    invoice, credit_note = Paper.objects.get(kind="INVOICE"), Paper.objects.get(kind="CREDIT_NOTE")
    assert [one.total for one in [*papers, invoice]] == [Decimal("4.076")] * 3  # 3.705, and 10 % of it is 0.371
    assert (credit_note.net, credit_note.tax) == (Decimal("1.235"), Decimal("0.124"))
    for language in ("en", "ko", "ja"):
        assert all("4.076" in printed(one, world, language) for one in [*papers, invoice])
        assert {"1.235", "0.124", "1.359"} <= set(re.findall(r"\d\.\d{3}", printed(credit_note, world, language)))
    assert ledger_disagreements() == []
