"""Papers of the order as a whole: its confirmation, and the pro-forma invoice of one that waits for a transfer (docs/papers.md)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from orders.models import Order, OrderLine, Paper, PaperKind, PaymentState
from orders.rules.amounts import by_rate
from orders.rules.papers import Step
from orders.rules.references import payment_reference, shown
from orders.rules.tax import Taxed
from orders.selectors.ledger import order_account
from orders.selectors.orders import order_locked
from orders.selectors.papers import order_paper_kinds
from orders.selectors.transfers import transfer_of
from orders.services.issuing import house_day, paper_issue
from orders.services.paper_snapshot import Piece, Printed, snapshot_make
from portal.accounts.actor import Actor
from portal.errors import Code, refusal
from portal.promises.selectors import days_promised

_SERIES = {PaperKind.CONFIRMATION: "OC", PaperKind.PROFORMA: "PF"}
_PASSING = ("number", "issued_at", "issued_on", "supplied_on")  # differ from issue to issue of the same content


@transaction.atomic
def order_paper_issue(*, actor: Actor, order_id: int, kind: str, now: datetime) -> Paper:
    """The confirmation or pro-forma of an order as it stands: the last one issued while nothing on it has changed, else a new one.

    Raises WRONG_STATE (`no_paper`): nothing is confirmed before it is decided, approved and taken by the store, and only a
    transfer that is waited for has a pro-forma. NOT_FOUND for an order that is not the actor's.
    """
    order = order_locked(actor, order_id)
    if kind not in order_paper_kinds(order):
        raise refusal(Code.WRONG_STATE, "kind", "no_paper", state=order.state)
    told = _told(order, PaperKind(kind), now)
    before = list(Paper.objects.filter(order=order, kind=kind).order_by("pk"))
    if before and _content(before[-1].snapshot) == _content(snapshot_make(told)):
        return before[-1]
    number = f"{_SERIES[PaperKind(kind)]}-{order.number}" + (f"-{len(before) + 1}" if before else "")
    return paper_issue(replace(told, number=number), key=f"{kind.lower()}:{order.number}:{len(before) + 1}")


def _told(order: Order, kind: PaperKind, now: datetime) -> Printed:
    lines = [
        line
        for line in order.lines.select_related("part", "card").order_by("position")
        if line.quantity > line.cancelled
    ]
    day = house_day(now)
    account = order_account(order)
    transfer = transfer_of(order, settled=account.settled) if kind == PaperKind.PROFORMA else None
    return Printed(
        kind=kind,
        number="",
        order=order,
        pieces=[
            *(Piece(line, line.quantity - line.cancelled) for line in lines),
            *(Piece(line, line.quantity - line.cancelled, core=True) for line in lines if line.core_due),
        ],
        sums=_sums(order, lines),
        issued_at=now,
        issued_on=day,
        supplied_on=day,
        due_on=transfer.cancel_on if transfer else None,
        paid=order.payment_state == PaymentState.PAID,
        settled=max(Decimal(0), account.settled),
        reference=shown(payment_reference(order.number)) if transfer else "",
        promises=days_promised("order", order.number) if kind == PaperKind.CONFIRMATION else (),
    )


def _sums(order: Order, lines: list[OrderLine]) -> Step:
    """What the order itself says, to the smallest unit."""
    gross = order.prices_include_tax
    freight = Taxed(order.freight, order.freight_tax)
    rows = [(line.tax_rate, Taxed(line.net, line.tax)) for line in lines]
    rows += [(line.tax_rate, Taxed(line.core_net, line.core_tax)) for line in lines if line.core_due]
    rates = by_rate([*rows, (order.freight_tax_rate, freight)])
    return Step(
        amounts=[one.gross if gross else one.net for _, one in rows],
        nets=[one.net for _, one in rows],
        freight=freight.gross if gross else freight.net,
        freight_net=freight.net,
        rates=rates,
    )


def _content(snapshot: Mapping[str, Any]) -> str:
    told = {name: value for name, value in snapshot.items() if name not in _PASSING}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
