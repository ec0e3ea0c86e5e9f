"""What a person was told, by group; what comes by e-mail; and every letter on the style guide."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from catalog.models import Part
from portal.notices.models import NoticeChoice
from portal.notices.words import notice_kinds
from tests.frontend.conftest import browser, text
from tests.orders.world import World, line


def test_notices_are_listed_by_group_with_what_is_unread(world: World, part: Part):
    world.paid(line(part))
    page = text(browser(world.people.customer).get("/notices/"))
    assert re.search(r'group=PAYMENT"[^>]*>Payments <span class="count">1', page)
    payments = text(browser(world.people.customer).get("/notices/?group=PAYMENT"))
    assert "Payment for order" in payments
    assert "We have your order" not in payments
    assert text(browser(world.people.customer).get("/notices/?group=NONE")).count("<time") == page.count("<time")


def test_all_are_read_with_one_press_and_only_ones_own(world: World, part: Part):
    world.paid(line(part))
    browser(world.people.customer).post("/notices/")
    assert 'class="count"' not in text(browser(world.people.customer).get("/notices/"))


def test_the_reader_goes_from_a_notice_to_where_something_is_done(world: World, part: Part):
    order = world.place(line(part))
    visitor = browser(world.people.customer)
    address = re.findall(r'action="(/notices/\d+/)"', text(visitor.get("/notices/")))[0]
    assert visitor.post(address, {"open": "1"}).headers["Location"] == reverse("order", args=[order.number])
    assert visitor.post(address).headers["Location"] == "/notices/"


def test_a_choice_is_kept_and_what_is_owed_stays(world: World):
    visitor = browser(world.people.customer)
    page = text(visitor.get("/notices/settings/"))
    assert page.count(" checked") == 7
    assert page.count(" disabled") == 3
    visitor.post("/notices/settings/", {"by_mail": ["SHIPMENT", "CREDIT", "REVIEW"]})
    assert dict(NoticeChoice.objects.values_list("group", "by_mail")) == {"ORDER": False}
    assert text(visitor.get("/notices/settings/")).count(" checked") == 6


@pytest.mark.parametrize("form", ["", "?as=text"])
def test_every_letter_can_be_looked_at(world: World, form: str):
    visitor = browser(world.people.manager)
    for kind in notice_kinds():
        answer = visitor.get(f"/styleguide/letters/{kind}/{form}")
        assert answer.status_code == 200
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert visitor.get("/styleguide/letters/no.such/").status_code == 404
