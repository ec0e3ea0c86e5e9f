"""Warehouses, models, figures, groups and categories in the reader's language: brought in by a file, English where there is no other name."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from catalog.models import Assembly, CategoryName, EquipmentModel, PartGroup, Warehouse
from catalog.selectors.naming import category_names, group_names
from tests.catalog.folder import bring_in, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    head = "code,name,name_ko,name_ja,country,zone,calendar"
    write(tmp_path, "warehouses", head, "ICN,Incheon warehouse,인천 창고,,KR,Asia/Seoul,KR")
    write(tmp_path, "part_groups", "code,name,name_ko,name_ja", "SEALS,Seals,씰,シール", "HOSES,Hoses,,")
    write(tmp_path, "categories", "category,name_ko,name_ja", "Cylinders,실린더,シリンダー", "Cab,,キャブ")
    write(tmp_path, "parts", "part_number,name,category,group", "HS-1,seal kit,Cylinders,SEALS")
    write(tmp_path, "models", "set_num,name,name_ko", "HX-35,HX35 excavator,HX35 굴착기")
    write(tmp_path, "bom", "set_num,assembly,assembly_name,assembly_name_ja,item_no,part_number", "HX-35,E10,Engine,エンジン,1,HS-1")  # fmt: skip
    return tmp_path


def test_names_come_in_and_stand_in_for_the_english_ones(folder: Path):
    bring_in(folder)
    warehouse, model, figure = Warehouse.objects.get(), EquipmentModel.objects.get(), Assembly.objects.get()
    assert [warehouse.called(one) for one in ("en", "ko", "ja")] == ["Incheon warehouse", "인천 창고", "Incheon warehouse"]  # fmt: skip
    assert (model.called("ko"), model.called("ja")) == ("HX35 굴착기", "HX35 excavator")
    assert (figure.called("ko"), figure.called("ja")) == ("Engine", "エンジン")
    assert group_names(["SEALS", "HOSES", "NONE"], "ja") == {"SEALS": "シール", "HOSES": "Hoses"}
    assert category_names(["Cylinders", "Cab", ""], "ko") == {"Cylinders": "실린더"}
    assert category_names(["Cylinders"], "en") == {}


def test_a_second_time_changes_nothing_and_a_file_without_the_columns_keeps_what_is_known(folder: Path):
    bring_in(folder)
    assert {(one.added, one.changed) for one in bring_in(folder).values()} == {(0, 0)}
    write(folder, "part_groups", "code,name", "SEALS,Sealing")
    bring_in(folder)
    assert PartGroup.objects.get(code="SEALS").called("ko") == "씰"
    write(folder, "part_groups", "code,name,name_ko", "SEALS,Sealing,")
    bring_in(folder)
    assert PartGroup.objects.get(code="SEALS").names == {}


def test_names_are_words_by_language():
    for wrong in (["ko"], {"ko": 1}, "ko"):
        with pytest.raises(ValidationError):
            PartGroup(code="X", name="X", names=wrong).full_clean()
    PartGroup(code="X", name="X", names={"ko": "엑스"}).full_clean()
    assert str(CategoryName(category="Cab", language="ja", name="キャブ")) == "キャブ"
