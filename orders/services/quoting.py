"""A quote: the order as it would be now; its id keeps the prices for half an hour, it holds no stock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from catalog.rules.stock import Take
from orders.models import Quote
from orders.rules.money import ZERO
from orders.selectors.ledger import spendable
from orders.services.drafting import order_draft
from orders.services.planning import Piece, Plan, promises_plan
from orders.services.shortages import stock_view
from orders.services.taxing import draft_amounts
from orders.types import Draft, DraftLine, OrderRequest
from portal.accounts.actor import Actor
from portal.accounts.references import body_digest
from portal.errors import Code, Problem

KEEPS = timedelta(minutes=30)


@dataclass
class Quoted:
    """A stored quote with the draft behind it; `takes` say where each line would come from."""

    quote: Quote
    draft: Draft
    plans: list[Plan]
    takes: list[Take]
    credit: Decimal

    @property
    def pk(self) -> int:
        """The quote's key."""
        return self.quote.pk


def order_quote(*, actor: Actor, request: OrderRequest, now: datetime) -> Quoted:
    """Judge the request and keep its prices. Problems are listed, not raised."""
    draft = order_draft(actor=actor, request=request, now=now)
    takes, short = stock_view(draft) if draft.lines else ([], [])
    draft.problems += short
    plans = draft_plans(draft, takes)
    quote = Quote.objects.create(
        company=draft.buyer,
        digest=body_digest(request.body()),
        prices={_price_name(line): [str(line.amount), line.per_quantity, str(line.core_each)] for line in draft.lines},
        promises={_plan_name(plan): plan.offer.day.isoformat() for plan in plans},
        created_at=now,
        expires_at=now + KEEPS,
    )
    return Quoted(quote, draft, plans, takes, credit_for(draft))


def credit_for(draft: Draft) -> Decimal:
    """The buyer's spendable credit in the draft's currency, none when there is less than nothing."""
    return max(ZERO, spendable(draft.buyer.pk, draft.currency)) if draft.currency else ZERO


def draft_plans(draft: Draft, takes: list[Take]) -> list[Plan]:
    """The promises the draft would make, were its money in now."""
    lines = {line.key: line for line in draft.lines}
    places = {warehouse.pk: warehouse for warehouse in draft.warehouses}
    pieces = [
        Piece(
            take.key,
            take.quantity,
            lines[take.key].published_net / lines[take.key].per_quantity,
            places[take.source.warehouse_id],
            take.source.on,
        )
        for take in takes
    ]
    return promises_plan(pieces=pieces, buyer=draft.buyer, start_at=draft.now, deliver_on=draft.request.deliver_on)


def quote_apply(draft: Draft, *, quote_id: int) -> None:
    """Order at a quote's prices. Adds PRICE_CHANGED, PROMISE_CHANGED or NOT_FOUND to the draft's problems."""
    quote = Quote.objects.filter(pk=quote_id, company=draft.buyer).first()
    if quote is None:
        draft.problems.append(Problem(Code.NOT_FOUND, "quote"))
    elif quote.digest != body_digest(draft.request.body()) or len(quote.prices) != len(draft.lines):
        draft.problems.append(Problem(Code.INVALID, "quote", {}, "other_body"))
    elif draft.now >= quote.expires_at or {_price_name(line) for line in draft.lines} != set(quote.prices):
        draft.problems.append(Problem(Code.PRICE_CHANGED, "quote", {"expiredAt": quote.expires_at.isoformat()}))
    else:
        _prices_keep(draft, quote)
        _promises_compare(draft, quote)


def _prices_keep(draft: Draft, quote: Quote) -> None:
    for line in draft.lines:
        amount, per, *core = quote.prices[_price_name(line)]
        line.amount, line.per_quantity = Decimal(amount), per
        line.core_each = Decimal(core[0]) if core else line.core_each  # a quote given before there were deposits
    draft_amounts(draft)


def _promises_compare(draft: Draft, quote: Quote) -> None:
    """A promise that has become later since the quote is not slipped in silently."""
    now = {_plan_name(plan): plan.offer.day.isoformat() for plan in draft_plans(draft, stock_view(draft)[0])}
    later = {name: day for name, day in now.items() if day > quote.promises.get(name, "")}
    if later:
        draft.problems.append(Problem(Code.PROMISE_CHANGED, "quote", {"promises": later}))


def _price_name(line: DraftLine) -> str:
    """A quoted price belongs to a part at its place: where another part takes the place, the price has changed."""
    return f"{line.position}:{line.part.pk}"


def _plan_name(plan: Plan) -> str:
    return plan.offer.policy if plan.agreed_on is None else f"{plan.offer.policy}:{plan.agreed_on.isoformat()}"
