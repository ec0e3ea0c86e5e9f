"""Many lines: from a file, judged, the wrong ones first, mended with one press, at a bounded price."""

from __future__ import annotations

import html
import io
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Part
from orders.models import CartLine
from tests.frontend.conftest import browser, text
from tests.orders.world import World


@pytest.fixture
def dealer(world: World) -> Client:
    return browser(world.people.dealer)


def _sheet(*rows: tuple[object, ...]) -> bytes:
    book, into = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.save(into)
    return into.getvalue()


def _upload(client: Client, content: bytes, name: str = "list.csv", **extra: str):
    return client.post("/quick-order/", {"file": SimpleUploadedFile(name, content), "text": "", **extra})


def _cart() -> list[tuple[str, int]]:
    return list(CartLine.objects.order_by("pk").values_list("part_number", "quantity"))


@pytest.mark.parametrize(
    "made",
    [
        lambda number: f"Part number,Qty\n{number},4\n".encode(),
        lambda number: f"Remark;Quantity;SKU\nurgent;4;{number}\n".encode(),
        lambda number: f"{number}\t4\n".encode(),  # without a heading
        lambda number: f"품번,수량\n{number},4\n".encode("cp949"),
        lambda number: _sheet(("Part", "Pieces"), (number, 4)),
        lambda number: _sheet((number, 4.0)),
    ],
    ids=["csv", "semicolons, columns anywhere", "no heading", "Korean", "xlsx", "xlsx without a heading"],
)
def test_a_file_fills_the_cart(dealer: Client, part: Part, made: Callable[[str], bytes]):
    assert _upload(dealer, made(part.number))["Location"] == "/cart/"
    assert _cart() == [(part.number, 4)]


def test_lines_of_a_file_that_cannot_be_read_come_into_the_text_to_be_mended_there(dealer: Client, part: Part):
    answer = _upload(dealer, f"Part,Qty\n{part.number},4\nX-1,many\n".encode())
    page = text(answer)
    assert answer.status_code == 422
    assert "Line 2 cannot be read: X-1\tmany" in page
    assert f"{part.number}\t4\nX-1\tmany</textarea>" in page
    assert _cart() == []


def test_lines_that_cannot_be_read_are_left_out_with_one_press(dealer: Client, part: Part):
    pasted = {"text": f"{part.number}\t4\nX-1\tmany\nX-2\tsome"}
    assert "Leave out the 2 lines that cannot be read" in text(dealer.post("/quick-order/", pasted))
    assert dealer.post("/quick-order/", pasted | {"leave": "1"})["Location"] == "/cart/"
    assert _cart() == [(part.number, 4)]
    assert "Nothing to order here" in text(dealer.post("/quick-order/", {"text": "X-1\tmany", "leave": "1"}))


@pytest.mark.parametrize("written", ["=1+1", "=cmd|' /C calc'!A0", "#REF!"])
def test_a_formula_without_a_result_is_shown_as_it_is_written_and_orders_nothing(
    dealer: Client, part: Part, written: str
):
    page = text(_upload(dealer, _sheet(("Part", "Pieces"), (part.number, 3), (part.number, written))))
    assert f"Line 2 cannot be read: {part.number}\t{html.escape(written)}" in page
    assert _cart() == []
    bare = text(_upload(dealer, _sheet((part.number, "=1+1"))))
    assert "formula whose result was not saved" in bare
    assert _cart() == []


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01\x02\xff" * 400, b"PK\x03\x04 not a zip", _sheet(("=1+1", "=cmd()"))[:200]],
    ids=["empty", "noise", "half a zip", "cut off"],
)
def test_what_is_no_list_is_refused_with_a_word_and_what_was_typed_stays(dealer: Client, content: bytes):
    answer = _upload(dealer, content, text="AB-1 2", serial="S-1")
    assert answer.status_code in (302, 422)
    if answer.status_code == 422:
        assert "AB-1 2" in text(answer)
        assert 'class="error"' in text(answer)
    else:
        assert _cart() == [("AB-1", 2)]  # an empty file says nothing


def test_a_file_beyond_five_megabytes_is_refused_before_it_is_read(dealer: Client):
    answer = _upload(dealer, b"x" * ((5 << 20) + 1))
    assert "larger than 5 MB" in text(answer)


def test_more_than_two_thousand_lines_are_refused_whole(dealer: Client):
    answer = _upload(dealer, "".join(f"AB-{row},1\n" for row in range(2001)).encode())
    assert answer.status_code == 422
    assert _cart() == []


def test_the_wrong_lines_stand_first_and_are_counted(world: World, dealer: Client, part: Part):
    dealer.post("/quick-order/", {"text": f"{part.number} 1\nNO-SUCH 1"})
    page = text(dealer.get("/cart/"))
    assert "1 line needs you" in page
    assert page.index("NO-SUCH") < page.index(part.number)


def test_one_press_mends_all_lines_of_a_kind_and_leaves_the_others(world: World, dealer: Client, part: Part):
    packs = [world.part(home=90, pack_quantity=10), world.part(home=90, pack_quantity=5)]
    dealer.post("/quick-order/", {"text": f"{packs[0].number} 7\n{packs[1].number} 7\nNO-SUCH 1\n{part.number} 2"})
    assert "Round all to whole packs (2)" in text(dealer.get("/cart/"))
    dealer.post("/cart/mend/", {"kind": "pack"})
    assert [quantity for _, quantity in _cart()] == [10, 10, 1, 2]
    dealer.post("/cart/mend/", {"kind": "drop"})
    assert "NO-SUCH" not in dict(_cart())
    assert "needs you" not in text(dealer.get("/cart/"))


def test_a_kind_nobody_offers_mends_nothing(world: World, dealer: Client, part: Part):
    dealer.post("/quick-order/", {"text": f"{part.number} 900\nNO-SUCH 1"})
    before = _cart()
    dealer.post("/cart/mend/", {"kind": "reference"})
    assert _cart() == before


def test_a_dealers_order_is_for_stock_unless_said_otherwise(world: World, dealer: Client, part: Part):
    dealer.post("/quick-order/", {"text": part.number})
    assert '<option value="STOCK" selected>' in text(dealer.get("/cart/"))


def test_a_long_cart_asks_no_more_than_a_short_one_and_shows_a_page_of_it(world: World, dealer: Client, part: Part):
    def questions() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert dealer.get("/cart/").status_code == 200
        return len(seen)

    dealer.post("/quick-order/", {"text": "\n".join(f"{world.part(home=9).number} 1" for _ in range(3))})
    dealer.get("/cart/")
    few = questions()
    dealer.post("/quick-order/", {"text": "\n".join(f"{world.part(home=9).number} 1" for _ in range(80))})
    assert questions() <= few + 1
    page = text(dealer.get("/cart/"))
    assert page.count('class="card line') == 50
    assert "Page 1 of 2" in page


def test_what_happens_next_is_said_before_ordering(world: World, dealer: Client, part: Part):
    dealer.post("/quick-order/", {"text": part.number})
    page = text(dealer.get("/cart/"))
    assert "What happens next" in page
    assert "Until picking you may cancel free of charge." in page
