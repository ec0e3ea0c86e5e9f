"""The refusals of a wanted order, head and lines; stock is checked by `availability`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from catalog.rules.packs import sellable_quantity
from orders.models import OrderType, PaymentMethod
from orders.rules.addresses import address_judge
from orders.stripe import cards_offered
from orders.types import Draft, DraftLine, LineRequest
from portal.errors import Code, Problem
from portal.money import quantise

MAX_LINES = 2000
MAX_QUANTITY = 1_000_000
MAX_TEXT = 60
MAX_NOTE = 300
FARTHEST = timedelta(days=3 * 366)
FREE = ("WARRANTY", "CONTRACT")


def head_problems(draft: Draft) -> list[Problem]:
    """What is wrong with the order as a whole."""
    return [*_head(draft), *_address(draft)]


def lines_shape(draft: Draft) -> dict[int, list[Problem]]:
    """What is wrong with lines before they are looked up, by index; such a line is not judged any further."""
    found = ((index, list(_shape(draft, line, f"lines[{index}]"))) for index, line in enumerate(draft.request.lines))
    return {index: problems for index, problems in found if problems}


def line_problems(draft: Draft, line: DraftLine) -> list[Problem]:
    """What is wrong with one judged line."""
    field = f"lines[{line.index}]"
    return [*_part(line, field), *_machine(draft, line, field), *_pack(line, field)]


def payment_problems(draft: Draft) -> list[Problem]:
    """Is the chosen way of paying open for this sum? Nothing to pay needs none."""
    method, buyer = draft.request.payment, draft.buyer
    if draft.total == 0 or method == PaymentMethod.TRANSFER:
        return []
    if method == PaymentMethod.ACCOUNT and buyer.credit_stopped:
        return [Problem(Code.CREDIT_STOPPED, "payment")]
    if method == PaymentMethod.ACCOUNT and buyer.credit_limit > 0:
        return []
    if method == PaymentMethod.CARD and cards_offered():
        return []
    why = {PaymentMethod.ACCOUNT: "no_account", PaymentMethod.NONE: "not_free"}.get(PaymentMethod(method), "")
    costs = {"total": str(quantise(draft.total, draft.currency)), "currency": draft.currency}
    return [Problem(Code.PAYMENT_UNAVAILABLE, "payment", {"method": method, **costs}, why)]


def _shape(draft: Draft, line: LineRequest, field: str) -> Iterator[Problem]:
    if not 1 <= line.quantity <= MAX_QUANTITY:
        yield Problem(Code.INVALID, f"{field}.quantity", {"limit": MAX_QUANTITY}, "quantity")
    if line.failed_on and line.failed_on > draft.day:
        yield Problem(Code.INVALID, f"{field}.failedOn", {"today": draft.day}, "future_failure")
    if line.hours is not None and not 0 <= line.hours <= MAX_QUANTITY:
        yield Problem(Code.INVALID, f"{field}.hours", {"limit": MAX_QUANTITY}, "hours")


def _head(draft: Draft) -> Iterator[Problem]:
    if not 1 <= len(draft.request.lines) <= MAX_LINES:
        yield Problem(Code.INVALID, "lines", {"limit": MAX_LINES}, "line_count")
    if len(draft.request.po_number) > MAX_TEXT:
        yield Problem(Code.INVALID, "poNumber", {"limit": MAX_TEXT}, "too_long")
    if draft.request.deliver_on and not draft.day < draft.request.deliver_on <= draft.day + FARTHEST:
        days = {"first": draft.day + timedelta(days=1), "last": draft.day + FARTHEST}
        yield Problem(Code.INVALID, "deliverOn", days, "deliver_on")


def _address(draft: Draft) -> Iterator[Problem]:
    """Where nobody can deliver, and what the store would not take, is refused by field before anything is placed."""
    draft.deliver_to = address_clean(draft.request.deliver_to or draft.buyer.address)
    yield from address_problems(draft.deliver_to)


def address_clean(given: Mapping[str, Any]) -> dict[str, str]:
    """As it is kept: what was typed, without blanks around it and without what is empty."""
    return {key: text for key, value in given.items() if (text := str(value or "").strip())}


def address_problems(deliver_to: Mapping[str, str]) -> Iterator[Problem]:
    """What is wrong with a delivery address, by field."""
    for fault in address_judge(deliver_to)[1]:
        details = {"limit": int(fault.hint)} if fault.why == "too_long" else {"hint": fault.hint}
        yield Problem(Code.INVALID, f"deliverTo.{fault.field}", details if fault.hint else {}, fault.why)
    if len(deliver_to.get("note", "")) > MAX_NOTE:
        yield Problem(Code.INVALID, "deliverTo.note", {"limit": MAX_NOTE}, "too_long")


def _part(line: DraftLine, field: str) -> Iterator[Problem]:
    if line.part.stop_sale:
        yield Problem(Code.STOP_SALE, f"{field}.partNumber", {"partNumber": line.part.number})
    fit = line.cover.fit
    if fit is not None and fit.verdict == "DOES_NOT_FIT":
        instead = fit.instead_use.number if fit.instead_use else None
        yield Problem(Code.DOES_NOT_FIT, f"{field}.partNumber", {"partNumber": line.part.number, "insteadUse": instead})


def _machine(draft: Draft, line: DraftLine, field: str) -> Iterator[Problem]:
    """Cards and serials: one card a line, for that machine, and free lines need an open one."""
    if draft.request.type == OrderType.MACHINE_DOWN and not (line.request.repair_card or line.request.serial):
        yield Problem(Code.CARD_REQUIRED, f"{field}.repairCard", {}, "machine_down")
    card = line.card
    if card is not None and line.cover.equipment_id != card.equipment_id:
        yield Problem(Code.INVALID, f"{field}.repairCard", {"repairCard": card.number}, "other_machine")
    elif line.cover.payer in FREE and (card is None or card.state not in ("OPEN", "WORKING")):
        if not line.request.repair_card or card is not None:
            yield Problem(Code.CARD_REQUIRED, f"{field}.repairCard", {"serial": line.serial})
    elif card is not None and card.state not in ("OPEN", "WORKING"):
        yield Problem(Code.WRONG_STATE, f"{field}.repairCard", {"state": card.state}, "card_closed")


def _pack(line: DraftLine, field: str) -> Iterator[Problem]:
    sellable = sellable_quantity(line.quantity, pack=line.part.pack_quantity, minimum=line.part.minimum_quantity)
    if sellable != line.quantity:
        yield Problem(
            Code.PACK_QUANTITY,
            f"{field}.quantity",
            {
                "partNumber": line.part.number,
                "quantity": sellable,
                "pack": line.part.pack_quantity,
                "minimum": line.part.minimum_quantity,
            },
        )
