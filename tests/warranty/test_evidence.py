"""Decisions are evidence: recorded as decided, alterable by nobody, superseded by a person's decision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from portal.accounts.actor import Actor
from portal.errors import Code, PortalError
from tests import factories as make
from tests.warranty.conftest import NOW, World
from warranty.errors import reason_message
from warranty.models import CoverAmounts, Decision
from warranty.rules.values import ReasonCode
from warranty.selectors.decisions import decisions_in_force, decisions_of
from warranty.services.coverage import decision_record_many
from warranty.services.review import coverage_review
from warranty.types import CoverVerdict

Decide = Callable[..., CoverVerdict]


@pytest.fixture
def unsure(world: World, decide_one: Decide) -> Decision:
    """A free line of 100 EUR that waits for a person, as evidence of order line 7."""
    verdict = decide_one(part=make.make_part())
    return decision_record_many(decisions=[("7", verdict)], decided_by="rules", now=NOW)[0]


def test_the_evidence_says_what_was_decided_on_what_facts(world: World, decide_one: Decide) -> None:
    decision_record_many(decisions=[("1", decide_one()), ("2", decide_one(serial=None))], decided_by="rules", now=NOW)
    row = Decision.objects.get(subject="1")
    assert (row.serial, row.part_number, row.payer, row.customer_share) == (
        world.machine.serial,
        world.part.number,
        "WARRANTY",
        Decimal(0),
    )
    assert [r["code"] for r in row.reasons if r["decisive"]] == ["MACHINE_WARRANTY"]
    assert row.inputs["machine"]["handed_over"] == "2026-05-04"
    assert Decision.objects.get(subject="2").payer == "PAID"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE warranty_decision SET payer = 'PAID', customer_share = 1",
        "DELETE FROM warranty_decision",
        "TRUNCATE warranty_decision CASCADE",
    ],
)
def test_nobody_can_alter_evidence(unsure: Decision, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL portal.strict = 'on'")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement)
    assert Decision.objects.get().payer == "WARRANTY"


def approver(world: World, *more: str) -> Actor:
    return make.make_actor(world.house, "APPROVER", *more)


def test_an_approver_confirms_and_the_row_supersedes(world: World, unsure: Decision) -> None:
    row = coverage_review(
        actor=approver(world), subject="7", payer="WARRANTY", customer_share=None, note="seen on a photo", now=NOW
    )
    assert (row.payer, row.customer_share, row.needs_review, row.bearer, row.supersedes) == (
        "WARRANTY",
        Decimal(0),
        False,
        "MAKER",
        unsure,
    )
    assert row.reasons[-1] == {"code": "REVIEWED", "decisive": True, "data": {"note": "seen on a photo"}}
    assert [r["decisive"] for r in row.reasons].count(True) == 1
    assert decisions_in_force(["7"]) == {"7": row}
    assert list(decisions_of("7")) == [row, unsure]


def test_an_approver_refuses_and_the_line_is_paid(world: World, unsure: Decision) -> None:
    row = coverage_review(
        actor=approver(world), subject="7", payer="PAID", customer_share=None, note="not ours", now=NOW
    )
    assert (row.payer, row.customer_share, row.bearer) == ("PAID", Decimal(1), "")


def test_goodwill_is_given_from_its_own_budget_up_to_its_limit(world: World, decide_one: Decide) -> None:
    decision_record_many(decisions=[("9", decide_one(serial=None, value=Decimal("1000")))], decided_by="rules", now=NOW)
    CoverAmounts.objects.filter(currency="EUR").update(goodwill_limit=Decimal("500"))
    with pytest.raises(PortalError) as refused:
        coverage_review(
            actor=approver(world),
            subject="9",
            payer="WARRANTY",
            customer_share=Decimal("0.49"),
            note="old friend",
            now=NOW,
        )
    assert refused.value.problems[0].details == {"limit": "500.000", "given": "510.00", "currency": "EUR"}
    row = coverage_review(
        actor=approver(world), subject="9", payer="WARRANTY", customer_share=Decimal("0.5"), note="old friend", now=NOW
    )
    assert (row.bearer, row.reasons[-1]["code"]) == ("GOODWILL", "GOODWILL")


def test_an_administrator_is_not_bound_by_the_limit(world: World, decide_one: Decide) -> None:
    decision_record_many(decisions=[("9", decide_one(serial=None, value=Decimal("9000")))], decided_by="rules", now=NOW)
    row = coverage_review(
        actor=approver(world, "ADMIN"), subject="9", payer="WARRANTY", customer_share=None, note="settled", now=NOW
    )
    assert row.customer_share == 0


def test_nobody_approves_their_own_request(world: World, unsure: Decision) -> None:
    actor = make.make_actor(world.house, "APPROVER")
    with pytest.raises(PortalError) as refused:
        coverage_review(
            actor=actor,
            subject="7",
            payer="WARRANTY",
            customer_share=None,
            note="mine",
            now=NOW,
            requested_by_user_id=actor.user_id,
        )
    assert refused.value.code == Code.NOT_ALLOWED
    assert Decision.objects.count() == 1


def test_only_an_approver_of_the_house_may_review(world: World, unsure: Decision) -> None:
    for actor in (world.desk, world.customer, make.make_actor(world.owner, "APPROVER")):
        with pytest.raises(PortalError) as refused:
            coverage_review(actor=actor, subject="7", payer="PAID", customer_share=None, note="no", now=NOW)
        assert refused.value.code == Code.NOT_ALLOWED


@pytest.mark.parametrize(
    ("payer", "share", "note", "field"),
    [
        ("INTERNAL", None, "x", "payer"),
        ("CONTRACT", None, "x", "payer"),
        ("NONSENSE", None, "x", "payer"),
        ("PAID", Decimal("0.5"), "x", "customerShare"),
        ("WARRANTY", Decimal("1.1"), "x", "customerShare"),
        ("WARRANTY", Decimal("-0.1"), "x", "customerShare"),
        ("WARRANTY", Decimal("NaN"), "x", "customerShare"),
        ("WARRANTY", None, "  ", "note"),
    ],
)
def test_a_review_that_makes_no_sense_is_refused_by_field(
    world: World, unsure: Decision, payer: str, share: Decimal | None, note: str, field: str
) -> None:
    with pytest.raises(PortalError) as refused:
        coverage_review(actor=approver(world), subject="7", payer=payer, customer_share=share, note=note, now=NOW)
    assert (refused.value.code, refused.value.problems[0].field) == (Code.INVALID, field)


def test_an_unknown_subject_is_not_found(world: World) -> None:
    with pytest.raises(PortalError) as refused:
        coverage_review(actor=approver(world), subject="404", payer="PAID", customer_share=None, note="x", now=NOW)
    assert refused.value.code == Code.NOT_FOUND


def test_every_reason_has_words_and_the_decisive_ones_say_what_a_buyer_expects(
    world: World, decide_one: Decide
) -> None:
    assert reason_message("MACHINE_WARRANTY", {"until": "2027-05-03"}) == "free under warranty to 3 May 2027"
    assert reason_message("EXCLUDED_PART", {"group": "SEALS"}) == "paid: wear part, not under warranty"
    assert reason_message("CONTRACT", {"contract": "MC-1", "until": "2026-12-31", "share": "0.20"}).endswith(
        "to 31 Dec 2026, your share 20%"
    )
    assert all(reason_message(code.value, {}) != code.value for code in ReasonCode)
    verdict = decide_one(failed_on=date(2026, 1, 1))
    assert "4 May 2026" in reason_message(verdict.decisive.code, verdict.decisive.data)
    assert replace(verdict.decisive, decisive=False) in [replace(r, decisive=False) for r in verdict.reasons]
