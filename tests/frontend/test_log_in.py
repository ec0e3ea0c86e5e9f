"""Who may come in, and for which company."""

from __future__ import annotations

import re
from typing import cast

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import URLPattern, reverse

from frontend.urls import urlpatterns
from portal.accounts.models import Membership, User
from tests.frontend.conftest import browser, person, text
from tests.orders.world import World
from tests.people import company_of

ARGUMENTS = {"pk": 1, "number": "100001", "serial": "SN1", "act": "ship", "kind": "confirmation", "name": "orders"}
WITH_A_TOKEN = {
    "store_widget",
    "notice_stop",
    "tracking",
}  # of the store (tests/webhooks), of a letter (tests/notices), of an order


def _address(pattern: URLPattern) -> str:
    names = pattern.pattern.converters
    return reverse(str(pattern.name), kwargs={name: ARGUMENTS[name] for name in names})


@pytest.mark.django_db
@pytest.mark.parametrize(
    "pattern", [one for one in urlpatterns if one.name not in WITH_A_TOKEN], ids=lambda one: str(one.name)
)
def test_a_stranger_is_sent_to_log_in_from_every_page(pattern: URLPattern):
    address = _address(pattern)
    answers = [answer for answer in (Client().get(address), Client().post(address)) if answer.status_code != 405]
    assert answers
    for answer in answers:
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")


def test_a_person_logs_in_by_e_mail_and_comes_back_to_the_page_asked_for(world: World):
    user = person(world.people.customer)
    user.set_password("a long enough secret")
    user.save()
    client = Client()
    asked = client.get("/orders/")
    answer = client.post(asked["Location"], {"login": user.email.upper(), "password": "a long enough secret"})
    assert (answer.status_code, answer["Location"]) == (302, "/orders/")
    assert client.get("/orders/").status_code == 200


def test_a_wrong_password_opens_nothing_and_says_so(world: World):
    user = person(world.people.customer)
    client = Client()
    answer = client.post("/accounts/login/", {"login": user.email, "password": "wrong"})
    assert answer.status_code == 200
    assert 'class="message error"' in text(answer)
    assert client.get("/orders/").status_code == 302


def test_nobody_signs_up(db: None):
    assert "there is no sign-up" in text(Client().get("/accounts/signup/"))
    assert 'type="password"' not in text(Client().get("/accounts/signup/"))


def _asked(address: str) -> EmailMultiAlternatives | None:
    """Somebody asks for a new password; the letter that comes of it."""
    sent = Client().post("/accounts/password/reset/", {"email": address}, follow=True)
    assert "a letter is on its way" in text(sent)
    return cast(EmailMultiAlternatives, mail.outbox[-1]) if mail.outbox else None


def test_a_forgotten_password_gets_a_letter_of_the_house_in_its_readers_language(world: World):
    user = person(world.people.customer)
    user.set_password("a long enough secret")
    user.language = "ja"
    user.save()
    letter = _asked(user.email)
    assert letter is not None
    assert (letter.subject, letter.from_email.split(" <")[0]) == ("Houseの新しいパスワード", "House")
    assert "testserver" not in letter.subject
    assert "そのまま" in str(letter.body)
    html = str(letter.alternatives[0][0])
    address = re.search(r'href="http://testserver(/accounts/password/reset/key/[^"]+)"', html)
    assert address
    client = Client()
    form = client.get(address[1], follow=True)
    chosen = {"password1": "quite another secret", "password2": "quite another secret"}
    assert 'type="password"' in text(form)
    client.post(form.redirect_chain[-1][0], chosen)
    user.refresh_from_db()
    assert user.check_password("quite another secret")
    assert "Ask for another letter" in text(Client().get(address[1], follow=True))


def test_who_is_let_in_without_a_password_is_not_told_of_a_reset(world: World):
    user = person(world.people.customer)
    user.set_unusable_password()
    user.save()
    letter = _asked(user.email)
    assert letter is not None
    assert letter.subject == "You can log in to House now"
    assert "Choose a password" in str(letter.body)


def test_a_strangers_address_gets_no_letter_and_the_page_does_not_tell(db: None):
    assert _asked("nobody@example.org") is None


def test_a_person_without_a_company_is_told_whom_to_ask(db: None):
    client = Client()
    client.force_login(
        User.objects.create(email="new@example.org"), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.get("/").status_code == 403


def test_a_person_of_two_companies_switches_between_them(world: World):
    customer, other = world.people.customer, world.people.other
    second = Membership.objects.create(user=person(customer), company=company_of(other), roles=["BUYER"])
    client = browser(customer)
    assert "<h1>Customer</h1>" in text(client.get("/"))
    client.post("/company/", {"membership": second.pk})
    assert "<h1>Other</h1>" in text(client.get("/"))


def test_nobody_switches_to_a_company_of_others(world: World):
    client = browser(world.people.customer)
    assert client.post("/company/", {"membership": world.people.other.membership_id}).status_code == 404
    assert "<h1>Customer</h1>" in text(client.get("/"))


def test_a_form_never_leads_away_from_the_portal(world: World):
    client = browser(world.people.customer)
    given = {"membership": world.people.customer.membership_id, "next": "https://evil.example/"}
    assert client.post("/company/", given)["Location"] == "/"
