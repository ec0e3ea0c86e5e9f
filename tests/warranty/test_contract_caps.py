"""A contract's yearly cap: what order lines take, give back, and fight over."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from django.db import connection
from django.db.models import Sum

from portal.errors import Code, PortalError
from portal.money import quantise
from tests import factories as make
from tests.warranty.conftest import NOW, World
from warranty.models import ContractUse, MaintenanceContract
from warranty.services.contracts import ContractTaken, contract_use_record
from warranty.services.coverage import coverage_decide_many


def taken(contract: MaintenanceContract, ref: str, amount: str, on: date = date(2026, 6, 1)) -> ContractTaken:
    return ContractTaken(contract.number, ref, Decimal(amount), on)


def contract_of_100() -> MaintenanceContract:
    return make.make_contract(
        make.make_equipment(), start=date(2026, 3, 1), end=date(2028, 3, 1), yearly_cap=Decimal("100")
    )


@pytest.mark.django_db
def test_lines_take_from_the_cap_of_their_contract_year() -> None:
    contract = contract_of_100()
    contract_use_record(
        entries=[taken(contract, "1", "60"), taken(contract, "2", "40"), taken(contract, "3", "100", date(2027, 3, 1))]
    )
    assert sorted(ContractUse.objects.values_list("year", "amount")) == [
        (1, Decimal(40)),
        (1, Decimal(60)),
        (2, Decimal(100)),
    ]


@pytest.mark.django_db
def test_what_the_cap_does_not_hold_is_refused_with_what_is_left_and_nothing_is_taken() -> None:
    contract = contract_of_100()
    with pytest.raises(PortalError) as refused:
        contract_use_record(entries=[taken(contract, "1", "60"), taken(contract, "2", "40.01")])
    problem = refused.value.problems[0]
    assert (problem.code, problem.field, problem.details["left"]) == (Code.PRICE_CHANGED, "2", "40.000")
    assert ContractUse.objects.count() == 0


@pytest.mark.django_db
def test_a_repeat_replaces_the_amount_and_nothing_gives_it_back() -> None:
    contract = contract_of_100()
    for amount, left in (("100", [Decimal(100)]), ("30", [Decimal(30)]), ("0", [])):
        contract_use_record(entries=[taken(contract, "1", amount)])
        assert list(ContractUse.objects.values_list("amount", flat=True)) == left


@pytest.mark.django_db
def test_an_amount_in_another_currency_is_not_counted() -> None:
    contract = contract_of_100()
    contract_use_record(entries=[ContractTaken(contract.number, "1", Decimal("50000"), date(2026, 6, 1), "KRW")])
    assert ContractUse.objects.count() == 0


@pytest.mark.parametrize("share", ["0", "0.2", "0.333333"])
def test_what_is_decided_for_many_lines_is_always_held_by_the_cap_to_the_last_cent(world: World, share: str) -> None:
    world.machine.in_service_on = date(2024, 1, 1)
    world.machine.save()
    contract = make.make_contract(world.machine, share=share, yearly_cap=Decimal("777.777"))
    draw = Random(20)
    values = {str(key): Decimal(draw.randrange(1, 9999)) / 100 for key in range(60)}
    requests = [world.ask(key=key, value=value) for key, value in values.items()]
    verdicts = coverage_decide_many(actor=world.customer, requests=requests, now=NOW)
    contract_use_record(
        entries=[
            taken(contract, key, str(value - quantise(value * verdicts[key].customer_share, "EUR")))
            for key, value in values.items()
            if verdicts[key].payer == "CONTRACT"
        ]
    )
    used = ContractUse.objects.aggregate(total=Sum("amount"))["total"]
    assert Decimal("777.76") <= used <= Decimal("777.777")


def race(contract: MaintenanceContract, orders: int) -> int:
    """So many orders at once, each for 60 of the cap; answers how many got it."""
    start, got = threading.Barrier(orders), []

    def one(number: int) -> None:
        try:
            start.wait()
            contract_use_record(entries=[taken(contract, str(number), "60")])
            got.append(number)
        except PortalError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(orders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(got)


@pytest.mark.django_db(transaction=True)
def test_of_many_orders_at_once_the_cap_is_taken_once() -> None:
    assert race(contract_of_100(), 8) == 1
    assert ContractUse.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_race_is_real(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail: unlocked, several orders see the same cap and take it."""
    looked = threading.Barrier(8, timeout=20)

    def unlocked(queryset: object) -> list[object]:
        return list(queryset)  # type: ignore[call-overload]

    monkeypatch.setattr("warranty.services.contracts.lock_rows", unlocked)
    original = ContractUse.objects.update_or_create

    def late(*args: object, **kwargs: object) -> object:
        looked.wait()  # everybody has looked before anybody writes
        return original(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(ContractUse.objects, "update_or_create", late)
    assert race(contract_of_100(), 8) == 8
