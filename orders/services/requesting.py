"""Approval inside the buyer's company: an order over a person's limit waits, unplaced, until a colleague who may order so much decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from orders.models import CartLine, Order, PurchaseRequest, RequestState
from orders.selectors.purchase_requests import purchase_requests_for
from orders.services.carts import cart_add, cart_empty
from orders.services.events import event_write
from orders.services.placing import limit_problem, order_place
from orders.services.previewing import Preview, order_preview
from orders.types import LineRequest, OrderRequest
from portal.accounts.actor import Actor, actor_for
from portal.accounts.models import Membership, Role
from portal.accounts.references import reference_claim
from portal.errors import Code, PortalError, refusal
from portal.locks import lock_rows
from portal.money import quantise
from portal.notices.services import notice_send

_DAYS = ("failed_on", "accept_expected_on")


@transaction.atomic
def purchase_request_make(*, actor: Actor, request: OrderRequest, now: datetime) -> PurchaseRequest:
    """Ask colleagues to approve an order over the actor's limit. Holds nothing, starts nothing; repeats by its reference.

    Raises what is wrong with the order as `order_place` would, WRONG_STATE when it is within the limit.
    """
    if actor.is_house:
        raise refusal(Code.NOT_ALLOWED)
    actor.need(Role.BUYER, Role.COMPANY_ADMIN)
    if not request.reference:
        raise refusal(Code.INVALID, "reference", "missing")
    body = request.body()
    claim = reference_claim(
        company_id=actor.company_id, operation="purchase_request", reference=request.reference, body=body
    )
    if claim.made:
        return PurchaseRequest.objects.get(pk=claim.made)
    draft = order_preview(actor=actor, request=request, now=now).draft
    if draft.problems:
        raise PortalError(draft.problems)
    if limit_problem(actor, draft) is None:
        raise refusal(Code.WRONG_STATE, "lines", "within_limit")
    made = PurchaseRequest.objects.create(
        company_id=actor.company_id or 0,
        reference=request.reference,
        requested_by_id=actor.membership_id or 0,
        body=body_data(body),
        line_count=len(request.lines),
        total=draft.total,
        currency=draft.currency,
        requested_at=now,
    )
    claim.bind(made.pk)
    _tell_approvers(made, actor, now)
    return made


@transaction.atomic
def cart_request(*, actor: Actor, request: OrderRequest, now: datetime) -> PurchaseRequest:
    """Ask for what the cart holds; in the same transaction the cart is emptied: sent back, its lines return."""
    made = purchase_request_make(actor=actor, request=request, now=now)
    if made.requested_at == now:
        cart_empty(actor)
    return made


def purchase_request_preview(*, request: PurchaseRequest, now: datetime) -> Preview:
    """The order as it would be now, were it approved."""
    return order_preview(actor=actor_for(_requester(request)), request=wanted_order(request), now=now)


@transaction.atomic
def purchase_request_approve(
    *, actor: Actor, request_id: int, now: datetime, shown: str | None = None, note: str = ""
) -> Order:
    """Place the order in the name of who asked. `shown`: the digest of the preview the approver saw.

    Raises NOT_ALLOWED for one's own request or above the approver's own limit of this moment, WRONG_STATE when somebody was
    first or the order is another one by now, and what is wrong with the order.
    """
    found = _locked(actor, request_id)
    if found.requested_by_id == actor.membership_id:
        raise refusal(Code.NOT_ALLOWED, "request", "own")
    preview = purchase_request_preview(request=found, now=now)
    _may_approve(actor, preview)
    if shown is not None and shown != preview.digest:
        raise refusal(Code.WRONG_STATE, "shown", "request_shown")
    order = order_place(actor=actor_for(_requester(found)), request=wanted_order(found), now=now, approved=True)
    found.order = order
    _decide(found, RequestState.APPROVED, actor, note, now)
    event_write(order=order, kind="company.approved", at=now, actor=actor, data={"note": found.note})
    _tell_requester(found, actor, now, number=order.number)
    return order


@transaction.atomic
def purchase_request_send_back(*, actor: Actor, request_id: int, note: str, now: datetime) -> PurchaseRequest:
    """Refuse it with a note; who asked can take the lines back into the cart. Raises NOT_ALLOWED, WRONG_STATE, INVALID (note)."""
    if not note.strip():
        raise refusal(Code.INVALID, "note", "missing")
    found = _locked(actor, request_id)
    if found.requested_by_id == actor.membership_id:
        raise refusal(Code.NOT_ALLOWED, "request", "own")
    limit = _limit_now(actor)
    if limit is not None and found.total > limit:
        raise _above(found.total, found.currency)
    _decide(found, RequestState.SENT_BACK, actor, note, now)
    _tell_requester(found, actor, now)
    return found


@transaction.atomic
def purchase_request_withdraw(*, actor: Actor, request_id: int, now: datetime) -> list[CartLine]:
    """Who asked takes the lines back into the cart: withdrawn while it waits, or after it was sent back; once.

    Raises NOT_FOUND for a colleague's, WRONG_STATE when it is approved or taken back already.
    """
    rows = lock_rows(purchase_requests_for(actor).filter(pk=request_id, requested_by_id=actor.membership_id))
    if not rows:
        raise refusal(Code.NOT_FOUND, "request")
    found = rows[0]
    if found.taken_back or found.state == RequestState.APPROVED:
        raise _settled(found)
    if found.state == RequestState.WAITING:
        found.state, found.decided_by_id, found.decided_at = RequestState.WITHDRAWN, actor.membership_id, now
    found.taken_back = True
    found.save()
    return cart_add(actor=actor, lines=list(wanted_order(found).lines), now=now)


def wanted_order(request: PurchaseRequest) -> OrderRequest:
    """The order that was asked for, as `order_place` takes it."""
    body: dict[str, Any] = dict(request.body)
    lines = tuple(LineRequest(**_days(line, _DAYS)) for line in body.pop("lines"))
    return OrderRequest(lines=lines, reference=request.reference, **_days(body, ("deliver_on",)))


def _days(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {key: date.fromisoformat(value) if key in names and value else value for key, value in values.items()}


def body_data(value: Any) -> Any:
    """The body of an order as JSON keeps it; `wanted_order` reads it again."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: body_data(one) for key, one in value.items()}
    return [body_data(one) for one in value] if isinstance(value, list | tuple) else value


def _locked(actor: Actor, request_id: int) -> PurchaseRequest:
    """The waiting request, held against a second approver; read after the lock."""
    actor.need(Role.BUYER, Role.COMPANY_ADMIN)
    rows = lock_rows(purchase_requests_for(actor).filter(pk=request_id))
    if not rows:
        raise refusal(Code.NOT_FOUND, "request")
    if rows[0].state != RequestState.WAITING:
        raise _settled(rows[0])
    return rows[0]


def _settled(found: PurchaseRequest) -> PortalError:
    by = str(found.decided_by.user) if found.decided_by else "–"
    return refusal(
        Code.WRONG_STATE,
        "request",
        "request_decided",
        name=by,
        state=str(found.get_state_display()),
        became=found.state,
    )


def _may_approve(actor: Actor, preview: Preview) -> None:
    """Who could order it may approve it; judged by the limit of this moment, not of the log-in."""
    limit, total = _limit_now(actor), preview.draft.total
    if limit is not None and total > limit:
        raise _above(total, preview.draft.currency)


def _above(total: Any, currency: str) -> PortalError:
    return refusal(
        Code.NOT_ALLOWED, "request", "approver_limit", total=str(quantise(total, currency)), currency=currency
    )


def _limit_now(actor: Actor) -> Any:
    """The actor's limit as it stands, held against a change until the decision is written."""
    rows = lock_rows(Membership.objects.filter(pk=actor.membership_id or 0, is_active=True))
    if not rows:
        raise refusal(Code.NOT_ALLOWED)
    return rows[0].order_limit


def _requester(request: PurchaseRequest) -> Membership:
    return Membership.objects.select_related("user", "company").get(pk=request.requested_by_id)


def _decide(found: PurchaseRequest, state: str, actor: Actor, note: str, now: datetime) -> None:
    found.state, found.decided_by_id, found.decided_at, found.note = state, actor.membership_id, now, note.strip()[:500]
    found.save()


def _tell_approvers(made: PurchaseRequest, actor: Actor, now: datetime) -> None:
    """Each colleague who may approve it is told."""
    people = Membership.objects.filter(company_id=made.company_id, is_active=True, user__is_active=True)
    for one in people.exclude(pk=actor.membership_id or 0).order_by("pk"):
        covers = one.order_limit is None or one.order_limit >= made.total
        if covers and set(one.roles) & {Role.BUYER, Role.COMPANY_ADMIN}:
            notice_send(
                company_id=made.company_id, user_id=one.user_id, kind="request.made", subject_kind="request", subject=str(made.pk),
                data={"name": actor.name, "total": str(quantise(made.total, made.currency)), "currency": made.currency},
                key=f"request.made:{made.pk}:{one.pk}", now=now,
            )  # fmt: skip


def _tell_requester(found: PurchaseRequest, actor: Actor, now: datetime, number: str = "") -> None:
    kind = "request.approved" if number else "request.sent_back"
    notice_send(
        company_id=found.company_id, user_id=_requester(found).user_id, kind=kind,
        subject_kind="order" if number else "request", subject=number or str(found.pk),
        data={"name": actor.name, "note": found.note}, key=f"{kind}:{found.pk}", now=now,
    )  # fmt: skip
