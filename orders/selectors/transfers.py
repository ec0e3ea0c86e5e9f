"""How a buyer pays an order by transfer: where to, under which reference, how much, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Exists, Max, OuterRef, QuerySet

from orders.models import (
    BankAccount,
    BankLine,
    BankLineState,
    CardPayment,
    EntryKind,
    LedgerEntry,
    Order,
    OrderState,
    PaymentMethod,
)
from orders.rules.references import payment_reference, shown
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


def transfers_waiting() -> QuerySet[Order]:
    """Orders that wait for a transfer, or for a card that no bank ever accepted, and for nothing else."""
    methods = (PaymentMethod.TRANSFER, PaymentMethod.CARD)
    waiting = Order.objects.filter(payment_method__in=methods, state=OrderState.AWAITING_PAYMENT)
    granted = CardPayment.objects.filter(order=OuterRef("pk"), authorised__gt=0)
    return waiting.filter(~Exists(granted), needs_approval=False).select_related("company").order_by("placed_at", "pk")


def transfer_of(order: Order, *, settled: Decimal) -> Transfer:
    """The order's transfer as it stands; the days run from placing, or from the decision that made it payable."""
    zone = ZoneInfo(order.company.zone)
    began = waits_since(order).astimezone(zone).date()
    policy = money_policy(order.market, order.placed_at.astimezone(zone).date())
    return Transfer(
        reference=payment_reference(order.number),
        amount=max(Decimal(0), order.total - settled),
        remind_on=began + timedelta(days=policy.transfer_remind_days),
        cancel_on=began + timedelta(days=policy.transfer_cancel_days),
        account=bank_account(order.market, order.currency),
    )


def waits_since(order: Order) -> datetime:
    """When it became payable: placed, or its last line decided."""
    decided = order.lines.filter(review="DONE").aggregate(last=Max("decision__decided_at"))["last"]
    return max(order.placed_at, decided or order.placed_at)


def money_seen(order: Order) -> bool:
    """Has any money come for it, booked, reserved or still with a person? Then nobody cancels it unasked."""
    if order.cards.filter(authorised__gt=0).exists():
        return True
    if LedgerEntry.objects.filter(order=order, kind=EntryKind.PAID).exists():
        return True
    return BankLine.objects.filter(order=order, state=BankLineState.WAITING).exists()


def bank_accounts(places: Iterable[tuple[str, str]]) -> dict[tuple[str, str], BankAccount | None]:
    """Accounts of several (market, currency)."""
    return {place: bank_account(*place) for place in set(places)}
