"""What the store refused, on its page: the act that fits, and an address corrected field by field."""

from __future__ import annotations

from datetime import datetime

import pytest

from orders.engines.embedded import EmbeddedEngine
from orders.models import Order, StoreRefusal
from portal.accounts.models import User
from portal.engine import EngineEvent, EngineOrder, EventKind, LineRefusal, Refusal
from portal.saleor.errors import SaleorAway, SaleorBroken, SaleorDenied
from tests.frontend.conftest import browser, text
from tests.graphql.client import api
from tests.orders.world import World, line, world_make

WRONG = {"name": "Works", "street": "12 Harbour Road", "city": "Incheon", "postalCode": "22009", "country": "KR"}


@pytest.fixture
def world(db: None) -> World:
    return world_make()


@pytest.fixture
def found(world: World, monkeypatch: pytest.MonkeyPatch) -> StoreRefusal:
    """The store does not take the address of this order."""

    def place(engine: EmbeddedEngine, order: EngineOrder, *, now: datetime) -> list[EngineEvent]:
        why = [LineRefusal(Refusal.ADDRESS, words="postalCode: This value is not valid for the address.")]
        return [EngineEvent(f"{order.number}:REFUSED:{order.attempt}", EventKind.REFUSED, order.number, now, refusals=why)]  # fmt: skip

    monkeypatch.setattr(EmbeddedEngine, "place", place)
    order = world.paid(line(world.part(home=3), 1), deliver_to=WRONG)
    return StoreRefusal.objects.get(order=order)


def typed(**fields: str) -> dict[str, str]:
    """The form as it is filled in; the country cannot be typed."""
    given = {"name": "Works", "street": "12 Harbour Road", "city": "Incheon", "postal_code": "22000"}
    return {"act": "ADDRESS", **given, **fields}


def test_the_form_shows_the_address_as_it_is(world: World, found: StoreRefusal):
    person = browser(world.people.manager)
    for url in ("/refusals/", f"/refusals/{found.pk}/"):
        shown = text(person.get(url))
        assert 'value="22009"' in shown
        assert "This value is not valid for the address." in shown


def test_corrected_it_goes_out_again(world: World, found: StoreRefusal):
    answer = browser(world.people.manager).post(f"/refusals/{found.pk}/", typed())
    assert (answer.status_code, answer["Location"]) == (302, "/refusals/")
    order = Order.objects.get(pk=found.order_id)
    assert (order.engine_state, order.deliver_to) == ("PENDING", {**WRONG, "postalCode": "22000"})


@pytest.mark.parametrize(("field", "value", "words"), [("postal_code", "2", "postal code"), ("street", "", "required")])
def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(
    world: World, found: StoreRefusal, field: str, value: str, words: str
):
    answer = browser(world.people.manager).post(f"/refusals/{found.pk}/", typed(**{field: value, "note": "gate 4"}))
    shown = text(answer)
    assert answer.status_code == 422
    assert 'value="gate 4"' in shown
    place = shown.index(f'name="{field}"')
    assert words in shown[max(0, place - 600) : place + 600]
    assert Order.objects.get(pk=found.order_id).engine_state == "REFUSED"


@pytest.mark.parametrize(
    ("failure", "code", "words"),
    [
        (SaleorAway("http://store.test/graphql/ cannot be reached (ConnectError)."), "STORE_AWAY", "does not answer"),
        (SaleorDenied("draft_create: PermissionDenied"), "STORE_DENIED", "saleor_check"),
        (SaleorBroken("draft_create: IntegrityError at /graphql/"), "STORE_BROKEN", "look at the store"),
        (KeyError("lines"), "PORTAL_FAULT", "The portal itself failed"),
    ],
)
def test_what_the_store_has_not_answered_says_why_in_words_and_keeps_the_technical_ones_folded(
    world: World, monkeypatch: pytest.MonkeyPatch, failure: Exception, code: str, words: str
):
    def place(engine: EmbeddedEngine, order: EngineOrder, *, now: datetime) -> list[EngineEvent]:
        raise failure

    monkeypatch.setattr(EmbeddedEngine, "place", place)
    order = world.paid(line(world.part(home=3), 1))
    shown = text(browser(world.people.manager).get("/refusals/"))
    told, folded = shown[shown.index(order.number) :].split("<details>", 1)
    technical = str(failure).split("/")[0].strip("'")
    assert (words in told, technical in told) == (True, False)
    assert code in folded.split("</details>")[0]
    assert technical in folded.split("</details>")[0]
    User.objects.filter(memberships=world.people.manager.membership_id).update(language="ko")
    korean = text(browser(world.people.manager).get("/refusals/"))
    told = korean[korean.index(order.number) :].split("<details>", 1)[0]
    assert (told.count(words), code in korean) == (words == "saleor_check", True)


def test_a_customer_does_not_see_the_page(world: World, found: StoreRefusal):
    assert browser(world.people.customer).get(f"/refusals/{found.pk}/").status_code == 404


def test_a_program_reads_the_acts_and_corrects_the_address(world: World, found: StoreRefusal):
    manager = api(world.people.manager)
    (told,) = manager.data("{ storeRefusals { id reason acts } }")["storeRefusals"]
    assert (told["reason"], told["acts"]) == ("ADDRESS", ["ADDRESS", "RETRY"])
    document = """mutation($id: ID!, $to: AddressInput!) { storeRefusalSettle(refusal: $id, act: ADDRESS, deliverTo: $to) {
      order { engineState } errors { field code } } }"""
    for code, wanted in (
        ("2", {"order": None, "errors": [{"field": "deliverTo.postalCode", "code": "INVALID"}]}),
        ("22000", {"order": {"engineState": "PENDING"}, "errors": []}),
    ):
        assert manager.data(document, id=told["id"], to={**WRONG, "postalCode": code})["storeRefusalSettle"] == wanted
