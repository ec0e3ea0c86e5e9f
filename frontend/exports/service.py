"""Files of machines, repair cards, accounts, and what a dealer's shelf needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from frontend.exports import Export, batched
from frontend.pages import Asked, language, today
from frontend.shopping import shopper
from frontend.words import WARRANTY, entry_reason
from orders.selectors.account import accounts_due, company_seen, ledger_of
from orders.services.restocking import COVER_WEEKS, USUAL, restock_page
from warranty.selectors.board import cards_matching
from warranty.selectors.cards import cards_list
from warranty.selectors.choices import CARD_STATES
from warranty.selectors.equipment import contracts_now, equipments_list, warranty_statuses

CHUNK = 200
_BOOKS = ("ACCOUNTANT", "APPROVER", "PARTS_MANAGER", "SERVICE_DESK")


def _machines(request: Asked) -> Iterator[Sequence[Any]]:
    for some in batched(equipments_list(request.actor).iterator(chunk_size=CHUNK), CHUNK):
        states, contracts = warranty_statuses(some, on=today(request)), contracts_now(some, on=today(request))
        for one in some:
            state, contract = states[one.pk], contracts.get(one.pk)
            yield (
                one.serial, one.model.called(language()), one.site, one.owner.name if one.owner else "", one.in_service_on,
                WARRANTY.get(state.status, state.status), state.ends_on, contract.ends_on if contract else None,
            )  # fmt: skip


def _cards(request: Asked) -> Iterator[Sequence[Any]]:
    state = request.GET.get("state", "")
    cards = cards_list(actor=request.actor, state=state if state in dict(CARD_STATES) else None)
    for one in cards_matching(cards, request.GET.get("q", "").strip()[:100]).iterator(chunk_size=CHUNK):
        yield (
            one.number, one.equipment.serial, one.equipment.model.called(language()), one.fault, one.opened_at, one.get_state_display(),
        )  # fmt: skip


def _accounts(request: Asked) -> Iterator[Sequence[Any]]:
    for one in accounts_due(request.actor, now=request.now):
        yield (
            one.company.name, one.currency, one.overdue, one.receivable, one.commitments, one.company.credit_limit, one.credit,
            _("stopped") if one.company.credit_stopped else "",
        )  # fmt: skip


def _ledger(request: Asked) -> Iterator[Sequence[Any]]:
    company = request.GET.get("company", "")
    known = company.isascii() and company.isdigit() and len(company) < 12
    one: Any  # with what was counted
    for one in ledger_of(company_seen(request.actor, int(company) if known else None)).iterator(chunk_size=CHUNK):
        yield (
            one.at, one.get_kind_display(), entry_reason(one.reason), one.order.number if one.order else "", one.currency, one.owed, one.credit, one.due_on,
        )  # fmt: skip


def _restock(request: Asked) -> Iterator[Sequence[Any]]:
    weeks = request.GET.get("weeks", "")
    cover = int(weeks) if weeks in {str(one) for one in COVER_WEEKS} else USUAL
    for row in restock_page(actor=request.actor, shopper=shopper(request), cover_weeks=cover, now=request.now).rows:
        listed, asked = row.listed, row.proposal
        yield (
            listed.part.number, listed.name, asked.quantity, round(asked.rate, 2), round(asked.left, 2), asked.on_order, asked.in_cart, listed.stock.free,
            listed.tier.amount if listed.tier else None, listed.tier.per_quantity if listed.tier else None, listed.price.currency if listed.price else "",
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
    Export("ledger", (
        _("Day"), _("What"), _("Why"), _("Order"), _("Currency"), _("Owed"), _("Credit"), _("Due"),
    ), _ledger, _BOOKS, buyers=True),
    Export("restock", (
        _("Part"), _("Name"), _("Order this many"), _("A week"), _("Left, about"), _("On order"), _("In the cart"), pgettext_lazy("pieces", "Free"), _("Price"),
        _("per pieces"), _("Currency"),
    ), _restock),
)  # fmt: skip
