"""Machines, terms, contracts, dealer links and campaigns from files: twice without change, bad rows reported and never fatal."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from catalog.models import EquipmentModel, PartGroup
from tests import factories as make
from tests.catalog.folder import bring_in, left_out, write
from warranty.models import Campaign, Equipment, EquipmentDealer, MaintenanceContract, WarrantyTerm

pytestmark = pytest.mark.django_db


@pytest.fixture
def model() -> EquipmentModel:
    PartGroup.objects.create(code="SEALS", name="Seals")
    make.make_company("Owner", import_key="own")
    make.make_company("Dealer", kind="DEALER", import_key="deal")
    make.make_part("P-1")
    return make.make_model("HX35")


def test_a_folder_comes_in_and_a_second_run_changes_nothing(tmp_path: Path, model: EquipmentModel) -> None:
    write(
        tmp_path,
        "machines",
        "serial,model,owner,sold_on,in_service_on,site",
        "HX35-20418,HX35,own,2026-04-01,2026-05-04,Berlin",
        "HX35-20419,HX35,,,,",
    )
    write(tmp_path, "dealer_links", "serial,dealer,granted,since,until", "hx35 20418,deal,yes,2026-05-04,")
    write(
        tmp_path,
        "warranty_terms",
        "model,part_group,months,max_hours,excluded,bearer,valid_from,valid_to",
        ",,12,2000,,maker,2020-01-01,",
        "HX35,SEALS,,,yes,,2020-01-01,2027-01-01",
    )
    write(
        tmp_path,
        "contracts",
        "number,serial,starts_on,ends_on,groups,customer_share,yearly_cap,currency",
        "MC-1,HX35 20418,2026-01-01,2027-01-01,SEALS,0.2,1000,EUR",
    )
    write(
        tmp_path,
        "campaigns",
        "code,name,model,serial_from,serial_to,parts,starts_on,ends_on,bearer",
        "C-1,Hose recall,HX35,20000,20500,p1,2026-01-01,,",
    )
    first = bring_in(tmp_path)
    assert {stem: (report.added, left_out(report)) for stem, report in first.items()} == {
        "machines": (2, []),
        "dealer_links": (1, []),
        "warranty_terms": (2, []),
        "contracts": (1, []),
        "campaigns": (2, []),  # and its part
    }
    second = bring_in(tmp_path)
    assert [(report.added, report.changed) for report in second.values()] == [(0, 0)] * 5
    machine = Equipment.objects.get(normalised="HX3520418")
    assert (machine.sequence, machine.owner is not None, machine.in_service_on) == (20418, True, date(2026, 5, 4))
    assert EquipmentDealer.objects.get().granted_by_owner
    assert [part.number for part in Campaign.objects.get().parts.all()] == ["P-1"]
    assert MaintenanceContract.objects.get().groups == ["SEALS"]


def test_an_empty_cell_leaves_what_is_known_and_a_filled_one_changes_it(tmp_path: Path, model: EquipmentModel) -> None:
    machine = make.make_equipment("A-1", model=model, in_service=date(2026, 1, 1), site="Berlin")
    write(tmp_path, "machines", "serial,model,owner,in_service_on,site", "A-1,HX35,own,,Bonn")
    report = bring_in(tmp_path)["machines"]
    machine.refresh_from_db()
    assert (report.added, report.changed, machine.site, machine.in_service_on) == (0, 1, "Bonn", date(2026, 1, 1))
    assert machine.owner is not None


def test_a_later_term_ends_the_open_one_before_it(tmp_path: Path, model: EquipmentModel) -> None:
    heading = "months,valid_from"
    write(tmp_path, "warranty_terms", heading, "24,2020-01-01", "12,2026-07-01")
    bring_in(tmp_path)
    ranges = [(t.months, t.valid.lower, t.valid.upper) for t in WarrantyTerm.objects.order_by("valid")]
    assert ranges == [(24, date(2020, 1, 1), date(2026, 7, 1)), (12, date(2026, 7, 1), None)]
    again = bring_in(tmp_path)["warranty_terms"]
    assert (again.added, again.changed, left_out(again)) == (0, 0, [])


BAD_ROWS = {
    "machines": (
        "serial,model,owner,sold_on,in_service_on",
        ("--,HX35,,,", "serial", "no_number"),
        ("B-1,NONE,,,", "model", "unknown_model"),
        ("B-2,HX35,nobody,,", "owner", "unknown_company"),
        ("B-3,HX35,,2026-02-01,2026-01-01", "in_service_on", "range"),
        ("B-4,HX35,,1.2.2026,", "sold_on", "not_a_date"),
        ("B-5,HX35,,,", "", ""),
        ("b 5,HX35,,,", "serial", "repeated"),
    ),
    "dealer_links": (
        "serial,dealer,since,until",
        ("NO,deal,2026-01-01,", "serial", "unknown_machine"),
        ("A-1,own,2026-01-01,", "dealer", "not_a_dealer"),
        ("A-1,nobody,2026-01-01,", "dealer", "unknown_company"),
        ("A-1,deal,2026-01-01,2026-01-01", "until", "range"),
    ),
    "warranty_terms": (
        "model,part_group,months,excluded,bearer,valid_from,valid_to",
        ("NONE,,12,,,2020-01-01,", "model", "unknown_model"),
        (",NONE,12,,,2020-01-01,", "part_group", "unknown_group"),
        (",,,,,2020-01-01,", "months", "missing"),
        (",,12,,nobody,2020-01-01,", "bearer", "unknown_value"),
        (",,12,,,2020-01-01,2020-01-01", "valid_to", "range"),
        (",,12,,,2020-01-01,2022-01-01", "", ""),
        (",,12,,,2021-01-01,2023-01-01", "valid_from", "overlap"),
    ),
    "contracts": (
        "number,serial,starts_on,ends_on,groups,customer_share,currency",
        ("1,NO,2026-01-01,2027-01-01,,0,EUR", "serial", "unknown_machine"),
        ("2,A-1,2026-01-01,2027-01-01,WHAT,0,EUR", "groups", "unknown_group"),
        ("3,A-1,2026-01-01,2026-01-01,,0,EUR", "ends_on", "range"),
        ("4,A-1,2026-01-01,2027-01-01,,1.5,EUR", "customer_share", "too_great"),
        ("5,A-1,2026-01-01,2027-01-01,,0,eur", "currency", "unknown_value"),
    ),
    "campaigns": (
        "code,name,model,serial_from,serial_to,parts,starts_on,bearer",
        ("1,x,NONE,,,,2026-01-01,", "model", "unknown_model"),
        ("2,x,HX35,,,NO-PART,2026-01-01,", "parts", "unknown_part"),
        ("3,x,HX35,,,A.B.1,2026-01-01,", "parts", "ambiguous_part"),
        ("4,x,HX35,9,1,,2026-01-01,", "serial_to", "range"),
        ("5,x,HX35,,,,2026-01-01,nobody", "bearer", "unknown_value"),
    ),
}


@pytest.mark.parametrize("stem", BAD_ROWS)
def test_bad_rows_are_left_out_with_their_line_column_and_reason(
    tmp_path: Path, model: EquipmentModel, stem: str
) -> None:
    make.make_equipment("A-1", model=model)
    make.make_part("AB-1")
    make.make_part("AB1")
    heading, *rows = BAD_ROWS[stem]
    write(tmp_path, stem, str(heading), *(row[0] for row in rows))
    report = bring_in(tmp_path)[stem]
    expected = [(line, row[1], row[2]) for line, row in enumerate(rows, start=2) if row[2]]
    assert sorted(left_out(report)) == expected
    assert report.added == len(rows) - len(expected)
