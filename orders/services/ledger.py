"""The one way into the ledger: an entry with postings that sum to zero, written once per fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from orders.models import AccountKind, EntryKind, LedgerAccount, LedgerEntry, LedgerPosting, Order
from orders.rules.money import ZERO
from orders.services.events import actor_name
from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.locks import lock_rows
from portal.money import quantise


@dataclass(frozen=True)
class Fact:
    """What happened, to whom; `key` names it for ever."""

    key: str
    kind: EntryKind
    company_id: int | None
    currency: str
    at: datetime
    order: Order | None = None
    reason: str = ""
    promise_id: int | None = None
    due_on: date | None = None


def entry_post(
    fact: Fact,
    postings: Mapping[AccountKind, Decimal],
    *,
    actor: Actor,
    now: datetime,
    house: Mapping[AccountKind, Decimal] | None = None,
) -> LedgerEntry | None:
    """Write one entry; None when the fact is known already. Debit is positive; `house` are postings on the house's own accounts.

    Runs in the caller's transaction and locks the company to its end, so that a balance read afterwards stays. Sides of zero are
    left out; an entry without sides is none. Raises ValueError when the sides do not sum to zero in the currency's units.
    """
    own = {(fact.company_id, kind): amount for kind, amount in postings.items() if amount}
    own |= {(None, kind): amount for kind, amount in (house or {}).items() if amount}
    if sum(own.values(), ZERO) != ZERO or any(quantise(one, fact.currency) != one for one in own.values()):
        raise ValueError(f"{fact.key}: {own} does not balance in {fact.currency}")
    if not own:
        return None
    company_lock(fact.company_id)
    if LedgerEntry.objects.filter(key=fact.key).exists():
        return None
    accounts = _accounts(own.keys(), fact.currency)
    entry = LedgerEntry.objects.create(
        key=fact.key, kind=fact.kind, company_id=fact.company_id, order=fact.order, currency=fact.currency,
        promise_id=fact.promise_id, due_on=fact.due_on, reason=fact.reason[:500], actor=actor_name(actor), at=fact.at, recorded_at=now,
    )  # fmt: skip
    LedgerPosting.objects.bulk_create(
        [LedgerPosting(entry=entry, account_id=accounts[place], amount=amount) for place, amount in own.items()]
    )
    return entry


def company_lock(company_id: int | None) -> Company | None:
    """Lock the company whose credit and limit are about to be read or moved."""
    found = lock_rows(Company.objects.filter(pk=company_id or 0))
    return found[0] if found else None


def _accounts(places: object, currency: str) -> dict[tuple[int | None, str], int]:
    """The accounts of these (company, kind), opened where they are needed first."""
    wanted: list[tuple[int | None, str]] = list(places)  # type: ignore[call-overload]
    found = _known(wanted, currency)
    if missing := [one for one in wanted if one not in found]:
        LedgerAccount.objects.bulk_create(
            [LedgerAccount(company_id=company, currency=currency, kind=kind) for company, kind in missing],
            ignore_conflicts=True,
        )
        found = _known(wanted, currency)
    return found


def _known(wanted: list[tuple[int | None, str]], currency: str) -> dict[tuple[int | None, str], int]:
    rows = LedgerAccount.objects.filter(currency=currency, kind__in={kind for _, kind in wanted})
    by_company = rows.filter(company__in={company for company, _ in wanted if company})
    if any(company is None for company, _ in wanted):
        by_company = by_company | rows.filter(company=None)
    return {(one.company_id, one.kind): one.pk for one in by_company}
