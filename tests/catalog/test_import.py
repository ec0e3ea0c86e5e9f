"""A folder of tables comes in; a second run changes nothing; bad rows are reported and never fatal."""

import csv
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from catalog.imports.rejected import rejections_write
from catalog.models import (
    Assembly,
    Callout,
    CrossReference,
    EquipmentModel,
    Fitment,
    Part,
    PartName,
    PartRelation,
    SerialBreak,
    Supersession,
)
from tests.catalog.folder import applied, bring_in, left_out, prepared, reports, squeeze, write
from tests.factories import make_part

pytestmark = pytest.mark.django_db

PARTS = "part_number,name,name_ko,category,status,group,pack_quantity,core_charge"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(
        tmp_path,
        "parts",
        PARTS,
        "HS-1,seal kit,씰 키트,Seals,active,SEALS,5,12.50",
        "HS-2,pump,,Pumps,superseded,,,",
        "HS-3,hose,,Hoses,,,,",
    )
    write(
        tmp_path,
        "supersession",
        "old,new,date,quantity,direction,mode",
        "HS-2,HS-3,2024-05-01,2,both,never_mix",
        "GONE-1,HS-1,2020-01-01,,,",
    )
    write(tmp_path, "xref", "part_number,other_catalogue,other_number", "HS-1,acme,AC 99")
    write(tmp_path, "kits", "assembly,component,qty", "HS-1,HS-3,4")
    write(tmp_path, "relationships", "type,child,parent", "print of,HS-3,HS-2", "sub-part,HS-2,HS-1")
    write(tmp_path, "models", "set_num,name,year,theme", "HX-35,Excavator,2019,Excavators / Mid")
    write(tmp_path, "model_versions", "set_num,version,serial_from", "HX-35,2,", "HX-35,3,5000")
    write(
        tmp_path,
        "bom",
        "set_num,assembly,item_no,part_number,color,qty,assembly_qty,serial_from,serial_to",
        "HX-35,Boom,1,HS-1,red,2,3,,1000",
        "HX-35,Boom,1,hs 3,red,2,3,1001,",
        "HX-35,Cab,1,HS-1,,1,1,,",
    )
    write(tmp_path, "applicability", "part_number,set_num,fits,instead", "HS-2,HX-35,no,HS-3", "HS-3,HX-35,,")
    write(
        tmp_path,
        "vehicle_fitment",
        "brand,part_number,part_name,platform,models_years",
        "chrysler,04672758AA,Radar,PACIFICA,Pacifica 2017-18",
        "chrysler,04672758AB,Radar,PACIFICA,Pacifica 2019-20",
    )
    return tmp_path


def test_everything_comes_in(folder: Path):
    reports = bring_in(folder)
    assert [(stem, report.failure, left_out(report)) for stem, report in reports.items() if report.rejections] == []
    seal = Part.objects.get(number="HS-1")
    assert (seal.group and seal.group.code, seal.pack_quantity, str(seal.core_charge), seal.normalised) == (
        "SEALS",
        5,
        "12.500",
        "HS1",
    )
    assert dict(PartName.objects.filter(part=seal).values_list("language", "name")) == {
        "en": "seal kit",
        "ko": "씰 키트",
    }
    assert Part.objects.get(number="HS-2").status == "RETIRED"
    step = Supersession.objects.get(old__number="HS-2")
    assert (step.new.number, step.quantity, step.direction, step.mode, step.effective_on) == (
        "HS-3",
        2,
        "BOTH",
        "NEVER_MIX",
        date(2024, 5, 1),
    )
    assert CrossReference.objects.get().normalised == "AC99"
    relations = set(PartRelation.objects.values_list("part__number", "other__number", "kind", "quantity"))
    assert relations == {
        ("HS-1", "HS-3", "COMPONENT", 4),
        ("HS-3", "HS-2", "VARIANT", 1),
        ("HS-1", "HS-2", "COMPONENT", 1),
    }


def test_machines_bills_and_breaks_come_in(folder: Path):
    bring_in(folder)
    model = EquipmentModel.objects.get(code="HX-35")
    assert (model.name, model.year, model.family) == ("Excavator", 2019, "Excavators / Mid")
    assert list(SerialBreak.objects.order_by("version").values_list("version", "serial_from")) == [
        ("2", 1001),
        ("3", 5000),
    ]
    assert list(Assembly.objects.order_by("position").values_list("name", "quantity")) == [("Boom", 3), ("Cab", 1)]
    lines = list(
        Callout.objects.order_by("position").values_list(
            "part__number", "variant", "quantity", "serial_from", "serial_to"
        )
    )
    assert lines == [("HS-1", "red", 2, None, 1000), ("HS-3", "red", 2, 1001, None), ("HS-1", "", 1, None, None)]
    assert Fitment.objects.get(part__number="HS-2").instead == Part.objects.get(number="HS-3")
    radar = Supersession.objects.get(old__number="04672758AA")
    assert (radar.new.number, radar.effective_on, radar.old.maker) == ("04672758AB", date(2019, 1, 1), "chrysler")


def test_a_second_run_changes_nothing(folder: Path):
    bring_in(folder)
    before = {part.pk: part.changed_at for part in Part.objects.all()}
    again = bring_in(folder)
    assert [
        (stem, report.added, report.changed) for stem, report in again.items() if report.added or report.changed
    ] == []
    assert {part.pk: part.changed_at for part in Part.objects.all()} == before


def test_a_changed_cell_changes_its_row_alone_and_absent_columns_stay(folder: Path):
    bring_in(folder)
    write(folder, "parts", "part_number,name,category", "HS-1,seal kit,Sealings", "HS-2,pump,Pumps", "HS-3,hose,Hoses")
    report = bring_in(folder)["parts"]
    seal = Part.objects.get(number="HS-1")
    assert (
        report.added,
        report.changed,
        seal.category,
        seal.pack_quantity,
        Part.objects.get(number="HS-2").status,
    ) == (0, 1, "Sealings", 5, "RETIRED")


def test_a_prepared_run_changes_nothing_and_tells_the_same(folder: Path):
    trial = reports(prepared(folder))
    assert not Part.objects.exists()
    real = bring_in(folder)
    assert {stem: report.added for stem, report in trial.items()} == {
        stem: report.added for stem, report in real.items()
    }


def test_an_old_number_nobody_listed_becomes_a_retired_part(folder: Path):
    bring_in(folder)
    gone = Part.objects.get(number="GONE-1")
    assert (gone.status, gone.normalised) == ("RETIRED", "GONE1")


def test_a_new_number_nobody_listed_is_reported(tmp_path: Path):
    write(tmp_path, "parts", "part_number", "HS-1")
    write(tmp_path, "supersession", "old,new,date", "HS-1,NOWHERE,2024-01-01", "HS-1,HS-1,2024-01-01", "HS-1,,x")
    assert left_out(bring_in(tmp_path)["supersession"]) == [
        (2, "new", "unknown_part"),
        (3, "new", "itself"),
        (4, "new", "missing"),
        (4, "date", "not_a_date"),
    ]
    assert not Supersession.objects.exists()


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        ("", "part_number", "missing"),
        ("-/-,", "part_number", "no_number"),
        ("X" * 61, "part_number", "too_long"),
        ("N1,,,,,,0,", "pack_quantity", "too_small"),
        ("N1,,,,,,1.5,", "pack_quantity", "not_a_number"),
        ("N1,,,,,,99999999999,", "pack_quantity", "too_great"),
        ("N1,,,,,,,NaN", "core_charge", "not_an_amount"),
        ("N1,,,,,,,1e400", "core_charge", "too_great"),
        ("N1,,,,,,,-1", "core_charge", "too_small"),
        ("N1,,,,,,,,,surplus", "", "too_many_cells"),
        ("HS-9", "part_number", "repeated"),
    ],
)
def test_a_bad_row_is_reported_and_the_others_come_in(tmp_path: Path, row: str, column: str, reason: str):
    write(tmp_path, "parts", PARTS, "HS-9,good", row + ("," if row == "" else ""), "HS-10,good too")
    if row == "":
        write(tmp_path, "parts", PARTS, "HS-9,good", ",nameless", "HS-10,good too")
    report = bring_in(tmp_path)["parts"]
    assert left_out(report) == [(3, column, reason)]
    assert set(Part.objects.values_list("number", flat=True)) == {"HS-9", "HS-10"}


def test_bill_lines_of_unknown_parts_models_and_backward_serials_are_reported(folder: Path):
    write(
        folder,
        "bom",
        "set_num,assembly,item_no,part_number,serial_from,serial_to",
        "HX-35,Boom,1,NOPE,,",
        "NOPE,Boom,1,HS-1,,",
        "HX-35,Boom,2,HS-1,9,8",
    )
    report = bring_in(folder)["bom"]
    assert left_out(report) == [
        (2, "part_number", "unknown_part"),
        (3, "set_num", "unknown_model"),
        (4, "serial_to", "range"),
    ]
    assert not Callout.objects.exists()


def test_a_number_of_two_makers_must_be_told_apart(tmp_path: Path):
    write(tmp_path, "parts", "part_number,maker", "100,ALPHA", "100,BETA")
    write(tmp_path, "xref", "part_number,maker,other_catalogue,other_number", "100,,x,1", "100,BETA,x,2")
    assert left_out(bring_in(tmp_path)["xref"]) == [(2, "part_number", "ambiguous_part")]
    assert CrossReference.objects.get().part.maker == "BETA"


def test_packed_files_and_spreadsheets_read_like_plain_ones(tmp_path: Path):
    squeeze(write(tmp_path, "parts", "Part Number,Name", "HS-1,seal"))
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["set_num", "name", "year"], ["HX-35", "Excavator", 2019.0]):
        book.active.append(row)
    book.save(tmp_path / "models.xlsx")
    bring_in(tmp_path)
    assert (Part.objects.get().number, EquipmentModel.objects.get().year) == ("HS-1", 2019)


@pytest.mark.parametrize(
    "content", [b"part_number,name\nHS-2,\xff\xfe", b"\x1f\x8bbroken", b'part_number\n"HS-2', b"name\nx"]
)
def test_a_damaged_file_keeps_nothing_out_but_itself(tmp_path: Path, content: bytes):
    make_part("HS-1")
    (tmp_path / "parts.csv").write_bytes(content)
    write(tmp_path, "xref", "part_number,other_catalogue,other_number", "HS-1,acme,AC99")
    told = bring_in(tmp_path)
    assert (bool(told["parts"].failure), len(told["parts"].rejections), told["xref"].added) == (True, 1, 1)
    assert Part.objects.count() == 1


def test_what_was_left_out_is_listed_with_what_to_do(tmp_path: Path):
    write(tmp_path, "parts", PARTS, "HS-1,,,,,,zero,", "=HYPERLINK(1),,,,,,=cmd,")
    run = applied(tmp_path)
    listed = tmp_path / "out" / "rejected.csv"
    assert rejections_write(run, listed) == 2
    rows = list(csv.reader(listed.open(encoding="utf-8")))
    assert rows[1] == [
        "parts.csv",
        "2",
        "pack_quantity",
        "zero",
        "This is not a whole number.",
        "Write digits only, for example 12.",
    ]
    assert rows[2][3] == "'=cmd"  # no spreadsheet runs what a stranger wrote


def test_a_number_of_a_maker_makes_no_second_part_without_one(tmp_path: Path):
    bring_in(write(tmp_path, "parts", "part_number,maker,name", "100,ALPHA,Seal").parent)
    write(tmp_path, "parts", "part_number,name", "100,Gasket", "200,Pump")
    assert left_out(bring_in(tmp_path)["parts"]) == [(2, "part_number", "of_a_maker")]
    assert sorted(Part.objects.values_list("maker", "number")) == [("", "200"), ("ALPHA", "100")]
    write(tmp_path, "parts", "part_number,name", "200,Water pump")  # of no maker, and known so
    assert left_out(bring_in(tmp_path)["parts"]) == []
