"""Operating hours of machines: they only run up."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max, Min

from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.accounts.references import reference_claim
from portal.errors import Code, PortalError, refusal
from portal.locks import lock_rows
from warranty.models import Equipment, Reading
from warranty.selectors.visibility import equipment_seen_by
from warranty.services.equipment import BUYER_ROLES
from warranty.services.inputs import MOST_HOURS, check_moment, check_range, clean_serial, without_nul

HOUSE_ROLES = (Role.SERVICE_DESK, Role.TECHNICIAN, Role.PARTS_MANAGER)


@transaction.atomic
def reading_record(
    *,
    actor: Actor,
    serial: str,
    hours: int,
    read_at: datetime | None = None,
    reference: str | None = None,
    note: str = "",
    now: datetime,
) -> Reading:
    """Record the hours a machine showed at a moment (now when not given); repeats by `reference`.

    Hours lower than an earlier reading, or higher than a later one, are refused (INVALID, details: that reading); the house
    may record them with a note, and they are marked suspicious. Raises NOT_FOUND (serial), INVALID (hours, readAt).
    """
    actor.need(*(HOUSE_ROLES if actor.is_house else BUYER_ROLES))
    _, bare = clean_serial(serial)
    body = {"serial": bare, "hours": hours, "at": read_at, "note": note}
    claim = reference_claim(company_id=actor.company_id, operation="reading", reference=reference, body=body)
    if claim.made:
        return Reading.objects.select_related("equipment").get(pk=claim.made)
    check_range(hours, "hours", least=0, most=MOST_HOURS)
    moment = check_moment(read_at, "readAt", now=now) if read_at else now
    found = lock_rows(equipment_seen_by(actor, on=now.date()).filter(normalised=bare))
    if not found:
        raise refusal(Code.NOT_FOUND, "serial", serial=serial[:60])
    against = _against(found[0], hours, moment)
    if against and not (actor.is_house and without_nul(note)):
        raise against
    reading = Reading.objects.create(
        equipment=found[0],
        hours=hours,
        read_at=moment,
        recorded_by_id=actor.user_id,
        suspicious=bool(against),
        note=without_nul(note)[:300],
    )
    claim.bind(reading.pk)
    return reading


def _against(equipment: Equipment, hours: int, moment: datetime) -> PortalError | None:
    """What speaks against this reading; None when it lies between its neighbours."""
    last = equipment.readings.filter(read_at__lte=moment).aggregate(found=Max("hours"))["found"]
    if last is not None and hours < last:
        return refusal(Code.INVALID, "hours", "reading_lower", hours=hours, lastHours=last)
    later = equipment.readings.filter(read_at__gt=moment).aggregate(found=Min("hours"))["found"]
    if later is not None and hours > later:
        return refusal(Code.INVALID, "hours", "reading_higher", hours=hours, nextHours=later)
    return None
