"""A part's pictures and papers on its page, in lists and in the API; for the same people as the part."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from catalog.imports.media.bring import documents_bring
from catalog.models import Part, PartDocument
from portal.accounts.actor import SYSTEM
from tests.catalog.pictures import PDF, picture
from tests.frontend.conftest import browser, text
from tests.graphql.client import api
from tests.orders.world import World


@pytest.fixture
def part(world: World, tmp_path: Path, settings: Settings) -> Part:
    settings.MEDIA_ROOT = tmp_path / "media"
    made = world.part(home=1, name="Seal kit")
    folder = tmp_path / "delivery"
    folder.mkdir()
    (folder / f"{made.number}.png").write_bytes(picture())
    (folder / "secret.pdf").write_bytes(PDF)
    (folder / "documents.csv").write_text(f"part_number,file,title,house_only\n{made.number},secret.pdf,Bulletin,yes\n")
    report = documents_bring(source=folder, actor=SYSTEM)
    assert report.refused == []
    return made


def address(kind: str) -> str:
    return f"/documents/{PartDocument.objects.get(kind=kind).pk}/"


def test_the_page_shows_pictures_small_with_their_size_and_words(world: World, part: Part):
    page = text(browser(world.people.customer).get(f"/parts/{part.pk}/"))
    assert 'alt="picture: Seal kit"' in page
    assert 'width="480" height="240" loading="lazy"' in page
    assert "Bulletin" not in page
    assert "Bulletin" in text(browser(world.people.manager).get(f"/parts/{part.pk}/"))


def test_a_list_shows_the_first_picture(world: World, part: Part):
    page = text(browser(world.people.customer).get(f"/search/?q={part.number}"))
    assert f"{address('IMAGE')}?width=96&amp;v=" in page
    assert 'width="96" height="48" loading="lazy"' in page


def test_a_picture_is_kept_by_the_browser_under_its_own_address_and_is_nothing_but_a_picture(world: World, part: Part):
    client, kept = browser(world.people.customer), PartDocument.objects.get(kind="IMAGE").file
    small = client.get(f"{address('IMAGE')}?width=96&v={kept.sha256[:16]}")
    assert (small.status_code, small["Content-Type"]) == (200, "image/webp")
    assert small["Cache-Control"] == "private, max-age=31536000, immutable"
    assert small["X-Content-Type-Options"] == "nosniff"
    assert small["Content-Disposition"].startswith("inline")
    assert "sandbox" in small["Content-Security-Policy"]
    whole = client.get(address("IMAGE"))
    assert (whole["Content-Type"], whole["Cache-Control"]) == ("image/png", "private, no-cache")
    assert b"".join(whole)[:4] == b"\x89PNG"
    assert client.get(f"{address('IMAGE')}?width=97").status_code == 404


def test_what_is_for_the_house_does_not_exist_for_others(world: World, part: Part):
    paper = browser(world.people.manager).get(address("MANUAL"))
    assert (paper.status_code, paper["Content-Disposition"]) == (200, 'attachment; filename="secret.pdf"')
    assert browser(world.people.customer).get(address("MANUAL")).status_code == 404
    assert Client().get(address("MANUAL")).status_code == 302
    assert Client().get(address("IMAGE")).status_code == 302


def test_the_api_lists_what_the_reader_may_see(world: World, part: Part):
    document = f'{{ part(number: "{part.number}") {{ documents {{ kind title name contentType size width url thumbnailUrl }} }} }}'
    seen = api(world.people.customer).data(document)["part"]["documents"]
    assert [(one["kind"], one["width"], one["contentType"]) for one in seen] == [("IMAGE", 640, "image/png")]
    assert browser(world.people.customer).get(seen[0]["url"]).status_code == 200
    assert browser(world.people.customer).get(seen[0]["thumbnailUrl"])["Content-Type"] == "image/webp"
    assert len(api(world.people.manager).data(document)["part"]["documents"]) == 2
    assert api(None).data(document)["part"]["documents"] == []


def test_a_file_that_is_gone_from_the_disk_is_not_found(world: World, part: Part, settings: Settings):
    settings.MEDIA_ROOT = Path("/nowhere")
    assert browser(world.people.customer).get(address("IMAGE")).status_code == 404
