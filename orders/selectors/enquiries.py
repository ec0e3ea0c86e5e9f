"""Questions to the parts desk: a company sees its own, the house's desk all."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from orders.models import Enquiry
from portal.accounts.actor import Actor
from portal.accounts.models import Role

DESK = (Role.PARTS_MANAGER, Role.SERVICE_DESK)


def enquiries_for(actor: Actor | None) -> QuerySet[Enquiry]:
    """Those the actor may see, newest first."""
    rows = Enquiry.objects.select_related(
        "company", "asked_by__user", "answered_by__user", "equipment__model", "part", "photo"
    )
    rows = rows.order_by("-asked_at", "-pk")
    if actor is None:
        return rows.none()
    if actor.is_house:
        return rows if actor.has(*DESK) else rows.none()
    return rows.filter(company_id=actor.company_id or 0)


def enquiries_open(actor: Actor) -> QuerySet[Enquiry]:
    """What waits for an answer, the longest first."""
    return enquiries_for(actor).filter(answered_at=None).order_by("asked_at", "pk")


def enquiry_get(actor: Actor | None, pk: int) -> Enquiry | None:
    """One enquiry with the parts of its answer, or None."""
    return enquiries_for(actor).filter(pk=pk).prefetch_related("parts__part").first()


def photo_file(enquiry: Enquiry) -> tuple[Path, str] | None:
    """Where its photo lies and its content type; None when there is none (any more)."""
    if enquiry.photo is None:
        return None
    path = Path(settings.MEDIA_ROOT) / enquiry.photo.path
    return (path, enquiry.photo.content_type) if path.is_file() else None
