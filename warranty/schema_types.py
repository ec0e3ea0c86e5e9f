"""GraphQL types of machines, cover and repair cards."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import graphene

from catalog.schema import PartType
from catalog.schema_batches import want_parts
from catalog.selectors.fit import Fit
from portal.graphql import Node, reader
from portal.graphql_types import CompanyType, enum_of
from warranty.errors import fit_caution, reason_message
from warranty.models import Equipment, RepairCall, RepairCard
from warranty.models.choices import CardState, Payer
from warranty.schema_batches import machine_if_seen, of_machine, want_cards
from warranty.selectors.cards import cards_of_machines
from warranty.selectors.equipment import contracts_now, warranty_statuses
from warranty.selectors.machine import assemblies_of, campaigns_of, dealers_of, last_hours, newest_readings
from warranty.selectors.service import Service, services_today

PayerEnum = enum_of("Payer", Payer)
RepairCardState = enum_of("RepairCardState", CardState)
FitVerdict = enum_of("FitVerdict", ("FITS", "DOES_NOT_FIT", "UNKNOWN"))


class FitType(graphene.ObjectType):
    """Does a part fit a machine? `quantity` is what the machine holds, `insteadUse` the part that does fit."""

    verdict = graphene.Field(FitVerdict, required=True)
    callout = graphene.String()
    assembly = graphene.String()
    quantity = graphene.Int()
    instead_use = graphene.Field(PartType)
    caution = graphene.String(description="what to mind before ordering; null when the fit is known")

    class Meta:
        name = "Fit"


def fit_dict(fit: Fit | None, info: graphene.ResolveInfo) -> dict[str, Any]:
    """A fit as the API shows it; unknown when there is none."""
    if fit is None:
        return {"verdict": "UNKNOWN"}
    if fit.instead_use:
        want_parts(info, [fit.instead_use])
    return {
        "verdict": str(fit.verdict),
        "callout": fit.callout,
        "assembly": fit.assembly,
        "quantity": fit.quantity,
        "instead_use": fit.instead_use,
        "caution": fit_caution(str(fit.verdict)),
    }


class ReasonType(graphene.ObjectType):
    """One reason for or against cover; the decisive one decided."""

    code = graphene.String(required=True)
    message = graphene.String(required=True)
    decisive = graphene.Boolean(required=True)

    class Meta:
        name = "Reason"


class CoverageDecisionType(graphene.ObjectType):
    """Who pays for a line, and why."""

    payer = graphene.Field(PayerEnum, required=True)
    customer_share = graphene.Decimal(required=True)
    needs_review = graphene.Boolean(required=True)
    bearer = graphene.String()
    reasons = graphene.List(graphene.NonNull(ReasonType), required=True)
    rules_version = graphene.String(required=True)

    class Meta:
        name = "CoverageDecision"

    @staticmethod
    def resolve_customer_share(root: Any, info: graphene.ResolveInfo) -> Decimal:
        return share_plain(root["customer_share"])


def share_plain(share: Decimal) -> Decimal:
    """A fraction with at least two decimals and no idle zeros: 0.20, 1.00, 0.125."""
    short = share.normalize()
    return short if -int(short.as_tuple().exponent) > 2 else share.quantize(Decimal("0.01"))


def coverage_dict(decision: Any) -> dict[str, Any]:
    """A verdict (CoverVerdict) or kept evidence (Decision) as the API shows it."""
    told = [
        (one["code"], one["data"], one["decisive"])
        if isinstance(one, dict)
        else (str(one.code), one.data, one.decisive)
        for one in decision.reasons
    ]
    return {
        "payer": str(decision.payer),
        "customer_share": Decimal(decision.customer_share),
        "needs_review": decision.needs_review,
        "bearer": str(decision.bearer) or None,
        "reasons": [
            {"code": code, "message": reason_message(code, data), "decisive": decisive} for code, data, decisive in told
        ],
        "rules_version": decision.rules_version,
    }


class WarrantyType(graphene.ObjectType):
    """A machine's own warranty; `endsOn` is the last covered day."""

    status = graphene.String(required=True)
    starts_on = graphene.Date()
    ends_on = graphene.Date()
    hours_limit = graphene.Int()

    class Meta:
        name = "Warranty"


class ContractType(Node):
    """The maintenance contract that runs; `endsOn` is the first day it no longer covers."""

    number = graphene.String(required=True)
    starts_on = graphene.Date(required=True)
    ends_on = graphene.Date(required=True)
    groups = graphene.List(graphene.NonNull(graphene.String), required=True)
    customer_share = graphene.Decimal(required=True)
    yearly_cap = graphene.Decimal()
    currency = graphene.String()

    class Meta:
        name = "Contract"


class CampaignType(Node):
    """An open campaign or recall for the machine."""

    code = graphene.String(required=True)
    name = graphene.String(required=True)
    ends_on = graphene.Date()

    class Meta:
        name = "Campaign"


class ReadingType(Node):
    """Operating hours at a moment."""

    hours = graphene.Int(required=True)
    read_at = graphene.DateTime(required=True)
    suspicious = graphene.Boolean(required=True)

    class Meta:
        name = "Reading"


class ServiceType(graphene.ObjectType):
    """A service the maker advises, with its source; `state` DUE, SOON or LATER. `hoursLeft` below zero: overdue."""

    name = graphene.String(required=True)
    kit = graphene.String(required=True)
    state = graphene.String(required=True)
    at_hours = graphene.Int()
    hours_left = graphene.Int()
    on = graphene.Date()
    source = graphene.String(required=True)

    class Meta:
        name = "Service"

    @staticmethod
    def resolve_name(root: Service, info: graphene.ResolveInfo) -> str:
        return root.interval.name

    @staticmethod
    def resolve_kit(root: Service, info: graphene.ResolveInfo) -> str:
        return root.interval.kit.number

    @staticmethod
    def resolve_source(root: Service, info: graphene.ResolveInfo) -> str:
        return root.interval.source

    @staticmethod
    def resolve_state(root: Service, info: graphene.ResolveInfo) -> str:
        return root.due.state

    @staticmethod
    def resolve_at_hours(root: Service, info: graphene.ResolveInfo) -> int | None:
        return root.due.at_hours

    @staticmethod
    def resolve_hours_left(root: Service, info: graphene.ResolveInfo) -> int | None:
        return root.due.hours_left

    @staticmethod
    def resolve_on(root: Service, info: graphene.ResolveInfo) -> Any:
        return root.due.on


class CalloutType(Node):
    """One bill line of a figure."""

    label = graphene.String(required=True)
    part = graphene.Field(PartType, required=True)
    quantity = graphene.Int(required=True)
    serial_from = graphene.Float(description="sequence number, inclusive")
    serial_to = graphene.Float()

    class Meta:
        name = "Callout"


class AssemblyType(Node):
    """A figure of the parts book."""

    code = graphene.String(required=True)
    name = graphene.String(required=True)
    figure = graphene.String(required=True)
    quantity = graphene.Int(required=True)
    callouts = graphene.List(graphene.NonNull(CalloutType), required=True)

    class Meta:
        name = "Assembly"

    @staticmethod
    def resolve_callouts(root: Any, info: graphene.ResolveInfo) -> list[Any]:
        found = list(root.callouts.all())
        want_parts(info, [one.part for one in found])
        return found


class EquipmentType(Node):
    """A machine, known by its serial number."""

    serial = graphene.String(required=True)
    model = graphene.String(required=True)
    model_name = graphene.String(required=True)
    site = graphene.String(required=True)
    owner = graphene.Field(CompanyType)
    dealers = graphene.List(graphene.NonNull(CompanyType), required=True)
    sold_on = graphene.Date()
    in_service_on = graphene.Date()
    warranty = graphene.Field(WarrantyType, required=True)
    contract = graphene.Field(ContractType)
    campaigns = graphene.List(graphene.NonNull(CampaignType), required=True)
    readings = graphene.List(graphene.NonNull(ReadingType), required=True)
    hours = graphene.Int()
    services = graphene.List(graphene.NonNull(ServiceType), required=True)
    assemblies = graphene.List(graphene.NonNull(AssemblyType), required=True)
    repair_cards = graphene.List(graphene.NonNull(lambda: RepairCardType), required=True)

    class Meta:
        name = "Equipment"

    @staticmethod
    def resolve_model(root: Equipment, info: graphene.ResolveInfo) -> str:
        return root.model.code

    @staticmethod
    def resolve_model_name(root: Equipment, info: graphene.ResolveInfo) -> str:
        return root.model.name

    @staticmethod
    def resolve_dealers(root: Equipment, info: graphene.ResolveInfo) -> list[Any]:
        return of_machine(root, info, "dealers", dealers_of) or []

    @staticmethod
    def resolve_warranty(root: Equipment, info: graphene.ResolveInfo) -> Any:
        return of_machine(root, info, "warranty", warranty_statuses)

    @staticmethod
    def resolve_contract(root: Equipment, info: graphene.ResolveInfo) -> Any:
        return of_machine(root, info, "contract", contracts_now)

    @staticmethod
    def resolve_campaigns(root: Equipment, info: graphene.ResolveInfo) -> list[Any]:
        return of_machine(root, info, "campaigns", campaigns_of) or []

    @staticmethod
    def resolve_readings(root: Equipment, info: graphene.ResolveInfo) -> list[Any]:
        return of_machine(root, info, "readings", newest_readings) or []

    @staticmethod
    def resolve_hours(root: Equipment, info: graphene.ResolveInfo) -> int | None:
        return of_machine(root, info, "hours", last_hours)

    @staticmethod
    def resolve_services(root: Equipment, info: graphene.ResolveInfo) -> list[Any]:
        return of_machine(root, info, "services", services_today) or []

    @staticmethod
    def resolve_assemblies(root: Equipment, info: graphene.ResolveInfo) -> list[Any]:
        return of_machine(root, info, "assemblies", assemblies_of) or []

    @staticmethod
    def resolve_repair_cards(root: Equipment, info: graphene.ResolveInfo) -> list[RepairCard]:
        actor = reader(info)
        if actor is None:
            return []
        found = of_machine(root, info, "cards", lambda machines: cards_of_machines(actor, machines)) or []
        want_cards(info, found)
        return found


class RepairCardLineType(Node):
    """Pieces of a part on a card."""

    part = graphene.Field(PartType, required=True)
    payer = graphene.Field(PayerEnum, required=True)
    ordered = graphene.Int(required=True)
    used = graphene.Int(required=True)
    sent_back = graphene.Int(required=True)
    failed_serial = graphene.String()
    new_serial = graphene.String()
    old_part_kept = graphene.Boolean()

    class Meta:
        name = "RepairCardLine"


class RepairCallType(Node):
    """A call in the register, with its service voucher."""

    number = graphene.String(required=True)
    voucher = graphene.String(required=True)
    serial = graphene.String(required=True)
    equipment = graphene.Field(EquipmentType, description="null when the reader may no longer see the machine")
    fault = graphene.String(required=True)
    contact = graphene.String(required=True)
    state = graphene.String(required=True)
    opened_at = graphene.DateTime(required=True)

    class Meta:
        name = "RepairCall"

    @staticmethod
    def resolve_serial(root: RepairCall, info: graphene.ResolveInfo) -> str:
        return root.equipment.serial

    @staticmethod
    def resolve_equipment(root: RepairCall, info: graphene.ResolveInfo) -> Equipment | None:
        return machine_if_seen(root.equipment, info)


class RepairCardType(Node):
    """The card that travels with a machine under repair."""

    number = graphene.String(required=True)
    serial = graphene.String(required=True)
    equipment = graphene.Field(EquipmentType, description="null when the reader may no longer see the machine")
    fault = graphene.String(required=True)
    state = graphene.Field(RepairCardState, required=True)
    opened_at = graphene.DateTime(required=True)
    confirmed_at = graphene.DateTime()
    closed_at = graphene.DateTime()
    minutes = graphene.Int()
    note = graphene.String(required=True)
    lines = graphene.List(graphene.NonNull(RepairCardLineType), required=True)
    call = graphene.Field(RepairCallType)
    voucher = graphene.String()

    class Meta:
        name = "RepairCard"

    @staticmethod
    def resolve_serial(root: RepairCard, info: graphene.ResolveInfo) -> str:
        return root.equipment.serial

    @staticmethod
    def resolve_equipment(root: RepairCard, info: graphene.ResolveInfo) -> Equipment | None:
        return machine_if_seen(root.equipment, info)

    @staticmethod
    def resolve_lines(root: RepairCard, info: graphene.ResolveInfo) -> list[Any]:
        lines = sorted(root.lines.all(), key=lambda one: one.pk)
        want_parts(info, [one.part for one in lines])
        return lines

    @staticmethod
    def resolve_voucher(root: RepairCard, info: graphene.ResolveInfo) -> str | None:
        return root.call.voucher if root.call else None
