"""Pictures and papers of parts, as far as the reader may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from catalog.models import MediaFile, PartDocument
from catalog.models.document import DocumentKind
from catalog.rules.media import small_size
from portal.accounts.actor import Actor


def documents_of(part_ids: Collection[int], *, actor: Actor) -> dict[int, list[PartDocument]]:
    """{part: its documents, pictures first, each kind in its order}; what is for the house alone is not there for others."""
    found: dict[int, list[PartDocument]] = defaultdict(list)
    rows = PartDocument.objects.filter(part__in=part_ids).select_related("file")
    for row in rows.filter(**_seen(actor)).order_by("position", "name", "pk"):
        found[row.part_id].append(row)
    order = list(DocumentKind.values)
    return {part: sorted(rows, key=lambda row: order.index(row.kind)) for part, rows in found.items()}


def first_picture() -> Subquery:
    """An annotation for parts: facts of the first picture everybody may see, for `picture_of`; no question more for a list."""
    rows = PartDocument.objects.filter(
        part=OuterRef("pk"), kind=DocumentKind.IMAGE, file__width__isnull=False, house_only=False
    )
    facts = JSONObject(pk="pk", sha256="file__sha256", width="file__width", height="file__height")
    return Subquery(rows.order_by("position", "name", "pk").values(facts=facts)[:1])


def picture_of(facts: dict[str, Any] | None) -> PartDocument | None:
    """What `first_picture` found, as far as a list shows it."""
    if not facts:
        return None
    file = MediaFile(sha256=facts["sha256"], width=facts["width"], height=facts["height"])
    return PartDocument(pk=facts["pk"], kind=DocumentKind.IMAGE, file=file)


def document_get(pk: int, *, actor: Actor) -> PartDocument | None:
    """A document with its file, or None when there is none for this reader."""
    return PartDocument.objects.filter(pk=pk, **_seen(actor)).select_related("file").first()


def file_url(document: PartDocument, width: int | None = None) -> str:
    """The address of a document, or of its small picture of a width; it changes with the content."""
    small = f"width={width}&" if width else ""
    return f"{reverse('document', args=[document.pk])}?{small}v={document.file.sha256[:16]}"


def file_size(document: PartDocument, width: int) -> tuple[int, int]:
    """Pixels across and high of the small picture of a width; (0, 0) when it is no picture."""
    file = document.file
    return small_size(file.width, file.height, width) if file.width and file.height else (0, 0)


def _seen(actor: Actor) -> dict[str, bool]:
    return {} if actor.is_house else {"house_only": False}
