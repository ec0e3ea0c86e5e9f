"""GraphQL of machines, cover and repairs, and the part questions that need a machine."""

from __future__ import annotations

from typing import Any

import graphene

from catalog.models import Part
from catalog.schema import PartConnection, PartType
from catalog.schema_batches import parts_seen, want_parts
from catalog.search import search_parts
from catalog.selectors.models import model_by_code
from catalog.selectors.parts import parts_by_id
from portal import clock
from portal.accounts.actor import Actor
from portal.graphql import (
    Batch,
    ServiceMutation,
    batch,
    connection_of,
    extend,
    page,
    page_size,
    page_start,
    plain,
    reader,
    row_id,
)
from warranty.models import RepairCard
from warranty.schema_batches import want_cards, want_machines
from warranty.schema_types import (
    CoverageDecisionType,
    EquipmentType,
    FitType,
    PayerEnum,
    ReadingType,
    RepairCallType,
    RepairCardState,
    RepairCardType,
    coverage_dict,
    fit_dict,
)
from warranty.selectors.cards import card_get, cards_list
from warranty.selectors.equipment import equipment_get, equipments_list
from warranty.services.equipment import equipment_register
from warranty.services.previews import coverage_preview, fits_preview
from warranty.services.readings import reading_record
from warranty.services.repair_calls import repair_call_open
from warranty.services.repair_cards import repair_card_close, repair_card_confirm, repair_card_open
from warranty.services.repair_use import repair_card_use
from warranty.types import UsedPart

EquipmentConnection = connection_of(EquipmentType)
RepairCardConnection = connection_of(RepairCardType)


class Query(graphene.ObjectType):
    """Machines, cover, cards, and the search narrowed by a machine."""

    parts = graphene.Field(
        PartConnection,
        search=graphene.String(),
        serial=graphene.String(),
        model=graphene.String(),
        category=graphene.String(),
        in_stock=graphene.Boolean(),
        first=graphene.Int(),
        after=graphene.String(),
    )
    equipment = graphene.Field(EquipmentType, serial=graphene.String(required=True))
    equipments = graphene.Field(EquipmentConnection, first=graphene.Int(), after=graphene.String())
    coverage = graphene.Field(
        CoverageDecisionType,
        serial=graphene.String(required=True),
        part_number=graphene.String(required=True),
        quantity=graphene.Int(default_value=1),
        failed_on=graphene.Date(),
        hours=graphene.Int(),
    )
    repair_card = graphene.Field(RepairCardType, number=graphene.String(required=True))
    repair_cards = graphene.Field(
        RepairCardConnection,
        serial=graphene.String(),
        state=RepairCardState(),
        first=graphene.Int(),
        after=graphene.String(),
    )

    @staticmethod
    def resolve_parts(
        root: Any, info: graphene.ResolveInfo, first: int | None = None, after: str | None = None, **asked: Any
    ) -> dict[str, Any]:
        return _parts_page(info, first, after, **asked)

    @staticmethod
    def resolve_equipment(root: Any, info: graphene.ResolveInfo, serial: str) -> Any:
        actor = reader(info)
        return equipment_get(actor=actor, serial=serial) if actor else None

    @staticmethod
    def resolve_equipments(
        root: Any, info: graphene.ResolveInfo, first: int | None = None, after: str | None = None
    ) -> Any:
        actor = reader(info)
        if actor is None:
            return None
        found = page(equipments_list(actor), first=first, after=after)
        want_machines(info, [edge["node"] for edge in found["edges"]])
        return found

    @staticmethod
    def resolve_coverage(
        root: Any,
        info: graphene.ResolveInfo,
        serial: str,
        part_number: str,
        quantity: int,
        failed_on: Any = None,
        hours: int | None = None,
    ) -> Any:
        actor = reader(info)
        if actor is None or quantity < 1:
            return None
        verdict = coverage_preview(
            actor=actor,
            serial=serial,
            part_number=part_number,
            quantity=quantity,
            failed_on=failed_on,
            hours=hours,
            now=clock.now(),
        )
        return coverage_dict(verdict) if verdict else None

    @staticmethod
    def resolve_repair_card(root: Any, info: graphene.ResolveInfo, number: str) -> RepairCard | None:
        actor = reader(info)
        return card_get(actor=actor, number=number) if actor else None

    @staticmethod
    def resolve_repair_cards(
        root: Any,
        info: graphene.ResolveInfo,
        serial: str | None = None,
        state: Any = None,
        first: int | None = None,
        after: str | None = None,
    ) -> Any:
        actor = reader(info)
        if actor is None:
            return None
        found = page(cards_list(actor=actor, serial=serial, state=plain(state)), first=first, after=after)
        want_cards(info, [edge["node"] for edge in found["edges"]])
        return found


def _parts_page(
    info: graphene.ResolveInfo,
    first: int | None,
    after: str | None,
    search: str = "",
    serial: str | None = None,
    model: str | None = None,
    category: str | None = None,
    in_stock: bool | None = None,
) -> dict[str, Any]:
    """One page of hits. A serial that is unknown or not the reader's, or an unknown model, has no parts."""
    actor, size, start = reader(info), page_size(first), page_start(after)
    machine = equipment_get(actor=actor, serial=serial) if actor and serial else None
    known = model_by_code(model) if model else None
    if (serial and machine is None) or (model and known is None):
        return page([], first=first, after=after, total=0, offset_done=True)
    found = search_parts(
        search or "",
        actor_market=actor.market if actor else None,
        model_id=machine.model_id if machine else known.pk if known else None,
        serial_sequence=machine.sequence if machine else None,
        category=category,
        in_stock=in_stock,
        offset=start,
        limit=size,
    )
    parts = parts_by_id([hit.part_id for hit in found.hits])
    rows = []
    for hit in found.hits:
        part = parts[hit.part_id]
        part.found_as, part.matched = hit.found_as, hit.matched  # type: ignore[attr-defined]
        rows.append(part)
    return page(want_parts(info, rows), first=first, after=after, total=found.total, offset_done=True)


def _fits(part: Part, info: graphene.ResolveInfo, serial: str) -> dict[str, Any]:
    actor = reader(info)
    if actor is None:
        return {"verdict": "UNKNOWN"}

    def load(keys: set[tuple[int, str]]) -> dict[tuple[int, str], Any]:
        found = fits_preview(actor=actor, asked=keys, now=clock.now())
        want_parts(info, [fit.instead_use for fit in found.values() if fit.instead_use])
        return found

    fits: Batch[tuple[int, str], Any] = batch(info, "fits", load)
    fits.want({(pk, serial) for pk in parts_seen(info)})
    return fit_dict(fits.get((part.pk, serial)), info)


extend(PartType, "fits", graphene.Field(FitType, required=True, serial=graphene.String(required=True)), _fits)


class UsedPartInput(graphene.InputObjectType):
    """Pieces put on the machine: of an order line, or of a part by its number."""

    order_line = graphene.ID()
    part_number = graphene.String()
    quantity = graphene.Int(required=True)
    failed_serial = graphene.String()
    new_serial = graphene.String()
    payer = PayerEnum()
    old_part_kept = graphene.Boolean()


class EquipmentRegister(ServiceMutation):
    """Register a machine by its serial."""

    class Arguments:
        serial = graphene.String(required=True)
        model = graphene.String(required=True)
        sold_on = graphene.Date()
        in_service_on = graphene.Date()
        owner = graphene.ID()
        reference = graphene.String()

    equipment = graphene.Field(EquipmentType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, **given: Any) -> dict[str, Any]:
        owner = given.pop("owner", None)
        owner_id = row_id(owner, "Company", "owner") if owner else None
        return {
            "equipment": equipment_register(
                actor=actor, model_code=given.pop("model"), owner_id=owner_id, now=now, **given
            )
        }


class ReadingRecord(ServiceMutation):
    """Record operating hours."""

    class Arguments:
        serial = graphene.String(required=True)
        hours = graphene.Int(required=True)
        read_at = graphene.DateTime()
        note = graphene.String()
        reference = graphene.String()

    reading = graphene.Field(ReadingType)
    equipment = graphene.Field(EquipmentType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, **given: Any) -> dict[str, Any]:
        reading = reading_record(actor=actor, now=now, **given)
        return {"reading": reading, "equipment": equipment_get(actor=actor, serial=given["serial"])}


class RepairCallOpen(ServiceMutation):
    """Note a repair call."""

    class Arguments:
        serial = graphene.String(required=True)
        fault = graphene.String(required=True)
        contact = graphene.String(required=True)
        reference = graphene.String()

    repair_call = graphene.Field(RepairCallType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, **given: Any) -> dict[str, Any]:
        return {"repair_call": repair_call_open(actor=actor, now=now, **given)}


class RepairCardOpen(ServiceMutation):
    """Open a repair card."""

    class Arguments:
        serial = graphene.String(required=True)
        fault = graphene.String(required=True)
        call = graphene.ID()
        reference = graphene.String()

    repair_card = graphene.Field(RepairCardType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, **given: Any) -> dict[str, Any]:
        call = given.pop("call", None)
        call_id = row_id(call, "RepairCall", "call") if call else None
        return {"repair_card": repair_card_open(actor=actor, call_id=call_id, now=now, **given)}


class RepairCardUse(ServiceMutation):
    """Note parts as used."""

    class Arguments:
        card = graphene.ID(required=True)
        parts = graphene.List(graphene.NonNull(UsedPartInput), required=True)

    repair_card = graphene.Field(RepairCardType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, card: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
        used = [_used(place, one) for place, one in enumerate(parts)]
        return {
            "repair_card": repair_card_use(actor=actor, card_id=row_id(card, "RepairCard", "card"), parts=used, now=now)
        }


def _used(place: int, given: dict[str, Any]) -> UsedPart:
    line = given.pop("order_line", None)
    ref = str(row_id(line, "OrderLine", f"parts[{place}].orderLine")) if line else ""
    texts = {name: given.get(name) or "" for name in ("part_number", "failed_serial", "new_serial")}
    return UsedPart(given["quantity"], ref, payer=given.get("payer"), old_part_kept=given.get("old_part_kept"), **texts)


class RepairCardConfirm(ServiceMutation):
    """The head of workshop confirms the work."""

    class Arguments:
        card = graphene.ID(required=True)

    repair_card = graphene.Field(RepairCardType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, card: str) -> dict[str, Any]:
        return {"repair_card": repair_card_confirm(actor=actor, card_id=row_id(card, "RepairCard", "card"), now=now)}


class RepairCardClose(ServiceMutation):
    """Close the card once its quantities reconcile."""

    class Arguments:
        card = graphene.ID(required=True)
        minutes = graphene.Int(required=True)
        note = graphene.String()

    repair_card = graphene.Field(RepairCardType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, card: str, **given: Any) -> dict[str, Any]:
        return {
            "repair_card": repair_card_close(actor=actor, card_id=row_id(card, "RepairCard", "card"), now=now, **given)
        }


class Mutation(graphene.ObjectType):
    """What service desk, dealers and owners do with machines."""

    equipment_register = EquipmentRegister.Field()
    reading_record = ReadingRecord.Field()
    repair_call_open = RepairCallOpen.Field()
    repair_card_open = RepairCardOpen.Field()
    repair_card_use = RepairCardUse.Field()
    repair_card_confirm = RepairCardConfirm.Field()
    repair_card_close = RepairCardClose.Field()
