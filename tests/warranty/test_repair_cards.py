"""A repair card: opened for a machine, takes orders and uses, closes when its quantities reconcile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from portal.accounts.actor import Actor
from portal.errors import Code, PortalError, Problem
from portal.outbox.models import OutboxMessage
from tests import factories as make
from tests.warranty.conftest import NOW, World
from warranty.models import RepairCard, RepairCardLine, Replacement
from warranty.selectors.cards import card_get, cards_list, cards_named, repair_card_voidable
from warranty.services.cards import (
    CardEntry,
    card_line_payer_set,
    card_line_sent_back,
    card_lines_cancelled,
    card_lines_ordered,
)
from warranty.services.repair_calls import repair_call_open
from warranty.services.repair_cards import repair_card_close, repair_card_confirm, repair_card_open, repair_card_void
from warranty.services.repair_use import repair_card_use
from warranty.types import UsedPart


@pytest.fixture(autouse=True)
def _routes(settings: Any) -> None:
    settings.OUTBOX_ROUTES = {**settings.OUTBOX_ROUTES, "repair_card.closed": "orders.tasks.card_closed"}


@pytest.fixture
def dealer(world: World) -> Actor:
    make.make_dealer_link(world.machine, world.dealer)
    return make.make_actor(world.dealer)


def open_card(actor: Actor, world: World, **extra: Any) -> RepairCard:
    return repair_card_open(actor=actor, serial=world.machine.serial, fault="leaks oil", now=NOW, **extra)


def order(card: RepairCard, world: World, quantity: int = 2, ref: str = "71") -> RepairCardLine:
    entry = CardEntry(card.pk, world.part.pk, "WARRANTY", quantity, ref)
    return card_lines_ordered(entries=[entry], now=NOW)[0]


def use(actor: Actor, card: RepairCard, *parts: UsedPart) -> RepairCard:
    return repair_card_use(actor=actor, card_id=card.pk, parts=parts, now=NOW)


def refused(call: Callable[[], object]) -> list[Problem]:
    with pytest.raises(PortalError) as error:
        call()
    return list(error.value.problems)


def test_the_whole_life_of_a_card(world: World) -> None:
    card = open_card(world.desk, world)
    assert card.number.startswith("RC-")
    line = order(card, world)
    technician = make.make_actor(world.house, "TECHNICIAN")
    use(technician, card, UsedPart(1, order_line="71", failed_serial="OLD1", new_serial="NEW1", old_part_kept=True))
    card_line_sent_back(order_line_ref="71", quantity=1)
    repair_card_confirm(actor=world.desk, card_id=card.pk, now=NOW)
    card = repair_card_close(actor=world.desk, card_id=card.pk, minutes=95, note="tested", now=NOW + timedelta(hours=1))
    line.refresh_from_db()
    assert (line.ordered, line.used, line.sent_back, line.old_part_kept, line.new_serial) == (2, 1, 1, True, "NEW1")
    assert (card.state, card.minutes) == ("CLOSED", 95)
    message = OutboxMessage.objects.get(kind="repair_card.closed")
    assert (message.key, message.payload) == (
        card.number,
        {"card": card.pk, "number": card.number, "at": (NOW + timedelta(hours=1)).isoformat()},
    )


def test_a_used_part_starts_its_own_warranty_once(world: World) -> None:
    card = open_card(world.desk, world)
    order(card, world, quantity=3)
    use(world.desk, card, UsedPart(1, order_line="71"))
    use(world.desk, card, UsedPart(2, order_line="71"))
    row = Replacement.objects.get()
    assert (row.equipment, row.part, row.quantity, row.replaced_on, row.how) == (
        world.machine,
        world.part,
        3,
        date(2026, 11, 22),
        "FITTED",
    )


def test_a_card_does_not_close_before_its_parts_are_used_or_back_and_names_them(world: World) -> None:
    card = open_card(world.desk, world)
    order(card, world)
    use(world.desk, card, UsedPart(1, order_line="71"))
    repair_card_confirm(actor=world.desk, card_id=card.pk, now=NOW)
    problem = refused(lambda: repair_card_close(actor=world.desk, card_id=card.pk, minutes=5, now=NOW))[0]
    assert (problem.code, problem.why) == (Code.WRONG_STATE, "not_reconciled")
    assert problem.details["lines"] == [
        {"part": world.part.number, "orderLine": "71", "ordered": 2, "used": 1, "sentBack": 0}
    ]
    assert OutboxMessage.objects.count() == 0


def test_a_card_closes_only_confirmed_and_a_repeat_changes_nothing(world: World) -> None:
    card = open_card(world.desk, world)
    assert (
        refused(lambda: repair_card_close(actor=world.desk, card_id=card.pk, minutes=5, now=NOW))[0].details["state"]
        == "OPEN"
    )
    repair_card_confirm(actor=world.desk, card_id=card.pk, now=NOW)
    for _ in range(2):
        repair_card_close(actor=world.desk, card_id=card.pk, minutes=5, now=NOW)
    assert OutboxMessage.objects.count() == 1
    assert (
        refused(lambda: repair_card_close(actor=world.desk, card_id=card.pk, minutes=6, now=NOW))[0].code
        == Code.WRONG_STATE
    )


def test_parts_used_after_the_confirmation_ask_for_another_one(world: World) -> None:
    card = open_card(world.desk, world)
    repair_card_confirm(actor=world.desk, card_id=card.pk, now=NOW)
    assert use(world.desk, card, UsedPart(1, part_number=world.part.number)).state == "WORKING"


def test_a_technician_records_use_but_does_not_confirm_open_or_close(world: World) -> None:
    technician = make.make_actor(world.house, "TECHNICIAN")
    card = open_card(world.desk, world)
    for act in (
        lambda: open_card(technician, world),
        lambda: repair_card_confirm(actor=technician, card_id=card.pk, now=NOW),
        lambda: repair_card_close(actor=technician, card_id=card.pk, minutes=1, now=NOW),
    ):
        assert refused(act)[0].code == Code.NOT_ALLOWED


def test_a_part_named_by_number_is_taken_from_its_order_line_first(world: World) -> None:
    card = open_card(world.desk, world)
    line = order(card, world, quantity=2)
    use(world.desk, card, UsedPart(3, part_number=world.part.number.lower(), payer="WARRANTY"))
    line.refresh_from_db()
    loose = RepairCardLine.objects.get(order_line="")
    assert (line.used, loose.used, loose.ordered, loose.payer, loose.open_quantity) == (2, 1, 0, "WARRANTY", 0)


def test_every_bad_use_is_reported_at_once_and_nothing_is_noted(world: World) -> None:
    card = open_card(world.desk, world)
    line = order(card, world, quantity=2)
    make.make_part("AB-1")
    make.make_part("AB1")
    parts = (
        UsedPart(1, order_line="71"),
        UsedPart(2, order_line="71"),
        UsedPart(0, order_line="71"),
        UsedPart(1, order_line="404"),
        UsedPart(1, part_number="NO-SUCH"),
        UsedPart(1, part_number="A.B.1"),
        UsedPart(1, part_number=world.part.number, payer="NOBODY"),
        UsedPart(1),
    )
    problems = refused(lambda: use(world.desk, card, *parts))
    assert [(p.code, p.field) for p in problems] == [
        (Code.WRONG_STATE, "parts[1].quantity"),
        (Code.INVALID, "parts[2].quantity"),
        (Code.NOT_FOUND, "parts[3].orderLine"),
        (Code.UNKNOWN_PART, "parts[4].partNumber"),
        (Code.AMBIGUOUS_PART, "parts[5].partNumber"),
        (Code.INVALID, "parts[6].payer"),
        (Code.UNKNOWN_PART, "parts[7].partNumber"),
    ]
    line.refresh_from_db()
    assert (line.used, Replacement.objects.count(), RepairCardLine.objects.count()) == (0, 0, 1)


def test_the_dealer_of_the_machine_works_on_its_own_cards_alone(world: World, dealer: Actor) -> None:
    own, ours = open_card(dealer, world), open_card(world.desk, world)
    use(dealer, own, UsedPart(1, part_number=world.part.number))
    assert repair_card_confirm(actor=dealer, card_id=own.pk, now=NOW).state == "CONFIRMED"
    assert refused(lambda: use(dealer, ours, UsedPart(1, part_number=world.part.number)))[0].code == Code.NOT_ALLOWED
    assert set(cards_list(actor=dealer)) == {own, ours}


def test_a_customer_calls_and_does_not_open_cards(world: World) -> None:
    assert refused(lambda: open_card(world.customer, world))[0].code == Code.NOT_ALLOWED
    call = repair_call_open(
        actor=world.customer, serial=world.machine.serial, fault="leaks", contact="+49 30 1", now=NOW
    )
    assert call.number.startswith("CALL-")
    assert call.voucher.startswith("SV-")
    card = open_card(world.desk, world, call_id=call.pk)
    repair_card_confirm(actor=world.desk, card_id=card.pk, now=NOW)
    repair_card_close(actor=world.desk, card_id=card.pk, minutes=0, now=NOW)
    call.refresh_from_db()
    assert call.state == "CLOSED"
    assert refused(lambda: open_card(world.desk, world, call_id=call.pk))[0].why == "call_state"


def test_a_card_takes_no_call_of_another_machine(world: World) -> None:
    other = make.make_equipment(owner=world.owner)
    call = repair_call_open(actor=world.customer, serial=other.serial, fault="leaks", contact="me", now=NOW)
    problem = refused(lambda: open_card(world.desk, world, call_id=call.pk))[0]
    assert (problem.code, problem.field) == (Code.NOT_FOUND, "call")


@pytest.mark.parametrize(
    ("fault", "contact", "field"), [(" ", "me", "fault"), ("x" * 4001, "me", "fault"), ("leaks", "", "contact")]
)
def test_a_call_needs_a_fault_and_a_contact(world: World, fault: str, contact: str, field: str) -> None:
    act = lambda: repair_call_open(  # noqa: E731
        actor=world.customer, serial=world.machine.serial, fault=fault, contact=contact, now=NOW
    )
    assert refused(act)[0].field == field


def test_other_companies_cards_are_not_there(world: World) -> None:
    card = open_card(world.desk, world)
    dealer = make.make_actor(make.make_company(kind="DEALER"))
    assert card_get(actor=world.customer, number=card.number.lower()) == card
    assert card_get(actor=world.stranger, number=card.number) is None
    assert cards_named(actor=dealer, numbers=[card.number]) == {}
    foreign = refused(lambda: repair_card_confirm(actor=dealer, card_id=card.pk, now=NOW))[0]
    missing = refused(lambda: repair_card_confirm(actor=dealer, card_id=0, now=NOW))[0]
    assert foreign == missing
    unknown = refused(lambda: repair_card_open(actor=dealer, serial="NO", fault="x", now=NOW))[0]
    known = refused(lambda: open_card(dealer, world))[0]
    assert (unknown.code, unknown.field) == (known.code, known.field) == (Code.NOT_FOUND, "serial")


def test_a_repeat_by_reference_opens_one_card(world: World) -> None:
    first = open_card(world.desk, world, reference="a")
    assert open_card(world.desk, world, reference="a") == first
    assert refused(lambda: open_card(world.desk, world, reference="a", call_id=1))[0].code == Code.REFERENCE_REUSED
    assert RepairCard.objects.count() == 1


def test_a_closed_card_takes_no_orders(world: World) -> None:
    card = open_card(world.desk, world)
    assert cards_named(actor=world.desk, numbers=[card.number, card.number.lower()]) == {
        card.number: card,
        card.number.lower(): card,
    }
    repair_card_confirm(actor=world.desk, card_id=card.pk, now=NOW)
    problem = refused(lambda: order(card, world))[0]
    assert (problem.code, problem.field, problem.details["state"]) == (Code.CARD_REQUIRED, "71", "CONFIRMED")


def test_cancelled_pieces_leave_the_card_but_used_ones_do_not(world: World) -> None:
    card = open_card(world.desk, world)
    line = order(card, world, quantity=3)
    use(world.desk, card, UsedPart(1, order_line="71"))
    assert refused(lambda: card_lines_cancelled(quantities={"71": 3}, now=NOW))[0].details == {"open": 2}
    card_lines_cancelled(quantities={"71": 2, "elsewhere": 1}, now=NOW)
    card_line_payer_set(order_line_ref="71", payer="PAID")
    line.refresh_from_db()
    assert (line.ordered, line.open_quantity, line.payer) == (1, 0, "PAID")


def test_a_used_part_that_comes_back_stays_used(world: World) -> None:
    card = open_card(world.desk, world)
    line = order(card, world, quantity=1)
    use(world.desk, card, UsedPart(1, order_line="71"))
    card_line_sent_back(order_line_ref="71", quantity=1)
    line.refresh_from_db()
    assert (line.used, line.sent_back) == (1, 0)


def test_a_card_opened_by_mistake_is_voided_but_not_one_with_parts(world: World) -> None:
    empty, busy = open_card(world.desk, world), open_card(world.desk, world)
    order(busy, world)
    assert repair_card_voidable(empty)
    assert repair_card_void(actor=world.desk, card_id=empty.pk, note="twice", now=NOW).state == "VOID"
    problem = refused(lambda: repair_card_void(actor=world.desk, card_id=busy.pk, note="twice", now=NOW))[0]
    assert (problem.code, problem.why) == (Code.WRONG_STATE, "parts_on_card")
