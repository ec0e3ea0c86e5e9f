"""Reviews: the evidence of one line, one button to decide, the next one stands there; somebody else was first."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from catalog.models import Part
from orders.models import OrderLine
from orders.services.cancelling import order_cancel
from orders.services.reviewing import line_review
from portal.accounts.models import User
from tests import factories as make
from tests.frontend.conftest import browser, text
from tests.orders.world import World, free, line, lines_of
from warranty.models import NoteKind


@pytest.fixture
def waiting(world: World, part: Part) -> list[OrderLine]:
    """Two covered lines of two orders that need a person."""
    make.make_warranty_term(months=24)
    machine = world.machine(part)
    machine.notes.create(kind=NoteKind.MISUSE, recorded_on=date(2026, 11, 1), note="dropped")
    card = world.card(machine)
    return [lines_of(world.place(free(part, machine, card)))[0] for _ in range(2)]


def test_the_evidence_stands_beside_the_decision(world: World, waiting: list[OrderLine]):
    page = text(browser(world.people.approver).get("/reviews/"))
    first = waiting[0]
    assert f'id="line{first.pk}"' in page
    for said in ("misuse was recorded", "At stake", "₩10,000", first.card.number, first.equipment.serial):
        assert said in page
    assert f'id="line{waiting[1].pk}"' in text(browser(world.people.approver).get(f"/reviews/?line={waiting[1].pk}"))


def test_accepting_takes_one_press_and_the_next_line_stands_there(world: World, waiting: list[OrderLine]):
    approver = browser(world.people.approver)
    answer = approver.post(f"/reviews/{waiting[0].pk}/", {"accept": "1"})
    assert answer.headers["Location"] == f"/reviews/?line={waiting[1].pk}"
    decided = OrderLine.objects.get(pk=waiting[0].pk)
    assert (decided.review, decided.payer, decided.net) == ("DONE", "WARRANTY", Decimal(0))
    assert decided.decision.reasons[-1]["data"]["note"] == "accepted as the rules propose"


def test_refusing_needs_a_reason(world: World, waiting: list[OrderLine]):
    approver, first = browser(world.people.approver), waiting[0]
    assert approver.post(f"/reviews/{first.pk}/", {"refuse": "1", f"{first.pk}-note": " "}).status_code == 422
    first.refresh_from_db()
    assert first.review == "PENDING"
    approver.post(f"/reviews/{first.pk}/", {"refuse": "1", f"{first.pk}-note": "bent by force"})
    first.refresh_from_db()
    assert (first.review, first.payer) == ("DONE", "PAID")


def test_somebody_else_was_first_and_nothing_typed_is_lost(world: World, waiting: list[OrderLine]):
    User.objects.filter(pk=world.people.admin.user_id).update(name="Ryu Haneul")
    first = waiting[0]
    line_review(
        actor=world.people.admin, line_id=first.pk, payer="PAID", customer_share=None, note="bent", now=world.now
    )
    answer = browser(world.people.approver).post(
        f"/reviews/{first.pk}/", {"accept": "1", f"{first.pk}-note": "known weak batch"}
    )
    page = text(answer)
    assert answer.status_code == 409
    assert "Ryu Haneul decided this line" in page
    assert "known weak batch" in page
    assert f'id="line{waiting[1].pk}"' in page  # and one can go on
    first.refresh_from_db()
    assert first.payer == "PAID"


def test_a_line_nobody_had_to_decide_is_not_there(world: World, part: Part):
    [bought] = lines_of(world.paid(line(part)))
    assert browser(world.people.approver).post(f"/reviews/{bought.pk}/", {"accept": "1"}).status_code == 404


def test_orders_over_their_limit_are_told_of_too(world: World, part: Part):
    approver = browser(world.people.approver)
    assert "credit approval" not in text(approver.get("/reviews/"))
    OrderLine.objects.filter(order=world.place(line(part))).get().order.__class__.objects.update(
        state="AWAITING_APPROVAL"
    )
    page = text(approver.get("/reviews/"))
    assert "1 order waits for credit approval" in page
    assert "/orders/?state=AWAITING_APPROVAL" in page


def test_until_somebody_has_decided_no_page_says_that_a_line_is_free(world: World, waiting: list[OrderLine]):
    first, reader = waiting[0], browser(world.people.customer)
    card, machine = f"/cards/{first.card.number}/", f"/machines/{first.equipment.normalised}/"
    for path in (card, card + "sheet/", machine):
        page = text(reader.get(path))
        assert "to be reviewed" in page, path
        assert "free of charge" not in page, path
    for one in waiting:
        browser(world.people.approver).post(f"/reviews/{one.pk}/", {"accept": "1"})
    for path in (card, card + "sheet/", machine):
        assert "free of charge" in text(reader.get(path)), path


def test_a_cancelled_line_says_so_on_its_machine(world: World, waiting: list[OrderLine]):
    first, reader = waiting[0], browser(world.people.customer)
    for one in waiting:
        order_cancel(actor=world.people.customer, order_id=one.order_id, line_ids=None, reason="no", now=world.now)
    page = text(reader.get(f"/machines/{first.equipment.normalised}/"))
    assert page.count(">cancelled</span>") == 2
    assert "free of charge" not in page
    assert "No parts yet." in text(reader.get(f"/cards/{first.card.number}/"))
