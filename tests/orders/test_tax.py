"""Tax from the cart to the last change of an order: one total everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from catalog.models import Part, PriceList
from orders.models import Order, TaxRegistration
from orders.services.cancelling import order_cancel
from orders.services.previewing import order_preview
from orders.services.quoting import order_quote
from orders.services.reviewing import line_review
from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.accounts.tax_numbers import company_tax_number_confirm, company_tax_number_set
from tests import factories as make
from tests.orders.world import NOW, World, details, free, line, lines_of, refused, request, won
from tests.people import company_of

ALWAYS = "[2020-01-01,)"
DUTCH = "NL823450004B01"


@dataclass
class Europe:
    """A dealer in Assen who is served from Duisburg; a pump for 12.35, a manual for 1.00, freight 9.90."""

    world: World
    prices: PriceList
    buyer: Actor
    pump: Part
    manual: Part

    @property
    def company(self) -> Company:
        return company_of(self.buyer)

    def place(self, *wanted: tuple[Part, int], **extra: object) -> Order:
        return self.world.place(*[line(part, pieces) for part, pieces in wanted], by=self.buyer, **extra)

    def numbered(self, number: str, *, confirmed: bool = False) -> None:
        company = self.company
        company_tax_number_set(company, number=number, by="Ma Yerin", now=NOW)
        company.save()
        if confirmed:
            company_tax_number_confirm(company=company, by="Ma Yerin", now=NOW)


@pytest.fixture
def europe(world: World) -> Europe:
    address = {"name": "Goods in", "street": "Turfkade 21", "city": "Assen", "postalCode": "9401 HA", "country": "NL"}
    company = make.make_company("Veen", kind="DEALER", address=address)
    duisburg = make.make_warehouse("DUI", zone="Europe/Berlin", market="EU", rank=1, country="DE")
    prices = make.make_price_list(market="EU", kind="DEALER", currency="EUR")
    parts = [make.make_part(), make.make_part(tax_class="REDUCED")]
    for part, price in zip(parts, ("12.35", "1.00"), strict=True):
        make.make_price(prices, part, price)
        make.make_stock(part, duisburg, 50)
    make.make_freight("9.90", market="EU", currency="EUR")
    for country, standard, reduced in (("DE", "0.19", "0.07"), ("NL", "0.21", "0.09")):
        make.make_tax_rate(country, standard)
        make.make_tax_rate(country, reduced, tax_class="REDUCED")
    return Europe(world, prices, make.make_actor(company), *parts)


def one_stop() -> None:
    TaxRegistration.objects.create(country="DE", number="DE314159262", one_stop=True, valid=ALWAYS)


def sums(order: Order) -> tuple[str, str, str]:
    rows = lines_of(order)
    assert order.net == sum(row.net for row in rows) + order.freight
    assert order.tax == sum(row.tax for row in rows) + order.freight_tax
    assert order.total == order.net + order.tax
    return str(order.net), str(order.tax), str(order.total)


def test_a_sale_at_home_is_taxed_at_the_rate_of_its_class(europe: Europe) -> None:
    company = europe.company
    company.address |= {"country": "DE", "city": "Duisburg", "postalCode": "47051"}
    company.save()
    order = europe.place((europe.pump, 3), (europe.manual, 1))
    assert [(row.net, row.tax_rate, row.tax, row.gross) for row in lines_of(order)] == [
        (Decimal("37.05"), Decimal("0.19"), Decimal("7.04"), Decimal("44.09")),
        (Decimal("1.00"), Decimal("0.07"), Decimal("0.07"), Decimal("1.07")),
    ]
    # 19 % of 46.95 is 8.9205: rounded once, handed out over pump and freight
    assert (order.freight, order.freight_tax_rate, order.freight_tax) == (
        Decimal("9.90"),
        Decimal("0.19"),
        Decimal("1.88"),
    )
    assert sums(order) == ("47.950", "8.990", "56.940")
    assert (order.tax_country, order.tax_treatment, order.tax_note) == ("DE", "DOMESTIC", "")


def test_a_confirmed_company_of_another_state_pays_no_tax_and_reads_why(europe: Europe) -> None:
    one_stop()
    europe.numbered(DUTCH, confirmed=True)
    order = europe.place((europe.pump, 1))
    assert sums(order) == ("22.250", "0.000", "22.250")
    assert (order.tax_treatment, order.tax_note, order.buyer_tax_number) == ("REVERSE_CHARGE", "REVERSE_CHARGE", DUTCH)


@pytest.mark.parametrize(
    ("number", "note"), [("NL123", "NUMBER_FAILED"), (DUTCH, "NUMBER_UNCONFIRMED"), ("", "")], ids=str
)
def test_without_a_confirmed_number_tax_is_charged_and_the_buyer_told(europe: Europe, number: str, note: str) -> None:
    one_stop()
    europe.numbered(number)
    order = europe.place((europe.pump, 1))
    assert sums(order) == ("22.250", "4.670", "26.920")
    assert (order.tax_country, order.tax_treatment, order.tax_note) == ("NL", "DESTINATION", note)


def test_without_the_one_stop_shop_a_consumer_pays_the_tax_of_where_the_goods_leave(europe: Europe) -> None:
    Company.objects.filter(pk=europe.buyer.company_id).update(is_consumer=True)
    order = europe.place((europe.pump, 1))
    assert (order.tax_country, lines_of(order)[0].tax_rate) == ("DE", Decimal("0.19"))


def test_what_leaves_the_union_is_not_taxed(europe: Europe) -> None:
    swiss = {"name": "In", "street": "Weg 1", "city": "Basel", "postalCode": "4000", "country": "ch"}
    order = europe.place((europe.pump, 1), deliver_to=swiss)
    assert sums(order)[1] == "0.000"
    assert (order.tax_treatment, order.tax_note) == ("EXPORT", "EXPORT")


def test_where_no_rate_is_known_nothing_is_sold(europe: Europe) -> None:
    make.make_tax_rate("DE", "0.19", start=NOW.date().replace(year=2027))
    company = europe.company
    company.address |= {"country": "DE", "city": "Duisburg", "postalCode": "47051"}
    company.save()
    wanted = request(line(europe.pump))

    def place() -> Order:
        return europe.world.place(line(europe.pump), by=europe.buyer)

    assert refused(place) == [("INVALID", "deliverTo.country")]
    assert details(place) == {"country": "DE", "taxClass": "STANDARD"}
    assert [one.why for one in order_quote(actor=europe.buyer, request=wanted, now=NOW).draft.problems] == [
        "no_tax_rate"
    ]


def test_a_rate_of_tomorrow_counts_from_tomorrow(world: World) -> None:
    part = world.part(home=9)
    make.make_tax_rate("KR", "0.10", end=NOW.date().replace(day=24))
    make.make_tax_rate("KR", "0.12", tax_class="REDUCED")
    assert world.place(line(part)).total == won(11000)
    world.days(1)
    make.make_tax_rate("KR", "0.12", start=NOW.date().replace(day=24))
    assert world.place(line(part)).total == won(11200)


@pytest.mark.parametrize("world", ["JPY"], indirect=True)
def test_a_shelf_price_holds_its_tax(world: World) -> None:
    make.make_tax_rate("KR", "0.10")
    PriceList.objects.filter(pk=world.prices.pk).update(includes_tax=True)
    part = world.part(home=9, price="1098")
    order = world.place(line(part), line(part, 2))
    assert (order.total, order.tax, order.net) == (won(3294), won(299), won(2995))
    assert [(row.gross, row.tax) for row in lines_of(order)] == [(won(1098), won(100)), (won(2196), won(199))]
    assert lines_of(order)[0].published_each.quantize(Decimal("0.01")) == Decimal("998.18")


def test_quote_preview_and_order_agree(europe: Europe) -> None:
    wanted = request(line(europe.pump, 3), line(europe.manual, 2))
    quoted = order_quote(actor=europe.buyer, request=wanted, now=NOW)
    shown = order_preview(actor=europe.buyer, request=wanted, now=NOW)
    order = europe.place((europe.pump, 3), (europe.manual, 2), quote_id=quoted.pk)
    for draft in (quoted.draft, shown.draft):
        assert (draft.net, draft.tax, draft.total) == (order.net, order.tax, order.total)
        assert draft.tax > 0


def test_a_preview_with_another_tax_is_another_preview(europe: Europe) -> None:
    wanted = request(line(europe.pump))
    before = order_preview(actor=europe.buyer, request=wanted, now=NOW).digest
    europe.numbered(DUTCH, confirmed=True)
    assert order_preview(actor=europe.buyer, request=wanted, now=NOW).digest != before


def test_the_credit_limit_counts_the_tax(europe: Europe) -> None:
    Company.objects.filter(pk=europe.buyer.company_id).update(credit_limit=Decimal("22.25"))
    assert europe.place((europe.pump, 1), payment="ACCOUNT").state == "AWAITING_APPROVAL"
    Company.objects.filter(pk=europe.buyer.company_id).update(credit_limit=Decimal("60"))
    assert europe.place((europe.pump, 1), payment="ACCOUNT").state == "READY"


def test_a_cancelled_line_takes_its_tax_along(europe: Europe) -> None:
    order = europe.place((europe.pump, 1), (europe.manual, 1))
    manual = lines_of(order)[1]
    order_cancel(actor=europe.buyer, order_id=order.pk, line_ids=[manual.pk], reason="no need", now=NOW)
    order.refresh_from_db()
    assert sums(order) == ("22.250", "4.230", "26.480")
    order_cancel(actor=europe.buyer, order_id=order.pk, line_ids=None, reason="no need", now=NOW)
    order.refresh_from_db()
    assert sums(order) == ("0.000", "0.000", "0.000")


def test_a_line_decided_to_be_paid_brings_its_tax(world: World) -> None:
    make.make_tax_rate("KR", "0.10")
    part = world.part(home=9)
    machine = world.machine(part, held=1)
    make.make_warranty_term()
    order = world.place(free(part, machine, world.card(machine), 2), payment="TRANSFER")
    assert sums(order) == ("0.000", "0.000", "0.000")
    line_review(
        actor=world.people.approver, line_id=lines_of(order)[0].pk, payer="PAID", customer_share=None, note="misuse", now=NOW
    )  # fmt: skip
    order.refresh_from_db()
    assert sums(order) == ("20000.000", "2000.000", "22000.000")
    world.pay(order, amount=won(22000))
    assert order.payment_state == "PAID"
