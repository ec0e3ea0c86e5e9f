"""The life of a repair card: opened, confirmed by the head of workshop, closed when its quantities reconcile, or void."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.accounts.references import reference_claim
from portal.errors import Code, refusal
from portal.locks import lock_rows
from portal.outbox.services import outbox_write
from warranty.models import CallState, CardState, RepairCall, RepairCard
from warranty.selectors.cards import repair_card_voidable
from warranty.selectors.visibility import calls_seen_by, cards_seen_by
from warranty.services.equipment import BUYER_ROLES
from warranty.services.inputs import check_range, clean_text, without_nul
from warranty.services.repair_calls import equipment_for, next_number

MOST_MINUTES = 100_000


@transaction.atomic
def repair_card_open(
    *, actor: Actor, serial: str, fault: str, call_id: int | None = None, reference: str | None = None, now: datetime
) -> RepairCard:
    """Open a card for a machine: the service desk, or a dealer that services it; repeats by `reference`.

    Raises NOT_FOUND (serial, call), NOT_ALLOWED, INVALID (fault).
    """
    _need_desk_or_dealer(actor)
    body = {"serial": serial, "fault": fault, "call": call_id}
    claim = reference_claim(company_id=actor.company_id, operation="repair_card", reference=reference, body=body)
    if claim.made:
        return RepairCard.objects.select_related("equipment").get(pk=claim.made)
    equipment = equipment_for(actor, serial, now)
    fault = clean_text(fault, "fault", limit=4000)
    call = _call(actor, call_id, equipment.pk, now)
    card = RepairCard.objects.create(
        number=f"RC-{next_number('warranty_repair_card_number'):06d}",
        equipment=equipment,
        call=call,
        company_id=actor.company_id,
        fault=fault,
        opened_by_id=actor.user_id,
        opened_at=now,
    )
    claim.bind(card.pk)
    return card


@transaction.atomic
def repair_card_confirm(*, actor: Actor, card_id: int, now: datetime) -> RepairCard:
    """The head of workshop (service desk, or the dealer on its own card) confirms the work; a repeat changes nothing."""
    _need_desk_or_dealer(actor)
    card = card_locked(actor, card_id, now)
    if card.state == CardState.CONFIRMED:
        return card
    _need_state(card, CardState.OPEN, CardState.WORKING)
    card.state, card.confirmed_by_id, card.confirmed_at = CardState.CONFIRMED, actor.user_id, now
    card.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    return card


@transaction.atomic
def repair_card_close(
    *, actor: Actor, card_id: int, minutes: int, note: str | None = None, now: datetime
) -> RepairCard:
    """Close a confirmed card after `minutes` of work and tell the orders, whose old parts are due from now on.

    Every line must reconcile: ordered = used + sent back. Raises WRONG_STATE (details: the open lines, or the state),
    INVALID (minutes). A repeat with the same minutes changes nothing.
    """
    _need_desk_or_dealer(actor)
    check_range(minutes, "minutes", least=0, most=MOST_MINUTES)
    card = card_locked(actor, card_id, now)
    if card.state == CardState.CLOSED and card.minutes == minutes:
        return card
    _need_state(card, CardState.CONFIRMED)
    _need_reconciled(card)
    card.state, card.minutes, card.closed_at = CardState.CLOSED, minutes, now
    card.note = without_nul(note)[:4000]
    card.save(update_fields=["state", "minutes", "closed_at", "note"])
    _close_call(card, now)
    payload = {"card": card.pk, "number": card.number, "at": now.isoformat()}
    outbox_write(kind="repair_card.closed", key=card.number, payload=payload, now=now)
    return card


@transaction.atomic
def repair_card_void(*, actor: Actor, card_id: int, note: str, now: datetime) -> RepairCard:
    """Void a card opened by mistake. Raises WRONG_STATE when parts are ordered or used on it."""
    _need_desk_or_dealer(actor)
    card = card_locked(actor, card_id, now)
    if card.state == CardState.VOID:
        return card
    _need_state(card, CardState.OPEN, CardState.WORKING, CardState.CONFIRMED)
    if not repair_card_voidable(card):
        raise refusal(Code.WRONG_STATE, "card", "parts_on_card", state=card.state)
    card.state, card.note = CardState.VOID, clean_text(note, "note", limit=4000)
    card.save(update_fields=["state", "note"])
    return card


def card_locked(actor: Actor, card_id: int, now: datetime) -> RepairCard:
    """The card, locked; a dealer works on the cards it opened alone. Raises NOT_FOUND, NOT_ALLOWED."""
    found = lock_rows(cards_seen_by(actor, on=now.date()).filter(pk=card_id).select_related("equipment"))
    if not found:
        raise refusal(Code.NOT_FOUND, "card")
    if not actor.is_house and found[0].company_id != actor.company_id:
        raise refusal(Code.NOT_ALLOWED, "card")
    return found[0]


def _need_desk_or_dealer(actor: Actor) -> None:
    """The service desk, or somebody of a dealer who may act for it."""
    if not actor.is_house and not actor.is_dealer:
        raise refusal(Code.NOT_ALLOWED)
    actor.need(*((Role.SERVICE_DESK,) if actor.is_house else BUYER_ROLES))


def _need_state(card: RepairCard, *states: str) -> None:
    if card.state not in states:
        raise refusal(Code.WRONG_STATE, "card", "card_state", state=card.state, number=card.number, needed=list(states))


def _call(actor: Actor, call_id: int | None, equipment_id: int, now: datetime) -> RepairCall | None:
    if call_id is None:
        return None
    call = calls_seen_by(actor, on=now.date()).filter(pk=call_id, equipment=equipment_id).first()
    if call is None:
        raise refusal(Code.NOT_FOUND, "call")
    if call.state != CallState.OPEN:
        raise refusal(Code.WRONG_STATE, "call", "call_state", state=call.state)
    return call


def _need_reconciled(card: RepairCard) -> None:
    lines = card.lines.select_related("part").order_by("pk")
    left = [
        {
            "part": line.part.number,
            "orderLine": line.order_line,
            "ordered": line.ordered,
            "used": line.used,
            "sentBack": line.sent_back,
        }
        for line in lines
        if line.open_quantity
    ]
    if left:
        raise refusal(Code.WRONG_STATE, "card", "not_reconciled", lines=left, number=card.number)


def _close_call(card: RepairCard, now: datetime) -> None:
    """The call is closed when the last of its cards is."""
    if card.call_id is None:
        return
    still_open = (CardState.OPEN, CardState.WORKING, CardState.CONFIRMED)
    if not RepairCard.objects.filter(call=card.call_id, state__in=still_open).exists():
        RepairCall.objects.filter(pk=card.call_id).update(state=CallState.CLOSED, closed_at=now)
