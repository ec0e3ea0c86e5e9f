"""Files of machines, repair cards and accounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from frontend.exports import Export, batched
from frontend.pages import Asked, today
from frontend.words import WARRANTY
from orders.selectors.account import accounts_due
from warranty.selectors.cards import cards_list
from warranty.selectors.equipment import contracts_now, equipments_list, warranty_statuses

CHUNK = 200
_BOOKS = ("ACCOUNTANT", "APPROVER", "PARTS_MANAGER", "SERVICE_DESK")


def _machines(request: Asked) -> Iterator[Sequence[Any]]:
    for some in batched(equipments_list(request.actor).iterator(chunk_size=CHUNK), CHUNK):
        states, contracts = warranty_statuses(some, on=today(request)), contracts_now(some, on=today(request))
        for one in some:
            state, contract = states[one.pk], contracts.get(one.pk)
            yield (
                one.serial, one.model.name, one.site, one.owner.name if one.owner else "", one.in_service_on,
                WARRANTY.get(state.status, state.status), state.ends_on, contract.ends_on if contract else None,
            )  # fmt: skip


def _cards(request: Asked) -> Iterator[Sequence[Any]]:
    for one in cards_list(actor=request.actor).iterator(chunk_size=CHUNK):
        yield (
            one.number, one.equipment.serial, one.equipment.model.name, one.fault, one.opened_at, one.get_state_display(),
        )  # fmt: skip


def _accounts(request: Asked) -> Iterator[Sequence[Any]]:
    for one in accounts_due(request.actor, now=request.now):
        yield (
            one.company.name, one.currency, one.overdue, one.receivable, one.commitments, one.company.credit_limit, one.credit,
            _("stopped") if one.company.credit_stopped else "",
        )  # fmt: skip


EXPORTS = (
    Export("machines", (
        _("Serial"), _("Model"), _("Place"), _("Owner"), _("In service"), _("Warranty"), _("Warranty to"), _("Contract to"),
    ), _machines),
    Export("cards", (
        _("Repair card"), _("Machine"), _("Model"), _("Fault"), _("Opened"), _("State"),
    ), _cards),
    Export("accounts", (
        _("Company"), _("Currency"), _("Overdue"), _("Owed"), _("Ordered"), _("Limit"), _("Credit"), _("Account"),
    ), _accounts, _BOOKS),
)  # fmt: skip
