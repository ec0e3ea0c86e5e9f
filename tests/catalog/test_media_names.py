"""What a file's name says of the part it is for."""

import pytest

from catalog.rules.media import name_read, small_size, stored_name


@pytest.mark.parametrize(
    ("name", "numbers", "kind", "language", "position"),
    [
        ("1234-56.jpg", ("1234-56",), "", "", 0),
        ("1234-56_2.png", ("1234-56_2", "1234-56"), "", "", 2),
        ("1234-56 (3).png", ("1234-56 (3)", "1234-56"), "", "", 3),
        ("1234-56 manual.pdf", ("1234-56 manual", "1234-56"), "MANUAL", "", 0),
        ("1234-56 manual de.pdf", ("1234-56 manual de", "1234-56"), "MANUAL", "de", 0),
        ("1234-56_drawing_ko_2.png", ("1234-56_drawing_ko_2", "1234-56"), "DRAWING", "ko", 2),
        ("1234-56-front.jpg", ("1234-56-front", "1234-56"), "IMAGE", "", 0),
        ("1234-56_SDS.PDF", ("1234-56_SDS", "1234-56"), "SAFETY", "", 0),
        ("seal kit.jpg", ("seal kit",), "", "", 0),
        ("manual.pdf", ("manual",), "", "", 0),
        ("HS_1_2.5.png", ("HS_1_2.5",), "", "", 0),
    ],
)
def test_a_name_is_a_number_and_what_follows(name: str, numbers: tuple, kind: str, language: str, position: int):
    told = name_read(name)
    assert (told.numbers, told.kind, told.language, told.position) == (numbers, kind, language, position)


def test_small_pictures_keep_their_shape_and_never_grow():
    assert small_size(4000, 1000, 480) == (480, 120)
    assert small_size(1000, 4000, 480) == (120, 480)
    assert small_size(40, 10, 480) == (40, 10)
    assert small_size(30_000, 1, 96) == (96, 1)


def test_files_lie_by_their_content():
    assert stored_name("abcd", "image/png") == "ab/abcd.png"
    assert stored_name("abcd", "image/png", 96) == "ab/abcd-96.webp"
