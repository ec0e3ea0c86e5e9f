"""What order lines take from a contract's yearly cap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from portal.errors import Code, PortalError, Problem
from portal.locks import lock_rows
from warranty.models import ContractUse, MaintenanceContract
from warranty.rules.dates import contract_year


@dataclass(frozen=True)
class ContractTaken:
    """What the contract bears of one order line: `amount` is value less the customer's share; 0 gives it back. `on`: failure date.

    An amount in another currency than the contract's is not counted: such a line had a person's decision (CURRENCY_DIFFERS).
    """

    contract: str
    order_line_ref: str
    amount: Decimal
    on: date
    currency: str = ""  # the contract's when not told


@transaction.atomic
def contract_use_record(*, entries: Sequence[ContractTaken]) -> None:
    """Set what order lines take from their contracts; a repeat with another amount replaces it, so cancelling is a smaller amount.

    Locks the contracts: of two orders at once the second sees what the first took. Raises PRICE_CHANGED (field: the order
    line's reference, details: what is left) when a cap does not hold it: decide the line again.
    """
    found = lock_rows(MaintenanceContract.objects.filter(number__in={entry.contract for entry in entries}))
    contracts = {contract.number: contract for contract in found}
    problems = [problem for entry in entries if (problem := _take(contracts[entry.contract], entry))]
    if problems:
        raise PortalError(problems)


def _take(contract: MaintenanceContract, entry: ContractTaken) -> Problem | None:
    year = contract_year(contract.starts_on, entry.on)
    others = contract.uses.filter(year=year).exclude(order_line=entry.order_line_ref)
    used = others.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    foreign = entry.currency not in ("", contract.currency)
    if (
        contract.yearly_cap is not None
        and entry.amount > 0
        and not foreign
        and used + entry.amount > contract.yearly_cap
    ):
        details = {
            "contract": contract.number,
            "left": str(max(contract.yearly_cap - used, Decimal(0))),
            "currency": contract.currency,
        }
        return Problem(Code.PRICE_CHANGED, entry.order_line_ref, details, "contract_cap")
    if entry.amount <= 0 or foreign:
        ContractUse.objects.filter(order_line=entry.order_line_ref).delete()
        return None
    taken = {"contract": contract, "year": year, "amount": entry.amount, "used_on": entry.on}
    ContractUse.objects.update_or_create(order_line=entry.order_line_ref, defaults=taken)
    return None
