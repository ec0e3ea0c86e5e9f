"""Text tables as they come: encodings, separators, damaged rows. What is not certain is asked, what is damaged is told by its line."""

import gzip
import itertools
import tracemalloc
from pathlib import Path

import pytest

from catalog.imports.read import ReadOptions, table_of
from tests.catalog.files import read, refused, text

KOREAN = "part_number,name\nHS-1,유압 실린더 씰 키트\nHS-2,오일 필터\n"
JAPANESE = "part_number,name\nHS-1,シールキット\nHS-2,油圧ポンプ（交換用の部品）\n"
GERMAN = "part_number,name\nHS-1,Dichtungssatz für Zylinder\nHS-2,Ölfilter\n"
SIGNS = "part_number,name\nHS-1,elbow 90° ±5\nHS-2,50 µm\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("content", [KOREAN, JAPANESE, GERMAN])
def test_unicode_is_read_in_every_form(tmp_path: Path, encoding: str, content: str):
    rows = [line.split(",") for line in content.splitlines()[1:]]
    if encoding == "utf-32":
        assert [cells for _, cells, _ in read(text(tmp_path / "parts.csv", content, encoding))] == rows
    else:
        path = text(tmp_path / "parts.csv", content.replace("\n", "\r\n"), encoding)
        assert table_of(path).heading == ["part_number", "name"]
        assert [cells for _, cells, _ in read(path)] == rows


@pytest.mark.parametrize(
    ("encoding", "content"),
    [("cp949", KOREAN), ("cp932", JAPANESE), ("euc_jp", JAPANESE), ("cp1252", GERMAN), ("cp1252", SIGNS)],
)
def test_an_old_encoding_is_known_by_its_letters_where_they_are_certain(tmp_path: Path, encoding: str, content: str):
    path = text(tmp_path / "parts.csv", content, encoding)
    assert [cells for _, cells, _ in read(path)] == [line.split(",") for line in content.splitlines()[1:]]


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp1251", ["Болт", "Масляный фильтр"]),
        ("cp1250", ["Łożysko kulkowe", "Śruba"]),
        ("gb18030", ["螺栓", "油滤清器", "液压缸密封件"]),
        ("big5", ["螺栓", "機油濾清器"]),
        ("cp932", ["ｼｰﾙｷｯﾄ"]),
        ("cp1252", ["clé à pipe"]),
        ("cp949", ["씰"]),
        ("koi8-r", ["Болт", "Гайка"]),
    ],
)
def test_what_is_not_certain_is_asked_with_the_candidates_and_never_guessed(
    tmp_path: Path, encoding: str, names: list[str]
):
    rows = "".join(f"HS-{place},{name}\n" for place, name in enumerate(names))
    path = text(tmp_path / "parts.csv", f"part_number,name\n{rows}", encoding)
    reason, candidates = refused(path)
    assert reason == "encoding_unclear"
    assert encoding in candidates or encoding == "koi8-r"
    assert [cells[1] for _, cells, _ in read(path, encoding=encoding)] == names


def test_an_answer_that_is_wrong_is_told(tmp_path: Path):
    path = text(tmp_path / "parts.csv", "part_number,name\nHS-1,clé à pipe\n", "cp1252")
    assert refused(path, encoding="cp932")[0] == "encoding_wrong"
    assert refused(path, encoding="klingon")[0] == "encoding_wrong"


def test_a_row_that_is_no_unicode_among_many_that_are_is_told_alone(tmp_path: Path):
    rows = "".join(f"HS-{n},씰\n" for n in range(30)).encode()
    path = tmp_path / "parts.csv"
    path.write_bytes(b"part_number,name\n" + rows + b"HS-X,K\xfchler\nHS-Y,pump\n")
    wrong = [(line, reason) for line, _, reason in read(path) if reason]
    assert (wrong, len(read(path))) == ([(32, "not_unicode")], 32)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_other_separators_are_found(tmp_path: Path, mark: str):
    content = f"part_number{mark}name\nHS-1{mark}a, b; c\n".replace("a, b; c", f'"a{mark}b, c"')
    assert read(text(tmp_path / "parts.csv", content)) == [(2, ["HS-1", f"a{mark}b, c"], "")]


def test_a_comma_in_the_words_of_a_heading_does_not_mislead(tmp_path: Path):
    content = "part_number;name, long;price, each\nHS-1;seal;1,50\nHS-2;pump;2\n"
    assert table_of(text(tmp_path / "parts.csv", content)).titles == ["part_number", "name, long", "price, each"]


def test_two_separators_that_do_equally_well_are_asked(tmp_path: Path):
    path = text(tmp_path / "parts.csv", "a;b,c\n1;2,3\n")
    assert refused(path)[0] == "separator_unclear"
    assert read(path, separator=";") == [(2, ["1", "2,3"], "")]


def test_a_spreadsheets_own_separator_line_is_obeyed(tmp_path: Path):
    assert read(text(tmp_path / "parts.csv", "sep=;\npart_number;name\nHS-1;a,b\n")) == [(3, ["HS-1", "a,b"], "")]


def test_the_heading_may_stand_lower(tmp_path: Path):
    path = text(tmp_path / "parts.csv", "Price list 2026, all prices net\n\npart_number,name\nHS-1,seal\n")
    assert table_of(path, ReadOptions(header_row=3)).heading == ["part_number", "name"]
    assert read(path, header_row=3) == [(4, ["HS-1", "seal"], "")]


def test_rows_of_another_width_are_told_and_the_others_read(tmp_path: Path):
    path = text(tmp_path / "parts.csv", "part_number,name\nHS-1,a,b\nHS-2\nHS-3,c,,\n\n,\nHS-4,d\n")
    assert [(line, reason) for line, _, reason in read(path)] == [
        (2, "too_many_cells"),
        (3, "too_few_cells"),
        (4, ""),
        (7, ""),
    ]


def test_broken_quotes_nul_and_line_ends_inside_texts_are_told_by_the_line_where_the_row_begins(tmp_path: Path):
    content = 'part_number,name\nHS-1,"two\nlines"\nHS-2,"a"b\nHS-3,"fine, ""really"""\n'
    assert read(text(tmp_path / "parts.csv", content)) == [
        (2, ["HS-1", "two\nlines"], ""),
        (4, [], "quotes"),
        (5, ["HS-3", 'fine, "really"'], ""),
    ]
    with_nul = text(tmp_path / "nul.csv", content.replace("HS-3", "HS\x003"))
    assert [(line, reason) for line, _, reason in read(with_nul)] == [
        (2, ""),
        (4, "quotes"),
        (5, "control_character"),
    ]


def test_a_field_of_many_short_lines_is_left_out_and_the_rest_is_read(tmp_path: Path):
    endless = "line\n" * 250_000
    content = f'part_number,name\nHS-1,"{endless}",\nHS-2,"a ""b"""\n'
    assert read(text(tmp_path / "parts.csv", content)) == [
        (2, [], "row_too_long"),
        (250_003, ["HS-2", 'a "b"'], ""),
    ]


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_field_of_a_hundred_megabytes_costs_little_memory_and_its_row_alone(tmp_path: Path, quote: str):
    path = tmp_path / "parts.csv"
    with path.open("wb") as file:
        file.write(f"part_number,name\nHS-1,{quote}".encode())
        for _ in range(100):
            file.write(b"x" * (1 << 20))
        file.write(f"{quote}\nHS-2,pump\n".encode())
    tracemalloc.start()
    assert read(path) == [(2, [], "row_too_long"), (3, ["HS-2", "pump"], "")]
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 20 << 20


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty_file"),
        (b"part_number,name\nHS-1,a\nHS-2", "cut_off"),
        (b'part_number,name\nHS-1,"a\nHS-2,b\n', "cut_off"),
        (b"\n,,\n", "no_heading"),
        (b"<html><table><tr><td>part_number</td></tr></table>", "not_a_table"),
        (b"%PDF-1.7\n", "not_a_table"),
        (b"\x1f\x8bbroken", "damaged"),
        (gzip.compress(b"part_number,name\n" + b"HS-1,a\n" * 100_000)[:-20], "damaged"),
    ],
)
def test_a_file_that_is_no_whole_table_is_refused(tmp_path: Path, content: bytes, reason: str):
    path = tmp_path / "parts.csv"
    path.write_bytes(content)
    assert refused(path)[0] == reason


def test_a_last_line_without_an_end_is_whole_when_it_has_all_cells(tmp_path: Path):
    assert len(read(text(tmp_path / "parts.csv", "part_number,name\nHS-1,a\nHS-2,b"))) == 2


def test_a_file_that_unpacks_without_end_is_refused_before_anything_is_read(tmp_path: Path):
    path = tmp_path / "parts.csv.gz"
    with gzip.open(path, "wb", compresslevel=6) as file:
        file.write(b"part_number,name\n")
        for _ in range(230):
            file.write(b"HS-1,aaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n" * 30_000)
    assert refused(path)[0] == "bomb"


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path):
    path = text(tmp_path / "parts.csv", "part_number,name\n" + "HS-1,a\n" * 1000)
    rows = table_of(path).cells()
    list(itertools.islice(rows, 3))
    with path.open("a") as file:
        file.write("HS-2,b\n")
    with pytest.raises(Exception, match="growing"):
        list(rows)


def test_formulas_in_text_are_text(tmp_path: Path):
    path = text(tmp_path / "parts.csv", 'part_number,name\n"=HYPERLINK(""x"")",+1\n')
    assert read(path) == [(2, ['=HYPERLINK("x")', "+1"], "")]
