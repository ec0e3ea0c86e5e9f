"""What the cart's page shows: the form, and every line with its verdict, its problems and how to mend them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.forms import Field
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.rules.numbers import normalise
from catalog.selectors.parts import part_names
from frontend.formats import plain_day
from frontend.forms.cart import OrderForm
from frontend.leaving import by_day, days_of, parted
from frontend.pages import Asked, language, with_query
from orders.services.carts import cart_draft, cart_line_requests, cart_lines
from orders.services.previewing import Preview, order_preview
from orders.stripe import cards_offered
from orders.types import DraftLine, OrderRequest
from portal.accounts.selectors import companies_for
from portal.errors import Code, PortalError, Problem
from portal.money import quantise
from warranty.selectors.cards import TAKES_ORDERS, cards_list
from warranty.selectors.equipment import equipment_owners

if TYPE_CHECKING:
    from django.http import QueryDict

    from orders.models import CartLine
    from orders.services.planning import Plan

SWEEPS: Mapping[str, Promise | str] = {
    "pack": gettext_lazy("Round all to whole packs"),
    "instead": gettext_lazy("Take all successors"),
    "wait": gettext_lazy("Wait for all that is expected"),
    "free": gettext_lazy("Take only what is free"),
    "drop": gettext_lazy("Drop what cannot be ordered"),
}
_PLACE = re.compile(r"^lines\[(\d+)\]")


@dataclass(frozen=True)
class Fix:
    """One way to mend a line: press `words`, and these fields change."""

    words: str
    fields: Mapping[str, str]
    kind: str = ""  # of those that may be pressed for all lines at once


@dataclass
class CartRow:
    """A line as typed, what it would become (one part or several), and what is wrong."""

    line: CartLine
    drafts: list[DraftLine] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    fixes: list[Fix] = field(default_factory=list)
    way: tuple[str, str] | None = None  # to what has to be done elsewhere first: words and address
    parted: str = ""  # how many pieces leave when, where they do not leave together


@dataclass
class CartPage:
    """All the cart's page shows."""

    form: OrderForm
    lines: list[CartLine]
    rows: list[CartRow]
    preview: Preview | None
    names: dict[int, str]
    limit: Decimal | None = None  # of one order of the reader's

    @property
    def over_limit(self) -> bool:
        """Does a colleague have to approve it?"""
        return self.limit is not None and self.preview is not None and self.preview.draft.total > self.limit

    @property
    def digest(self) -> str:
        """Names what is shown."""
        return self.preview.digest if self.preview else ""

    @property
    def currency(self) -> str:
        """Of the order."""
        return self.preview.draft.currency if self.preview else ""

    @property
    def goods(self) -> Decimal:
        """The lines without freight, with tax or without as the buyer is shown amounts."""
        if self.preview is None:
            return Decimal(0)
        draft = self.preview.draft
        return sum((line.gross if draft.shows_gross else line.net for line in draft.lines), Decimal(0))

    @property
    def freight_gross(self) -> Decimal:
        """Freight with its tax."""
        return self.preview.draft.freight + self.preview.draft.freight_tax if self.preview else Decimal(0)

    @property
    def credit(self) -> Decimal:
        """Of the buyer's credit, what would pay for this order."""
        preview = self.preview
        return min(preview.credit, preview.draft.total) if preview and preview.draft.request.use_credit else Decimal(0)

    @property
    def to_pay(self) -> Decimal:
        """What is left to pay then."""
        return self.preview.draft.total - self.credit if self.preview else Decimal(0)

    @property
    def payment(self) -> str:
        """How it would be paid."""
        return self.preview.draft.request.payment if self.preview else ""

    @property
    def sweeps(self) -> list[tuple[str, str, int]]:
        """What mends several lines with one press: its kind, in words, and how many lines it mends."""
        counted = Counter(kind for row in self.rows for kind in {fix.kind for fix in row.fixes} if kind in SWEEPS)
        counted["drop"] = sum(1 for row in self.rows if row.problems and not row.fixes)
        return [(kind, str(words), counted[kind]) for kind, words in SWEEPS.items() if counted[kind]]

    @property
    def wrong(self) -> int:
        """Lines that cannot be ordered as they are."""
        return sum(1 for row in self.rows if row.problems)

    @property
    def in_turn(self) -> list[tuple[str, CartRow]]:
        """The lines with the words they stand under: those that need the buyer first, the others by the day they leave, or as they were added when that is one day."""
        return by_day(self.rows, days_of(self.preview.plans) if self.preview else {})

    @property
    def plans(self) -> list[Plan]:
        """The promises it would make, the first day first."""
        return sorted(self.preview.plans, key=lambda one: one.offer.day) if self.preview else []

    @property
    def waiting(self) -> int:
        """Lines that a person has to look at."""
        return len(self._undecided)

    @property
    def all_wait(self) -> bool:
        """Is there no line that could start before somebody has decided?"""
        return self.waiting == sum(len(row.drafts) for row in self.rows)

    @property
    def at_stake(self) -> Decimal:
        """What the buyer would have to pay more, without tax, were all of that decided as paid."""
        full = sum(
            (one.published_net * one.quantity / one.per_quantity - one.net for one in self._undecided), Decimal(0)
        )
        return quantise(full, self.currency)

    @property
    def begins(self) -> str:
        """What the promises would begin with, as `offer_view` says it: money, the decision, or the order itself."""
        if self.to_pay and self.payment in ("CARD", "TRANSFER"):
            return "payment"
        return "decision" if self.all_wait else "order"

    @property
    def _undecided(self) -> list[DraftLine]:
        return [draft for row in self.rows for draft in row.drafts if draft.cover.needs_review]

    @property
    def well(self) -> bool:
        """Could it be ordered as it is?"""
        return self.preview is not None and not self.preview.draft.problems

    def refuse(self, error: PortalError) -> None:
        """Put a refusal's problems where they belong: on their lines, or on the form."""
        for row in self.rows:
            row.problems, row.fixes, row.way = [], [], None
        self.form.refuse(_sorted_out(self.rows, error.problems))


def cart_page(request: Asked, data: QueryDict | None = None) -> CartPage:
    """Judge the cart with the choices in `data`, or the usual ones."""
    lines = cart_lines(request.actor)
    form = _form(request, data, lines)
    if not lines or (form.is_bound and not form.is_valid()):
        return CartPage(form, lines, [CartRow(line) for line in lines], None, {})
    wanted = order_request(form, lines)
    if request.actor.is_house and wanted.company_id is None and wanted.type != "INTERNAL":
        return CartPage(form, lines, [CartRow(line) for line in lines], None, {})
    preview = order_preview(actor=request.actor, request=wanted, now=request.now)
    rows = [CartRow(line) for line in lines]
    for draft in preview.draft.lines:
        rows[draft.index].drafts.append(draft)
    days = days_of(preview.plans)
    for row in rows:
        row.parted = parted(row.drafts, days)
    general = _sorted_out(rows, preview.draft.problems)
    _offer_cards(request, rows)
    names = part_names([draft.part for draft in preview.draft.lines], language())
    shown = CartPage(form, lines, rows, preview, names, request.actor.order_limit)
    form.initial["shown"] = shown.digest  # of a form that was not sent yet
    form.refuse(general)
    return shown


def order_request(form: OrderForm, lines: list[CartLine]) -> OrderRequest:
    """The cart and the form's choices as a wanted order."""
    chosen: Mapping[str, Any] = form.cleaned_data if form.is_bound else _initial(form)
    return OrderRequest(
        lines=cart_line_requests(lines),
        payment=chosen["payment"],
        reference=chosen["reference"],
        type=chosen["type"],
        po_number=chosen.get("po_number") or "",
        deliver_to=form.address(chosen),
        deliver_on=chosen.get("deliver_on"),
        allow_substitute=bool(chosen.get("allow_substitute")),
        use_credit=bool(chosen.get("use_credit")),
        company_id=chosen.get("company"),
    )


def _initial(form: OrderForm) -> Mapping[str, Any]:
    """The choices before the form was sent: as kept from the last time; what cannot be meant counts for nothing yet."""
    return {name: _meant(one, form.get_initial_for_field(one, name)) for name, one in form.fields.items()}


def _meant(field: Field, value: Any) -> Any:
    try:
        return field.clean(value)
    except ValidationError:
        return field.empty_value if hasattr(field, "empty_value") else None


def _form(request: Asked, data: QueryDict | None, lines: list[CartLine]) -> OrderForm:
    house = request.actor.is_house
    companies = [(one.pk, one.name) for one in companies_for(request.actor).exclude(kind="HOUSE")] if house else []
    account = not house and request.company.credit_limit > 0 and not request.company.credit_stopped
    initial = {
        "payment": "ACCOUNT" if account else "TRANSFER",
        "type": "STOCK" if request.actor.is_dealer else "CUSTOMER",
        "company": _owner(request, lines) if house else None,
    }
    form = OrderForm(data, companies=companies, internal=house, initial=initial)
    if not cards_offered():
        form.leave_out_cards()
    form.keep(cart_draft(request.actor))
    return form


def _owner(request: Asked, lines: list[CartLine]) -> int | None:
    """Who owns every machine the lines are for: staff who order on a repair card need not say again for whom."""
    serials = {line.serial for line in lines}
    owners = equipment_owners(request.actor, serials) if serials and "" not in serials else set()
    return owners.pop() if len(owners) == 1 else None


def _sorted_out(rows: list[CartRow], problems: Any) -> list[Problem]:
    """Problems of lines go to their rows, with fixes; answers the others."""
    general = []
    for problem in problems:
        place = _PLACE.match(problem.field)
        if place and int(place[1]) < len(rows):
            row = rows[int(place[1])]
            row.problems.append(problem)
            row.fixes += _fixes(problem)
        else:
            general.append(problem)
    return general


def _fixes(problem: Problem) -> Iterator[Fix]:
    """What the buyer may press instead of typing."""
    told = problem.details
    if problem.code == Code.PACK_QUANTITY:
        yield Fix(
            _("Make it %(quantity)s") % {"quantity": told["quantity"]}, {"quantity": str(told["quantity"])}, "pack"
        )
    if problem.code == Code.DOES_NOT_FIT and told.get("insteadUse"):
        yield Fix(
            _("Take %(number)s instead") % {"number": told["insteadUse"]},
            {"part_number": told["insteadUse"]},
            "instead",
        )
    if problem.code == Code.SUPERSEDED and [one["quantity"] for one in told.get("successors", [])] == [1]:
        yield Fix(
            _("Take %(number)s instead") % {"number": told["successor"]}, {"part_number": told["successor"]}, "instead"
        )
    if problem.code == Code.AMBIGUOUS_PART:
        for one in told.get("candidates", []):
            number = one["number"] if isinstance(one, Mapping) else str(one)
            yield Fix(_("Take %(number)s") % {"number": number}, {"part_number": number})
    if problem.code in (Code.OUT_OF_STOCK, Code.EXPECTED_CHANGED):
        yield from _stock_fixes(told)


def _stock_fixes(told: Mapping[str, Any]) -> Iterator[Fix]:
    if told.get("expectedOn"):
        on = date.fromisoformat(told["expectedOn"])
        yield Fix(_("Wait until %(day)s") % {"day": plain_day(on)}, {"accept_expected_on": on.isoformat()}, "wait")
    if told.get("free"):
        yield Fix(
            _("Take only %(free)s") % {"free": told["free"]},
            {"quantity": str(told["free"]), "accept_expected_on": ""},
            "free",
        )


def _offer_cards(request: Asked, rows: list[CartRow]) -> None:
    """A free line needs an open card of its machine: name those there are."""
    wanting = [
        row for row in rows if any(problem.code == Code.CARD_REQUIRED for problem in row.problems) and row.line.serial
    ]
    if not wanting:
        return
    machines = {
        draft.cover.equipment_id: row
        for row in wanting
        for draft in row.drafts
        if draft.cover and draft.cover.equipment_id
    }
    for card in cards_list(actor=request.actor).filter(state__in=TAKES_ORDERS, equipment__in=machines):
        for row in wanting:
            if any(draft.cover.equipment_id == card.equipment_id for draft in row.drafts):
                row.fixes.append(
                    Fix(_("Order on card %(number)s") % {"number": card.number}, {"repair_card": card.number})
                )
    for row in wanting:
        row.way = None if row.fixes else _way_to_card(request, row.line)


def _way_to_card(request: Asked, line: CartLine) -> tuple[str, str]:
    """No card is open for the machine: who may opens one, an owner asks for the repair; the form knows the part."""
    opens = request.actor.is_house or request.actor.is_dealer
    words = _("Open a repair card") if opens else _("Request a repair")
    needed = _("Part needed: %(number)s") % {"number": line.part_number}
    address = reverse("machine", args=[normalise(line.serial)])
    return words, with_query(address, act="card" if opens else "call", fault=needed)
