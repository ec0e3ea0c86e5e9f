"""Machines are registered by serial: by the house, by the dealer that hands one over, by an owner without dates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from catalog.models import EquipmentModel
from catalog.rules.numbers import normalise, serial_sequence
from portal.accounts.actor import Actor
from portal.accounts.models import Company, Role
from portal.accounts.references import reference_claim
from portal.errors import Code, refusal
from portal.locks import lock_rows
from warranty.models import Equipment, EquipmentDealer
from warranty.selectors.visibility import equipment_seen_by
from warranty.services.inputs import check_day, clean_serial, without_nul

BUYER_ROLES = (Role.BUYER, Role.COMPANY_ADMIN)


@dataclass(frozen=True)
class _HandOver:
    """What a registration says about a machine."""

    serial: str
    normalised: str
    model: EquipmentModel
    owner_id: int | None
    sold_on: date | None
    in_service_on: date | None
    site: str


@transaction.atomic
def equipment_register(
    *,
    actor: Actor,
    serial: str,
    model_code: str,
    sold_on: date | None = None,
    in_service_on: date | None = None,
    owner_id: int | None = None,
    site: str = "",
    reference: str | None = None,
    now: datetime,
) -> Equipment:
    """Register a machine; a machine on record without an owner is handed over by it. Repeats by `reference`.

    A dealer that registers a hand-over services the machine from then on and may ask for cover on it. An owner registers its
    own machine without dates: the service desk or the dealer confirms those, for they start the warranty.
    Raises INVALID (serial, inServiceOn), NOT_FOUND (model, owner), NOT_ALLOWED.
    """
    actor.need(*((Role.SERVICE_DESK, Role.PARTS_MANAGER) if actor.is_house else BUYER_ROLES))
    typed, bare = clean_serial(serial)
    body = {
        "serial": bare,
        "model": model_code,
        "sold": sold_on,
        "service": in_service_on,
        "owner": owner_id,
        "site": site,
    }
    claim = reference_claim(company_id=actor.company_id, operation="equipment", reference=reference, body=body)
    if claim.made:
        return Equipment.objects.select_related("model", "owner").get(pk=claim.made)
    check_day(sold_on, "soldOn", now=now)
    check_day(in_service_on, "inServiceOn", now=now)
    if sold_on and in_service_on and in_service_on < sold_on:
        raise refusal(Code.INVALID, "inServiceOn", "date_order", soldOn=sold_on.isoformat())
    _check_dates_allowed(actor, sold_on, in_service_on)
    owner = _owner(actor, owner_id, now)
    told = _HandOver(typed, bare, _model(model_code), owner, sold_on, in_service_on, without_nul(site)[:300])
    equipment = _hand_over(actor, told, now) or _create(actor, told, now)
    if actor.is_dealer:
        _link(equipment, actor, now)
    claim.bind(equipment.pk)
    return equipment


def _check_dates_allowed(actor: Actor, *dates: date | None) -> None:
    """A buyer who is no dealer would start its own warranty."""
    if not actor.is_house and not actor.is_dealer and any(dates):
        raise refusal(Code.NOT_ALLOWED, "inServiceOn", "dates_by_house")


def _owner(actor: Actor, owner_id: int | None, now: datetime) -> int | None:
    """The house names any company, a dealer itself and whom it serves, an owner itself. Others do not exist for them."""
    if actor.is_house:
        known = owner_id is None or Company.objects.filter(pk=owner_id).exists()
    elif actor.is_dealer:
        served = equipment_seen_by(actor, on=now.date()).filter(owner=owner_id)
        known = owner_id in (None, actor.company_id) or served.exists()
    else:
        known, owner_id = owner_id in (None, actor.company_id), actor.company_id
    if not known:
        raise refusal(Code.NOT_FOUND, "owner")
    return owner_id


def _model(code: str) -> EquipmentModel:
    exact = EquipmentModel.objects.filter(code=without_nul(code)).first()
    alike = [] if exact else list(EquipmentModel.objects.filter(normalised=normalise(code))[:2])
    model = exact or (alike[0] if len(alike) == 1 else None)
    if model is None:
        raise refusal(Code.NOT_FOUND, "model", model=code[:80])
    return model


def _hand_over(actor: Actor, told: _HandOver, now: datetime) -> Equipment | None:
    """Give an ownerless machine on record its owner and dates; None when the serial is new. Any other one is taken."""
    found = lock_rows(Equipment.objects.filter(normalised=told.normalised).select_related("model"))
    if not found:
        return None
    equipment = found[0]
    mine = actor.is_house or (
        actor.is_dealer and equipment_seen_by(actor, on=now.date()).filter(pk=equipment.pk).exists()
    )
    if not mine or equipment.owner_id is not None or equipment.model_id != told.model.pk:
        raise refusal(Code.INVALID, "serial", "serial_taken", serial=told.serial)
    equipment.owner_id, equipment.site = told.owner_id, told.site or equipment.site
    equipment.sold_on = told.sold_on or equipment.sold_on
    equipment.in_service_on = told.in_service_on or equipment.in_service_on
    equipment.registered_by_id = actor.company_id
    equipment.save()
    return equipment


def _create(actor: Actor, told: _HandOver, now: datetime) -> Equipment:
    try:
        with transaction.atomic():
            return Equipment.objects.create(
                serial=told.serial,
                normalised=told.normalised,
                sequence=serial_sequence(told.serial),
                model=told.model,
                owner_id=told.owner_id,
                registered_by_id=actor.company_id,
                sold_on=told.sold_on,
                in_service_on=told.in_service_on,
                site=told.site,
                registered_at=now,
            )
    except IntegrityError as error:  # somebody registered it between our look and our insert
        raise refusal(Code.INVALID, "serial", "serial_taken", serial=told.serial) from error


def _link(equipment: Equipment, actor: Actor, now: datetime) -> None:
    """The dealer that hands a machine over services it."""
    since = min(day for day in (equipment.sold_on, equipment.in_service_on, now.date()) if day)
    EquipmentDealer.objects.get_or_create(equipment=equipment, dealer_id=actor.company_id, since=since)
