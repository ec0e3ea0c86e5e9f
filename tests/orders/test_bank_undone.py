"""What a statement undoes is told and never booked; entries a statement only counts are not taken for those of another; files of nothing."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import Part
from orders.models import BankLine, Payment
from orders.rules.bank_files import read
from portal.languages.writing import money
from portal.notices.models import Notice
from portal.notices.words import notice_words
from tests.frontend.conftest import browser, text
from tests.orders.test_bank import bring, camt, entry, lines, unassigned
from tests.orders.world import World, line, won


def undone(words: str, amount: int, sign: str) -> str:
    """An entry that undoes an earlier one."""
    return entry(words, amount, sign=sign, name=f"R{words}").replace("</Sts>", "</Sts><RvslInd>true</RvslInd>")


@pytest.mark.parametrize(("sign", "kind"), [("DBIT", "money.undone.out"), ("CRDT", "money.undone.in")])
def test_an_entry_that_undoes_an_earlier_one_is_told_once_and_never_booked(
    world: World, part: Part, sign: str, kind: str
) -> None:
    order = world.place(line(part))
    paid, back = entry(order.number, 10000), undone(order.number, 10000, sign)
    assert bring(world, paid, back).undone == 1
    bring(world, paid, back, entry("later", 7))  # the bank tells the day again, with more
    (told,) = Notice.objects.filter(kind__startswith="money.undone")
    words = notice_words(told.kind, told.subject, told.data)
    assert (told.kind, told.role) == (kind, "ACCOUNTANT")
    assert money(won(10000), "KRW") in words.title
    assert order.number in words.text
    assert "23 Nov 2026" in words.text
    order.refresh_from_db()
    assert (order.payment_state, Payment.objects.count(), lines()) == ("PAID", 1, [("BOOKED", ""), ("WAITING", "UNKNOWN")])  # fmt: skip


def _upload(world: World, data: bytes, name: str = "day.xml") -> str:
    sent = {"file": SimpleUploadedFile(name, data), "profile": ""}
    return text(browser(world.people.accountant).post("/money/", sent, follow=True))


def test_the_page_says_that_something_was_undone_and_that_a_file_brought_nothing(world: World) -> None:
    nothing = camt(entry("left", 5, sign="DBIT"))
    assert "brings no sum that came" in _upload(world, nothing)
    assert "was read before" in _upload(world, nothing)
    assert "2 entries undo earlier ones" in _upload(world, camt(undone("a", 5, "DBIT"), undone("b", 6, "CRDT")))
    assert "brings no sum that came" in _upload(world, b"date,amount\n", "empty.csv")


def test_a_file_of_no_bytes_or_of_twenty_megabytes_is_refused_in_words(world: World) -> None:
    assert "at most 10 MB" in _upload(world, b"<" + b"x" * 20 * 1024 * 1024)
    assert "empty" in _upload(world, b"")
    assert not BankLine.objects.exists()


def counted(words: str, amount: int) -> str:
    """An entry the bank gives no name of its own, but a place in the statement."""
    return entry(words, amount, name="1").replace("AcctSvcrRef", "NtryRef")


def test_equal_sums_that_two_statements_each_count_as_their_first_are_two(world: World, part: Part) -> None:
    one, other = world.place(line(part)), world.place(line(part))
    bring(world, counted(one.number, 10000))
    bring(world, counted(other.number, 10000))
    bring(world, counted(one.number, 10000), entry("who knows", 7))
    assert lines() == [("BOOKED", ""), ("BOOKED", ""), ("WAITING", "UNKNOWN")]
    assert unassigned() == 7


def test_what_was_read_when_a_count_was_a_name_does_not_come_again(world: World) -> None:
    bring(world, counted("who knows", 7))
    (came,) = read(camt(counted("who knows", 7)), {})[1]
    BankLine.objects.update(key=came.key({}, once=True))
    bring(world, counted("who knows", 7), entry("another", 9))
    assert (len(lines()), unassigned()) == (2, 16)
