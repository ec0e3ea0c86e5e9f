"""Papers as the actor may see them: its company's, the house all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from orders.models import EngineState, Order, OrderState, Paper, PaperKind
from orders.rules.money import ZERO
from orders.selectors.ledger import order_accounts
from orders.selectors.transfers import transfer_waits
from portal.accounts.actor import Actor

MONEY = (PaperKind.INVOICE, PaperKind.CREDIT_NOTE)


def papers_for(actor: Actor | None) -> QuerySet[Paper]:
    """Newest first."""
    papers = Paper.objects.select_related("order", "company").defer("snapshot").order_by("-issued_at", "-pk")
    if actor is None:
        return papers.none()
    return papers if actor.is_house else papers.filter(company_id=actor.company_id or 0)


def paper_find(actor: Actor | None, number: str) -> Paper | None:
    """One paper with its snapshot."""
    return papers_for(actor).defer(None).filter(number=number).first()


def papers_of(order_ids: Collection[int]) -> dict[int, list[Paper]]:
    """The papers of these orders, oldest first."""
    found: dict[int, list[Paper]] = {one: [] for one in order_ids}
    for paper in Paper.objects.filter(order__in=found).defer("snapshot").order_by("pk"):
        found[paper.order_id].append(paper)
    return found


_UNDECIDED = (OrderState.AWAITING_REVIEW, OrderState.AWAITING_APPROVAL, OrderState.CANCELLED)


def order_paper_kinds(order: Order) -> list[str]:
    """Which papers of the whole order can be had now: the confirmation of what was taken, the pro-forma of what waits for a transfer."""
    taken = order.engine_state == EngineState.ACCEPTED and order.state not in _UNDECIDED and not order.needs_approval
    waits = transfer_waits(order) and order.engine_state != EngineState.REFUSED
    return [str(PaperKind.CONFIRMATION)] * taken + [str(PaperKind.PROFORMA)] * waits


@dataclass(frozen=True)
class InvoiceRow:
    """An invoice or credit note, and what is open of it: money settles an order's invoices in the order of their issue."""

    paper: Paper
    open_sum: Decimal


def invoices_asked(order_ids: Collection[int]) -> list[tuple[Paper, Decimal]]:
    """The invoices of these orders as they were issued, each with what it still asks: less what was credited of it because its goods did not leave after all."""
    papers = Paper.objects.filter(order__in=order_ids, kind__in=MONEY).defer("snapshot").order_by("pk")
    undone: dict[int | None, Decimal] = defaultdict(Decimal)
    for one in papers:
        if one.kind == PaperKind.CREDIT_NOTE and one.shipment_id:
            undone[one.shipment_id] += one.total
    return [(one, one.total - undone[one.shipment_id]) for one in papers if one.kind == PaperKind.INVOICE]


def invoice_rows(papers: Sequence[Paper]) -> list[InvoiceRow]:
    """These papers with what is open of them."""
    orders = {one.order_id for one in papers}
    settled = {key: account.settled for key, account in order_accounts(orders).items()}
    open_sums: dict[int, Decimal] = {}
    for invoice, asked in invoices_asked(orders):
        paid = min(max(settled.get(invoice.order_id, ZERO), ZERO), asked)
        settled[invoice.order_id] = settled.get(invoice.order_id, ZERO) - paid
        open_sums[invoice.pk] = asked - paid
    return [InvoiceRow(one, open_sums.get(one.pk, ZERO)) for one in papers]
