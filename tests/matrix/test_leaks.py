"""From anything a company may see, by any path of the API, no other company's prices, people, addresses or papers are reached."""

from __future__ import annotations

import json
from typing import Any

import pytest
from graphql import TypeInfo, TypeInfoVisitor, Visitor, get_named_type, parse, visit

from orders.models import OrderLine
from portal.graphql import PortalGraphQLView
from portal.schema import schema_build
from tests.matrix.deep import everything_below
from tests.matrix.realm import Realm, late_enough
from warranty.models import EquipmentDealer, RepairCard

SCHEMA = schema_build(demo=True).graphql_schema
WHOLE = ("me", "tokens", "cart", "savedLists", "restock", "members", "accounts", "storeRefusals", "noticeChoices")
LISTS = (
    *WHOLE,
    "purchaseRequests",
    "enquiries",
    "notices",
    "equipments",
    "orders",
    "promises",
    "repairCards",
    "ledger",
    "bankLines",
)
# One thing of a type that a list holds too, parts and stock, and what answers about words the caller typed.
SAME = {"equipment", "order", "repairCard", "part", "parts", "stock", "coverage", "quote"}
OF_COMPANY = {"customer": "customer", "company_admin": "customer", "dealer": "dealer", "far_dealer": "far_dealer"}


@pytest.fixture
def no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits would refuse to ask for so much at once; asked in parts they would not."""
    monkeypatch.setattr(PortalGraphQLView, "validation_rules", ())


def ask_all(realm: Realm, role: str, root: str) -> str:
    """Everything below a root, as one text."""
    arguments = "" if root in WHOLE else "(first: 100)"
    told = realm.callers[role].data(everything_below(SCHEMA, root, arguments))
    return json.dumps(told, ensure_ascii=False)


@pytest.mark.parametrize("root", LISTS)
def test_nothing_of_another_company_is_reached(realm: Realm, no_limits: None, root: str) -> None:
    assert late_enough(realm)
    wrong = []
    for role, own in OF_COMPANY.items():
        text = ask_all(realm, role, root)
        wrong += [
            f"{role}: {mark}" for name, marks in realm.marks.items() if name != own for mark in marks if mark in text
        ]
    assert wrong == []


@pytest.mark.parametrize("root", ["orders", "promises", "notices"])
def test_the_marks_are_there_for_their_own_company(realm: Realm, no_limits: None, root: str) -> None:
    """A search that could not find anything would prove nothing."""
    for role, own in OF_COMPANY.items():
        text = ask_all(realm, role, root)
        seen = [mark for mark in realm.marks[own] if mark in text]
        assert len(seen) >= {"orders": 8, "promises": 4, "notices": 0}[root], (role, seen)
        assert realm.bags[own]["number"] in text


def test_owner_and_dealer_see_quantities_and_payer_of_each_others_orders_on_the_machine(realm: Realm) -> None:
    asked = "{ equipment(serial: %s) { orderLines { orderNumber company quantity payer promise { state } } orders { number } } }"
    document = asked % json.dumps(realm.bags["customer"]["serial"])
    numbers = {realm.bags["customer"]["number"], realm.bags["dealer_for_customer"]["number"]}
    for role in ("customer", "dealer"):
        machine = realm.callers[role].data(document)["equipment"]
        own = realm.bags["customer" if role == "customer" else "dealer_for_customer"]["number"]
        assert {
            line["orderNumber"]: (line["quantity"], line["payer"]) for line in machine["orderLines"]
        } == dict.fromkeys(numbers, (9, "PAID"))
        assert {line["promise"]["state"] for line in machine["orderLines"]} == {"BROKEN"}
        assert [order["number"] for order in machine["orders"]] == [own]


def test_a_card_is_not_reached_through_an_old_order_once_the_machine_is_not_theirs(realm: Realm) -> None:
    """The dealer's link ends, the desk's card stays on the dealer's old order: its papers are no longer the dealer's to read."""
    bag = realm.bags["dealer_for_customer"]
    line = OrderLine.objects.get(order__number=bag["number"])
    card = RepairCard.objects.get(number=realm.bags["customer"]["card"])
    OrderLine.objects.filter(pk=line.pk).update(card=card)
    EquipmentDealer.objects.filter(equipment=card.equipment_id).update(until=realm.world.now.date())
    asked = "{ order(number: %s) { lines { repairCard { number fault equipment { site owner { name } hours } } } } }"
    told: dict[str, Any] = realm.callers["dealer"].data(asked % json.dumps(bag["number"]))
    assert told["order"]["lines"] == [{"repairCard": None}]


def test_every_query_is_searched_or_answers_with_a_type_that_is() -> None:
    assert SCHEMA.query_type is not None
    assert set(SCHEMA.query_type.fields) == set(LISTS) | SAME
    searched = {kind for root in LISTS for kind in _types_below(root)}
    assert {"Equipment", "Order", "RepairCard", "Promise", "Credit", "RelatedLine", "Payment", "OrderEvent"} <= searched


def _types_below(root: str) -> set[str]:
    document = parse(everything_below(SCHEMA, root, ""))
    seen: set[str] = set()
    info = TypeInfo(SCHEMA)

    class Look(Visitor):
        def enter_field(self, *_: Any) -> None:
            seen.add(str(get_named_type(info.get_type())))

    visit(document, TypeInfoVisitor(info, Look()))
    return seen
