"""GraphQL of hand-overs that turned out otherwise."""

from __future__ import annotations

from typing import Any

import graphene

from orders.models import Shipment
from orders.schema_types import OrderTypeNode, ShipmentType
from orders.selectors.dressed import orders_dressed
from orders.selectors.orders import orders_for
from orders.services.undoing import shipment_track, shipment_undo
from portal.accounts.actor import Actor
from portal.graphql import ServiceMutation, row_id


def _told(actor: Actor, done: Shipment) -> dict[str, Any]:
    """The hand-over, and its order as it is now."""
    return {"shipment": done, "order": orders_dressed(orders_for(actor)).get(pk=done.order_id)}


class ShipmentUndo(ServiceMutation):
    """The goods never left: they lie on their shelf again, held for their lines, and what was billed is taken back."""

    class Arguments:
        shipment = graphene.ID(required=True)
        reason = graphene.String(required=True)

    shipment = graphene.Field(ShipmentType)
    order = graphene.Field(OrderTypeNode)

    @classmethod
    def serve(cls, actor: Actor, now: Any, shipment: str, reason: str) -> dict[str, Any]:
        shipment_id = row_id(shipment, "Shipment", "shipment")
        return _told(actor, shipment_undo(actor=actor, shipment_id=shipment_id, reason=reason, now=now))


class ShipmentTrack(ServiceMutation):
    """Write the carrier's number of a hand-over, or another one; empty takes it away."""

    class Arguments:
        shipment = graphene.ID(required=True)
        tracking_number = graphene.String(required=True)

    shipment = graphene.Field(ShipmentType)
    order = graphene.Field(OrderTypeNode)

    @classmethod
    def serve(cls, actor: Actor, now: Any, shipment: str, tracking_number: str) -> dict[str, Any]:
        shipment_id = row_id(shipment, "Shipment", "shipment")
        return _told(actor, shipment_track(actor=actor, shipment_id=shipment_id, tracking_number=tracking_number, now=now))  # fmt: skip


class ShipmentMutation(graphene.ObjectType):
    """What is put right about a hand-over."""

    shipment_undo = ShipmentUndo.Field()
    shipment_track = ShipmentTrack.Field()
