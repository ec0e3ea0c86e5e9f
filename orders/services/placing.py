"""Take an order: one transaction that prices, covers, holds and promises; the store is told after the commit."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from catalog.rules.store import channel_slug
from catalog.services.stock import Held, stock_hold
from orders.models import EngineState, LineHold, Order, OrderLine, OrderState, PaymentMethod, Review
from orders.rules.money import ZERO, payment_state
from orders.services.advancing import account_is_over, order_advance, payable_now, pieces_of, promises_show
from orders.services.cover_effects import cover_book
from orders.services.drafting import order_draft
from orders.services.engines import engine, store_queue
from orders.services.events import event_write
from orders.services.numbers import order_number_next
from orders.services.planning import SHIP, promises_plan
from orders.services.quoting import quote_apply
from orders.services.shortages import shortage_problems, stock_view, wants_of
from orders.services.spending import credit_take
from orders.stripe import cards_offered
from orders.types import Draft, DraftLine, OrderRequest
from portal.accounts.actor import Actor
from portal.accounts.references import reference_claim
from portal.errors import Code, PortalError, Problem, refusal
from portal.money import quantise
from portal.notices.services import notice_send
from portal.outbox.services import outbox_write
from portal.promises.services import promise_start
from portal.promises.types import PromisedLine
from warranty.services.coverage import decision_record_many


def order_place(*, actor: Actor, request: OrderRequest, now: datetime, approved: bool = False) -> Order:
    """Place an order, all lines or none. `approved`: a colleague did, so the actor's own limit does not count.

    A repeated reference with the same body answers the stored order, whatever prices say now. Raises PortalError with
    every problem of every line; nothing is held, written or used up then.
    """
    if not request.reference:
        raise refusal(Code.INVALID, "reference", "missing")
    with transaction.atomic():
        claim = reference_claim(
            company_id=actor.company_id, operation="order", reference=request.reference, body=request.body()
        )
        if claim.made:
            return Order.objects.get(pk=claim.made)
        draft = order_draft(actor=actor, request=request, now=now)
        if request.quote_id:
            quote_apply(draft, quote_id=request.quote_id)
        if not approved and (over := limit_problem(actor, draft)):
            draft.problems.append(over)
        held = _hold(draft)
        order = _write_order(draft, actor)
        lines = _write_lines(draft, order, held)
        _start(draft, order, lines, actor)
        claim.bind(order.pk)
    return order


def limit_problem(actor: Actor, draft: Draft) -> Problem | None:
    """More than the actor may order alone: a colleague has to approve it (docs/adr/0082)."""
    limit = actor.order_limit
    if limit is None or draft.total <= limit:
        return None
    told = {name: str(quantise(amount, draft.currency)) for name, amount in (("limit", limit), ("total", draft.total))}
    return Problem(Code.NOT_ALLOWED, "lines", {**told, "currency": draft.currency}, "over_limit")


def _hold(draft: Draft) -> list[Held]:
    """Hold every piece, or raise every problem there is."""
    if draft.problems:
        raise PortalError([*draft.problems, *stock_view(draft)[1]])
    held, short = stock_hold(
        wants=wants_of(draft), warehouses=[one.pk for one in draft.warehouses], all_or_nothing=True
    )
    if short:
        raise PortalError(shortage_problems(draft, short))
    return held


def _write_order(draft: Draft, actor: Actor) -> Order:
    request, buyer = draft.request, draft.buyer
    method = request.payment
    if method == PaymentMethod.CARD and draft.total == 0 and not (cards_offered() and _undecided(draft)):
        method = PaymentMethod.NONE  # what a person may still decide to be paid keeps its card
    return Order.objects.create(
        number=order_number_next(),
        reference=request.reference,
        company=buyer,
        placed_by_id=actor.membership_id,
        market=buyer.market,
        channel=channel_slug(buyer.market, buyer.kind),
        type=request.type,
        state=OrderState.AWAITING_PAYMENT,
        payment_method=method,
        payment_state=payment_state(method=method, total=draft.total, paid=draft.total * 0),
        engine_state=EngineState.PENDING,
        currency=draft.currency,
        freight_rate=draft.freight_rate,
        freight=draft.freight,
        freight_tax_rate=draft.freight_tax_rate,
        freight_tax=draft.freight_tax,
        net=draft.net,
        tax=draft.tax,
        total=draft.total,
        prices_include_tax=draft.prices_include_tax,
        tax_country=draft.place.country,
        tax_treatment=draft.place.treatment,
        tax_note=draft.place.note,
        buyer_tax_number=buyer.tax_number,
        po_number=request.po_number[:60],
        deliver_to=draft.deliver_to,
        deliver_on=request.deliver_on,
        placed_at=draft.now,
    )


def _undecided(draft: Draft) -> bool:
    return any(line.cover.needs_review for line in draft.lines)


def _write_lines(draft: Draft, order: Order, held: list[Held]) -> list[OrderLine]:
    decisions = decision_record_many(
        decisions=[(f"order:{order.number}/{line.position}", line.cover) for line in draft.lines],
        decided_by="rules",
        now=draft.now,
    )
    days = _expected_days(held)
    lines = OrderLine.objects.bulk_create(
        [
            _line(order, line, decision.pk, days.get(line.key))
            for line, decision in zip(draft.lines, decisions, strict=True)
        ]
    )
    by_key = {str(line.position): line for line in lines}
    LineHold.objects.bulk_create(
        [
            LineHold(
                line=by_key[one.key],
                warehouse_id=one.warehouse_id,
                quantity=one.quantity,
                receipt_id=one.receipt_id,
                expected_on=one.expected_on,
            )
            for one in held
        ]
    )
    cover_book(order, lines, indexes={str(line.pk): draft.lines[place].index for place, line in enumerate(lines)})
    return lines


def _expected_days(held: list[Held]) -> dict[str, date]:
    """The latest expected day each line really waits for."""
    days: dict[str, date] = {}
    for one in held:
        if one.expected_on:
            days[one.key] = max(days.get(one.key, one.expected_on), one.expected_on)
    return days


def _line(order: Order, line: DraftLine, decision_id: int, expected_on: date | None) -> OrderLine:
    cover, fit = line.cover, line.cover.fit
    return OrderLine(
        order=order,
        position=line.position,
        part=line.part,
        asked_number=line.request.part_number[:60],
        quantity=line.quantity,
        published_amount=line.amount,
        published_per=line.per_quantity,
        tax_class=line.part.tax_class,
        included_rate=line.included_rate,
        tax_rate=line.tax_rate,
        net=line.net,
        tax=line.tax,
        gross=line.gross,
        core_each=line.core_each,
        core_net=line.core_net,
        core_tax=line.core_tax,
        payer=cover.payer,
        customer_share=cover.customer_share,
        fit_verdict=fit.verdict if fit else "UNKNOWN",
        fit_callout=(fit.callout if fit else "") or "",
        decision_id=decision_id,
        equipment_id=cover.equipment_id,
        serial=line.serial[:60],
        contract=cover.contract,
        card=line.card,
        failed_on=line.request.failed_on,
        hours=line.request.hours,
        expected_on=expected_on,
        review=Review.PENDING if cover.needs_review else Review.NONE,
    )


def _start(draft: Draft, order: Order, lines: list[OrderLine], actor: Actor) -> None:
    """History, approval, promises, the notice and the message to the store."""
    now = draft.now
    event_write(order=order, kind="placed", at=now, actor=actor, data={"lines": len(lines), "total": str(order.total)})
    in_review = [line for line in lines if line.review == Review.PENDING]
    if in_review:
        _review_begins(order, in_review, now)
    credit = ZERO
    if draft.request.use_credit:
        credit = credit_take(order, most=payable_now(order, lines), now=now, actor=actor)
    if order.payment_method == PaymentMethod.ACCOUNT and order.total > credit:
        order.needs_approval = account_is_over(order, order.total - credit)
    if order.deliver_on is not None:
        _deliverable(order, lines, now)
    advanced = order_advance(order=order, at=now, now=now, actor=actor, placed=lines, credit=credit)
    waiting = [line for line in advanced if line.cleared_at is None]
    promises_show(order=order, lines=waiting, now=now, new=True)
    notice_send(
        company_id=order.company_id, role=None, kind="order.placed", subject_kind="order", subject=order.number,
        data={"state": order.state, "total": str(quantise(order.total, order.currency)), "currency": order.currency}, key=f"order.placed:{order.number}", now=now,
    )  # fmt: skip
    outbox_write(
        kind="order.submit", key=store_queue(order.number), payload={"order": order.pk}, now=now, at_once=engine().in_process
    )  # fmt: skip


def _deliverable(order: Order, lines: list[OrderLine], now: datetime) -> None:
    """A day of delivery is promised only when the goods leave by then. Raises INVALID with the earliest day."""
    plans = promises_plan(pieces=pieces_of(lines), buyer=order.company, start_at=now, deliver_on=None)
    earliest = max(plan.offer.day for plan in plans if plan.offer.policy == SHIP)
    if order.deliver_on is not None and order.deliver_on < earliest:
        raise refusal(Code.INVALID, "deliverOn", "deliver_on_early", earliest=earliest.isoformat())


def _review_begins(order: Order, lines: list[OrderLine], now: datetime) -> None:
    """A line that needs a person has a working day of its own; the sourcing warehouse's zone and calendar keep it."""
    hold = LineHold.objects.filter(line__in=lines).select_related("warehouse").order_by("pk").first()
    assert hold is not None  # every line was held a moment ago  # noqa: S101
    promise_start(
        policy="coverage-review", subject_kind="order", subject=order.number, company_id=order.company_id, zone=hold.warehouse.zone,
        calendar=hold.warehouse.calendar, started_at=now, currency=order.currency, now=now,
        lines=[PromisedLine(str(line.pk), line.quantity, line.published_each) for line in lines],
    )  # fmt: skip
    notice_send(
        company_id=None, role="APPROVER", kind="review.wanted", subject_kind="order", subject=order.number,
        data={"lines": [line.position for line in lines]}, key=f"review.wanted:{order.number}", now=now,
    )  # fmt: skip
