"""A letter says the same as HTML and as text, in its reader's language, and shows nothing of anybody else's server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

import frontend
from catalog.models import Part, PartName
from orders.services.holding import order_hold
from portal.accounts.models import User
from portal.notices import letter as letters
from portal.outbox.services import outbox_drain
from tests.orders.world import World, line
from tests.people import company_of

TEMPLATE = Path(letters.__file__).parent / "templates/notices/letter.html"
TOKENS = Path(frontend.__file__).parent / "static/css/tokens.css"


@pytest.fixture
def buyer(world: World) -> User:
    person = User.objects.get(pk=world.people.customer.user_id)
    person.name = "Jo Minjae"
    person.save()
    return person


def last(to: User) -> EmailMultiAlternatives:
    found = [one for one in mail.outbox if one.to == [to.email]]
    assert isinstance(found[-1], EmailMultiAlternatives)
    return found[-1]


def html_of(told: EmailMultiAlternatives) -> str:
    (html, kind), *more = told.alternatives
    assert (kind, more) == ("text/html", [])
    return str(html)


def spoken(html: str) -> str:
    """The words of the HTML as a reader sees them, the hidden preview apart."""
    body = re.sub(
        r"<style>.*?</style>|<title>.*?</title>|<div style=\"display: none.*?</div>", "", html, flags=re.DOTALL
    )
    return " ".join(re.sub(r"<[^>]+>|&nbsp;", " ", body).split())


def test_a_confirmation_lists_the_goods_with_the_promised_day_and_no_price(world: World, part: Part, buyer: User):
    PartName.objects.create(part=part, language="ko", name="씰 키트")
    order = world.paid(line(part, 3))
    outbox_drain()
    told = next(one for one in mail.outbox if "received" in one.subject and one.to == [buyer.email])
    assert part.number in told.body
    assert "3 x " in told.body
    assert "Hand-over to the carrier: 25 Nov 2026" in told.body
    assert f"/orders/{order.number}/" in told.body


def test_the_plain_half_says_all_that_the_other_says(world: World, part: Part, buyer: User):
    order = world.paid(line(part, 3))
    order_hold(actor=world.people.manager, order_id=order.pk, reason="CUSTOMS", note="paper 7", now=world.now)
    outbox_drain()
    told = last(buyer)
    words = set(re.findall(r"\w{3,}", spoken(html_of(told)).lower()))
    assert "customs" in words
    assert words - set(re.findall(r"\w{3,}", f"{told.subject} {told.body}".lower())) == set()


@pytest.mark.parametrize(
    ("language", "greeting", "act"), [("ko", "Jo Minjae 님", "주문 열기"), ("ja", "Jo Minjae 様", "注文を開く")]
)
def test_a_letter_is_in_its_readers_language(
    world: World, part: Part, buyer: User, language: str, greeting: str, act: str
):
    User.objects.filter(pk=buyer.pk).update(language=language)
    world.place(line(part))
    outbox_drain()
    told = last(buyer)
    assert f'<html lang="{language}">' in html_of(told)
    for half in (told.body, spoken(html_of(told))):
        assert greeting in half
        assert act in half


def test_letters_of_one_order_hang_together_and_answers_reach_the_named_contact(world: World, part: Part, buyer: User):
    company, desk = company_of(world.people.customer), User.objects.get(pk=world.people.desk.user_id)
    company.contact = desk
    company.save()
    order = world.paid(line(part))
    outbox_drain()
    told = [one for one in mail.outbox if one.to == [buyer.email]]
    assert len({one.extra_headers["Message-ID"] for one in told}) == len(told) > 1
    assert {one.extra_headers["References"] for one in told} == {f"<order-{order.number}@localhost>"}
    assert {tuple(one.reply_to) for one in told} == {(desk.email,)}
    assert told[0].from_email == "House <portal@localhost>"


def test_what_a_buyer_typed_is_escaped_in_the_letter(world: World, part: Part, buyer: User):
    User.objects.filter(pk=buyer.pk).update(name="<b>Jo</b>")
    world.place(line(part))
    outbox_drain()
    told = last(buyer)
    assert "<b>Jo</b>" in told.body
    assert "<b>Jo</b>" not in html_of(told)


def test_the_template_asks_no_server_and_has_the_colours_of_the_pages():
    source, named = TEMPLATE.read_text(), TOKENS.read_text()
    assert not re.search(r"<img|<link|<script|url\(|@import|src=", source)
    pairs = re.findall(r"light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\)", named)
    light = {_long(one) for one, _ in pairs}
    dark = {one for _, one in pairs}
    night = source[source.index("prefers-color-scheme: dark") : source.index("</style>")]
    day = source.replace(night, "")
    assert set(re.findall(r"#[0-9a-f]{6}\b", day)) <= light
    assert set(re.findall(r"#[0-9a-f]{6}\b", night)) <= dark


def _long(colour: str) -> str:
    return colour if len(colour) == 7 else "#" + "".join(2 * one for one in colour[1:])


@pytest.mark.parametrize(
    ("language", "place"), [("en", "Incheon warehouse"), ("ko", "인천 창고"), ("ja", "Incheon warehouse")]
)
def test_what_left_is_told_with_the_name_of_its_warehouse(
    world: World, part: Part, buyer: User, language: str, place: str
):
    world.home.name, world.home.names = "Incheon warehouse", {"ko": "인천 창고"}
    world.home.save()
    buyer.language = language
    buyer.save()
    world.ship(world.paid(line(part)))
    outbox_drain()
    told = last(buyer).body
    assert place in told
    assert world.home.code not in told
