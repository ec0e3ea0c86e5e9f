"""All a page shows of one order, with a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from catalog.selectors.parts import part_names
from orders.models import (
    CardPayment,
    CardState,
    CreditAccrual,
    Order,
    OrderHold,
    OrderLine,
    OrderState,
    Paper,
    Payment,
    PaymentMethod,
    PaymentState,
    Return,
    Shipment,
    TrackingLink,
)
from orders.rules.amounts import RateSum, by_rate
from orders.rules.tax import Taxed
from orders.selectors.ledger import Line, OrderAccount, credit_lines, order_account, spendable
from orders.selectors.orders import hold_of, order_find, payments_of
from orders.selectors.papers import order_paper_kinds, papers_of
from orders.selectors.tracking import link_living, tracking_token
from orders.selectors.transfers import Transfer, transfer_of, transfer_waits
from portal.accounts.actor import Actor
from portal.promises.models import Promise
from portal.promises.selectors import promises_of


@dataclass
class LineDetail:
    """One line with what it holds and what its late days earned so far."""

    line: OrderLine
    name: str
    earned: Decimal = Decimal(0)


@dataclass
class PromiseDetail:
    """A promise with the positions of the lines it names and what its late days earned so far."""

    promise: Promise
    positions: list[int] = field(default_factory=list)
    earned: Decimal = Decimal(0)


@dataclass
class OrderDetail:
    """An order and what hangs on it."""

    order: Order
    lines: list[LineDetail]
    promises: list[PromiseDetail]
    shipments: list[Shipment]  # those that were undone are history
    payments: list[Payment]
    cards: list[CardPayment]
    returns: list[Return]
    credits: list[Line]
    account: OrderAccount
    hold: OrderHold | None
    papers: list[Paper]
    credit: Decimal  # of the company, ready to be spent
    transfer: Transfer | None  # how it is to be paid, while it waits for that
    link: TrackingLink | None = None  # the living link for who receives the goods

    @property
    def link_token(self) -> str:
        """What the link's address ends in."""
        return tracking_token(self.link) if self.link else ""

    @property
    def open_sum(self) -> Decimal:
        """What is still to be paid of all lines, decided or not; what a card has reserved is not open."""
        reserved = (one.authorised - one.captured for one in self.cards if one.state == CardState.AUTHORISED)
        return self.order.total - self.account.settled - sum(reserved, Decimal(0))

    @property
    def money_is_here(self) -> bool:
        """Has money come for it? Then nothing of it ends unasked; credit that was spent on it does not keep it."""
        return self.account.settled > self.account.credit_used

    @property
    def paper_kinds(self) -> list[str]:
        """Papers of the whole order that can be had now."""
        return order_paper_kinds(self.order)

    @property
    def by_card(self) -> bool:
        """Is there something to pay with a card?"""
        order = self.order
        unpaid = order.payment_state in (PaymentState.UNPAID, PaymentState.PARTLY_PAID)
        return order.payment_method == PaymentMethod.CARD and unpaid and order.state != OrderState.CANCELLED

    @property
    def cards_paid(self) -> list[CardPayment]:
        """Cards with a story to tell: one that was only asked for has none."""
        return [one for one in self.cards if one.authorised or one.decline]

    @property
    def shows_gross(self) -> bool:
        """Are amounts shown with their tax first: shelf prices, or a private person?"""
        return self.order.prices_include_tax or self.order.company.is_consumer

    @property
    def freight_gross(self) -> Decimal:
        """Freight with its tax."""
        return self.order.freight + self.order.freight_tax

    @property
    def tax_sums(self) -> list[RateSum]:
        """What each rate taxes."""
        order = self.order
        lines = [one.line for one in self.lines]
        rows = [(one.tax_rate, Taxed(one.net + one.core_net, one.tax + one.core_tax)) for one in lines]
        return by_rate([*rows, (order.freight_tax_rate, Taxed(order.freight, order.freight_tax))])

    @property
    def cores(self) -> Decimal:
        """All core deposits, as amounts are shown."""
        lines = [one.line for one in self.lines]
        return sum((one.core_gross if self.shows_gross else one.core_net for one in lines), Decimal(0))

    @property
    def to_ship(self) -> list[LineDetail]:
        """Lines with pieces neither shipped nor cancelled."""
        return [one for one in self.lines if one.line.open_quantity]

    @property
    def to_return(self) -> list[LineDetail]:
        """Lines of which something was shipped and not sent back."""
        return [one for one in self.lines if one.line.shipped > one.line.returned]


def order_detail(actor: Actor, number: str, *, language: str) -> OrderDetail | None:
    """One visible order; None when there is none."""
    found = order_find(actor, number=number)
    if found is None:
        return None
    order = Order.objects.select_related("company", "placed_by__user").prefetch_related("order_holds").get(pk=found.pk)
    lines = _lines(order)
    accruals = list(CreditAccrual.objects.filter(line__in=lines, reversed_at=None))
    account = order_account(order)
    return OrderDetail(
        order=order,
        lines=_named(lines, accruals, language),
        promises=_promises(order, lines, accruals),
        shipments=list(
            order.shipments.filter(undone_at=None)
            .select_related("warehouse")
            .prefetch_related("lines__line__part")
            .order_by("shipped_at", "pk")
        ),
        payments=list(payments_of(order)),
        cards=list(order.cards.prefetch_related("refunds", "disputes").order_by("pk")),
        returns=list(Return.objects.filter(line__in=lines).select_related("line__part").order_by("pk")),
        credits=credit_lines(order),
        account=account,
        hold=hold_of(order),
        papers=papers_of([order.pk])[order.pk],
        credit=spendable(order.company_id, order.currency),
        transfer=transfer_of(order, settled=account.settled) if transfer_waits(order) else None,
        link=link_living(order),
    )


def _lines(order: Order) -> list[OrderLine]:
    rows = order.lines.select_related("part__group", "decision", "card", "equipment")
    return list(rows.prefetch_related("holds__warehouse").order_by("position"))


def _named(lines: Sequence[OrderLine], accruals: Sequence[CreditAccrual], language: str) -> list[LineDetail]:
    names = part_names([line.part for line in lines], language)
    earned: dict[int, Decimal] = defaultdict(Decimal)
    for one in accruals:
        earned[one.line_id] += one.amount
    return [LineDetail(line, names.get(line.part_id, line.part.number), earned[line.pk]) for line in lines]


def _promises(order: Order, lines: Sequence[OrderLine], accruals: Sequence[CreditAccrual]) -> list[PromiseDetail]:
    positions = {str(line.pk): line.position for line in lines}
    earned: dict[int, Decimal] = defaultdict(Decimal)
    for one in accruals:
        earned[one.promise_id] += one.amount
    return [
        PromiseDetail(
            promise,
            sorted(positions[line.ref] for line in promise.lines.all() if line.ref in positions),
            earned[promise.pk],
        )
        for promise in promises_of("order", [order.number])[order.number]
    ]
