"""A person decides who pays: confirms what the rules propose, refuses it, or grants goodwill (rules.md section 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.errors import Code, refusal
from portal.locks import lock_rows
from portal.money import quantise
from warranty.models import Bearer, Decision, Payer
from warranty.rules.values import Reason, ReasonCode
from warranty.selectors.decisions import decisions_of, goodwill_limit
from warranty.services.coverage import reasons_to_json
from warranty.services.inputs import clean_text

_STEP = Decimal("0.000001")


@transaction.atomic
def coverage_review(
    *,
    actor: Actor,
    subject: str,
    payer: str,
    customer_share: Decimal | None,
    note: str,
    now: datetime,
    requested_by_user_id: int | None = None,
) -> Decision:
    """Add the evidence of a person's decision on `subject` and return it; it supersedes the one in force.

    `customer_share` None: what the rules proposed for this payer, else 1 for PAID and 0 for free. Giving more than the rules
    propose is goodwill, limited by amount; administrators are not limited. Raises NOT_ALLOWED (not an approver of the house,
    or the approver's own request), NOT_FOUND (no decision), INVALID (payer, customerShare, note).
    """
    if not actor.is_house:
        raise refusal(Code.NOT_ALLOWED)
    actor.need(Role.APPROVER)
    if requested_by_user_id is not None and requested_by_user_id == actor.user_id:
        raise refusal(Code.NOT_ALLOWED, "line", "own_request")
    note = clean_text(note, "note", limit=2000)
    before = _in_force(subject)
    choice = _choice(before, payer, customer_share)
    if choice.gives_more_than(before):
        _check_limit(actor, before, choice, now)
    return _record(actor, before, choice, note, now)


@dataclass(frozen=True)
class _Choice:
    """What the person chose."""

    payer: str
    share: Decimal

    def gives_more_than(self, before: Decision) -> bool:
        """Is this more than the rules propose, that is goodwill?"""
        return self.share < before.customer_share

    def bearer(self, before: Decision) -> str:
        """Who bears it: goodwill its own budget, else whoever the rules named."""
        if self.payer == Payer.PAID:
            return ""
        return Bearer.GOODWILL if self.gives_more_than(before) else before.bearer or Bearer.HOUSE


def _in_force(subject: str) -> Decision:
    """The decision in force, locked: of two approvers at once the second sees what the first decided."""
    newest = decisions_of(subject).values("pk")[:1]
    found = lock_rows(Decision.objects.filter(pk__in=newest))
    if not found:
        raise refusal(Code.NOT_FOUND, "line")
    if Decision.objects.filter(supersedes=found[0]).exists():
        raise refusal(Code.WRONG_STATE, "line", "not_reviewable")
    return found[0]


def _choice(before: Decision, payer: str, share: Decimal | None) -> _Choice:
    if payer not in (Payer.PAID, Payer.WARRANTY, Payer.CONTRACT) or (
        payer == Payer.CONTRACT and before.payer != Payer.CONTRACT
    ):
        raise refusal(Code.INVALID, "payer")
    if share is None:
        share = before.customer_share if payer == before.payer else Decimal(payer == Payer.PAID)
    if not share.is_finite() or not 0 <= share <= 1 or (payer == Payer.PAID and share != 1):
        raise refusal(
            Code.INVALID, "customerShare", "out_of_range", least="1" if payer == Payer.PAID else "0", most="1"
        )
    return _Choice(payer, share.quantize(_STEP))


def _check_limit(actor: Actor, before: Decision, choice: _Choice, now: datetime) -> None:
    """Goodwill is limited by the amount given beyond the rules' proposal."""
    value, currency = Decimal(before.inputs["value"]), before.inputs["currency"]
    given = quantise(value * (before.customer_share - choice.share), currency)
    limit = goodwill_limit(currency, on=now.date())
    if given > limit and not actor.has(Role.ADMIN):
        raise refusal(
            Code.INVALID, "customerShare", "over_limit", limit=str(limit), given=str(given), currency=currency
        )


def _record(actor: Actor, before: Decision, choice: _Choice, note: str, now: datetime) -> Decision:
    code = ReasonCode.GOODWILL if choice.gives_more_than(before) else ReasonCode.REVIEWED
    kept = [{**reason, "decisive": False} for reason in before.reasons]
    return Decision.objects.create(
        subject=before.subject,
        serial=before.serial,
        part_number=before.part_number,
        inputs=before.inputs,
        rules_version=before.rules_version,
        payer=choice.payer,
        customer_share=choice.share,
        needs_review=False,
        bearer=choice.bearer(before),
        reasons=[*kept, *reasons_to_json([Reason(code, {"note": note}, decisive=True)])],
        decided_at=now,
        decided_by=f"user:{actor.user_id}" if actor.user_id else "system",
        supersedes=before,
    )
