"""What is overdue: said to the buyer step by step, and what an account that stays overdue comes to."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta

from django.db import transaction

from orders.models import AccountKind, CreditStop, LedgerAccount, MoneyPolicy, Order
from orders.rules.ledger import OpenItem
from orders.selectors.account import local_day
from orders.selectors.ledger import receivables
from orders.selectors.money_policy import money_policy
from orders.services.events import event_write
from orders.services.ledger import company_lock
from portal import clock
from portal.accounts.actor import SYSTEM
from portal.accounts.models import Company
from portal.money import quantise
from portal.notices.services import notice_send

log = logging.getLogger(__name__)


def dunning_sweep(now: datetime | None = None) -> int:
    """Say what is due and overdue at `now`, stop accounts where the policy says so; how many steps were taken.

    One company is one transaction; each step has a name in the order's history and is taken once.
    """
    now = now or clock.now()
    owing = LedgerAccount.objects.filter(kind=AccountKind.RECEIVABLE, company__isnull=False, balance__gt=0)
    done = 0
    for company_id, currency in list(owing.order_by("pk").values_list("company_id", "currency")):
        try:
            done += _company(company_id or 0, currency, now)
        except Exception:
            log.exception("company %s: its overdue sums could not be seen to", company_id)
    return done


@transaction.atomic
def _company(company_id: int, currency: str, now: datetime) -> int:
    company = company_lock(company_id)
    if company is None:
        return 0
    today = local_day(company, now)
    policy = money_policy(company.market, today)
    items = [(order, item) for order, found in receivables(company_id, currency) for item in found]
    due = [(order, item) for order, item in items if order.payment_method == "ACCOUNT"]
    steps = sum(_remind(order, item, policy, today, now) for order, item in due)
    return steps + sum(_stop(company, order, item, policy, today, now) for order, item in due)


def _remind(order: Order, item: OpenItem, policy: MoneyPolicy, today: date, now: datetime) -> int:
    """Every step that has come is noted; only the last of them is told, so that a sweep that slept does not scold three times."""
    new = [
        days
        for days in sorted(policy.dunning_days)
        if item.due_on + timedelta(days=days) <= today
        and event_write(
            order=order, kind="dunned", at=now, actor=SYSTEM, data={"days": days}, event_id=f"dunned:{order.number}:{item.due_on}:{days}"
        )
    ]  # fmt: skip
    if not new:
        return 0
    data = {"amount": str(quantise(item.amount, order.currency)), "currency": order.currency, "due_on": item.due_on.isoformat()}  # fmt: skip
    notice_send(
        company_id=order.company_id, role=None, kind="account.overdue" if item.due_on < today else "account.due", subject_kind="order",
        subject=order.number, data=data, key=f"dunned:{order.number}:{item.due_on}:{new[-1]}", now=now,
    )  # fmt: skip
    return 1


def _stop(company: Company, order: Order, item: OpenItem, policy: MoneyPolicy, today: date, now: datetime) -> int:
    """Beyond the grace: an accountant is told, or the account is stopped; once per sum, so that a person may lift the stop."""
    late = item.due_on + timedelta(days=policy.overdue_grace_days) < today
    if policy.credit_stop == CreditStop.NONE or not late:
        return 0
    name = f"credit_stop:{order.number}:{item.due_on}"
    if not event_write(order=order, kind="credit_stop", at=now, actor=SYSTEM, event_id=name):
        return 0
    stops = policy.credit_stop == CreditStop.STOP
    if stops and not company.credit_stopped:
        company.credit_stopped = True
        company.save(update_fields=["credit_stopped"])
        notice_send(
            company_id=company.pk, role=None, kind="account.stopped", subject_kind="order", subject=order.number,
            data={"due_on": item.due_on.isoformat()}, key=f"stopped:{name}", now=now,
        )  # fmt: skip
    notice_send(
        company_id=None, role="ACCOUNTANT", kind="account.stopped.staff" if stops else "account.stop_proposed", subject_kind="order",
        subject=order.number, data={"company": company.name, "due_on": item.due_on.isoformat()}, key=name, now=now,
    )  # fmt: skip
    return 1
