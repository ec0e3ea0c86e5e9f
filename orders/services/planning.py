"""Which promises an order makes for which of its lines (rules.md section 1). Used to show them, and to start them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from catalog.models import Warehouse
from portal.accounts.models import Company
from portal.promises.selectors import TermsBook, promise_offer
from portal.promises.types import Offer, PromisedLine

SHIP, DEALER, AGREED, REVIEW = "ship", "dealer-delivery", "agreed-delivery", "coverage-review"


@dataclass(frozen=True)
class Piece:
    """Pieces of a line from one place: on the shelf, or (with a day) expected."""

    ref: str
    quantity: int
    base: Decimal
    warehouse: Warehouse
    expected_on: date | None = None


@dataclass
class Plan:
    """One promise to make: its offer, whose clock it keeps, which lines it names."""

    offer: Offer
    zone: str
    calendar: str
    agreed_on: date | None
    last_collection: time | None = None
    lines: list[PromisedLine] = field(default_factory=list)


def promises_plan(
    *,
    pieces: Sequence[Piece],
    buyer: Company,
    start_at: datetime,
    deliver_on: date | None,
    book: TermsBook | None = None,
) -> list[Plan]:
    """The promises of these pieces when their clock starts at `start_at`.

    `ship`: one for what is on the shelf, one for each expected day the buyer agreed to; the warehouse whose day closes
    first keeps the clock. `dealer-delivery` and `agreed-delivery` name the same pieces.
    """
    book = book or TermsBook()
    book.expect({piece.warehouse.calendar for piece in pieces} | {buyer.calendar})
    plans: list[Plan] = []
    for expected, group in _by_day(pieces).items():
        ship = _ship(group, start_at, expected, book)
        plans.append(ship)
        if buyer.under_dealer_contract(start_at.astimezone(ZoneInfo(buyer.zone)).date()):
            plans.append(_of_buyer(DEALER, buyer, start_at, _dealer_day(buyer, ship, book), group, book))
        if deliver_on is not None:
            plans.append(_of_buyer(AGREED, buyer, start_at, deliver_on, group, book))
    return _merged(plans)


def _by_day(pieces: Iterable[Piece]) -> Mapping[date | None, list[Piece]]:
    grouped: dict[date | None, list[Piece]] = {}
    for piece in pieces:
        grouped.setdefault(piece.expected_on, []).append(piece)
    return grouped


def _ship(pieces: Sequence[Piece], start_at: datetime, expected: date | None, book: TermsBook) -> Plan:
    """Of several warehouses the one whose day closes first; an expected day already inside the allowance changes nothing."""
    offers = [
        (promise_offer(policy=SHIP, zone=w.zone, calendar=w.calendar, start_at=start_at, book=book), w)
        for w in {p.warehouse for p in pieces}
    ]
    offer, warehouse = min(offers, key=lambda one: (one[0].due_at, one[1].pk))
    agreed = expected if expected and expected > offer.day else None
    if agreed:
        offer = promise_offer(
            policy=SHIP,
            zone=warehouse.zone,
            calendar=warehouse.calendar,
            start_at=start_at,
            agreed_on=agreed,
            book=book,
        )
    last = warehouse.collections[-1] if warehouse.collections else None
    return Plan(offer, warehouse.zone, warehouse.calendar, agreed, last, _lines(pieces))


def _dealer_day(buyer: Company, ship: Plan, book: TermsBook) -> date | None:
    """What waits for a receipt reaches the dealer within the allowance counted from that day."""
    if ship.agreed_on is None:
        return None
    return promise_offer(
        policy=DEALER, zone=buyer.zone, calendar=buyer.calendar, start_at=ship.offer.due_at, book=book
    ).day


def _of_buyer(
    policy: str, buyer: Company, start_at: datetime, agreed: date | None, pieces: Sequence[Piece], book: TermsBook
) -> Plan:
    offer = promise_offer(
        policy=policy, zone=buyer.zone, calendar=buyer.calendar, start_at=start_at, agreed_on=agreed, book=book
    )
    return Plan(offer, buyer.zone, buyer.calendar, agreed, None, _lines(pieces))


def _lines(pieces: Iterable[Piece]) -> list[PromisedLine]:
    """One entry a line, its pieces added up over warehouses."""
    summed: dict[str, PromisedLine] = {}
    for piece in pieces:
        before = summed[piece.ref].quantity if piece.ref in summed else 0
        summed[piece.ref] = PromisedLine(piece.ref, before + piece.quantity, piece.base)
    return list(summed.values())


def _merged(plans: Sequence[Plan]) -> list[Plan]:
    """One promise per policy and agreed day: expected days inside the allowance join what is on the shelf."""
    kept: dict[tuple[str, date | None], Plan] = {}
    for plan in plans:
        twin = kept.setdefault((plan.offer.policy, plan.agreed_on), plan)
        if twin is not plan:
            if plan.offer.due_at < twin.offer.due_at:
                twin.offer, twin.zone, twin.calendar, twin.last_collection = (
                    plan.offer,
                    plan.zone,
                    plan.calendar,
                    plan.last_collection,
                )
            sums = {line.ref: line for line in twin.lines}
            for line in plan.lines:
                before = sums[line.ref].quantity if line.ref in sums else 0
                sums[line.ref] = PromisedLine(line.ref, before + line.quantity, line.base)
            twin.lines = list(sums.values())
    return list(kept.values())
