"""Ask the parts desk, with a photo; answer with parts that the buyer puts into the cart with one press."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from catalog.imports.media.checks import RefusedError
from catalog.imports.media.store import file_keep
from catalog.models import MediaFile
from catalog.selectors.parts import parts_resolve
from orders.models import CartLine, Enquiry, EnquiryPart
from orders.selectors.enquiries import DESK, enquiries_for, enquiry_get
from orders.services.carts import MAX_QUANTITY, cart_add
from orders.types import LineRequest
from portal.accounts.actor import Actor
from portal.accounts.models import Role
from portal.accounts.references import given, reference_claim
from portal.errors import Code, PortalError, Problem, refusal
from portal.locks import lock_rows
from portal.notices.services import notice_send
from portal.promises.services import promise_start, promises_settle
from portal.promises.types import Fact, PromisedLine
from warranty.selectors.equipment import equipment_get

MOST_WORDS = 4000
MOST_PHOTO = 10 << 20  # bytes
MOST_PARTS = 50
REPLY, SUBJECT = "hotline-reply", "enquiry"  # rules.md section 1: who asks is answered within four hours
_ANSWER = "answer"
_PICTURES = ("image/jpeg", "image/png", "image/webp")


def photo_keep(content: bytes) -> MediaFile:
    """A photo, decoded and written anew without place and camera; outside any transaction, since it takes a while.

    Raises INVALID (photo): too large, no picture, damaged, too many pixels.
    """
    if len(content) > MOST_PHOTO:
        raise refusal(Code.INVALID, "photo", "photo_size", limit=MOST_PHOTO >> 20)
    if content[:5] == b"%PDF-":
        raise refusal(Code.INVALID, "photo", "photo_kind")
    try:
        kept, _ = file_keep(content)
    except RefusedError as error:
        why = "photo_pixels" if error.reason == "too_many_pixels" else "photo_kind"
        raise refusal(Code.INVALID, "photo", why) from None
    if kept.content_type not in _PICTURES:
        raise refusal(Code.INVALID, "photo", "photo_kind")
    return kept


def photo_kept(key: int) -> MediaFile | None:
    """A photo taken in a moment ago."""
    return MediaFile.objects.filter(pk=key, content_type__in=_PICTURES).first()


@transaction.atomic
def enquiry_make(
    *,
    actor: Actor,
    words: str,
    now: datetime,
    serial: str = "",
    searched: str = "",
    part_id: int | None = None,
    photo: MediaFile | None = None,
    reference: str | None = None,
) -> Enquiry:
    """Ask the desk; it is told, and the clock of the answer runs. Repeats by `reference`. Raises NOT_ALLOWED, INVALID (words, serial)."""
    if actor.is_house:
        raise refusal(Code.NOT_ALLOWED)
    actor.need(Role.BUYER, Role.COMPANY_ADMIN)
    _check_text(words, "words")
    if len(serial) > 60:
        raise refusal(Code.INVALID, "serial", "too_long", limit=60)
    body = {"words": words, "serial": serial, "part": part_id, "photo": photo.pk if photo else None}
    body |= given(searched=searched)
    claim = reference_claim(company_id=actor.company_id, operation="enquiry", reference=reference, body=body)
    if claim.made:
        return Enquiry.objects.get(pk=claim.made)
    made = Enquiry.objects.create(
        company_id=actor.company_id or 0,
        asked_by_id=actor.membership_id or 0,
        words=words.strip(),
        searched=searched.strip()[:200],
        serial=serial.strip(),
        equipment=equipment_get(actor=actor, serial=serial) if serial.strip() else None,
        part_id=part_id,
        photo=photo,
        asked_at=now,
    )
    claim.bind(made.pk)
    promise_start(
        policy=REPLY, subject_kind=SUBJECT, subject=made.name, company_id=made.company_id, zone=made.company.zone,
        calendar=made.company.calendar, started_at=now, currency="", now=now, lines=[PromisedLine(_ANSWER, 1, Decimal(0))],
    )  # fmt: skip
    for role in DESK:
        notice_send(
            company_id=None, role=role, kind="enquiry.made", subject_kind=SUBJECT, subject=made.name,
            data={"company": made.company.name, "name": actor.name}, key=f"enquiry.made:{made.pk}:{role}", now=now,
        )  # fmt: skip
    return made


@transaction.atomic
def enquiry_answer(
    *, actor: Actor, enquiry_id: int, answer: str, parts: Sequence[tuple[str, int]], now: datetime
) -> Enquiry:
    """Answer once, with (part number, pieces) that fit; who asked is told.

    Raises NOT_ALLOWED, NOT_FOUND, WRONG_STATE when a colleague was first, UNKNOWN_PART, AMBIGUOUS_PART, INVALID.
    """
    if not actor.is_house:
        raise refusal(Code.NOT_ALLOWED)
    actor.need(*DESK)
    rows = lock_rows(enquiries_for(actor).filter(pk=enquiry_id))
    if not rows:
        raise refusal(Code.NOT_FOUND, "enquiry")
    found = rows[0]
    if found.answered_at is not None:
        raise refusal(
            Code.WRONG_STATE, "enquiry", "enquiry_answered", name=str(found.answered_by and found.answered_by.user)
        )
    _check_text(answer, "answer")
    named = _named(parts, now)
    found.answer, found.answered_by_id, found.answered_at = answer.strip(), actor.membership_id, now
    found.save(update_fields=["answer", "answered_by", "answered_at"])
    kept = [Fact(_ANSWER, 1, now)]
    promises_settle(subject_kind=SUBJECT, subject=found.name, policy=REPLY, facts=kept, cancelled={}, now=now)
    EnquiryPart.objects.bulk_create(
        EnquiryPart(enquiry=found, part_id=part, quantity=many) for part, many in named.items()
    )
    notice_send(
        company_id=found.company_id, user_id=found.asked_by.user_id, kind="enquiry.answered", subject_kind=SUBJECT,
        subject=found.name, data={"answer": found.answer[:300]}, key=f"enquiry.answered:{found.pk}", now=now,
    )  # fmt: skip
    return found


def enquiry_order(*, actor: Actor, enquiry_id: int, now: datetime) -> list[CartLine]:
    """Put the parts of the answer into the cart, for the machine that was named. Raises NOT_FOUND, WRONG_STATE without parts."""
    found = None if actor.is_house else enquiry_get(actor, enquiry_id)
    if found is None:
        raise refusal(Code.NOT_FOUND, "enquiry")
    serial = found.equipment.serial if found.equipment else ""
    lines = [LineRequest(one.part.number, one.quantity, serial) for one in found.parts.all()]
    if not lines:
        raise refusal(Code.WRONG_STATE, "enquiry", "enquiry_no_parts")
    return cart_add(actor=actor, lines=lines, now=now)


def _named(parts: Sequence[tuple[str, int]], now: datetime) -> dict[int, int]:
    """Pieces by part key; every number that is no part is told."""
    if len(parts) > MOST_PARTS:
        raise refusal(Code.INVALID, "parts", "line_count", limit=MOST_PARTS)
    meant = parts_resolve([number for number, _ in parts], on=now.date())
    problems, found = [], dict[int, int]()
    for place, (number, many) in enumerate(parts):
        part, field = meant[number].part, f"parts[{place}].partNumber"
        if part is None:
            code = Code.AMBIGUOUS_PART if meant[number].candidates else Code.UNKNOWN_PART
            problems.append(Problem(code, field, {"partNumber": number}))
        elif not 1 <= many <= MAX_QUANTITY:
            problems.append(Problem(Code.INVALID, f"parts[{place}].quantity", {"limit": MAX_QUANTITY}, "quantity"))
        else:
            found[part.pk] = found.get(part.pk, 0) + many
    if problems:
        raise PortalError(problems)
    return found


def _check_text(text: str, field: str) -> None:
    if not text.strip():
        raise refusal(Code.INVALID, field, "missing")
    if len(text) > MOST_WORDS:
        raise refusal(Code.INVALID, field, "too_long", limit=MOST_WORDS)
