"""Files of what waits for somebody: reviews, refusals, sums, questions, approvals, waiting goods; of notices, imports and the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from catalog.imports.summary import runs_all
from frontend.differences import difference_gaps, difference_reasons
from frontend.exports import Export, batched, due_day
from frontend.pages import Asked, language
from frontend.words import DIFFERENCES, PAYERS
from orders.selectors.backorders import backorder_lines
from orders.selectors.bank import sums_hinted, sums_waiting
from orders.selectors.enquiries import DESK, enquiries_for
from orders.selectors.purchase_requests import purchase_requests_for
from orders.selectors.refusals import refusals_open
from orders.selectors.waiting import lines_in_review
from portal.notices.groups import Group
from portal.notices.selectors import notices_for, notices_in
from portal.notices.words import notice_words
from portal.saleor.selectors import differences_open

CHUNK = 200
_MANAGER = ("PARTS_MANAGER",)


def _reviews(request: Asked) -> Iterator[Sequence[Any]]:
    for one in lines_in_review(request.actor, language=language()):
        line, order = one.line, one.line.order
        yield (
            order.number, order.company.name, order.placed_at, line.position, line.part.number, one.name, line.quantity, line.serial,
            line.card.number if line.card else "", line.failed_on, PAYERS.get(line.payer, line.payer), line.customer_share, one.value, order.currency,
            due_day(one.promise),
        )  # fmt: skip


def _refusals(request: Asked) -> Iterator[Sequence[Any]]:
    for one in refusals_open(request.actor, language=language(), now=request.now):
        told, line = one.refusal, one.refusal.line
        yield (
            told.order.number, told.order.company.name, told.at, told.get_reason_display(), line.position if line else None,
            line.part.number if line else "", one.name, line.open_quantity if line else None, told.missing, one.free if line else None, one.next_on,
            told.words,
        )  # fmt: skip


def _sums(request: Asked) -> Iterator[Sequence[Any]]:
    for some in batched(sums_waiting(request.actor).iterator(chunk_size=CHUNK), CHUNK):
        for one in sums_hinted(some):
            line = one.line
            yield (
                line.value_on, line.amount, line.currency, line.payer, line.payer_account, line.text, line.get_why_display(), line.statement.name,
                ", ".join(hint.order.number for hint in one.hints), one.company.name if one.company else "",
            )  # fmt: skip


def _enquiries(request: Asked) -> Iterator[Sequence[Any]]:
    for one in enquiries_for(request.actor).iterator(chunk_size=CHUNK):
        yield (
            one.asked_at, one.company.name, one.asked_by.user.name, one.serial, one.words, one.answered_at, one.answer,
        )  # fmt: skip


def _requests(request: Asked) -> Iterator[Sequence[Any]]:
    for one in purchase_requests_for(request.actor).iterator(chunk_size=CHUNK):
        yield (
            one.requested_at, one.requested_by.user.name, one.line_count, one.total, one.currency, one.get_state_display(),
            one.decided_by.user.name if one.decided_by else "", one.decided_at, one.note, one.order.number if one.order else "",
        )  # fmt: skip


def _backorders(request: Asked) -> Iterator[Sequence[Any]]:
    for one in backorder_lines(request.actor, now=request.now, language=language()):
        line = one.line
        yield (
            line.order.number, line.order.po_number, line.position, line.part.number, one.name, line.serial, one.waiting, one.ready, one.first_on,
            one.now_on, one.instead.part.number if one.instead else "",
        )  # fmt: skip


def _notices(request: Asked) -> Iterator[Sequence[Any]]:
    asked = request.GET.get("group", "")
    for one in notices_in(notices_for(request.actor), asked if asked in Group.values else "").iterator(
        chunk_size=CHUNK
    ):
        told = notice_words(one.kind, one.subject, one.data)
        yield one.created_at, one.subject, told.title, told.text, one.read_at


def _imports(request: Asked) -> Iterator[Sequence[Any]]:
    one: Any  # with what was counted
    for one in runs_all().iterator(chunk_size=CHUNK):
        yield (
            one.pk, one.created_at, one.started_by.name if one.started_by else gettext("command line"), ", ".join(file.name for file in one.files.all()),
            one.get_state_display(), one.rows, one.changes, one.left_out,
        )  # fmt: skip


def _store(request: Asked) -> Iterator[Sequence[Any]]:
    for one in differences_open().iterator(chunk_size=CHUNK):
        sides = ["; ".join(difference_gaps(one.facts, side)) for side in ("ours", "theirs")]
        yield (
            DIFFERENCES.get(one.kind, one.kind), one.subject, sides[0] or one.ours, sides[1] or one.theirs,
            "; ".join(difference_reasons(one.facts)), one.found_at,
        )  # fmt: skip


EXPORTS = (
    Export("reviews", (
        _("Order"), _("Buyer"), _("Placed"), _("Line"), _("Part"), _("Name"), _("Pieces"), _("Machine"), _("Repair card"), _("Failed"),
        _("The rules propose"), _("customer’s share"), pgettext_lazy("money", "At stake"), _("Currency"), _("Due"),
    ), _reviews, ("APPROVER",)),
    Export("refusals", (
        _("Order"), _("Buyer"), _("When"), _("Reason"), _("Line"), _("Part"), _("Name"), _("Pieces"), pgettext_lazy("pieces", "Missing"),
        _("Free on other shelves"), pgettext_lazy("day", "Expected"), _("In the store’s words"),
    ), _refusals, _MANAGER),
    Export("sums", (
        _("Value date"), _("Amount"), _("Currency"), pgettext_lazy("of money", "From"), pgettext_lazy("at a bank", "Account"), _("Reference"), _("Why"),
        _("File"), _("Orders it may be for"), _("Company"),
    ), _sums, ("ACCOUNTANT",)),
    Export("enquiries", (
        pgettext_lazy("a question", "Asked"), _("Buyer"), pgettext_lazy("a person", "By"), _("Machine"), _("Question"),
        pgettext_lazy("a question", "Answered"), _("Answer"),
    ), _enquiries, DESK, buyers=True),
    Export("requests", (
        pgettext_lazy("for approval", "Asked"), pgettext_lazy("a person", "By"), _("Lines"), _("Total incl. tax"), _("Currency"), _("State"),
        pgettext_lazy("a person", "Decided by"), pgettext_lazy("moment", "Decided"), _("Note"), _("Order"),
    ), _requests),
    Export("backorders", (
        _("Order"), _("Your order number"), _("Line"), _("Part"), _("Name"), _("Machine"), pgettext_lazy("pieces", "Waiting"), pgettext_lazy("pieces", "Ready"),
        _("First promised"), _("Expected now"), _("Can be taken instead"),
    ), _backorders),
    Export("notices", (
        _("When"), _("About"), pgettext_lazy("of a notice", "Title"), pgettext_lazy("of a notice", "Text"), pgettext_lazy("moment", "Read"),
    ), _notices),
    Export("imports", (
        _("Import"), _("Brought"), pgettext_lazy("a person", "By"), _("Files"), _("State"), _("Rows"), _("Changes"), _("Left out"),
    ), _imports, _MANAGER),
    Export("store", (_("About"), _("Which one"), _("Ours"), _("The store’s"), _("Why"), _("Found")), _store, _MANAGER),
)  # fmt: skip
