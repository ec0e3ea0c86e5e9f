"""Every page x every role x own, served and other company's thing: what is closed answers as if it did not exist."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from catalog.rules.numbers import normalise
from frontend.views import account, cards, machines, order_acts
from orders.models import Paper
from orders.services.paper_files import paper_file
from portal.accounts.models import User
from tests.graphql.traces import changed, traces
from tests.matrix.pages import ACTS, OPEN, PAGES, Page, admin_routes, names
from tests.matrix.realm import ABSENT, RELATIONS, ROLES, STAFF, WHOLE, Realm, cells
from tests.matrix.rows import MUTATIONS

NOTHING = {"number": "987654", "card": "RC-987654", "serial": "NO-SUCH-987654"}


@pytest.fixture(scope="module")
def browsers(made: Realm) -> dict[str, Client]:
    """Everybody signed in, the stranger not; the papers are drawn, which takes a while and is kept."""
    for number in {bag["paper"] for bag in made.bags.values()}:
        paper_file(paper=Paper.objects.get(number=number), now=made.world.now)
    found = {}
    for role in ROLES:
        found[role] = Client(raise_request_exception=True)
        person = made.people[role]
        if person is not None:
            found[role].force_login(User.objects.get(pk=person.user_id), "django.contrib.auth.backends.ModelBackend")
    return found


def visit(browser: Client, page: Page, name: str, thing: str, **data: Any) -> Any:
    """The answer of the page about this thing."""
    path = reverse(name, kwargs={**({page.argument: thing} if page.argument else {}), **page.beside()})
    sent = {"membership": thing} if name == "company_switch" else data
    browser.cookies.pop("messages", None)  # what the page before had to say
    with transaction.atomic():
        answer = browser.post(path, sent) if page.post else browser.get(path, sent)
        answer.said = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer


def told(answer: Any, thing: str) -> tuple[int, str, str]:
    """Status, where to, and the page, without what the caller typed and what is new each time."""
    text, to = answer.said.decode(), answer.headers.get("Location", "")
    for typed in {thing, normalise(thing), thing.lower()} - {""}:
        to = to.replace(typed, "#")
        text = text.replace(typed, "#") if len(typed) > 5 else text.replace(f"/{typed}/", "/#/")
    text = re.sub(
        r'name="csrfmiddlewaretoken" value="\w+"|csrf-token" content="\w+"|ref(erence)?" value="[^"]*"', "", text
    )
    return answer.status_code, to, text


def judge(realm: Realm, browser: Client, role: str, relation: str, name: str) -> str:
    """Empty when the cell is right."""
    page = PAGES[name]
    thing = realm.met(role, relation).things.get(page.kind, "")
    answer = visit(browser, page, name, thing)
    to_log_in = answer.status_code == 302 and "/accounts/login/" in answer.headers["Location"]
    if page.may(role, relation):
        right = answer.status_code in (200, 204, 302, 422) and not to_log_in
        return "" if right else f"{role} {relation}: closed with {answer.status_code}"
    if role == "stranger":
        return "" if to_log_in else f"{role} {relation}: {answer.status_code}"
    absent = NOTHING.get(page.kind, "987654")
    same = told(answer, thing) == told(visit(browser, page, name, absent), absent)
    return "" if same and answer.status_code == 404 else f"{role} {relation}: {answer.status_code}, alike: {same}"


@WHOLE
@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_opens_for_those_who_may_and_does_not_exist_for_others(
    realm: Realm, browsers: dict[str, Client], name: str, whole: bool
) -> None:
    page = PAGES[name]
    tried = cells(name, page.may, whole=whole) if page.kind else [(role, "own") for role in ROLES]
    wrong = [judge(realm, browsers[role], role, relation, name) for role, relation in tried]
    assert [one for one in wrong if one] == []


@WHOLE
@pytest.mark.parametrize(("name", "act"), [(name, act) for name, (_, _, acts) in ACTS.items() for act in acts])
def test_an_act_on_a_page_is_open_to_whom_its_mutation_is(
    realm: Realm, browsers: dict[str, Client], name: str, act: str, whole: bool
) -> None:
    kind, argument, acts = ACTS[name]
    row, before, wrong = MUTATIONS[acts[act]], traces(), []
    for role, relation in cells(acts[act], row.may, whole=whole):
        thing, seen = realm.met(role, relation)[kind], PAGES[name.removesuffix("_act")].may(role, relation)
        path = reverse(name, kwargs={argument: thing, "act": act})
        with transaction.atomic():
            answer = browsers[role].post(path, {})
            transaction.set_rollback(row.may(role, relation))
        allowed = row.may(role, relation) and (seen or role in STAFF)
        right = {302, 422} if allowed or role == "stranger" else {403, 404} if seen else {404}
        if answer.status_code not in right:
            wrong.append(f"{role} {relation}: {answer.status_code}")
    assert wrong == []
    assert changed(before) == []


def test_every_act_of_the_pages_has_a_row() -> None:
    known = {
        "order_act": order_acts.ACTS,
        "machine_act": machines.ACTS,
        "card_act": cards.ACTS,
        "account_act": account.ACTS,
    }
    assert {name: {act.name for act in acts} for name, acts in known.items()} == {
        name: set(acts) for name, (_, _, acts) in ACTS.items()
    }


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if not page.post])
def test_a_page_shows_nothing_of_another_company(realm: Realm, browsers: dict[str, Client], name: str) -> None:
    page, wrong = PAGES[name], []
    for role in ("customer", "company_admin", "dealer", "far_dealer"):
        for relation in RELATIONS:
            if page.may(role, relation):
                said = visit(browsers[role], page, name, realm.met(role, relation).things.get(page.kind, "")).said
                text = printed(said) if name == "paper" and said.startswith(b"%PDF-") else said.decode(errors="replace")
                wrong += [f"{role} {relation}: {mark}" for mark in foreign_marks(realm, role) if mark in text]
    assert wrong == []


def printed(pdf: bytes) -> str:
    """The text of a paper."""
    return "\n".join(one.extract_text() for one in PdfReader(BytesIO(pdf)).pages)


def foreign_marks(realm: Realm, role: str) -> list[str]:
    """What only other companies' data carries, as a page would write it."""
    own = {"company_admin": "customer"}.get(role, role)
    found = [mark for name, marks in realm.marks.items() if name != own for mark in marks]
    return [f"{int(mark.strip(chr(34))):,}" if mark.startswith('"') else mark for mark in found]


def test_a_question_about_a_strangers_machine_answers_as_about_an_unknown_one(
    realm: Realm, browsers: dict[str, Client]
) -> None:
    questions = [
        ("search", {"q": "{}"}),
        ("search", {"serial": "{}"}),
        ("part", {"serial": "{}"}),
        ("cards", {"serial": "{}"}),
    ]
    for role, (name, asked) in product(("customer", "dealer"), questions):
        answers = []
        for thing in (realm.bags["other"]["serial"], ABSENT["serial"]):
            data = {key: value.format(thing) for key, value in asked.items()}
            answers.append(
                told(
                    visit(
                        browsers[role], PAGES[name], name, realm.bags["other"]["part"] if name == "part" else "", **data
                    ),
                    thing,
                )
            )
        assert answers[0] == answers[1], (role, name, asked)


@pytest.mark.parametrize("name", sorted(OPEN))
def test_an_address_without_things_answers_a_stranger_as_ever(realm: Realm, name: str) -> None:
    arguments = {
        "account_confirm_email": {"key": "x"},
        "notice_stop": {"token": "1.ORDER.x"},
        "tracking": {"token": "1-x"},
        "account_reset_password_from_key": {"uidb36": "1", "key": "a-b"},
    }
    answer = Client().get(reverse(name, kwargs=arguments.get(name)))
    assert answer.status_code == OPEN[name]
    if answer.status_code == 302:
        assert re.match(r"/accounts/login/|/$", answer.headers["Location"])


def test_the_admin_is_closed_to_whoever_is_not_its_staff(realm: Realm, browsers: dict[str, Client]) -> None:
    routes = [route for route in admin_routes() if route not in ("/admin/login/", "/admin/logout/", "/admin/jsi18n/")]
    assert len(routes) > 100
    everywhere = [(role, route) for role in ("stranger", "customer", "admin") for route in routes]
    sample = [(role, route) for role in ROLES for route in routes[:: len(routes) // 9]]
    wrong = []
    for role, route in everywhere + sample:
        answer = browsers[role].get(route)
        if answer.status_code not in (302, 404) or (
            answer.status_code == 302 and "/admin/login/" not in answer.headers["Location"]
        ):
            wrong.append(f"{role} {route}: {answer.status_code}")
    assert wrong == []


def test_every_address_has_a_row() -> None:
    assert names() == set(PAGES) | set(ACTS) | set(OPEN)
