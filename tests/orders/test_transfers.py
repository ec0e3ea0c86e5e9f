"""A transfer in advance: a reference a bank checks, a reminder, an end; what comes in part is never thrown away."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iso11649

from catalog.models import Part
from orders.models import BankAccount, MoneyPolicy, Order, OrderEvent
from orders.rules.references import order_numbers_in, payment_reference, shown
from orders.selectors.order_page import order_detail
from orders.services.card_paying import order_pay_by_transfer
from orders.services.expiring import transfers_sweep
from orders.services.reviewing import line_review
from orders.services.spending import credit_grant
from portal.notices.models import Notice
from tests import factories as make
from tests.orders.world import World, free, level, line, lines_of, refused, seoul, won


@given(st.integers(100_001, 10**11))
def test_a_reference_has_check_digits_that_hold_and_is_found_in_any_dress(number: int) -> None:
    made = payment_reference(str(number))
    assert iso11649.is_valid(made)
    wide = made.translate({ord(one): ord(one) + 0xFEE0 for one in made})
    for text in (made, shown(made), f"Payment {made.lower()}, thanks", wide, f"/ROC/{made}/", f"{made} 2026-11-28"):
        assert str(number) in order_numbers_in(text)


def test_a_mistyped_reference_means_no_order_but_a_bare_number_does() -> None:
    made = payment_reference("100001")
    wrong = made[:-1] + ("2" if made[-1] == "1" else "1")
    assert order_numbers_in(wrong) == []
    assert order_numbers_in("order 100001 and 100002") == ["100001", "100002"]
    assert order_numbers_in("１００００１ 입금") == ["100001"]
    assert order_numbers_in("tel 82-2-555, 12345") == []


def sweep(world: World, moment: str) -> int:
    """What happens at that moment."""
    world.now = seoul(moment)
    return transfers_sweep(world.now)


def test_the_order_shows_how_much_where_and_until_when(world: World, part: Part) -> None:
    BankAccount.objects.create(currency="KRW", holder="House", bank="Hana", number="110-22")
    order = world.place(line(part))
    page = order_detail(world.people.customer, order.number, language="en")
    told = page.transfer
    assert (told.amount, told.account.number, told.cancel_on.isoformat()) == (won(10000), "110-22", "2026-11-30")
    assert told.reference == payment_reference(order.number)
    world.pay(order)
    assert order_detail(world.people.customer, order.number, language="en").transfer is None


def test_an_unpaid_order_is_reminded_once_then_cancelled_and_its_stock_is_free(world: World, part: Part) -> None:
    order = world.place(line(part, 4))
    assert sweep(world, "11-25 23:59") == 0
    assert [sweep(world, moment) for moment in ("11-26 00:00", "11-26 00:10", "11-30 23:59")] == [1, 0, 0]
    assert level(part, world.home) == (9, 4)
    assert [sweep(world, "12-01 00:00"), sweep(world, "12-01 00:00")] == [1, 0]
    order.refresh_from_db()
    assert (order.state, level(part, world.home)) == ("CANCELLED", (9, 0))
    kinds = [one.kind for one in Notice.objects.filter(subject=order.number, company=order.company_id).order_by("pk")]
    assert kinds == ["order.placed", "transfer.reminder", "order.cancelled", "transfer.expired"]
    assert refused(lambda: world.pay(order)) == [("WRONG_STATE", "order")]


def test_part_of_the_money_waits_for_a_person_and_the_buyer_is_told_what_is_open(world: World, part: Part) -> None:
    order = world.place(line(part))
    world.pay(order, amount=won(4000))
    assert Notice.objects.get(kind="order.partly_paid").data["open"] == "6000"
    assert [sweep(world, "12-05 00:00"), sweep(world, "12-06 00:00")] == [1, 0]
    order.refresh_from_db()
    assert order.state == "AWAITING_PAYMENT"
    assert Notice.objects.filter(kind="transfer.partly", role="ACCOUNTANT").count() == 1
    world.pay(order)
    assert order.state == "READY"


def test_credit_spent_on_an_order_that_ends_unpaid_comes_back(world: World, part: Part) -> None:
    from orders.selectors.ledger import spendable

    company = world.people.customer.company_id or 0
    credit_grant(
        actor=world.people.approver, company_id=company, currency="KRW", amount=won(4000), reason="late", now=world.now
    )
    world.place(line(part), use_credit=True)
    assert (sweep(world, "12-01 00:00"), spendable(company, "KRW")) == (1, won(4000))


def test_the_days_are_data(world: World, part: Part) -> None:
    MoneyPolicy.objects.create(market="KR", valid_from="2026-01-01", transfer_remind_days=1, transfer_cancel_days=2)
    world.place(line(part))
    assert [sweep(world, moment) for moment in ("11-24 00:00", "11-25 23:00", "11-26 00:00")] == [1, 0, 1]


@pytest.mark.parametrize("payment", ["ACCOUNT", "paid"])
def test_what_does_not_wait_for_a_transfer_is_left_alone(world: World, part: Part, payment: str) -> None:
    if payment == "paid":
        world.paid(line(part))
    else:
        world.place(line(part), by=world.people.dealer, payment="ACCOUNT")
    assert sweep(world, "12-20 00:00") == 0
    assert not Order.objects.filter(state="CANCELLED").exists()


def test_an_order_that_cannot_be_seen_to_does_not_stop_the_others(
    world: World, part: Part, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orders.services import expiring

    bad = world.place(line(part))
    world.place(line(part))
    real = expiring.transfer_of

    def fails(order: Order, **given: Any) -> object:
        if order.pk == bad.pk:
            raise RuntimeError
        return real(order, **given)

    monkeypatch.setattr(expiring, "transfer_of", fails)
    assert sweep(world, "11-26 09:00") == 1
    assert OrderEvent.objects.filter(kind="transfer.reminded").count() == 1


def late_line(world: World, part: Part) -> tuple[Order, Any]:
    """A paid order, one line of which a person decides to be paid two days later."""
    kit = world.part(home=20)
    make.make_warranty_term()
    machine = world.machine(kit, held=4)
    order = world.place(free(kit, machine, world.card(machine), 5), line(part, 4))
    world.pay(order)
    assert order.state == "READY"
    world.now = seoul("11-25 10:00")
    late = lines_of(order)[0]
    line_review(
        actor=world.people.approver, line_id=late.pk, payer="PAID", customer_share=None, note="paid", now=world.now
    )
    return order, late


def test_a_line_decided_later_to_be_paid_is_asked_after_and_ends_alone(world: World, part: Part) -> None:
    order, late = late_line(world, part)
    page = order_detail(world.people.customer, order.number, language="en")
    assert (page.transfer.amount, page.transfer.cancel_on.isoformat()) == (won(50000), "2026-12-02")
    assert [sweep(world, moment) for moment in ("11-27 23:00", "11-28 00:00", "12-02 23:59")] == [0, 1, 0]
    assert [sweep(world, "12-03 00:00"), sweep(world, "12-03 00:10")] == [1, 0]
    order.refresh_from_db()
    assert (order.state, order.payment_state, level(late.part, world.home)) == ("READY", "PAID", (20, 0))
    assert [one.cancelled for one in lines_of(order)] == [5, 0]
    kinds = Notice.objects.filter(subject=order.number, kind__startswith="transfer.").order_by("pk")
    assert [one.kind for one in kinds] == ["transfer.reminder", "transfer.expired.rest"]


def test_a_line_decided_later_and_paid_in_part_waits_for_a_person(world: World, part: Part) -> None:
    order, _ = late_line(world, part)
    world.pay(order, amount=won(100))
    assert sweep(world, "12-03 00:00") == 1
    assert lines_of(order)[0].cancelled == 0
    assert Notice.objects.filter(kind="transfer.partly").count() == 1
    world.pay(order)
    assert lines_of(order)[0].cleared_at
    assert sweep(world, "12-20 00:00") == 0


def test_the_days_of_a_transfer_run_from_the_move_from_a_card(world: World, part: Part) -> None:
    order = world.place(line(part))
    Order.objects.update(payment_method="CARD")
    order_pay_by_transfer(actor=world.people.customer, order_id=order.pk, now=seoul("11-29 10:00"))
    assert (
        order_detail(world.people.customer, order.number, language="en").transfer.cancel_on.isoformat() == "2026-12-06"
    )
    assert [sweep(world, "12-01 12:00"), sweep(world, "12-02 00:00"), sweep(world, "12-07 00:00")] == [0, 1, 1]
