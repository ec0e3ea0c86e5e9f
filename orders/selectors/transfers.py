"""How a buyer pays an order by transfer: where to, under which reference, how much, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Exists, F, Max, OuterRef, QuerySet

from orders.models import (
    BankAccount,
    EntryKind,
    HoldReason,
    LedgerEntry,
    Order,
    OrderEvent,
    OrderHold,
    OrderLine,
    OrderState,
    PaymentMethod,
    PaymentState,
    Review,
)
from orders.rules.references import payment_reference, shown
from orders.selectors.bank import bank_money_seen
from orders.selectors.money_policy import money_policy


@dataclass(frozen=True)
class Transfer:
    """What stands on the order for its buyer; `cancel_on` is the last day money is waited for."""

    reference: str
    amount: Decimal
    remind_on: date
    cancel_on: date
    account: BankAccount | None

    @property
    def reference_shown(self) -> str:
        """In groups of four."""
        return shown(self.reference)


def bank_account(market: str, currency: str) -> BankAccount | None:
    """The market's own account in the currency, else everybody's."""
    rows = BankAccount.objects.filter(market__in=("", market), currency=currency)
    return rows.order_by("-market").first()


_UNPAID = (PaymentState.UNPAID, PaymentState.PARTLY_PAID)
_OPEN = (OrderState.AWAITING_PAYMENT, OrderState.READY, OrderState.PARTLY_SHIPPED)


def lines_unpaid() -> QuerySet[OrderLine]:
    """Lines whose goods are held and whose clock waits for money: decided, not started, still open."""
    return OrderLine.objects.filter(cleared_at=None, quantity__gt=F("cancelled") + F("shipped")).exclude(
        review=Review.PENDING
    )


def transfers_waiting() -> QuerySet[Order]:
    """Orders with lines that wait for a transfer or a card, and for nothing else: whole ones, and what was decided to be paid later."""
    waiting = Order.objects.filter(
        payment_method__in=(PaymentMethod.TRANSFER, PaymentMethod.CARD), payment_state__in=_UNPAID, state__in=_OPEN
    )
    unpaid = lines_unpaid().filter(order=OuterRef("pk"))
    found = waiting.filter(Exists(unpaid), needs_approval=False)
    return found.select_related("company").order_by("placed_at", "pk")


def lapses_waiting() -> QuerySet[Order]:
    """Orders held because their card no longer covers them."""
    lapsed = OrderHold.objects.filter(order=OuterRef("pk"), until=None, reason=HoldReason.PAYMENT_LAPSED)
    return Order.objects.filter(Exists(lapsed)).select_related("company").order_by("placed_at", "pk")


def transfer_waits(order: Order) -> bool:
    """Is the order, or a part of it, waiting for a transfer?"""
    by_transfer = order.payment_method == PaymentMethod.TRANSFER
    return by_transfer and order.payment_state in _UNPAID and order.state in _OPEN


def transfer_of(order: Order, *, settled: Decimal, since: datetime | None = None) -> Transfer:
    """The order's transfer as it stands; the days run from `since`, or from when it became payable."""
    zone = ZoneInfo(order.company.zone)
    began = (since or waits_since(order)).astimezone(zone).date()
    policy = money_policy(order.market, order.placed_at.astimezone(zone).date())
    return Transfer(
        reference=payment_reference(order.number),
        amount=max(Decimal(0), order.total - settled),
        remind_on=began + timedelta(days=policy.transfer_remind_days),
        cancel_on=began + timedelta(days=policy.transfer_cancel_days),
        account=bank_account(order.market, order.currency),
    )


def waits_since(order: Order) -> datetime:
    """When it became payable this way: placed, moved from a card to a transfer, or its last waiting line decided."""
    decided = order.lines.filter(cleared_at=None, review=Review.DONE).aggregate(last=Max("decision__decided_at"))
    moved = OrderEvent.objects.filter(order=order, kind="method").aggregate(last=Max("at"))
    return max([order.placed_at, *(one["last"] for one in (decided, moved) if one["last"])])


def money_seen(order: Order) -> bool:
    """Has any money come for it, booked, reserved or still with a person? Then nobody cancels it unasked."""
    if order.cards.filter(authorised__gt=0).exists():
        return True
    if LedgerEntry.objects.filter(order=order, kind=EntryKind.PAID).exists():
        return True
    return bank_money_seen(order)
