"""GraphQL of questions to the parts desk, and of the link for who receives the goods."""

from __future__ import annotations

from typing import Any

import graphene

from orders.models import Enquiry, EnquiryPart
from orders.selectors.enquiries import enquiries_for, enquiry_get
from orders.selectors.tracking import tracking_token
from orders.services.enquiring import enquiry_answer, enquiry_make
from orders.services.tracking import tracking_link_make, tracking_link_withdraw
from portal.accounts.actor import Actor
from portal.graphql import Node, ServiceMutation, connection_of, page, reader, row_id


class EnquiryPartType(graphene.ObjectType):
    """A part the answer names."""

    part_number = graphene.String(required=True)
    quantity = graphene.Int(required=True)

    class Meta:
        name = "EnquiryPart"

    @staticmethod
    def resolve_part_number(root: EnquiryPart, info: graphene.ResolveInfo) -> str:
        return root.part.number


class EnquiryType(Node):
    """A question and its answer; the photo is seen on its page."""

    words = graphene.String(required=True)
    serial = graphene.String(required=True)
    asked_at = graphene.DateTime(required=True)
    has_photo = graphene.Boolean(required=True)
    answer = graphene.String(required=True)
    answered_at = graphene.DateTime()
    parts = graphene.List(graphene.NonNull(EnquiryPartType), required=True)

    class Meta:
        name = "Enquiry"

    @staticmethod
    def resolve_has_photo(root: Enquiry, info: graphene.ResolveInfo) -> bool:
        return root.photo_id is not None

    @staticmethod
    def resolve_parts(root: Enquiry, info: graphene.ResolveInfo) -> list[EnquiryPart]:
        return list(root.parts.all())


EnquiryConnection = connection_of(EnquiryType)


class EnquiryQuery(graphene.ObjectType):
    """What was asked."""

    enquiries = graphene.Field(EnquiryConnection, first=graphene.Int(), after=graphene.String())

    @staticmethod
    def resolve_enquiries(
        root: Any, info: graphene.ResolveInfo, first: int | None = None, after: str | None = None
    ) -> dict[str, Any] | None:
        actor = reader(info)
        return page(enquiries_for(actor).prefetch_related("parts__part"), first=first, after=after) if actor else None


class EnquiryPartInput(graphene.InputObjectType):
    """A part for an answer."""

    part_number = graphene.String(required=True)
    quantity = graphene.Int(required=True)


class EnquiryMake(ServiceMutation):
    """Ask the parts desk."""

    class Arguments:
        words = graphene.String(required=True)
        serial = graphene.String()
        reference = graphene.String()

    enquiry = graphene.Field(EnquiryType)

    @classmethod
    def serve(
        cls, actor: Actor, now: Any, words: str, serial: str | None = None, reference: str | None = None
    ) -> dict[str, Any]:
        made = enquiry_make(actor=actor, words=words, serial=serial or "", reference=reference, now=now)
        return {"enquiry": enquiry_get(actor, made.pk)}


class EnquiryAnswer(ServiceMutation):
    """Answer a buyer, with parts that fit."""

    class Arguments:
        enquiry = graphene.ID(required=True)
        answer = graphene.String(required=True)
        parts = graphene.List(graphene.NonNull(EnquiryPartInput))

    enquiry = graphene.Field(EnquiryType)

    @classmethod
    def serve(cls, actor: Actor, now: Any, enquiry: str, answer: str, parts: Any = None) -> dict[str, Any]:
        key = row_id(enquiry, "Enquiry", "enquiry")
        named = [(one["part_number"], one["quantity"]) for one in parts or ()]
        enquiry_answer(actor=actor, enquiry_id=key, answer=answer, parts=named, now=now)
        return {"enquiry": enquiry_get(actor, key)}


class TrackingLinkMake(ServiceMutation):
    """The order's link for who receives the goods; `path` is to be put behind the portal's address."""

    class Arguments:
        order = graphene.ID(required=True)

    path = graphene.String()

    @classmethod
    def serve(cls, actor: Actor, now: Any, order: str) -> dict[str, Any]:
        link = tracking_link_make(actor=actor, order_id=row_id(order, "Order", "order"), now=now)
        return {"path": f"/t/{tracking_token(link)}/"}


class TrackingLinkWithdraw(ServiceMutation):
    """From now on the link opens nothing."""

    class Arguments:
        order = graphene.ID(required=True)

    @classmethod
    def serve(cls, actor: Actor, now: Any, order: str) -> dict[str, Any]:
        tracking_link_withdraw(actor=actor, order_id=row_id(order, "Order", "order"), now=now)
        return {}


class EnquiryMutation(graphene.ObjectType):
    """What is done with them."""

    enquiry_make = EnquiryMake.Field()
    enquiry_answer = EnquiryAnswer.Field()
    tracking_link_make = TrackingLinkMake.Field()
    tracking_link_withdraw = TrackingLinkWithdraw.Field()
