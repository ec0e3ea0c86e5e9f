"""Every field of the API x every role x own, served and other company's thing: what is closed answers as if it did not exist."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction

from catalog.models import EquipmentModel
from catalog.rules.numbers import normalise
from orders.models import OrderLine
from portal.schema import schema_build
from tests.graphql.client import ERRORS, codes
from tests.graphql.traces import changed, traces
from tests.matrix.addresses import addresses
from tests.matrix.realm import ABSENT, RELATIONS, ROLES, STAFF, WHOLE, Bag, Realm, cells
from tests.matrix.rows import ADMIN_ONLY, ELSEWHERE, EVERYBODYS, LISTS, MUTATIONS, OWN_ONLY, QUERIES, ROLE_ONLY, Row

SCHEMA = schema_build(demo=True).graphql_schema
CLOSED = {"NOT_FOUND", "NOT_ALLOWED"}


def ask(realm: Realm, role: str, row: Row, thing: str, bag: Bag, *, keep: bool = False) -> dict[str, Any]:
    """The answer when `thing` is named; a change is undone."""
    document = _filled(realm, role, row.document, bag)
    given = {"it": thing} | ({"own": bag[row.also]} if row.also else {})
    with transaction.atomic():
        told = realm.callers[role].post(document, **given)
        transaction.set_rollback(not keep)
    return told


def _filled(realm: Realm, role: str, document: str, bag: Bag) -> str:
    company = f"company: {json.dumps(bag['Company'])}" if role in STAFF else ""
    document = document.replace("FOR_WHOM", company)
    values = {"PART": realm.part.number, "SERIAL": bag["serial"], "MODEL": _model(realm)}
    for word, value in values.items():
        document = document.replace(f": {word}", f": {json.dumps(value)}")
    return document


def _model(realm: Realm) -> str:
    return EquipmentModel.objects.get().code


def alike(told: dict[str, Any], thing: str) -> str:
    """The answer without the words the caller typed."""
    text = json.dumps(told, sort_keys=True)
    for typed in (thing, normalise(thing)):
        text = text.replace(typed, "#")
    return text


def judge(realm: Realm, role: str, relation: str, row: Row, nothing: str) -> str:
    """Empty when the cell is right, else what is wrong with it; `nothing` is the answer to what does not exist."""
    open_ = row.may(role, relation)
    thing = realm.met(role, relation)[row.kind]
    told = ask(realm, role, row, thing, realm.met(role, "own"), keep=not open_ and not row.stands)
    same = alike(told, thing) == nothing
    if open_:
        return "" if not same and "NOT_ALLOWED" not in codes(told) else f"{role} {relation}: closed, {told}"
    if same:
        # a mutation must refuse; a query may say null, or what it says of every unknown serial
        return "" if row.may_answer or (codes(told) and codes(told) <= CLOSED) else f"{role} {relation}: open, {told}"
    if row.shows(role, relation) and codes(told) == {"NOT_ALLOWED"}:
        return ""
    return f"{role} {relation}: tells {told} where nothing tells {nothing}"


@WHOLE
@pytest.mark.parametrize("name", sorted(QUERIES | MUTATIONS))
def test_a_thing_is_reached_by_those_who_may_and_does_not_exist_for_others(
    realm: Realm, name: str, whole: bool
) -> None:
    row = (QUERIES | MUTATIONS)[name]
    nothing = {role: _nothing(realm, role, row) for role in ROLES}
    before = traces()
    tried = cells(name, row.may, whole=whole)
    closed, opened = ([cell for cell in tried if row.may(*cell) is kind] for kind in (False, True))
    wrong = [judge(realm, *cell, row, nothing[cell[0]]) for cell in closed]
    left = changed(before)
    wrong += [judge(realm, *cell, row, nothing[cell[0]]) for cell in opened]
    assert [one for one in wrong if one] == []
    assert left == [] or name.startswith("quote."), "a closed cell changed something"


def _nothing(realm: Realm, role: str, row: Row) -> str:
    absent = ABSENT[row.kind]
    return alike(ask(realm, role, row, absent, realm.met(role, "own")), absent)


def test_an_order_for_a_strangers_machine_is_not_bound_to_it(realm: Realm) -> None:
    row, mine = MUTATIONS["orderPlace.input.lines.serial"], realm.bags["customer"]
    ask(realm, "customer", row, realm.bags["other"]["serial"], mine, keep=True)
    kept = OrderLine.objects.latest("pk")
    assert (kept.order.reference, kept.equipment_id, kept.payer) == ("cell", None, "PAID")


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_holds_what_the_role_may_see_and_no_more(realm: Realm, name: str) -> None:
    text, kind, shared = LISTS[name]
    wrong = []
    for role in ROLES:
        told = json.dumps(realm.callers[role].data(f"{{ {text} }}"))
        for relation in RELATIONS:
            may = _listed(role, relation, shared, name)
            if may is not None and (f'"{realm.met(role, relation)[kind]}"' in told) != may:
                wrong.append(f"{role} {relation}: {'missing' if may else 'shown'}")
    assert wrong == []


_STAFF_LISTS = {
    "notices": None,
    "tokens": False,
    "savedLists": False,
    "purchaseRequests": False,
    "members": False,
    "accounts": False,
    "ledger": False,
}  # staff are told by their role; a key is its owner's


def _listed(role: str, relation: str, shared: str, name: str) -> bool | None:
    if role == "stranger":
        return False
    if role in STAFF:
        if name == "bankLines":
            return role in ("accountant", "admin")
        if name == "enquiries":
            return role in ("parts_manager", "service_desk", "admin")
        return _STAFF_LISTS.get(name, True)
    if name == "tokens" and relation == "own":
        return role in ("customer", "company_admin", "dealer", "far_dealer")
    return relation in shared.split()


@pytest.mark.parametrize("name", sorted(set(ROLE_ONLY) - {"clockAdvance"}))
def test_what_belongs_to_the_house_is_done_by_its_role_alone(realm: Realm, name: str) -> None:
    text, staff = ROLE_ONLY[name]
    document = f"mutation {{ {_filled(realm, '', text, realm.bags['customer'])} }}"
    wrong = []
    for role in ROLES:
        before = traces()
        with transaction.atomic():
            refused = codes(realm.callers[role].post(document))
            may = role in (staff, "admin")
            if refused != (set() if may else {"NOT_ALLOWED"}) or bool(changed(before)) != may:
                wrong.append(f"{role}: {refused}")
            transaction.set_rollback(True)
    assert wrong == []


@pytest.mark.parametrize("name", sorted(OWN_ONLY))
def test_what_one_does_for_oneself_is_open_to_all_but_strangers(realm: Realm, name: str) -> None:
    refused = {role: codes(realm.callers[role].post(f"mutation {{ {OWN_ONLY[name]} }}")) for role in ROLES}
    assert {role for role, found in refused.items() if found} == {"stranger"}
    assert refused["stranger"] == {"NOT_ALLOWED"}


@pytest.mark.parametrize("name", sorted(ADMIN_ONLY))
def test_what_a_companys_administrator_does_is_closed_to_all_others(realm: Realm, name: str) -> None:
    for role in ROLES:
        with transaction.atomic():
            refused = codes(realm.callers[role].post(f"mutation {{ {ADMIN_ONLY[name]} }}"))
            transaction.set_rollback(True)
        assert refused == (set() if role == "company_admin" else {"NOT_ALLOWED"}), role


def test_a_stranger_sees_neither_price_nor_stock_nor_a_person(realm: Realm) -> None:
    number = json.dumps(realm.part.number)
    told = realm.callers["stranger"].data(
        f"{{ me {{ email }} stock(partNumber: {number}) {{ available }} part(number: {number}) {{ number price {{ amount }} prices {{ amount }}"
        " availability { available } availabilities { available } promise { day } } parts { edges { node { price { amount } } } } }"
    )
    part = {"price": None, "prices": [], "availability": None, "availabilities": [], "promise": None}
    assert told == {
        "me": None,
        "stock": None,
        "part": {"number": realm.part.number, **part},
        "parts": {"edges": [{"node": {"price": None}}]},
    }


def test_only_the_house_counts_what_lies_on_the_shelf(realm: Realm) -> None:
    asked = f"{{ stock(partNumber: {json.dumps(realm.part.number)}) {{ available onHand held allocatedElsewhere safetyStock reorderPoint }} }}"
    for role in ROLES[1:]:
        level = realm.callers[role].data(asked)["stock"][0]
        counted = {key for key, value in level.items() if value is not None}
        assert counted >= {"available"}
        assert ("onHand" in counted) == (role in STAFF), role


def test_a_taken_serial_says_only_that_it_is_taken(realm: Realm) -> None:
    document = f"mutation($it: String!, $model: String!) {{ equipmentRegister(serial: $it, model: $model) {{ {ERRORS} equipment {{ id }} }} }}"
    before = traces()
    told = {}
    for bag in ("dealer", "other", "dealer_for_customer"):
        serial = realm.bags[bag]["serial"]
        answer = realm.callers["far_dealer"].post(document, it=serial, model=_model(realm))["data"]["equipmentRegister"]
        told[bag] = alike(answer, serial)
    assert told["dealer"] == told["dealer_for_customer"]
    assert json.loads(told["dealer"])["equipment"] is None
    assert json.loads(told["dealer"])["errors"][0]["details"] in ({}, {"serial": "#"})
    assert changed(before) == []


def test_every_place_where_a_thing_can_be_named_has_a_row() -> None:
    assert addresses(SCHEMA) == set(QUERIES) | set(MUTATIONS) | set(ELSEWHERE)


def test_every_query_and_every_mutation_has_a_row() -> None:
    rows = {name.split(".")[0] for name in QUERIES | MUTATIONS | LISTS | ROLE_ONLY | OWN_ONLY | ADMIN_ONLY | ELSEWHERE}
    assert SCHEMA.query_type is not None
    assert SCHEMA.mutation_type is not None
    assert set(SCHEMA.query_type.fields) | set(SCHEMA.mutation_type.fields) == (rows - {"Part"}) | EVERYBODYS
