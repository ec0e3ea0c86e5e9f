"""Nobody who reads Korean or Japanese meets English: every page is read as a reader does, text by text."""

from __future__ import annotations

from functools import cache

import pytest
from django.utils import translation

from portal.accounts.actor import Actor
from portal.accounts.models import Company, User
from portal.languages.compiling import LOCALE
from portal.languages.keeping import catalogue_read
from tests.frontend.conftest import browser, text, world  # noqa: F401  a fixture
from tests.languages.walk import English, said
from tests.orders.world import World, line

PAGES = {
    "customer": (
        "/", "/search/", "/search/?q=없음", "/machines/", "/machines/register/", "/cart/", "/quick-order/", "/orders/", "/invoices/",
        "/account/", "/cards/", "/notices/", "/orders/NONE/",
    ),
    "dealer": ("/", "/account/", "/machines/"),
    "manager": ("/queue/", "/scan/", "/picking/", "/holds/", "/stock/", "/stock/reorder/", "/promises/", "/goods-in/", "/imports/", "/imports/new/", "/styleguide/"),
    "desk": ("/cards/", "/machines/"),
    "approver": ("/reviews/", "/books/"),
    "accountant": ("/money/", "/books/", "/invoices/"),
}  # fmt: skip


@cache
def english(code: str) -> English:
    return English(catalogue_read(LOCALE / code / "LC_MESSAGES" / "django.po"))


def _read(actor: Actor, code: str, addresses: list[str]) -> dict[str, list[str]]:
    User.objects.filter(pk=actor.user_id).update(language=code)
    client = browser(actor)
    return {
        address: left for address in addresses if (left := english(code).left(text(client.get(address, follow=True))))
    }


def _own_words(world: World) -> None:  # noqa: F811
    """What people typed is nobody's translation: names without a Latin word."""
    for place, company in enumerate(Company.objects.all()):
        Company.objects.filter(pk=company.pk).update(
            name=f"한강 {place}", address=company.address | {"name": "한강 입고장"}
        )
    type(world.home).objects.update(name="창고")


@pytest.mark.parametrize("code", ["ko", "ja"])
@pytest.mark.parametrize("who", PAGES)
def test_a_page_has_no_english_left(world: World, who: str, code: str):  # noqa: F811
    _own_words(world)
    assert _read(getattr(world.people, who), code, list(PAGES[who])) == {}


@pytest.mark.parametrize("code", ["ko", "ja"])
def test_an_order_and_its_part_have_no_english_left(world: World, code: str):  # noqa: F811
    _own_words(world)
    part = world.part(home=9, name="씰")
    world.paid(line(part))
    with translation.override("en"):
        world.place(line(part))
    pages = [*(f"/orders/{number}/" for number in world.numbers), f"/parts/{part.pk}/", "/cart/", "/orders/", "/"]
    for who in (world.people.customer, world.people.manager, world.people.accountant):
        assert _read(who, code, pages) == {}


@pytest.mark.parametrize("code", ["ko", "ja"])
@pytest.mark.parametrize("page", ["login", "password/reset", "inactive", "logout"])
@pytest.mark.django_db
def test_the_way_in_has_no_english_left(client, page: str, code: str):
    page = text(client.get(f"/accounts/{page}/", follow=True, headers={"accept-language": code}))
    assert english(code).left(page) == []


@pytest.mark.parametrize("code", ["ko", "ja"])
def test_the_administration_has_no_english_left(world: World, code: str):  # noqa: F811
    _own_words(world)
    admin = world.people.admin
    User.objects.filter(pk=admin.user_id).update(is_staff=True, is_superuser=True, name="바람")
    models = ("accounts/company", "accounts/user", "catalog/part", "orders/taxrate")
    pages = [
        "/admin/",
        "/admin/catalog/stocklevel/",
        *(f"/admin/{one}/{act}" for one in models for act in ("", "add/")),
    ]
    left = {text for texts in _read(admin, code, pages).values() for text in texts}
    assert left - {"Search", "English"} == set()  # Django's own picture; a language in its own name


def test_the_reader_sees_english_where_it_stands():
    html = '<p>주문</p><p>Part number</p><input placeholder="Cart"><p>this was not marked</p><script>Cart</script><button lang="en">English</button>'
    assert english("ko").left(html) == ["Part number", "Cart", "this was not marked"]
    assert said("<p>가  나<br>다</p>") == ["가 나", "다"]
