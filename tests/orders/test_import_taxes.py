"""Tax rates, shelf prices and tax numbers come in by file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.models import Part, PriceList
from orders.models import TaxRate
from portal.accounts.models import Company
from tests.catalog.folder import bring_in, left_out, write

pytestmark = pytest.mark.django_db


def test_a_later_rate_ends_the_one_before_and_twice_is_once(tmp_path: Path) -> None:
    TaxRate.objects.all().delete()
    write(
        tmp_path, "taxes", "country,tax_class,rate,valid_from,valid_to",
        "de,,0.19,2021-01-01,", "DE,reduced,0.07,2021-01-01,", "DE,,0.20,2027-01-01,",
        "Germany,,0.19,2021-01-01,", "FR,LUXURY,0.3,2021-01-01,", "FR,,1.2,2021-01-01,", "FR,,0.2,2022-01-01,2021-01-01",
    )  # fmt: skip
    report = bring_in(tmp_path)["taxes"]
    assert (report.added, report.changed) == (3, 0)
    assert left_out(report) == [
        (5, "country", "too_long"), (6, "tax_class", "unknown_value"), (7, "rate", "too_great"), (8, "valid_to", "range"),
    ]  # fmt: skip
    rows = TaxRate.objects.filter(country="DE", tax_class="STANDARD").order_by("valid")
    assert [(one.rate, one.valid.lower, one.valid.upper) for one in rows] == [
        (Decimal("0.19"), date(2021, 1, 1), date(2027, 1, 1)),
        (Decimal("0.20"), date(2027, 1, 1), None),
    ]
    again = bring_in(tmp_path)["taxes"]
    assert (again.added, again.changed) == (0, 0)


def test_a_class_of_tax_is_a_part_s_and_what_no_file_says_is_standard(tmp_path: Path) -> None:
    write(tmp_path, "parts", "part_number,tax_class", "A-1,reduced", "A-2,", "A-3,odd")
    assert left_out(bring_in(tmp_path)["parts"]) == [(4, "tax_class", "unknown_value")]
    assert dict(Part.objects.values_list("number", "tax_class")) == {"A-1": "REDUCED", "A-2": "STANDARD"}


def test_a_list_includes_tax_or_does_not_but_not_both(tmp_path: Path) -> None:
    write(tmp_path, "parts", "part_number", "A-1", "A-2")
    heading = "part_number,market,currency,kind,amount,includes_tax,valid_from"
    write(
        tmp_path, "prices", heading, "A-1,JP,JPY,CUSTOMER,1100,yes,2026-01-01", "A-2,JP,JPY,CUSTOMER,500,no,2026-01-01"
    )
    assert [why for _, _, why in left_out(bring_in(tmp_path)["prices"])] == ["other_tax"]
    assert PriceList.objects.count() == 1


def test_a_company_s_number_is_checked_as_it_comes_in(tmp_path: Path) -> None:
    write(
        tmp_path, "companies", "key,name,kind,market,country,tax_number",
        "a,Bau,DEALER,EU,DE,314159262", "b,Aannemer,DEALER,EU,NL,NL1", "c,Privat,CUSTOMER,EU,DE,",
    )  # fmt: skip
    bring_in(tmp_path)
    found = dict(Company.objects.values_list("import_key", "tax_number_state"))
    assert found == {"a": "WELL_FORMED", "b": "FAILED", "c": ""}
    assert Company.objects.get(import_key="a").tax_number == "DE314159262"
    assert bring_in(tmp_path)["companies"].changed == 0
