"""Bad input, case by case: the code, the field, what helps in the details, and nothing half done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from graphql_relay import to_global_id

from catalog.models import Part
from orders.models import Order
from portal.promises.models import Promise
from tests import factories as make
from tests.graphql.client import ERRORS, api
from tests.graphql.traces import changed, traces
from tests.orders.world import World, free, line, lines_of, request
from tests.people import ADDRESS
from warranty.models import Reading

PLACE = f"mutation($input: OrderInput!) {{ orderPlace(input: $input) {{ order {{ number }} {ERRORS} }} }}"


@pytest.fixture
def part(world: World) -> Part:
    return world.part(home=9)


def said(world: World, who: str, document: str, **variables: Any) -> list[dict[str, Any]]:
    """The refusals; something must be refused, and no row anywhere may have changed."""
    caller, before = api(getattr(world.people, who)), traces()
    told = caller.post(document, **variables)
    assert changed(before) == []
    if told.get("data") is None:
        found = [{"field": "", "message": one["message"], **one["extensions"]} for one in told["errors"]]
    else:
        found = [one for payload in told["data"].values() for one in payload["errors"]]
    assert found, told
    return found


def coded(found: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return [(one["code"], one["field"]) for one in found]


def order(*lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"input": {"reference": "bad", "payment": "TRANSFER", "lines": list(lines)} | more}


def acting(name: str, arguments: str) -> str:
    return f"mutation {{ {name}({arguments}) {{ {ERRORS} }} }}"


@pytest.mark.parametrize("quantity", [0, -1, -(2**31), 1_000_001, 2**31 - 1])
def test_a_quantity_is_from_one_to_a_million(world: World, part: Part, quantity: int) -> None:
    found = said(world, "customer", PLACE, **order({"partNumber": part.number, "quantity": quantity}))
    assert coded(found) == [("INVALID", "lines[0].quantity")]
    assert found[0]["details"]["limit"] == 1_000_000


@pytest.mark.parametrize("quantity", [2**31, -(2**31) - 1, 2**64, 1.5, "2", None, True, [1], {}])
def test_a_quantity_is_a_number_of_32_bits(world: World, part: Part, quantity: Any) -> None:
    found = said(world, "customer", PLACE, **order({"partNumber": part.number, "quantity": quantity}))
    assert {one["code"] for one in found} == {"INVALID"}


@pytest.mark.parametrize("count", [0, 2001])
def test_an_order_has_one_to_two_thousand_lines(world: World, part: Part, count: int) -> None:
    found = said(world, "customer", PLACE, **order(*[{"partNumber": part.number, "quantity": 1}] * count))
    assert coded(found) == [("INVALID", "lines")]


@pytest.mark.parametrize("number", ["", " ", "🛠️", "x" * 1000, "％＿", "\u202e1", "no such"])
def test_a_part_number_nobody_has_is_unknown(world: World, number: str) -> None:
    found = said(world, "customer", PLACE, **order({"partNumber": number, "quantity": 1}))
    assert coded(found) == [("UNKNOWN_PART", "lines[0].partNumber")]


def test_a_nul_is_refused_where_it_stands(world: World, part: Part) -> None:
    wanted = {"partNumber": part.number, "quantity": 1}
    assert coded(said(world, "customer", PLACE, **order(wanted, {**wanted, "serial": "A\x00"}))) == [
        ("INVALID", "lines[1].serial")
    ]
    assert coded(said(world, "customer", PLACE, **order(wanted, reference="\x00")))[0][0] == "INVALID"


def test_emoji_in_a_note_are_kept_as_they_are(world: World, part: Part) -> None:
    placed = world.paid(line(part))
    told = api(world.people.desk).data(
        f"mutation($n: String!) {{ orderHold(order: {quoted(placed)}, reason: BAD_ADDRESS, note: $n) {{ order {{ hold {{ note }} }} {ERRORS} }} }}",
        n="🛠️ 한국어",
    )
    assert told["orderHold"]["order"]["hold"]["note"] == "🛠️ 한국어"


def quoted(thing: Any, kind: str = "Order") -> str:
    return f'"{to_global_id(kind, str(thing.pk))}"'


def test_every_bad_line_is_told_at_once_with_its_place(world: World, part: Part) -> None:
    found = said(
        world, "customer", PLACE,
        **order(
            {"partNumber": "no such", "quantity": 1}, {"partNumber": part.number, "quantity": 0},
            {"partNumber": part.number, "quantity": 10}, {"partNumber": part.number, "quantity": 1, "hours": -1},
            {"partNumber": part.number, "quantity": 1, "repairCard": "RC-000000"},
        ),
    )  # fmt: skip
    told = {one["field"]: one["code"] for one in found}
    assert told["lines[0].partNumber"] == "UNKNOWN_PART"
    assert told["lines[1].quantity"] == "INVALID"
    assert told["lines[2].quantity"] == "OUT_OF_STOCK"
    assert told["lines[3].hours"] == "INVALID"
    assert told["lines[4].repairCard"] == "NOT_FOUND"
    short = next(one for one in found if one["code"] == "OUT_OF_STOCK")
    assert short["details"]["free"] == 9


def test_a_failure_in_the_future_is_refused(world: World, part: Part) -> None:
    machine = world.machine(part)
    wanted = {"partNumber": part.number, "quantity": 1, "serial": machine.serial, "failedOn": "2026-11-24"}
    assert coded(said(world, "customer", PLACE, **order(wanted))) == [("INVALID", "lines[0].failedOn")]


@pytest.mark.parametrize("day", ["2026-13-01", "2026-02-30", "tomorrow", "", 20261123])
def test_a_day_that_is_none_is_invalid(world: World, part: Part, day: Any) -> None:
    wanted = {"partNumber": part.number, "quantity": 1, "failedOn": day}
    assert {one["code"] for one in said(world, "customer", PLACE, **order(wanted))} == {"INVALID"}


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-11-23"])
def test_a_day_of_delivery_lies_ahead_and_within_reach(world: World, part: Part, day: str) -> None:
    wanted = {"partNumber": part.number, "quantity": 1}
    assert coded(said(world, "customer", PLACE, **order(wanted, deliverOn=day))) == [("INVALID", "deliverOn")]


def test_a_line_has_one_card_and_the_card_is_its_machines(world: World, part: Part) -> None:
    """Two cards on one line cannot be typed; the card of another machine is refused by name."""
    machine, second = world.machine(part), world.machine(part)
    card, foreign = world.card(machine), world.card(second)
    wanted = {"partNumber": part.number, "quantity": 1, "serial": machine.serial, "repairCard": foreign.number}
    assert coded(said(world, "customer", PLACE, **order(wanted))) == [("INVALID", "lines[0].repairCard")]
    both = {**wanted, "repairCard": [card.number, foreign.number]}
    assert {one["code"] for one in said(world, "customer", PLACE, **order(both))} == {"INVALID"}


def test_the_same_reference_with_another_body_is_refused_and_the_same_body_answers_the_same_order(
    world: World, part: Part
) -> None:
    caller = api(world.people.customer)
    wanted = order({"partNumber": part.number, "quantity": 1})
    first = caller.data(PLACE, **wanted)["orderPlace"]
    before = traces()
    assert caller.data(PLACE, **wanted)["orderPlace"] == first
    assert changed(before) == []
    other = order({"partNumber": part.number, "quantity": 2})
    assert coded(said(world, "customer", PLACE, **other)) == [("REFERENCE_REUSED", "reference")]


def test_a_refused_call_uses_no_reference(world: World, part: Part) -> None:
    said(world, "customer", PLACE, **order({"partNumber": part.number, "quantity": 99}))
    assert (
        api(world.people.customer).data(PLACE, **order({"partNumber": part.number, "quantity": 1}))["orderPlace"][
            "errors"
        ]
        == []
    )


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity", "1e400", "-1", "0", "1e-9", "ten", ""])
def test_money_is_an_amount(world: World, part: Part, amount: str) -> None:
    placed = world.place(line(part))
    document = (
        f"mutation($a: Decimal) {{ orderPay(order: {quoted(placed)}, method: TRANSFER, amount: $a) {{ {ERRORS} }} }}"
    )
    assert {one["code"] for one in said(world, "accountant", document, a=amount)} == {"INVALID"}


@pytest.mark.parametrize("share", ["NaN", "-0.01", "1.01", "1e400", "Infinity"])
def test_a_share_lies_between_nothing_and_all(world: World, part: Part, share: str) -> None:
    make.make_warranty_term()
    machine = world.machine(part, held=1)
    placed = world.place(free(part, machine, world.card(machine), 2), payment="NONE")
    row = lines_of(placed)[0]
    document = f'mutation($s: Decimal) {{ coverageReview(line: {quoted(row, "OrderLine")}, payer: WARRANTY, customerShare: $s, note: "n") {{ {ERRORS} }} }}'
    assert {one["code"] for one in said(world, "approver", document, s=share)} == {"INVALID"}


@pytest.mark.parametrize(
    "when", ["2026-11-23T02:00:01Z", "2026-11-22T00:00:00Z", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"]
)
def test_money_came_after_the_order_and_not_in_the_future(world: World, part: Part, when: str) -> None:
    placed = world.place(line(part))
    found = said(
        world, "accountant", acting("orderPay", f'order: {quoted(placed)}, method: TRANSFER, receivedAt: "{when}"')
    )
    assert coded(found) == [("INVALID", "receivedAt")]


def test_a_reading_lower_than_the_last_is_refused_with_the_last(world: World, part: Part) -> None:
    machine = world.machine(part)
    caller = api(world.people.customer)
    first = acting("readingRecord", f'serial: "{machine.serial}", hours: 100')
    assert caller.data(first)["readingRecord"]["errors"] == []
    # a refused reading is kept as suspicious, for it is evidence: that alone may be new
    told = caller.data(acting("readingRecord", f'serial: "{machine.serial}", hours: 99'))["readingRecord"]["errors"]
    assert (told[0]["code"], told[0]["field"], told[0]["details"]["lastHours"]) == ("INVALID", "hours", 100)
    assert list(Reading.objects.filter(equipment=machine, suspicious=False).values_list("hours", flat=True)) == [100]
    for hours in (-1, 2**31 - 1):
        assert coded(
            said(world, "customer", acting("readingRecord", f'serial: "{machine.serial}", hours: {hours}'))
        ) == [("INVALID", "hours")]


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "x",
        "T3JkZXI6",
        "T3JkZXI6LTE=",
        "T3JkZXI6MA==",
        "T3JkZXI6OTIyMzM3MjAzNjg1NDc3NTgwOA==",
        "T3JkZXI6MWU5",
        "🛠️",
        "T3JkZXI6McKy",
    ],
)
def test_a_malformed_id_does_not_exist(world: World, broken: str) -> None:
    for name, more, who in (
        ("orderRelease", "", "desk"),
        ("orderCancel", ', reason: "r"', "customer"),
        ("orderApprove", "", "approver"),
    ):
        assert coded(said(world, who, acting(name, f'order: "{broken}"{more}'))) == [("NOT_FOUND", "order")]


def test_an_id_of_another_type_does_not_exist(world: World, part: Part) -> None:
    placed = world.paid(line(part))
    for kind in ("OrderLine", "Shipment", "order", "Equipment"):
        wrong = to_global_id(kind, str(placed.pk))
        assert coded(said(world, "desk", acting("orderRelease", f'order: "{wrong}"'))) == [("NOT_FOUND", "order")]
    found = said(
        world,
        "manager",
        acting(
            "shipmentCreate",
            f'order: {quoted(placed)}, carrier: "P", lines: [{{ line: {quoted(placed)}, quantity: 1 }}]',
        ),
    )
    assert coded(found) == [("NOT_FOUND", "lines[0].line")]


def test_another_orders_line_is_not_of_this_order(world: World, part: Part) -> None:
    mine, second = world.paid(line(part)), world.paid(line(part))
    foreign = quoted(lines_of(second)[0], "OrderLine")
    for who, name, arguments in (
        ("customer", "orderCancel", f'order: {quoted(mine)}, lines: [{foreign}], reason: "r"'),
        (
            "manager",
            "shipmentCreate",
            f'order: {quoted(mine)}, lines: [{{ line: {foreign}, quantity: 1 }}], carrier: "P"',
        ),
        (
            "customer",
            "returnCreate",
            f"order: {quoted(mine)}, lines: [{{ line: {foreign}, quantity: 1 }}], reason: DAMAGED",
        ),
    ):
        assert [code for code, _ in coded(said(world, who, acting(name, arguments)))] == ["NOT_FOUND"]


@pytest.mark.parametrize("quantity", [0, -1, 3, 2**31 - 1])
def test_nobody_ships_or_returns_what_is_not_there(world: World, part: Part, quantity: int) -> None:
    placed = world.paid(line(part, 2))
    row = quoted(lines_of(placed)[0], "OrderLine")
    lines = f"lines: [{{ line: {row}, quantity: {quantity} }}]"
    assert coded(
        said(world, "manager", acting("shipmentCreate", f'order: {quoted(placed)}, {lines}, carrier: "P"'))
    ) == [("INVALID", "lines[0].quantity")]
    world.ship(placed)
    assert coded(
        said(world, "customer", acting("returnCreate", f"order: {quoted(placed)}, {lines}, reason: DAMAGED"))
    ) == [("INVALID", "lines[0].quantity")]


@pytest.mark.parametrize("name", ["stockAdjust", "stockExpect", "stockReceive"])
@pytest.mark.parametrize("number", [0, 2**31 - 1, -(2**31)])
def test_stock_moves_by_sane_numbers(world: World, part: Part, name: str, number: int) -> None:
    more = {"stockAdjust": f"change: {number}, reason: FOUND", "stockExpect": f'quantity: {number}, on: "2027-01-01"'}
    what = more.get(name, f"quantity: {number}")
    found = said(world, "manager", acting(name, f'partNumber: "{part.number}", warehouse: "HOME", {what}'))
    assert coded(found)[0][0] == "INVALID"
    assert "limit" in found[0]["details"]


def test_stock_is_not_taken_below_what_is_held(world: World, part: Part) -> None:
    world.place(line(part, 5))
    found = said(
        world,
        "manager",
        acting("stockAdjust", f'partNumber: "{part.number}", warehouse: "HOME", change: -5, reason: DAMAGE'),
    )
    assert found[0]["code"] in ("OUT_OF_STOCK", "INVALID")


def test_ten_megabytes_of_text_are_refused_before_they_are_read(world: World) -> None:
    caller, before = api(world.people.customer), traces()
    answer = caller.raw('{"query": "{ me { email } }", "variables": {"x": "' + "x" * 10_000_000 + '"}}')
    assert answer.status_code == 413
    assert changed(before) == []


def test_a_long_text_is_refused_and_never_cut_in_silence(world: World, part: Part) -> None:
    long = "x" * 1_000_000
    found = said(world, "customer", PLACE, **order({"partNumber": part.number, "quantity": 1}, reference=long))
    assert coded(found)[0][0] == "INVALID"
    found = said(world, "customer", PLACE, **order({"partNumber": part.number, "quantity": 1}, poNumber=long))
    assert {one["code"] for one in found} == {"INVALID"}
    address = {**ADDRESS, "street": long}
    found = said(world, "customer", PLACE, **order({"partNumber": part.number, "quantity": 1}, deliverTo=address))
    assert coded(found) == [("INVALID", "deliverTo.street")]


def test_a_refused_second_line_leaves_no_hold_of_the_first(world: World, part: Part) -> None:
    good, scarce = {"partNumber": part.number, "quantity": 9}, {"partNumber": world.part(home=1).number, "quantity": 2}
    said(world, "customer", PLACE, **order(good, scarce))
    assert (Order.objects.count(), Promise.objects.count()) == (0, 0)
    again = request(line(part, 9))
    assert again.lines
    assert world.place(line(part, 9)).number


def test_goods_are_not_expected_yesterday(world: World, part: Part) -> None:
    for day in (date(1, 1, 1), world.now.date() - timedelta(days=1)):
        found = said(
            world,
            "manager",
            acting(
                "stockExpect",
                f'partNumber: "{part.number}", warehouse: "HOME", quantity: 1, on: "{day:%Y-%m-%d}"'.replace(
                    '"1-', '"0001-'
                ),
            ),
        )
        assert coded(found) == [("INVALID", "on")]


def test_a_time_without_a_zone_is_asked_for_its_zone(world: World) -> None:
    asked = "query($before: DateTime) { promises(dueBefore: $before) { totalCount } }"
    [refused] = api(world.people.customer).post(asked, before="2026-11-24T09:00:00")["errors"]
    assert (refused["extensions"]["code"], refused["extensions"]["field"]) == ("INVALID", "dueBefore")
    assert "2026-11-24T09:00:00Z" in refused["message"]
    assert "errors" not in api(world.people.customer).post(asked, before="2026-11-24T09:00:00+09:00")
