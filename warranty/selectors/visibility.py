"""Who may see a machine: its owner, its servicing dealers while their link runs, the house. To others it does not exist."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from portal import clock
from portal.accounts.actor import Actor
from warranty.models import Equipment, EquipmentDealer, RepairCall, RepairCard


def links_on(on: date) -> QuerySet[EquipmentDealer]:
    """Dealer links that run on a day (half-open)."""
    return EquipmentDealer.objects.filter(Q(until=None) | Q(until__gt=on), since__lte=on)


def equipment_seen_by(actor: Actor, *, on: date | None = None) -> QuerySet[Equipment]:
    """The machines an actor may see on a day (today when not given)."""
    if actor.is_house:
        return Equipment.objects.all()
    if actor.company_id is None:
        return Equipment.objects.none()
    services = links_on(on or clock.now().date()).filter(equipment=OuterRef("pk"), dealer=actor.company_id)
    return Equipment.objects.filter(Q(owner=actor.company_id) | Q(Exists(services)))


def cards_seen_by(actor: Actor, *, on: date | None = None) -> QuerySet[RepairCard]:
    """Repair cards of machines the actor may see, and those its own company opened."""
    if actor.is_house:
        return RepairCard.objects.all()
    if actor.company_id is None:
        return RepairCard.objects.none()
    return RepairCard.objects.filter(Q(equipment__in=equipment_seen_by(actor, on=on)) | Q(company=actor.company_id))


def calls_seen_by(actor: Actor, *, on: date | None = None) -> QuerySet[RepairCall]:
    """Repair calls of machines the actor may see, and those its own company made."""
    if actor.is_house:
        return RepairCall.objects.all()
    if actor.company_id is None:
        return RepairCall.objects.none()
    return RepairCall.objects.filter(Q(equipment__in=equipment_seen_by(actor, on=on)) | Q(company=actor.company_id))
