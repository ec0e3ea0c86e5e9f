"""What orders write into the ledger: goods billed as they leave, money in and out, what is too much kept as credit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Sum

from orders.models import AccountKind, EntryKind, LedgerEntry, LedgerPosting, Order, OrderLine, Payment, PaymentMethod
from orders.rules.ledger import Billed, LineMoney
from orders.rules.money import ZERO
from orders.selectors.ledger import OrderAccount
from orders.services.ledger import Fact, entry_post
from orders.services.taxing import shipped_step
from portal.accounts.actor import Actor

_MONEY = {PaymentMethod.CARD: AccountKind.CARD}  # every other way comes in at the bank


def order_bill(
    order: Order, lines: Sequence[OrderLine], *, at: datetime, now: datetime, actor: Actor, undone: bool = False
) -> None:
    """Bring what is owed for shipped goods to what the lines say now; the caller holds the order's lock.

    Told by all that left so far, every time (adr/0011): a repeat posts nothing, a correction posts the difference. `undone`: a
    hand-over was taken back, so that perhaps nothing has left any more.
    """
    if not undone and not any(line.shipped for line in lines):
        return
    gone = shipped_step(order, lines)  # to the smallest unit what the invoices say
    goods, cores = gone.nets[: len(lines)], gone.nets[len(lines) :]
    wanted = Billed(sum(goods, ZERO), gone.freight_net, gone.tax, sum(cores, ZERO))
    before = _billed_before(order)
    more = Billed(
        wanted.goods - before.goods,
        wanted.freight - before.freight,
        wanted.tax - before.tax,
        wanted.cores - before.cores,
    )
    if more == Billed(ZERO, ZERO, ZERO):
        return
    count = LedgerEntry.objects.filter(order=order, kind=EntryKind.BILLED).count()
    terms = order.company.terms_days if order.payment_method == PaymentMethod.ACCOUNT else 0
    due_on = at.astimezone(ZoneInfo(order.company.zone)).date() + timedelta(days=terms)
    fact = Fact(f"billed:{order.number}:{count + 1}", EntryKind.BILLED, order.company_id, order.currency, at, order, due_on=due_on)  # fmt: skip
    sides = {AccountKind.RECEIVABLE: more.total, AccountKind.GOODS: -more.goods, AccountKind.FREIGHT: -more.freight, AccountKind.TAX: -more.tax, AccountKind.CORES: -more.cores}  # fmt: skip
    entry_post(fact, sides, actor=actor, now=now)


def line_money(line: OrderLine) -> LineMoney:
    """The line as the ledger's rules read it."""
    return LineMoney(line.net, line.tax, line.quantity - line.cancelled, line.shipped)


def _billed_before(order: Order) -> Billed:
    rows = LedgerPosting.objects.filter(entry__order=order, entry__kind=EntryKind.BILLED)
    sums = dict(rows.values_list("account__kind").annotate(sum=Sum("amount")))
    kinds = (AccountKind.GOODS, AccountKind.FREIGHT, AccountKind.TAX, AccountKind.CORES)
    return Billed(*(-sums.get(kind, ZERO) for kind in kinds))


def payment_book(payment: Payment, *, order: Order, actor: Actor, now: datetime) -> None:
    """Money that came for an order: it settles what is owed, or stands for what will be."""
    fact = Fact(f"payment:{payment.pk}", EntryKind.PAID, order.company_id, order.currency, payment.received_at, order)
    where = _MONEY.get(PaymentMethod(payment.method), AccountKind.BANK)
    entry_post(fact, {where: payment.amount, AccountKind.RECEIVABLE: -payment.amount}, actor=actor, now=now)


def refund_book(
    *, order: Order, key: str, method: str, amount: Decimal, at: datetime, now: datetime, actor: Actor, reason: str = ""
) -> bool:
    """Money paid back for an order, once per `key`; answers whether it is new. The caller has checked that it is due."""
    fact = Fact(f"refund:{key}", EntryKind.REFUNDED, order.company_id, order.currency, at, order, reason=reason)
    where = _MONEY.get(PaymentMethod(method), AccountKind.BANK)
    sides = {AccountKind.RECEIVABLE: amount, where: -amount}
    return entry_post(fact, sides, actor=actor, now=now) is not None


def excess_keep(
    order: Order, account: OrderAccount, *, due: Decimal, at: datetime, now: datetime, actor: Actor
) -> Decimal:
    """Give back as credit what an order was paid too much; answers how much.

    Credit spent comes back as credit first. Money of a buyer on account stays on the account; of everybody else it waits to be paid back.
    """
    excess = account.settled - due
    if excess <= ZERO:
        return ZERO
    freed = min(excess, account.credit_used)
    kept = excess - freed if order.payment_method == PaymentMethod.ACCOUNT else ZERO
    count = LedgerEntry.objects.filter(order=order).count()
    for kind, amount in ((EntryKind.CREDIT_FREED, freed), (EntryKind.CREDITED, kept)):
        fact = Fact(f"excess:{order.number}:{count}:{kind}", kind, order.company_id, order.currency, at, order)
        if amount > ZERO:
            entry_post(fact, {AccountKind.RECEIVABLE: amount, AccountKind.CREDIT: -amount}, actor=actor, now=now)
    return freed + kept
