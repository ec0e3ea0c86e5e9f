"""Every page for everybody: there for whom it is meant, not there for others."""

from __future__ import annotations

import pytest

from tests.frontend.conftest import browser, text
from tests.orders.world import World, line

EVERYBODY = (
    "/search/",
    "/search/?q=seal",
    "/machines/",
    "/orders/",
    "/cards/",
    "/notices/",
    "/cart/",
    "/quick-order/",
    "/orders/export.csv",
)
STAFF = {
    "/queue/": {"manager", "admin"},
    "/refusals/": {"manager", "admin"},
    "/reviews/": {"approver", "admin"},
    "/goods-in/": {"manager", "admin"},
    "/stock/": {"manager", "admin"},
    "/stock/reorder/": {"manager", "admin"},
    "/picking/": {"manager", "admin"},
    "/scan/": {"manager", "admin"},
    "/promises/": {"manager", "admin"},
    "/holds/": {"manager", "desk", "accountant", "admin"},
    "/find/?q=zzz": {"manager", "desk", "approver", "accountant", "technician", "admin"},
}
PEOPLE = ("customer", "dealer", "manager", "desk", "approver", "accountant", "technician", "admin")


@pytest.mark.parametrize("role", PEOPLE)
def test_pages_for_everybody_answer(world: World, role: str):
    world.paid(line(world.part(home=3, name="Seal kit")))
    client = browser(getattr(world.people, role))
    assert {url: client.get(url).status_code for url in EVERYBODY} == dict.fromkeys(EVERYBODY, 200)


@pytest.mark.parametrize("role", PEOPLE)
def test_staff_pages_are_there_for_their_roles_alone(world: World, role: str):
    client = browser(getattr(world.people, role))
    seen = {url: client.get(url).status_code in (200, 302) for url in STAFF}
    assert seen == {url: role in roles for url, roles in STAFF.items()}


def test_the_house_begins_with_its_work(world: World):
    work = {
        role: browser(getattr(world.people, role)).get("/")["Location"]
        for role in ("manager", "desk", "approver", "accountant")
    }
    assert work == {"manager": "/queue/", "desk": "/desk/", "approver": "/reviews/", "accountant": "/money/"}


def test_every_page_names_hotline_and_contact(world: World):
    from portal.accounts.models import Company, User
    from tests.people import company_of

    Company.objects.filter(kind="HOUSE").update(address={"phone": "+82 2 555 0000"})
    contact = User.objects.create(email="contact@example.org", name="Kim Contact")
    Company.objects.filter(pk=company_of(world.people.customer).pk).update(contact=contact)
    page = text(browser(world.people.customer).get("/orders/"))
    assert "tel:+8225550000" in page
    assert "Kim Contact" in page


@pytest.mark.parametrize("language", ["en", "ko", "ja"])
def test_pages_answer_in_every_language(world: World, language: str):
    world.paid(line(world.part(home=3)))
    client = browser(world.people.customer)
    client.post("/i18n/setlang/", {"language": language})
    assert f'<html lang="{language}">' in text(client.get("/orders/"))
    assert client.get(f"/orders/{world.numbers[0]}/").status_code == 200
