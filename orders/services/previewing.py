"""An order as it would be now, for a page: as a quote, but nothing is written."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from catalog.rules.stock import Take
from orders.rules.money import ZERO
from orders.services.drafting import order_draft
from orders.services.planning import Plan
from orders.services.quoting import credit_for, draft_plans
from orders.services.shortages import stock_view
from orders.types import Draft, OrderRequest
from portal.accounts.actor import Actor


@dataclass
class Preview:
    """The draft with every problem, its promises, and where each line would come from."""

    draft: Draft
    plans: list[Plan]
    takes: list[Take]
    credit: Decimal = ZERO  # of the buyer's, ready to be spent

    @property
    def digest(self) -> str:
        """Names what a buyer was shown: parts, prices, payers and promised days. Another digest: look again before you order."""
        lines = [
            [line.part.pk, line.quantity, line.amount, line.per_quantity, line.cover.payer, line.cover.customer_share]
            for line in self.draft.lines
        ]
        plans = [[plan.offer.policy, plan.offer.day] for plan in self.plans]
        return hashlib.sha256(
            json.dumps([lines, plans, self.draft.net, self.draft.total], default=str).encode()
        ).hexdigest()[:32]


def order_preview(*, actor: Actor, request: OrderRequest, now: datetime) -> Preview:
    """Judge the request; problems are listed, not raised. Raises NOT_ALLOWED, NOT_FOUND as `order_draft` does."""
    draft = order_draft(actor=actor, request=request, now=now)
    takes, short = stock_view(draft) if draft.lines else ([], [])
    draft.problems += short
    return Preview(draft, draft_plans(draft, takes), takes, credit_for(draft))
