"""GraphQL types of the catalogue; serial questions are added by warranty."""

from __future__ import annotations

from typing import Any

import graphene

from catalog.models import Part, StockLevel
from catalog.schema_batches import name_of as part_name
from catalog.schema_batches import of_part, offer_of, places_of, price_of, want_parts
from catalog.schema_related import PartDocumentType
from catalog.selectors.documents import documents_of
from catalog.selectors.parts import parts_resolve
from catalog.selectors.related import cross_references_of, predecessors_of, successors_of
from catalog.selectors.stock import availability_for, market_warehouses
from portal import clock
from portal.graphql import Node, connection_of, reader
from portal.money import tidy


class PriceType(graphene.ObjectType):
    """A published price: `amount` for `perQuantity` pieces when at least `fromQuantity` are bought; without tax unless `includesTax`."""

    amount = graphene.Decimal(required=True)
    currency = graphene.String(required=True)
    per_quantity = graphene.Int(required=True)
    from_quantity = graphene.Int()
    kind = graphene.String()
    valid_from = graphene.Date()
    includes_tax = graphene.Boolean()

    class Meta:
        name = "Price"


class Expected(graphene.ObjectType):
    """Goods on their way; `free` is what nobody holds yet."""

    date = graphene.Date(required=True)
    quantity = graphene.Int(required=True)
    free = graphene.Int(required=True)


class AvailabilityType(graphene.ObjectType):
    """Free pieces for the reader's market."""

    warehouse = graphene.String()
    available = graphene.Int(required=True)
    expected = graphene.List(graphene.NonNull(Expected), required=True)

    class Meta:
        name = "Availability"


class PromiseOffer(graphene.ObjectType):
    """What would be promised, were the money in now."""

    policy = graphene.String(required=True)
    days = graphene.Int(required=True)
    day = graphene.Date(required=True)


class CrossReferenceType(Node):
    """Another catalogue's number for the part."""

    catalogue = graphene.String(required=True)
    number = graphene.String(required=True)

    class Meta:
        name = "CrossReference"


class PartType(Node):
    """A genuine spare part."""

    number = graphene.String(required=True)
    name = graphene.String(required=True)
    maker = graphene.String(required=True)
    category = graphene.String(required=True)
    group = graphene.String()
    genuine = graphene.Boolean(required=True)
    status = graphene.String(required=True)
    unit = graphene.String(required=True)
    pack_quantity = graphene.Int(required=True)
    minimum_quantity = graphene.Int(required=True)
    weight_g = graphene.Int(required=True)
    hazard = graphene.String(required=True)
    origin = graphene.String(required=True)
    hs_code = graphene.String(required=True)
    shelf_life_days = graphene.Int()
    core_charge = graphene.Decimal(required=True, description="refundable deposit for the old unit of one piece")
    core_currency = graphene.String(required=True, description="the deposit is asked on lists in this currency")
    supplied_until = graphene.Date()
    stop_sale = graphene.Boolean(required=True)
    found_as = graphene.String(
        description="how the asked number led here: EXACT, OWN, OLD, FOREIGN, or how a search found it"
    )
    matched = graphene.String(description="the number or word that matched")
    supersedes = graphene.List(graphene.NonNull(lambda: PartType), required=True)
    superseded_by = graphene.List(graphene.NonNull(lambda: PartType), required=True)
    cross_references = graphene.List(graphene.NonNull(CrossReferenceType), required=True)
    documents = graphene.List(
        graphene.NonNull(PartDocumentType), required=True, description="pictures and papers; none for strangers"
    )
    price = graphene.Field(PriceType, quantity=graphene.Int(default_value=1))
    prices = graphene.List(graphene.NonNull(PriceType), required=True, description="all tiers")
    availability = graphene.Field(AvailabilityType)
    availabilities = graphene.List(
        graphene.NonNull(AvailabilityType), required=True, description="by warehouse, preferred first"
    )
    promise = graphene.Field(PromiseOffer)

    class Meta:
        name = "Part"

    @staticmethod
    def resolve_name(root: Part, info: graphene.ResolveInfo) -> str:
        return part_name(root, info)

    @staticmethod
    def resolve_group(root: Part, info: graphene.ResolveInfo) -> str | None:
        return root.group.code if root.group_id and root.group else None

    @staticmethod
    def resolve_found_as(root: Part, info: graphene.ResolveInfo) -> str | None:
        return getattr(root, "found_as", None)

    @staticmethod
    def resolve_matched(root: Part, info: graphene.ResolveInfo) -> str | None:
        return getattr(root, "matched", None)

    @staticmethod
    def resolve_supersedes(root: Part, info: graphene.ResolveInfo) -> list[Part]:
        return want_parts(info, of_part(root, info, "supersedes", predecessors_of))

    @staticmethod
    def resolve_superseded_by(root: Part, info: graphene.ResolveInfo) -> list[Part]:
        return want_parts(info, of_part(root, info, "superseded_by", successors_of))

    @staticmethod
    def resolve_cross_references(root: Part, info: graphene.ResolveInfo) -> list[Any]:
        return of_part(root, info, "cross_references", cross_references_of)

    @staticmethod
    def resolve_documents(root: Part, info: graphene.ResolveInfo) -> list[Any]:
        actor = reader(info)
        if actor is None:
            return []
        return of_part(root, info, "documents", lambda parts: documents_of(parts, actor=actor))

    @staticmethod
    def resolve_price(root: Part, info: graphene.ResolveInfo, quantity: int = 1) -> dict[str, Any] | None:
        found = price_of(root, info)
        return _price(found, found.at(max(1, quantity))) if found else None

    @staticmethod
    def resolve_prices(root: Part, info: graphene.ResolveInfo) -> list[dict[str, Any]]:
        found = price_of(root, info)
        return [_price(found, tier) for tier in found.tiers] if found else []

    @staticmethod
    def resolve_availability(root: Part, info: graphene.ResolveInfo) -> dict[str, Any] | None:
        found = places_of(root, info)
        if found is None:
            return None
        first = next((place for place in found.places if place.available), found.places[0] if found.places else None)
        coming = [receipt for place in found.places for receipt in place.expected]
        return {
            "warehouse": first.warehouse.code if first else None,
            "available": found.free,
            "expected": expected_rows(coming),
        }

    @staticmethod
    def resolve_availabilities(root: Part, info: graphene.ResolveInfo) -> list[dict[str, Any]]:
        found = places_of(root, info)
        places = found.places if found else []
        return [
            {"warehouse": one.warehouse.code, "available": one.available, "expected": expected_rows(one.expected)}
            for one in places
        ]

    @staticmethod
    def resolve_promise(root: Part, info: graphene.ResolveInfo) -> dict[str, Any] | None:
        offer = offer_of(root, info)
        return {"policy": offer.policy, "days": offer.allowance, "day": offer.day} if offer else None


def _price(found: Any, tier: Any) -> dict[str, Any]:
    return {
        "amount": tidy(tier.amount, found.currency),
        "currency": found.currency,
        "per_quantity": tier.per_quantity,
        "from_quantity": tier.from_quantity,
        "kind": found.kind,
        "valid_from": found.valid_from,
        "includes_tax": found.includes_tax,
    }


def expected_rows(receipts: list[Any]) -> list[dict[str, Any]]:
    """Receipts as the API shows them, earliest first."""
    rows = sorted(receipts, key=lambda one: (one.expected_on, one.pk))
    return [{"date": one.expected_on, "quantity": one.quantity - one.received, "free": one.free} for one in rows]


PartConnection = connection_of(PartType)


class StockLevelType(Node):
    """Stock of a part in one warehouse. Counts behind `available` are shown to the house alone."""

    part = graphene.Field(PartType, required=True)
    warehouse = graphene.String(required=True)
    on_hand = graphene.Int()
    held = graphene.Int()
    allocated_elsewhere = graphene.Int()
    available = graphene.Int(required=True)
    safety_stock = graphene.Int()
    reorder_point = graphene.Int()
    expected = graphene.List(graphene.NonNull(Expected), required=True)

    class Meta:
        name = "StockLevel"

    @staticmethod
    def resolve_warehouse(root: StockLevel, info: graphene.ResolveInfo) -> str:
        return root.warehouse.code

    @staticmethod
    def resolve_expected(root: StockLevel, info: graphene.ResolveInfo) -> list[dict[str, Any]]:
        known = getattr(root, "coming", None)
        if known is None:
            known = availability_for([root.part_id], warehouses=[root.warehouse])[root.part_id].places[0].expected
        return expected_rows(known)


def _house_only(name: str) -> Any:
    def resolve(root: StockLevel, info: graphene.ResolveInfo) -> int | None:
        actor = reader(info)
        value: int = getattr(root, name)
        return value if actor and actor.is_house else None

    return staticmethod(resolve)


for _name in ("on_hand", "held", "allocated_elsewhere", "safety_stock", "reorder_point"):
    setattr(StockLevelType, f"resolve_{_name}", _house_only(_name))


class Query(graphene.ObjectType):
    """Parts by number, and stock."""

    part = graphene.Field(PartType, number=graphene.String(required=True))
    stock = graphene.List(graphene.NonNull(StockLevelType), part_number=graphene.String(required=True))

    @staticmethod
    def resolve_part(root: Any, info: graphene.ResolveInfo, number: str) -> Part | None:
        answer = parts_resolve([number], on=clock.now().date())[number]
        part = answer.part or (answer.asked_part if answer.successors else None)
        if part is None:
            return None
        part.found_as, part.matched = answer.found_as, number  # type: ignore[attr-defined]
        return want_parts(info, [part])[0]

    @staticmethod
    def resolve_stock(root: Any, info: graphene.ResolveInfo, part_number: str) -> list[StockLevel] | None:
        actor = reader(info)
        if actor is None:
            return None
        answer = parts_resolve([part_number], on=clock.now().date())[part_number]
        part = answer.asked_part or answer.part
        if part is None:
            return None
        warehouses = market_warehouses("" if actor.is_house else actor.market)
        levels = []
        for place in availability_for([part.pk], warehouses=warehouses)[part.pk].places:
            level = place.level or StockLevel(part=part, warehouse=place.warehouse)
            level.part, level.warehouse, level.coming = part, place.warehouse, place.expected  # type: ignore[attr-defined]
            if level.pk or place.expected:
                levels.append(level)
        return levels
