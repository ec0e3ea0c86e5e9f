"""Warehouses, prices, freight, stock, receipts, companies and people come in by file."""

from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.models import ExpectedReceipt, FreightRate, MarketWarehouse, PriceList, StockLedger, StockLevel, Warehouse
from catalog.selectors.prices import prices_for
from catalog.services.stock import Movement, stock_post
from portal.accounts.models import Company, Membership
from tests.catalog.folder import NOW, bring_in, left_out, write
from tests.factories import make_part

pytestmark = pytest.mark.django_db

PRICES = "part_number,market,kind,discount_class,currency,amount,per_quantity,from_quantity,valid_from,valid_to"
WAREHOUSES = "code,name,country,zone,calendar,collections,same_day_cutoff,markets"
STOCK = "part_number,warehouse,on_hand,safety_stock,reorder_point,place"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_part("HS-1")
    make_part("HS-2")
    write(tmp_path, "warehouses", WAREHOUSES, "SEL,Seoul,KR,Asia/Seoul,KR,17:30;11:00,15:00,KR:1;JP:2")
    return tmp_path


def unchanged(folder: Path) -> bool:
    """Does a second run change nothing?"""
    return not any(report.added or report.changed for report in bring_in(folder).values())


def test_warehouses_come_with_collections_and_markets(folder: Path):
    bring_in(folder)
    seoul = Warehouse.objects.get()
    assert (seoul.zone, seoul.collections, seoul.same_day_cutoff) == ("Asia/Seoul", [time(11), time(17, 30)], time(15))
    assert set(MarketWarehouse.objects.values_list("market", "rank")) == {("KR", 1), ("JP", 2)}
    assert unchanged(folder)


def test_a_bad_warehouse_is_reported(folder: Path):
    write(
        folder,
        "warehouses",
        WAREHOUSES,
        "A,A,KR,Mars/Base,KR,,,",
        "B,B,KR,UTC,KR,25:00,,",
        "C,C,KR,UTC,KR,,,KR:1",
        "D,D,KR,UTC,KR,,,KR:1",
    )
    assert left_out(bring_in(folder)["warehouses"]) == [
        (2, "zone", "unknown_value"),
        (3, "collections", "unknown_value"),
        (5, "markets", "overlap"),
    ]
    assert set(Warehouse.objects.values_list("code", flat=True)) == {"C"}


def test_prices_make_their_lists_and_a_new_list_ends_the_old_one(folder: Path):
    part = make_part("HS-3")
    write(
        folder,
        "prices",
        PRICES,
        "HS-3,EU,customer,,EUR,10.00,,,2025-01-01,",
        "HS-3,EU,CUSTOMER,,EUR,800,100,100,2025-01-01,",
        "HS-3,EU,CUSTOMER,,EUR,0.320,100,,2026-01-01,",
    )
    assert not bring_in(folder)["prices"].rejections
    assert [(one.valid.lower, one.valid.upper) for one in PriceList.objects.order_by("valid")] == [
        (date(2025, 1, 1), date(2026, 1, 1)),
        (date(2026, 1, 1), None),
    ]

    def price(on: date, quantity: int) -> tuple[Decimal, int]:
        tier = prices_for([part.pk], market="EU", kind="CUSTOMER", discount_class="STANDARD", on=on)[part.pk].at(
            quantity
        )
        return tier.amount, tier.per_quantity

    assert price(date(2025, 12, 31), 99) == (Decimal(10), 1)
    assert price(date(2025, 12, 31), 100) == (Decimal(800), 100)
    assert price(date(2026, 1, 1), 1) == (Decimal("0.320"), 100)
    assert unchanged(folder)


def test_bad_prices_are_reported(folder: Path):
    rows = (
        "HS-1,EU,KING,,EUR,1,,,2025-01-01,",
        "HS-1,EU,DEALER,,euro,1,,,2025-01-01,",
        "HS-1,EU,DEALER,,EUR,1,,,2025-01-01,2025-01-01",
        "HS-1,EU,DEALER,,EUR,1,,,2025-01-01,",
        "HS-2,EU,DEALER,,USD,1,,,2025-01-01,",
        "HS-1,EU,DEALER,,EUR,2,,1,2025-01-01,",
        "HS-2,EU,DEALER,,EUR,0.0000000004,,,2025-01-01,",
    )
    write(folder, "prices", PRICES, *rows)
    report = bring_in(folder)["prices"]
    assert sorted(left_out(report)) == [
        (2, "kind", "unknown_value"),
        (3, "currency", "too_long"),
        (4, "valid_to", "range"),
        (6, "currency", "other_currency"),
        (7, "part_number", "repeated"),
        (8, "amount", "too_small"),
    ]
    assert report.added == 2  # the price and its list


def test_freight_comes_by_weight(folder: Path):
    write(
        folder,
        "freight",
        "market,currency,up_to_g,amount,valid_from",
        "KR,KRW,1000,3000,2025-01-01",
        "KR,KRW,,9000,2025-01-01",
        "KR,KRW,1000,1,2025-02-01",
    )
    assert left_out(bring_in(folder)["freight"]) == [(4, "valid_from", "overlap")]
    assert sorted(FreightRate.objects.values_list("amount", flat=True)) == [3000, 9000]
    assert unchanged(folder)


def test_opening_stock_is_posted_once_and_never_overrules_movements(folder: Path):
    write(folder, "stock", STOCK, "HS-1,SEL,10,2,3,A-1", "HS-2,SEL,0,1,,", "HS-1,NOWHERE,1,,,")
    assert left_out(bring_in(folder)["stock"]) == [(4, "warehouse", "unknown_warehouse")]
    level = StockLevel.objects.get(part__number="HS-1")
    assert (level.on_hand, level.safety_stock, level.reorder_point, level.place) == (10, 2, 3, "A-1")
    assert StockLevel.objects.get(part__number="HS-2").on_hand == 0
    assert unchanged(folder)
    stock_post(movements=[Movement(level.part_id, level.warehouse_id, -4, "COUNT")], now=NOW, actor="test")
    assert unchanged(folder)
    write(folder, "stock", STOCK, "HS-1,SEL,12,5,3,A-1")
    assert left_out(bring_in(folder)["stock"]) == [(2, "on_hand", "moved_already")]
    level.refresh_from_db()
    assert (level.on_hand, sum(StockLedger.objects.values_list("change", flat=True))) == (6, 6)


def test_receipts_are_expected_once(folder: Path):
    write(
        folder,
        "receipts",
        "part_number,warehouse,expected_on,quantity,reference",
        "HS-1,SEL,2026-07-01,5,PO-1",
        "HS-2,SEL,2026-07-02,6,",
    )
    bring_in(folder)
    assert sorted(ExpectedReceipt.objects.values_list("quantity", flat=True)) == [5, 6]
    assert unchanged(folder)
    ExpectedReceipt.objects.filter(reference="PO-1").update(held=4)
    write(
        folder,
        "receipts",
        "part_number,warehouse,expected_on,quantity,reference",
        "HS-1,SEL,2026-07-09,4,PO-1",
        "HS-1,SEL,2026-07-09,3,PO-1",
    )
    assert left_out(bring_in(folder)["receipts"]) == [(3, "reference", "repeated")]
    write(folder, "receipts", "part_number,warehouse,expected_on,quantity,reference", "HS-1,SEL,2026-07-09,3,PO-1")
    assert left_out(bring_in(folder)["receipts"]) == [(2, "quantity", "moved_already")]
    assert ExpectedReceipt.objects.get(reference="PO-1").expected_on == date(2026, 7, 9)


def test_companies_and_people_come_without_passwords_or_power(folder: Path):
    write(
        folder,
        "companies",
        "key,name,kind,market,zone,credit_limit,contract_signed_on,city,country",
        "C1,Kim Ltd,dealer,KR,Asia/Seoul,5000,2025-01-01,Busan,KR",
        "H1,House,HOUSE,KR,,,,,",
        "C2,Bad,KING,KR,,,,,",
    )
    write(
        folder,
        "people",
        "email,name,language,company,roles",
        "a@x.kr,Kim,ko,C1,BUYER;company_admin",
        "b@x.kr,B,,H1,ADMIN",
        "c@x.kr,C,,C1,ADMIN",
        "d@x.kr,D,,NO,BUYER",
    )
    reports = bring_in(folder)
    assert left_out(reports["companies"]) == [(4, "kind", "unknown_value")]
    assert left_out(reports["people"]) == [
        (3, "roles", "not_allowed_here"),
        (4, "roles", "not_allowed_here"),
        (5, "company", "unknown_company"),
    ]
    kim = Membership.objects.get()
    assert (kim.company.import_key, kim.roles, kim.user.has_usable_password(), kim.user.is_staff) == (
        "C1",
        ["BUYER", "COMPANY_ADMIN"],
        False,
        False,
    )
    company = Company.objects.get(import_key="C1")
    assert (company.kind, company.credit_limit, company.address["city"], company.contract_signed_on) == (
        "DEALER",
        Decimal(5000),
        "Busan",
        date(2025, 1, 1),
    )
    assert unchanged(folder)


def test_a_file_makes_nobody_a_colleague_and_no_colleague_a_customer(folder: Path):
    write(folder, "companies", "key,name,kind,market", "C1,Kim Ltd,DEALER,KR", "H1,House,HOUSE,KR")
    bring_in(folder)
    write(folder, "companies", "key,name,kind,market", "C1,Kim Ltd,HOUSE,KR", "H1,House,DEALER,KR")
    refused = [(2, "kind", "not_allowed_here"), (3, "kind", "not_allowed_here")]
    assert left_out(bring_in(folder)["companies"]) == refused
    assert dict(Company.objects.values_list("import_key", "kind")) == {"C1": "DEALER", "H1": "HOUSE"}
