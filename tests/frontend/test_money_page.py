"""The accountant's page: a statement is read, told what became of it, and each waiting sum is placed by a form."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import Part
from orders.models import BankLine, BankProfile, Order
from orders.selectors.ledger import spendable
from tests.frontend.conftest import browser, text
from tests.orders.world import World, line

HEAD = "date,amount,currency,text,payer\n"


def upload(world: World, rows: str, **extra: str) -> str:
    """The accountant brings a file and reads what is said."""
    file = SimpleUploadedFile("bank.csv", (HEAD + rows).encode())
    return text(browser(world.people.accountant).post("/money/", {"file": file, **extra}, follow=True))


def place(world: World, **fields: str) -> tuple[int, str]:
    """The accountant places the one waiting sum."""
    row = BankLine.objects.get(state="WAITING")
    given = {f"{row.pk}-{name}" if name not in ("credit", "back") else name: value for name, value in fields.items()}
    answer = browser(world.people.accountant).post(f"/money/{row.pk}/", given, follow=True)
    return answer.status_code, text(answer)


def test_exact_sums_are_booked_and_the_rest_comes_to_the_list_with_a_hint(world: World, part: Part) -> None:
    one, other = world.place(line(part)), world.place(line(part))
    page = upload(world, f"2026-11-23,10000,KRW,{one.number},Customer\n2026-11-23,9000,KRW,{other.number},Customer\n")
    assert "1 sum is booked, 1 waits for you." in page
    assert f"{other.number} 9000" in page
    assert "less than is open" in page
    assert "nothing changed" in upload(
        world, f"2026-11-23,10000,KRW,{one.number},Customer\n2026-11-23,9000,KRW,{other.number},Customer\n"
    )
    assert place(world, shares=f"{other.number} 9000")[0] == 200
    other.refresh_from_db()
    assert other.payment_state == "PARTLY_PAID"


def test_what_cannot_be_placed_says_why_and_keeps_what_was_typed(world: World, part: Part) -> None:
    order = world.place(line(part))
    upload(world, "2026-11-23,20000,KRW,?,Customer\n")
    for typed, told in (
        (f"{order.number} 20000", "Only ₩10,000 is open"),
        ("nonsense", "write the order"),
        ("", "at least one"),
    ):
        status, page = place(world, shares=typed)
        assert (status, told in page) == (422, True), typed
    assert f"{order.number} 10000" not in page
    assert Order.objects.get().payment_state == "UNPAID"


def test_a_sum_becomes_credit_or_goes_back(world: World) -> None:
    company = world.people.customer.company_id or 0
    upload(world, "2026-11-23,700,KRW,?,Customer\n")
    assert place(world, credit="1", company=str(company))[0] == 200
    assert spendable(company, "KRW") == 700
    upload(world, "2026-11-23,800,KRW,?,Nobody\n")
    assert place(world, back="1", note=" ")[0] == 422
    assert place(world, back="1", note="bank order 4")[0] == 200
    assert not BankLine.objects.filter(state="WAITING").exists()


def test_a_file_that_cannot_be_read_says_why(world: World) -> None:
    assert "Line 2 has a date" in upload(world, "23.11.2026,7,KRW,?,Customer\n")


def test_a_banks_own_columns_are_chosen_by_name(world: World) -> None:
    profile = BankProfile.objects.create(name="Hana", columns={"date_format": "%d.%m.%Y"})
    assert "1 waits for you" in upload(world, "23.11.2026,7,KRW,?,Customer\n", profile=str(profile.pk))


def test_a_sum_somebody_placed_meanwhile_is_told_so(world: World) -> None:
    company = world.people.customer.company_id or 0
    upload(world, "2026-11-23,700,KRW,?,Customer\n")
    row = BankLine.objects.get()
    assert place(world, credit="1", company=str(company))[0] == 200
    answer = browser(world.people.accountant).post(
        f"/money/{row.pk}/", {"credit": "1", f"{row.pk}-company": str(company)}, follow=True
    )
    assert answer.status_code == 200
    assert "was placed meanwhile (kept as credit)" in text(answer)
    assert spendable(company, "KRW") == 700


def test_a_workbook_is_no_statement_and_told_so(world: World) -> None:
    file = SimpleUploadedFile("bank.xlsx", b"PK\x03\x04" + bytes(range(256)))
    page = text(browser(world.people.accountant).post("/money/", {"file": file}))
    assert "This is a workbook, an archive or a PDF." in page
