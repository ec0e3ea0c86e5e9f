"""Asking the parts desk on a page: from a search in vain, with a photo that is never lost and never seen by strangers."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from catalog.models import Part
from orders.models import CartLine, Enquiry
from tests import factories as make
from tests.frontend.conftest import browser, hidden, text
from tests.orders.world import World


@pytest.fixture
def customer(world: World) -> Client:
    return browser(world.people.customer)


def photo(content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("IMG_1.jpg", make.photo_bytes(form="JPEG") if content is None else content, "image/jpeg")


def test_a_search_in_vain_leads_to_the_question_and_the_answer_into_the_cart(
    world: World, customer: Client, part: Part
) -> None:
    assert "/ask/?q=zzqqxx" in text(customer.get("/search/?q=zzqqxx"))
    page = text(customer.get("/ask/?q=zzqqxx"))
    form = {
        "reference": hidden(page, "reference"),
        "searched": hidden(page, "searched"),
        "words": "Which ring? 🔧",
        "photo": photo(),
    }
    asked = customer.post("/ask/", form)
    made = Enquiry.objects.get()
    assert asked["Location"] == f"/enquiries/{made.pk}/"
    assert made.searched == "zzqqxx"
    assert customer.get(f"/enquiries/{made.pk}/photo/")["Content-Type"] == "image/jpeg"
    desk = browser(world.people.desk)
    assert "Which ring?" in text(desk.get("/enquiries/"))
    refused = desk.post(f"/enquiries/{made.pk}/", {"answer": "This one", "parts": "NO-9 2"})
    assert refused.status_code == 422
    assert "We know no part of this number" in text(refused)
    assert "This one" in text(refused)
    assert desk.post(f"/enquiries/{made.pk}/", {"answer": "This one", "parts": f"{part.number} 2"}).status_code == 302
    assert customer.post(f"/enquiries/{made.pk}/")["Location"] == "/cart/"
    assert CartLine.objects.get().quantity == 2


def test_a_photo_taken_in_need_not_be_chosen_again(customer: Client) -> None:
    refused = customer.post("/ask/", {"reference": "r-1", "words": "", "serial": "S-9", "photo": photo()})
    page = text(refused)
    assert refused.status_code == 422
    assert "Your photo is taken in" in page
    assert 'value="S-9"' in page
    again = {"reference": "r-1", "words": "Which?", "serial": "S-9", "kept": hidden(page, "kept")}
    assert customer.post("/ask/", again).status_code == 302
    assert Enquiry.objects.get().photo_id


def test_a_seal_that_is_not_ours_opens_no_photo(customer: Client) -> None:
    assert customer.post("/ask/", {"reference": "r", "words": "Which?", "kept": "1:forged"}).status_code == 302
    assert Enquiry.objects.get().photo_id is None


@pytest.mark.parametrize("content", [b"x" * (50 << 20), b"no picture", b""])
def test_a_file_that_is_no_photo_is_told_and_the_words_are_kept(customer: Client, content: bytes) -> None:
    answer = customer.post("/ask/", {"reference": "r", "words": "Which ring?", "photo": photo(content)})
    assert answer.status_code == 422
    assert "Which ring?" in text(answer)
    assert ("larger than 10 MB" if len(content) > 100 else "no picture we can open") in text(answer)
    assert not Enquiry.objects.exists()


def test_a_strangers_photo_does_not_exist(world: World, customer: Client) -> None:
    customer.post("/ask/", {"reference": "r", "words": "Which?", "photo": photo()})
    address = f"/enquiries/{Enquiry.objects.get().pk}/photo/"
    assert browser(world.people.other).get(address).status_code == 404
    assert browser(world.people.technician).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert browser(world.people.manager).get(address).status_code == 200
