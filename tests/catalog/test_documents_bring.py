"""Pictures and papers come in by part number, checked by content; the same files again change nothing."""

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image
from pytest_django import Settings

from catalog.imports.media import checks
from catalog.imports.media.bring import MediaReport, documents_bring
from catalog.models import MediaFile, PartDocument
from portal.accounts.actor import SYSTEM
from portal.errors import PortalError
from tests.catalog.pictures import PDF, from_a_camera, picture
from tests.factories import make_part
from tests.people import everybody

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT, settings.PORTAL_DATA = tmp_path / "media", tmp_path / "var"
    return tmp_path / "media"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_part("1234-56")
    made = tmp_path / "delivery"
    made.mkdir()
    (made / "1234-56.jpg").write_bytes(from_a_camera())
    (made / "1234-56_2.png").write_bytes(picture(colour="blue"))
    (made / "1234-56 manual de.pdf").write_bytes(PDF)
    return made


def bring(source: Path) -> MediaReport:
    return documents_bring(source=source, actor=SYSTEM)


def packed(path: Path, files: dict[str, bytes], **attributes: int) -> Path:
    """A ZIP of files; `attributes` by name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            member = zipfile.ZipInfo(name)
            member.external_attr = attributes.get(name, 0o644) << 16
            archive.writestr(member, content)
    return path


def test_files_find_their_part_and_say_what_they_are(folder: Path):
    report = bring(folder)
    assert (report.files, report.added, report.refused) == (3, 3, [])
    told = set(PartDocument.objects.values_list("part__number", "kind", "language", "position", "file__content_type"))
    assert told == {
        ("1234-56", "IMAGE", "", 0, "image/jpeg"),
        ("1234-56", "IMAGE", "", 2, "image/png"),
        ("1234-56", "MANUAL", "de", 0, "application/pdf"),
    }


def test_the_same_files_again_change_nothing(folder: Path, media: Path):
    bring(folder)
    before = {path: path.stat().st_mtime_ns for path in media.rglob("*.*")}
    again = bring(folder)
    assert (again.files, again.added, again.changed, again.refused) == (3, 0, 0, [])
    assert {path: path.stat().st_mtime_ns for path in media.rglob("*.*")} == before
    assert MediaFile.objects.count() == 3


def test_a_lost_file_is_made_again(folder: Path, media: Path):
    bring(folder)
    kept = MediaFile.objects.get(content_type="image/png")
    (media / kept.path).unlink()
    assert bring(folder).added == 0
    assert (media / kept.path).is_file()
    assert MediaFile.objects.count() == 3


def test_a_photo_loses_what_the_camera_added_and_stands_upright(folder: Path, media: Path):
    bring(folder)
    kept = MediaFile.objects.get(content_type="image/jpeg")
    content = (media / kept.path).read_bytes()
    assert b"secret" in (folder / "1234-56.jpg").read_bytes()
    assert b"secret" not in content
    assert b"Exif" not in content
    assert (kept.width, kept.height) == (320, 640)
    for width, size in ((96, (48, 96)), (480, (240, 480))):
        with Image.open(media / f"{kept.sha256[:2]}/{kept.sha256}-{width}.webp") as small:
            assert (small.format, small.size) == ("WEBP", size)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_every_usual_form_is_read_by_content_whatever_its_name(form: str, tmp_path: Path):
    made = checks.checked(picture(form))
    assert made.content_type == {"JPEG": "image/jpeg", "WEBP": "image/webp"}.get(form, "image/png")


def test_a_palette_with_holes_stays_transparent():
    made = io.BytesIO()
    Image.new("P", (20, 20)).save(made, "PNG", transparency=0)
    with Image.open(io.BytesIO(checks.checked(made.getvalue()).content)) as kept:
        assert kept.mode == "RGBA"
        assert kept.getpixel((0, 0)) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty_file"),
        (b"MZ\x90\x00 a program", "not_a_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "svg"),
        (b"<?xml version='1.0'?><!-- hello --><SVG/>", "svg"),
        (b"PK\x03\x04 nested", "archive_inside"),
        (PDF.replace(b"%%EOF", b""), "damaged"),
        (picture()[:200], "damaged"),
        (picture("JPEG")[:300], "damaged"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not_a_picture"),
    ],
)
def test_what_is_no_picture_nor_paper_is_refused_by_its_content(content: bytes, reason: str):
    with pytest.raises(checks.RefusedError) as refused:
        checks.checked(content)
    assert refused.value.reason == reason


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(checks.RefusedError) as refused:
        checks.checked(_bomb())
    assert refused.value.reason == "too_many_pixels"


def _bomb() -> bytes:
    """The head of a PNG that claims 60,000 x 60,000 pixels."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def test_names_that_match_no_part_or_several_are_told_by_file(folder: Path):
    make_part("77", maker="ALPHA")
    make_part("77", maker="BETA")
    make_part("1234-56_2")
    (folder / "77.png").write_bytes(picture(colour="green"))
    (folder / "nobody.png").write_bytes(picture(colour="yellow"))
    assert bring(folder).refused == [
        ("1234-56_2.png", "ambiguous_part", "1234-56, 1234-56_2"),
        ("77.png", "ambiguous_part", "ALPHA 77, BETA 77"),
        ("nobody.png", "unknown_part", "nobody"),
    ]


def test_a_list_says_what_its_files_are(folder: Path):
    make_part("A 1", maker="ALPHA")
    (folder / "scan001.pdf").write_bytes(PDF + b"%%EOF")
    (folder / "documents.csv").write_text(
        "part_number;maker;file;kind;language;title;position;house_only\n"
        "A1;ALPHA;scan001.pdf;safety;ko;Safety sheet;3;yes\n1234-56;;scan001.pdf;;;;;\n"
        "A1;;gone.png;;;;;\nA1;;1234-56.jpg;poem;;;;\n"
    )
    report = bring(folder)
    assert set(
        PartDocument.objects.filter(name="scan001.pdf").values_list("part__number", "kind", "title", "house_only")
    ) == {
        ("A 1", "SAFETY", "Safety sheet", True),
        ("1234-56", "MANUAL", "", False),
    }
    assert report.refused == [
        ("documents.csv:5", "unknown_value", "1234-56.jpg"),
        ("gone.png", "file_missing", ""),
    ]
    (folder / "documents.csv").write_text("part_number,maker,file,kind,title\nA1,ALPHA,scan001.pdf,safety,Newer\n")
    assert (bring(folder).changed, PartDocument.objects.get(part__number="A 1").title) == (1, "Newer")


def test_a_zip_is_read_without_being_unpacked_and_its_tricks_are_refused(tmp_path: Path):
    make_part("1")
    make_part("2")
    files = {
        "../../1.png": picture(),
        "/etc/1.png": picture(),
        "..\\1.png": picture(),
        "C:/1.png": picture(),
        "inner.zip": packed(tmp_path / "inner.zip", {"1.png": picture()}).read_bytes(),
        "link.png": b"/etc/passwd",
        "sub/2.png": picture(colour="blue"),
        "__MACOSX/._2.png": b"x",
    }
    make_part("inner")
    make_part("link")
    source = packed(tmp_path / "delivery.zip", files, **{"link.png": stat.S_IFLNK | 0o777})
    report = bring(source)
    assert sorted((name, reason) for name, reason, _ in report.refused) == [
        ("../../1.png", "outside"),
        ("..\\1.png", "outside"),
        ("/etc/1.png", "outside"),
        ("C:/1.png", "outside"),
        ("inner.zip", "archive_inside"),
        ("link.png", "link"),
    ]
    assert list(PartDocument.objects.values_list("part__number", flat=True)) == ["2"]


def test_a_file_that_unpacks_beyond_measure_is_refused_without_unpacking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    make_part("1")
    source = packed(tmp_path / "delivery.zip", {"1.png": b"\0" * (60 << 20)})
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("unpacked"))
    assert bring(source).refused == [("1.png", "file_too_large", "60 MB")]


def test_links_in_a_folder_lead_nowhere(folder: Path, tmp_path: Path):
    make_part("9")
    secret = tmp_path / "secret.png"
    secret.write_bytes(picture(colour="black"))
    (folder / "9.png").symlink_to(secret)
    (folder / "more").symlink_to(tmp_path)
    assert bring(folder).refused == [("9.png", "link", "")]


def test_only_parts_managers_bring_documents(folder: Path):
    people = everybody()
    for actor in (people.customer, people.dealer, people.desk):
        with pytest.raises(PortalError, match="NOT_ALLOWED"):
            documents_bring(source=folder, actor=actor)
    assert documents_bring(source=folder, actor=people.manager).added == 3


def test_the_command_lists_what_was_left_out(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (folder / "=cmd.png").write_bytes(picture())
    call_command("import_documents", folder)
    assert "4 files: 3 new, 0 changed, 1 left out" in capsys.readouterr().out
    listed = next((tmp_path / "var" / "imports").glob("documents-*.csv")).read_text()
    assert "'=cmd.png" in listed
    with pytest.raises(CommandError, match="neither a folder nor a ZIP"):
        call_command("import_documents", tmp_path / "nowhere")


def test_a_name_in_another_encoding_keeps_no_other_file_out(tmp_path: Path):
    (tmp_path / os.fsdecode(b"HS-\xe4.png")).write_bytes(b"x")
    report = documents_bring(source=tmp_path, actor=SYSTEM)
    assert report.refused == [("HS-\ufffd.png", "unknown_part", "HS-\ufffd")]
