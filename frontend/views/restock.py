"""The dealer's restock page: what the shelf needs again, why, and all of it into the cart with one press."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from catalog.rules.packs import sellable_quantity
from frontend.forms.cart import MOST
from frontend.pages import UNPROCESSABLE, Asked, page, with_query
from frontend.shopping import shopper
from orders.services.carts import cart_add, cart_stamp
from orders.services.restocking import COVER_WEEKS, USUAL, Restock, RestockRow, restock_page
from orders.types import LineRequest
from portal.errors import PortalError


@dataclass(frozen=True)
class Wanted:
    """A row with the pieces the dealer typed, or those proposed; `fault`: why it cannot go as it is, empty when it can."""

    row: RestockRow
    typed: str
    fault: str = ""

    @property
    def name(self) -> str:
        """Of its field."""
        return field_of(self.row)

    @property
    def pieces(self) -> int:
        """Pieces to order; 0: none."""
        typed = self.typed.strip()
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 8 else 0


def field_of(row: RestockRow) -> str:
    """The name of a row's field."""
    return f"pieces_{row.listed.part.pk}"


@require_http_methods(["GET", "POST"])
@page()
def restock(request: Asked) -> HttpResponse:
    """Show the proposals; a POST puts the good rows into the cart (with `all`: every row), and what needs a look stays."""
    given = request.POST if request.method == "POST" else request.GET
    asked = given.get("weeks", "")
    weeks = int(asked) if asked in {str(one) for one in COVER_WEEKS} else USUAL
    found = restock_page(actor=request.actor, shopper=shopper(request), cover_weeks=weeks, now=request.now)
    wanted = [_wanted(row, given) for row in found.rows]
    if request.method == "GET":
        return _show(request, found, wanted)
    chosen = [one for one in wanted if one.typed.strip() not in ("", "0")]
    go = [one for one in chosen if one.pieces and ("all" in request.POST or not one.fault)]
    try:
        lines = [LineRequest(one.row.listed.part.number, one.pieces) for one in go]
        cart_add(actor=request.actor, lines=lines, now=request.now, seen=request.POST.get("cart", ""))
    except PortalError as error:
        return _show(request, found, wanted, problems=error.problems)
    rest = [one for one in chosen if one not in go]
    if go:
        told = ngettext("%(many)d line is in your cart.", "%(many)d lines are in your cart.", len(go))
        messages.success(request, told % {"many": len(go)})
    kept = {one.name: one.typed[:9] for one in rest}
    return HttpResponseRedirect(
        with_query(reverse("restock"), weeks=weeks, **kept) if rest or not go else reverse("cart")
    )


def _wanted(row: RestockRow, given: QueryDict) -> Wanted:
    typed = given.get(field_of(row), str(row.proposal.quantity))
    return Wanted(row, typed, _fault(row, Wanted(row, typed).pieces, typed))


def _fault(row: RestockRow, pieces: int, typed: str) -> str:
    """Why so many pieces of a row cannot be ordered as they are."""
    part = row.listed.part
    if typed.strip() in ("", "0"):
        return ""
    if not 0 < pieces <= MOST:
        return "NUMBER"
    if part.stop_sale or row.listed.price is None:
        return row.state
    if sellable_quantity(pieces, pack=part.pack_quantity, minimum=part.minimum_quantity) != pieces:
        return "PACK"
    return "SHORT" if pieces > row.listed.stock.free else ""


def _show(request: Asked, found: Restock, wanted: list[Wanted], problems: tuple = ()) -> HttpResponse:
    context = {
        "found": found,
        "wanted": [one for one in wanted if one.row.proposal.quantity or one.fault],
        "enough": [one for one in wanted if not one.row.proposal.quantity and not one.fault],
        "look": sum(1 for one in wanted if one.fault),
        "weeks": COVER_WEEKS,
        "prices_with_tax": any(row.listed.price and row.listed.price.includes_tax for row in found.rows),
        "cart": cart_stamp(request.actor),
        "problems": problems,
    }
    return render(request, "restock.html", context, status=UNPROCESSABLE if problems else 200)
