"""What stands beside a part in the API: its pictures and papers."""

from __future__ import annotations

from typing import Any

import graphene

from catalog.models import PartDocument
from catalog.rules.media import MEDIUM
from catalog.selectors.documents import file_url
from portal.graphql import Node


class PartDocumentType(Node):
    """A picture or paper of a part. Addresses are read with the same log-in or token, and change with the content."""

    kind = graphene.String(required=True, description="IMAGE, DRAWING, MANUAL or SAFETY")
    language = graphene.String(required=True, description="empty: for all")
    title = graphene.String(required=True)
    name = graphene.String(required=True, description="of the delivered file")
    content_type = graphene.String(required=True)
    size = graphene.Int(required=True, description="bytes")
    width = graphene.Int(description="pixels, of pictures")
    height = graphene.Int()
    url = graphene.String(required=True)
    thumbnail_url = graphene.String(description="of pictures, at most 480 pixels wide")

    class Meta:
        name = "PartDocument"

    @staticmethod
    def resolve_url(root: PartDocument, info: graphene.ResolveInfo) -> str:
        return file_url(root)

    @staticmethod
    def resolve_thumbnail_url(root: PartDocument, info: graphene.ResolveInfo) -> str | None:
        return file_url(root, MEDIUM) if root.file.width else None


def _of_file(name: str) -> Any:
    return staticmethod(lambda root, info: getattr(root.file, name))


for _name in ("content_type", "size", "width", "height"):
    setattr(PartDocumentType, f"resolve_{_name}", _of_file(_name))
