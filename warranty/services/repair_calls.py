"""The repair call register (rules.md section 4)."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.accounts.references import reference_claim
from portal.errors import Code, refusal
from warranty.models import Equipment, RepairCall
from warranty.selectors.visibility import equipment_seen_by
from warranty.services.equipment import BUYER_ROLES
from warranty.services.inputs import clean_serial, clean_text


@transaction.atomic
def repair_call_open(
    *, actor: Actor, serial: str, fault: str, contact: str, reference: str | None = None, now: datetime
) -> RepairCall:
    """Note a call and give it its service voucher; repeats by `reference`. Raises NOT_FOUND (serial), INVALID (fault, contact)."""
    actor.need(*((Role.SERVICE_DESK, Role.TECHNICIAN) if actor.is_house else BUYER_ROLES))
    body = {"serial": serial, "fault": fault, "contact": contact}
    claim = reference_claim(company_id=actor.company_id, operation="repair_call", reference=reference, body=body)
    if claim.made:
        return RepairCall.objects.select_related("equipment").get(pk=claim.made)
    equipment = equipment_for(actor, serial, now)
    fault, contact = clean_text(fault, "fault", limit=4000), clean_text(contact, "contact", limit=300)
    running = next_number("warranty_repair_call_number")
    call = RepairCall.objects.create(
        number=f"CALL-{running:06d}",
        voucher=f"SV-{running:06d}",
        equipment=equipment,
        company_id=actor.company_id,
        fault=fault,
        contact=contact,
        opened_by_id=actor.user_id,
        opened_at=now,
    )
    claim.bind(call.pk)
    return call


def equipment_for(actor: Actor, serial: str, now: datetime) -> Equipment:
    """The machine of a serial. Raises NOT_FOUND (serial) when unknown or not the actor's."""
    _, bare = clean_serial(serial)
    equipment = equipment_seen_by(actor, on=now.date()).select_related("model").filter(normalised=bare).first()
    if equipment is None:
        raise refusal(Code.NOT_FOUND, "serial", serial=serial[:60])
    return equipment


def next_number(sequence: str) -> int:
    """The next number of a sequence; gaps are allowed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [sequence])
        return int(cursor.fetchone()[0])
