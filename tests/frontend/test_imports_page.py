"""A parts manager brings a delivery from the page alone: upload, look, apply, take back; others do not find the page."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from catalog.imports import uploads, work
from catalog.imports.mappings import mapping_save
from catalog.models import ImportRun, Part
from portal.outbox.models import OutboxMessage
from portal.outbox.services import outbox_drain
from tests.catalog.folder import NOW
from tests.frontend.conftest import browser, hidden, text
from tests.orders.world import World

PARTS = "part_number,name,status\nA-1,Pump,\nA-2,Hose,\n,nameless,\n"


@pytest.fixture(autouse=True)
def home(settings: Settings, tmp_path: Path) -> Path:
    settings.PORTAL_DATA = tmp_path
    return tmp_path / "imports"


@pytest.fixture
def manager(world: World) -> Client:
    return browser(world.people.manager)


def table(name: str, content: str | bytes = PARTS) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content if isinstance(content, bytes) else content.encode())


def packed(files: dict[str, str | bytes]) -> SimpleUploadedFile:
    """A ZIP of these."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return SimpleUploadedFile("delivery.zip", into.getvalue())


def sent(client: Client, *files: SimpleUploadedFile, **typed: str) -> Any:
    return client.post("/imports/new/", {"upload": list(files), **typed})


def brought(client: Client, *files: SimpleUploadedFile, **typed: str) -> str:
    """The address of the run, judged."""
    answer = sent(client, *files, **typed)
    assert answer.status_code == 302, text(answer)
    outbox_drain()
    return str(answer["Location"])


def applied(client: Client, run: str, **yes: str) -> Any:
    judged = hidden(text(client.get(run)), "judged")
    answer = client.post(f"{run}apply/", {"judged": judged, **yes})
    outbox_drain()
    return answer


def test_a_delivery_is_looked_at_then_applied_then_taken_back(manager: Client):
    run = brought(manager, table("parts.csv"))
    page = text(manager.get(run))
    assert (
        "2 rows bring changes" in page
    )  # two parts and their names: two rows of the file, whatever tables they go into
    assert "parts: 2 new" in page
    assert "The cell is empty." in page
    assert not Part.objects.filter(number__startswith="A-").exists()
    assert applied(manager, run).status_code == 302
    assert set(Part.objects.filter(number__startswith="A-").values_list("number", flat=True)) == {"A-1", "A-2"}
    assert "Take it back" in text(manager.get(run))
    assert manager.post(f"{run}revert/").status_code == 302
    outbox_drain()
    assert not Part.objects.filter(number__startswith="A-").exists()
    history = text(manager.get("/imports/"))
    assert "parts.csv" in history
    assert "taken back" in history


def test_nothing_is_imported_within_the_request_and_the_page_says_so(manager: Client):
    run = sent(manager, table("parts.csv"))["Location"]
    page = text(manager.get(run))
    assert "Waiting for its turn" in page
    assert 'http-equiv="refresh"' in page
    assert "Go on" not in page
    assert ImportRun.objects.get().files.count() == 0


def test_a_zip_of_a_folder_comes_in_flat_and_what_is_no_table_is_named(manager: Client, home: Path):
    delivery = packed(
        {"maker/parts.csv": PARTS, "maker/README.md": "hello", "__MACOSX/x.csv": "x", "maker/.DS_Store": "x"}
    )
    run = brought(manager, delivery)
    page = text(manager.get(run))
    assert "left aside: README.md" in page
    assert "parts: 2 new" in page
    number = run.strip("/").rpartition("/")[2]
    assert [path.name for path in (home / number / "files").iterdir()] == ["parts.csv"]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ([table("parts.exe")], "parts.exe is no table we can read"),
        ([table("parts.csv"), table("parts.csv")], "two files of the name parts.csv"),
        ([packed({"parts.csv": PARTS}), table("xref.csv")], "Send a ZIP alone"),
        ([packed({"a.zip": "PK", "parts.csv": PARTS})], "another archive, a.zip"),
        ([packed({"../parts.csv": PARTS})], "a path out of its folder"),
        ([packed({"a/parts.csv": PARTS, "b/parts.csv": PARTS})], "two files of the name parts.csv"),
        ([packed({"notes.txt": "x"})], "The ZIP holds no table"),
        ([table("delivery.zip", b"PK\x03\x04 and no more")], "The ZIP is damaged"),
        ([table("parts.csv", b"")], "empty"),
        ([table("p" * 210 + ".csv")], "too long"),
    ],
)
def test_what_cannot_be_taken_is_told_beside_the_field_and_leaves_nothing(
    manager: Client, home: Path, files: list[SimpleUploadedFile], told: str
):
    for one in files:
        one.seek(0)
    answer = sent(manager, *files, complete_parts="on", encoding="cp949")
    page = text(answer)
    assert answer.status_code == 422
    assert told in page
    assert '<option value="cp949" selected>' in page
    assert re.search(r'<input[^>]*name="complete_parts"[^>]*checked', page)
    assert not ImportRun.objects.exists()
    assert not home.exists() or list(home.iterdir()) == []


def test_an_upload_that_is_too_large_is_refused_and_not_kept(
    manager: Client, home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("frontend.uploads.MOST_BYTES", 1000)
    monkeypatch.setattr("frontend.uploads._AROUND", 0)
    answer = sent(manager, table("parts.csv", b"x" * 5000), encoding="cp932")
    assert answer.status_code == 422
    assert "larger than 200 MB" in text(answer)
    assert '<option value="cp932" selected>' in text(answer)
    assert not answer.wsgi_request.FILES
    assert not home.exists()


def test_a_zip_that_unpacks_to_too_much_is_refused_and_not_kept(
    manager: Client, home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(uploads, "MOST_UNPACKED", 3 << 20)
    answer = sent(manager, packed({"parts.csv": b"0" * (4 << 20)}))
    assert answer.status_code == 422
    assert "more than 3 MB" in text(answer)
    assert list(home.iterdir()) == []


def test_a_disk_that_is_full_keeps_nothing_and_is_told(manager: Client, home: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploads, "_write", full)
    answer = sent(manager, table("parts.csv"))
    assert answer.status_code == 422
    assert "disk is full" in text(answer)
    assert list(home.iterdir()) == []


def test_an_unclear_encoding_is_asked_for_with_buttons_and_the_answer_reads_it(manager: Client):
    run = brought(manager, table("parts.csv", "part_number,name\nA-1,Привет насос\nA-2,шланг\n".encode("cp1251")))
    page = text(manager.get(run))
    assert 'name="encoding" value="cp1251">Cyrillic (cp1251)</button>' in page
    assert manager.post(f"{run}read/", {"encoding": "cp1251"}).status_code == 302
    outbox_drain()
    page = text(manager.get(run))
    assert "parts: 2 new" in page
    assert 'value="cp1251">Cyrillic (cp1251)</button>' not in page


def test_a_question_needs_its_tick_and_double_clicks_apply_once(manager: Client):
    applied(manager, brought(manager, table("parts.csv")))
    run = brought(manager, table("parts.csv", "part_number,name\nA-1,Pump\n"), complete_parts="on")
    page = text(manager.get(run))
    assert "1 part retired" in page
    assert "Is the file really whole?" in page
    judged = hidden(page, "judged")
    refused = manager.post(f"{run}apply/", {"judged": judged})
    assert refused.status_code == 422
    assert "Tick it to say yes" in text(refused)
    for _ in range(2):
        assert manager.post(f"{run}apply/", {"judged": judged, "yes_0": "on"}).status_code == 302
    assert OutboxMessage.objects.filter(kind="import.apply", done_at=None).count() == 1
    outbox_drain()
    assert Part.objects.get(number="A-2").status == "RETIRED"
    assert manager.post(f"{run}apply/", {"judged": judged, "yes_0": "on"}).status_code == 302  # the late second click
    assert OutboxMessage.objects.filter(kind="import.apply", done_at=None).count() == 0


def test_who_applies_what_another_has_judged_anew_is_shown_it_first(manager: Client):
    one, two = brought(manager, table("parts.csv")), brought(manager, table("parts.csv", "part_number\nB-1\n"))
    judged = hidden(text(manager.get(two)), "judged")
    applied(manager, one)
    manager.post(f"{two}apply/", {"judged": judged})
    outbox_drain()
    page = text(manager.get(two))
    assert "judged again: look at the summary anew" in page
    assert not Part.objects.filter(number="B-1").exists()
    assert manager.post(f"{two}apply/", {"judged": judged}).status_code == 422
    applied(manager, two)
    assert Part.objects.filter(number="B-1").exists()


def test_two_managers_at_once_do_not_undo_each_other(manager: Client, world: World):
    run = brought(manager, table("parts.csv"))
    manager.post(f"{run}apply/", {"judged": hidden(text(manager.get(run)), "judged")})
    other = browser(world.people.admin)
    for act in ("drop", "read", "revert", "resume"):
        answer = other.post(f"{run}{act}/")
        assert answer.status_code == 422, act
        assert "Something is being done with this import right now" in text(answer)
    outbox_drain()
    assert "applied" in text(other.get(run))
    assert other.post(f"{run}drop/").status_code == 422


def test_a_dropped_import_takes_its_files_along(manager: Client, home: Path):
    run = brought(manager, table("parts.csv"))
    assert manager.post(f"{run}drop/").status_code == 302
    assert list(home.iterdir()) == []
    assert "dropped before it was applied" in text(manager.get(run))
    assert manager.post(f"{run}read/").status_code == 422


def test_files_nobody_knows_are_named_and_a_mapping_reads_them(manager: Client, world: World):
    tables = {"parts": {"columns": {"part_number": "Sach-Nr.", "name": "Benennung"}, "constants": {"maker": "ACME"}}}
    mapping_save(name="acme", actor=world.people.manager, now=NOW, pattern="preis*", tables=tables, header_row=2)
    theirs = table("Preisliste.csv", "Preisliste;\nSach-Nr.;Benennung\nX-1;Filter\n")
    run = brought(manager, theirs)
    page = text(manager.get(run))
    assert "None of the files has the name of a table the portal knows" in page
    assert "Go on" not in page
    assert "Preisliste.csv has no name of a table of ours" in page
    assert manager.post(f"{run}read/", {"mapping": "acme"}).status_code == 302
    outbox_drain()
    page = text(manager.get(run))
    assert "parts: 1 new" in page
    assert "left aside" not in page
    applied(manager, run)
    assert Part.objects.get(number="X-1").maker == "ACME"


def test_a_mapping_the_file_does_not_fit_is_told_with_what_to_do(manager: Client, world: World):
    mapping_save(
        name="acme",
        actor=world.people.manager,
        now=NOW,
        pattern="preis*",
        tables={"parts": {"columns": {"part_number": "Sach-Nr."}}},
    )
    page = text(manager.get(brought(manager, table("preise.csv", "Nummer\nX\n"), mapping="acme")))
    assert "The file lacks columns that its mapping names. preise.csv: Sach-Nr." in page
    assert "Read it otherwise" in page


def test_what_was_left_out_is_shown_and_comes_as_a_harmless_file(manager: Client):
    bad = "part_number,pack_quantity\n" + "".join(f"A-{n},=cmd|{n}\n" for n in range(60))
    run = brought(manager, table("parts.csv", bad))
    page = text(manager.get(run))
    assert page.count("=cmd|") == 50
    assert "All 60 as a file" in page
    answer = manager.get(f"{run}left-out.csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 61
    assert lines[0].startswith("\ufefffile,line,column,value,reason")
    assert lines[1].startswith("parts.csv,2,pack_quantity,'=cmd|0,This is not a whole number.")


def test_an_import_the_database_stopped_says_why_and_goes_on(manager: Client, monkeypatch: pytest.MonkeyPatch):
    run = brought(manager, table("parts.csv"))

    def broken(**_: Any) -> None:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr(work.runs, "import_apply", broken)
        applied(manager, run)
    page = text(manager.get(run))
    assert "The portal failed at this import" in page
    applied(manager, run)
    assert Part.objects.filter(number="A-1").exists()


def test_the_position_is_shown_in_words_and_as_a_bar(manager: Client):
    run = sent(manager, table("parts.csv"))["Location"]
    ImportRun.objects.get().work.__class__.objects.update(
        state="RUNNING", phase="READING", file="parts.csv", done=1200, total=76083
    )
    page = text(manager.get(run))
    assert "Reading: parts.csv" in page
    assert '<progress aria-labelledby="at" max="76083" value="1200">' in page
    assert "1,200 of about 76,083 rows" in page


def test_nobody_else_finds_the_page(world: World, manager: Client):
    run = brought(manager, table("parts.csv"))
    people = world.people
    for actor in (people.customer, people.dealer, people.desk, people.approver, people.accountant, people.technician):
        client = browser(actor)
        for address in ("/imports/", "/imports/new/", run, f"{run}left-out.csv"):
            assert client.get(address).status_code == 404
        assert client.post(f"{run}drop/").status_code == 404
        assert "/imports/" not in text(client.get("/"))
    assert browser(people.admin).get(run).status_code == 200
    assert 'href="/imports/"' in text(manager.get("/imports/"))
    assert manager.get("/imports/987654/").status_code == 404
    assert manager.post(f"{run}nonsense/").status_code == 404
