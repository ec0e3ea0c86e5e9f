"""What is due is said, what is overdue is said again, and an account beyond its grace is proposed for a stop, or stopped."""

from __future__ import annotations

from catalog.models import Part
from orders.models import MoneyPolicy
from orders.services.dunning import dunning_sweep
from portal.accounts.models import Company
from portal.notices.models import Notice
from tests.orders.world import World, line, refused, seoul, won


def shipped(world: World, part: Part) -> None:
    """On account, due on 23 December."""
    world.ship(world.place(line(part), by=world.people.dealer, payment="ACCOUNT"))


def sweep(world: World, moment: str) -> int:
    """What happens at that moment."""
    world.now = seoul(moment)
    return dunning_sweep(world.now)


def told() -> list[str]:
    """Every reminder, oldest first."""
    return list(Notice.objects.filter(kind__startswith="account.").order_by("pk").values_list("kind", flat=True))


def test_each_step_is_said_once_on_its_day(world: World, part: Part) -> None:
    shipped(world, part)
    assert [sweep(world, moment) for moment in ("12-22 23:59", "12-23 00:00", "12-23 12:00", "12-29 12:00", "12-30 00:00")] == [0, 1, 0, 0, 1]  # fmt: skip
    assert told() == ["account.due", "account.overdue"]


def test_a_sweep_that_slept_scolds_once(world: World, part: Part) -> None:
    shipped(world, part)
    assert sweep(world, "12-31 00:00") == 1
    assert told() == ["account.overdue"]


def test_what_is_paid_is_not_asked_for(world: World, part: Part) -> None:
    order = world.place(line(part), by=world.people.dealer, payment="ACCOUNT")
    world.ship(order)
    world.pay(order, amount=won(9999))
    world.pay(order)
    assert sweep(world, "12-31 00:00") == 0


def test_beyond_the_grace_an_accountant_is_asked_and_nothing_is_stopped(world: World, part: Part) -> None:
    MoneyPolicy.objects.create(market="KR", valid_from="2026-01-01", overdue_grace_days=5)
    shipped(world, part)
    sweep(world, "12-29 00:00")
    assert told() == ["account.overdue", "account.stop_proposed"]
    assert not Company.objects.get(pk=world.people.dealer.company_id).credit_stopped


def test_where_the_policy_says_so_the_account_is_stopped_once_and_a_person_may_lift_it(
    world: World, part: Part
) -> None:
    MoneyPolicy.objects.create(market="KR", valid_from="2026-01-01", overdue_grace_days=5, credit_stop="STOP")
    shipped(world, part)
    sweep(world, "12-29 00:00")
    company = Company.objects.get(pk=world.people.dealer.company_id)
    assert company.credit_stopped
    place = lambda: world.place(line(part), by=world.people.dealer, payment="ACCOUNT")  # noqa: E731
    assert refused(place) == [("CREDIT_STOPPED", "payment")]
    Company.objects.update(credit_stopped=False)
    sweep(world, "12-29 12:00")
    assert not Company.objects.get(pk=company.pk).credit_stopped
    assert told() == ["account.overdue", "account.stopped", "account.stopped.staff"]
