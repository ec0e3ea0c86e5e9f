"""Cover decided from the data: who may ask, what the rows say, and one answer for unknown and foreign serials."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from pytest_django import DjangoAssertNumQueries

from catalog.models import PartGroup
from catalog.selectors.fit import fits_for
from portal.errors import Code, PortalError
from tests import factories as make
from tests.warranty.conftest import NOW, World
from warranty.models import ContractUse, EquipmentNote, Reading, Replacement, WarrantyTerm
from warranty.rules.eligibility import decide
from warranty.rules.replay import case_from_json
from warranty.rules.values import Payer, ReasonCode
from warranty.services.coverage import Given, coverage_decide_many
from warranty.types import CoverVerdict

Decide = Callable[..., CoverVerdict]


def codes(verdict: CoverVerdict) -> list[str]:
    return [reason.code.value for reason in verdict.reasons]


def test_the_owners_machine_in_warranty_is_free(world: World, decide_one: Decide) -> None:
    verdict = decide_one(serial="hx35 20418")
    assert (verdict.payer, verdict.customer_share, verdict.needs_review) == (Payer.WARRANTY, Decimal(0), False)
    assert verdict.decisive.data["until"] == "2027-05-03"
    assert verdict.equipment_id == world.machine.pk
    assert verdict.fit is not None
    assert verdict.fit.quantity == 4


def test_an_unknown_and_a_foreign_serial_get_one_identical_answer(world: World) -> None:
    make.make_equipment("ZZ-1", owner=world.owner)
    asked = [world.ask(serial=serial, company_id=world.other.pk) for serial in ("ZZ-1", "ZZ-2")]
    answers = [coverage_decide_many(actor=world.stranger, requests=[request], now=NOW)["a"] for request in asked]
    told = [repr(answer) + str(answer.inputs).replace("ZZ-1", "ZZ-2") for answer in answers]
    assert told[0].replace("ZZ-1", "ZZ-2") == told[1]
    assert (answers[0].payer, answers[0].equipment_id, codes(answers[0])) == (Payer.PAID, None, ["SERIAL_UNKNOWN"])


def test_a_buyer_cannot_ask_in_another_companys_name(world: World) -> None:
    request = world.ask(company_id=world.owner.pk)
    assert coverage_decide_many(actor=world.stranger, requests=[request], now=NOW)["a"].payer == Payer.PAID


def test_the_house_asks_for_itself_on_every_machine_and_for_a_buyer_as_that_buyer(
    world: World, decide_one: Decide
) -> None:
    assert decide_one(world.desk).payer == Payer.WARRANTY
    assert codes(decide_one(world.desk, company_id=world.other.pk)) == ["SERIAL_UNKNOWN"]


@pytest.mark.parametrize(
    ("granted", "until", "expected"),
    [
        (True, None, "MACHINE_WARRANTY"),
        (False, None, "NOT_GRANTED"),
        (True, date(2026, 11, 22), "SERIAL_UNKNOWN"),
        (True, date(2026, 11, 23), "MACHINE_WARRANTY"),
    ],
)
def test_a_dealer_may_ask_while_its_link_runs_and_the_owner_granted_it(
    world: World, decide_one: Decide, granted: bool, until: date | None, expected: str
) -> None:
    make.make_dealer_link(world.machine, world.dealer, granted=granted, until=until)
    assert decide_one(make.make_actor(world.dealer)).decisive.code == expected


def test_the_dealer_that_registered_the_hand_over_may_ask_without_a_grant(world: World, decide_one: Decide) -> None:
    world.machine.registered_by = world.dealer
    world.machine.save()
    make.make_dealer_link(world.machine, world.dealer, granted=False)
    assert decide_one(make.make_actor(world.dealer)).payer == Payer.WARRANTY


def test_a_line_without_serial_is_paid_and_has_no_fit(decide_one: Decide) -> None:
    verdict = decide_one(serial=None)
    assert (verdict.payer, verdict.fit, codes(verdict)) == (Payer.PAID, None, ["NO_SERIAL"])


def test_a_serial_break_is_a_misfit_that_names_the_right_part(world: World, decide_one: Decide) -> None:
    old, new, figure = make.make_part(), make.make_part("NEW-1"), make.make_assembly(world.model)
    make.make_callout(figure, old, last=20000)
    make.make_callout(figure, new, first=20001)
    verdict = decide_one(part=old)
    assert (verdict.payer, verdict.decisive.data) == (Payer.PAID, {"insteadUse": "NEW-1"})


def test_a_part_on_no_bill_is_free_only_after_review(decide_one: Decide) -> None:
    verdict = decide_one(part=make.make_part())
    assert (verdict.payer, verdict.needs_review) == (Payer.WARRANTY, True)
    assert "FIT_UNKNOWN" in codes(verdict)


def test_wear_parts_are_excluded_and_the_terms_of_the_first_day_count(world: World, decide_one: Decide) -> None:
    WarrantyTerm.objects.create(
        part_group=world.seals, months=0, excluded=True, valid=DateRange(date(2026, 5, 5), None)
    )
    assert decide_one().payer == Payer.WARRANTY
    WarrantyTerm.objects.create(
        part_group=world.seals, months=0, excluded=True, valid=DateRange(date(2020, 1, 1), date(2026, 5, 5))
    )
    assert codes(decide_one())[-2:] == ["EXCLUDED_PART", "NO_CONTRACT"]


def test_the_last_reading_up_to_the_failure_counts_when_none_is_told(world: World, decide_one: Decide) -> None:
    Reading.objects.create(equipment=world.machine, hours=2001, read_at=datetime(2026, 11, 20, 22, 59, tzinfo=UTC))
    assert "OVER_HOURS" in codes(decide_one())
    assert "OVER_HOURS" not in codes(decide_one(failed_on=date(2026, 11, 19)))


def test_the_failure_day_ends_at_the_buyers_midnight(world: World, decide_one: Decide) -> None:
    Reading.objects.create(equipment=world.machine, hours=2001, read_at=datetime(2026, 11, 20, 23, 0, tzinfo=UTC))
    assert decide_one().payer == Payer.WARRANTY  # midnight in Berlin already


def test_a_told_reading_below_an_earlier_one_needs_a_person(world: World, decide_one: Decide) -> None:
    Reading.objects.create(equipment=world.machine, hours=900, read_at=datetime(2026, 10, 1, tzinfo=UTC))
    assert "READING_LOWER" in codes(decide_one(hours=899))
    assert not decide_one(hours=900).needs_review


@pytest.mark.parametrize("kind", ["MISUSE", "SERVICE_OVERDUE", "NON_GENUINE"])
def test_a_note_makes_a_covered_line_wait_until_it_is_cleared(world: World, decide_one: Decide, kind: str) -> None:
    note = EquipmentNote.objects.create(equipment=world.machine, kind=kind, recorded_on=date(2026, 11, 1))
    assert kind in codes(decide_one())
    note.cleared_on = date(2026, 11, 22)
    note.save()
    assert not decide_one().needs_review


def test_a_campaign_covers_its_serials_alone(world: World, decide_one: Decide) -> None:
    campaign = make.make_campaign(world.model, world.part, serial_from=20000, serial_to=20418)
    assert decide_one().decisive.code == ReasonCode.CAMPAIGN
    campaign.serial_to = 20417
    campaign.save()
    assert decide_one().decisive.code == ReasonCode.MACHINE_WARRANTY


def test_a_part_replaced_within_90_days_is_covered_and_reviewed(world: World, decide_one: Decide) -> None:
    Replacement.objects.create(
        equipment=world.machine, part=world.part, quantity=1, replaced_on=date(2026, 10, 1), how="FITTED", ref="r1"
    )
    verdict = decide_one()
    assert (verdict.decisive.code, verdict.needs_review) == (ReasonCode.PART_WARRANTY, True)
    assert "REPLACED_RECENTLY" in codes(verdict)


def test_a_consumer_in_europe_has_24_months_on_a_part_bought_over_the_counter(world: World, decide_one: Decide) -> None:
    world.machine.in_service_on = date(2020, 1, 1)
    world.machine.save()
    Replacement.objects.create(
        equipment=world.machine, part=world.part, quantity=1, replaced_on=date(2025, 1, 1), how="COUNTER", ref="r1"
    )
    assert decide_one().decisive.code == ReasonCode.PART_WARRANTY
    assert decide_one(market="KR").payer == Payer.PAID


def test_a_part_put_on_as_its_successor_has_the_warranty_of_the_old_one(world: World, decide_one: Decide) -> None:
    new = make.make_part()
    make.make_supersession(world.part, new)
    Replacement.objects.create(
        equipment=world.machine, part=world.part, quantity=1, replaced_on=date(2026, 6, 1), how="FITTED", ref="r1"
    )
    assert decide_one(part=new).decisive.code == ReasonCode.PART_WARRANTY


@pytest.mark.parametrize("day", [date.min, date.max])
def test_any_day_that_can_be_typed_is_answered(decide_one: Decide, day: date) -> None:
    assert decide_one(failed_on=day).reasons


def test_a_consumable_bought_again_for_the_same_machine_is_simply_paid(world: World, decide_one: Decide) -> None:
    out_of_warranty(world)
    Replacement.objects.create(
        equipment=world.machine, part=world.part, quantity=1, replaced_on=date(2026, 10, 1), how="COUNTER", ref="r1"
    )
    assert decide_one(failed_on=None).payer == Payer.PAID


def out_of_warranty(world: World) -> None:
    world.machine.in_service_on = date(2024, 1, 1)
    world.machine.save()


def test_after_the_warranty_the_contract_covers_with_its_share(world: World, decide_one: Decide) -> None:
    out_of_warranty(world)
    contract = make.make_contract(world.machine)
    verdict = decide_one()
    assert (verdict.payer, verdict.customer_share, verdict.contract) == (
        Payer.CONTRACT,
        Decimal("0.20"),
        contract.number,
    )


def test_a_contracts_cap_counts_earlier_orders_of_its_year_and_earlier_lines_of_this_one(world: World) -> None:
    out_of_warranty(world)
    contract = make.make_contract(world.machine, share="0", yearly_cap=Decimal("250"))
    ContractUse.objects.create(
        contract=contract, year=1, order_line="1", amount=Decimal("100"), used_on=date(2026, 3, 1)
    )
    ContractUse.objects.create(
        contract=contract, year=2, order_line="2", amount=Decimal("999"), used_on=date(2027, 3, 1)
    )
    requests = [world.ask(key=key, part=make.make_part()) for key in "abc"]
    verdicts = coverage_decide_many(actor=world.customer, requests=requests, now=NOW)
    assert [verdicts[key].customer_share for key in "abc"] == [Decimal(0), Decimal("0.5"), Decimal(1)]
    assert verdicts["c"].decisive.code == ReasonCode.CONTRACT_CAP_REACHED


def test_the_same_part_on_two_lines_is_counted_together_against_what_the_machine_holds(world: World) -> None:
    requests = [world.ask(key="a", quantity=3), world.ask(key="b", quantity=2)]
    verdicts = coverage_decide_many(actor=world.customer, requests=requests, now=NOW)
    assert [verdicts[key].needs_review for key in "ab"] == [False, True]


def test_an_internal_order_of_the_house_is_internal_and_a_buyers_is_not(world: World, decide_one: Decide) -> None:
    assert decide_one(world.desk, serial=None, intent="INTERNAL").payer == Payer.INTERNAL
    assert decide_one(serial=None, intent="INTERNAL").payer == Payer.PAID


def test_a_failure_reported_in_time_stays_reported_in_time_however_late_the_order(
    world: World, decide_one: Decide
) -> None:
    assert decide_one(failed_on=date(2026, 9, 1)).needs_review
    assert not decide_one(failed_on=date(2026, 9, 1), reported_on=date(2026, 9, 2)).needs_review


def test_the_inputs_kept_give_the_same_verdict_again(decide_one: Decide) -> None:
    verdict = decide_one()
    again = decide(case_from_json(dict(verdict.inputs)))
    assert (again.payer, again.customer_share, again.reasons) == (
        verdict.payer,
        verdict.customer_share,
        verdict.reasons,
    )


def test_a_part_that_does_not_exist_is_refused_by_its_key(world: World) -> None:
    with pytest.raises(PortalError) as refused:
        coverage_decide_many(actor=world.customer, requests=[world.ask(part_id=0, key="lines[3]")], now=NOW)
    assert [(p.code, p.field) for p in refused.value.problems] == [(Code.UNKNOWN_PART, "lines[3]")]


@pytest.mark.parametrize("count", [1, 200])
def test_any_number_of_lines_on_as_many_machines_are_four_questions(
    world: World, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    group = PartGroup.objects.create(code="G", name="G")
    requests = []
    for number in range(count):
        machine = make.make_equipment(model=world.model, owner=world.owner)
        make.make_contract(machine, yearly_cap=Decimal("100"))
        requests.append(world.ask(key=str(number), serial=machine.serial, part=make.make_part(group=group)))
    with django_assert_num_queries(4):  # parts, machines, sources of cover, fit
        assert len(coverage_decide_many(actor=world.customer, requests=requests, now=NOW)) == count


@pytest.mark.parametrize("count", [1, 200])
def test_what_the_caller_has_read_is_not_asked_again(
    world: World, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    parts = {part.pk: part for part in (make.make_part(group=world.seals) for _ in range(count))}
    requests = [world.ask(key=str(key), part=part) for key, part in parts.items()]
    pairs = [(key, world.machine.model_id, world.machine.sequence) for key in parts]
    given = Given(parts, [world.machine], fits_for(pairs, NOW.date()))
    asked_in_full = coverage_decide_many(actor=world.customer, requests=requests, now=NOW)
    with django_assert_num_queries(1):  # sources of cover
        assert coverage_decide_many(actor=world.customer, requests=requests, now=NOW, given=given) == asked_in_full


def test_a_strangers_machine_handed_over_as_read_is_not_there_all_the_same(world: World) -> None:
    request = world.ask(company_id=world.other.pk)
    told = [
        coverage_decide_many(actor=world.stranger, requests=[request], now=NOW, given=given)["a"]
        for given in (Given(), Given(machines=[world.machine]))
    ]
    assert told[0] == told[1]
    assert told[1].equipment_id is None


def test_a_buyer_the_house_names_is_not_shown_what_only_the_house_may_see(world: World) -> None:
    request = world.ask(company_id=world.other.pk)
    given = Given(machines=[world.machine])
    assert coverage_decide_many(actor=world.desk, requests=[request], now=NOW, given=given)["a"].equipment_id is None
