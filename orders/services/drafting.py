"""Judge a wanted order without writing anything: parts, prices, fit, cover, packs, cards. Quote and placing both begin here."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from catalog.rules.prices import Tier
from catalog.selectors.parts import Resolution, parts_resolve
from catalog.selectors.prices import PartPrice, freight_for, prices_for
from catalog.selectors.stock import availability_for, market_warehouses
from orders.models import OrderType
from orders.rules.substitution import Meaning, meanings, tier_for_one
from orders.services.drafting_checks import MAX_LINES, head_problems, line_problems, lines_shape, payment_problems
from orders.services.taxing import draft_amounts, draft_tax
from orders.types import Draft, DraftLine, LineRequest, OrderRequest
from portal.accounts.actor import Actor
from portal.accounts.models import Company, CompanyKind, Role
from portal.errors import Code, Problem, refusal
from portal.money import line_total
from warranty.selectors.cards import cards_named
from warranty.services.coverage import Given, coverage_decide_many
from warranty.types import CoverRequest


def order_draft(*, actor: Actor, request: OrderRequest, now: datetime) -> Draft:
    """Judge `request`; every problem of every line is collected in `Draft.problems`.

    Raises NOT_ALLOWED or NOT_FOUND at once when the actor may not order for that company.
    """
    buyer = _buyer(actor, request)
    draft = Draft(buyer, _as_buyer(actor, buyer), request, now, now.astimezone(ZoneInfo(buyer.zone)).date())
    draft.problems += head_problems(draft)
    if not 1 <= len(request.lines) <= MAX_LINES:
        return draft
    shape = lines_shape(draft)
    draft.bad = frozenset(shape)
    draft.problems += [problem for problems in shape.values() for problem in problems]
    draft.warehouses = market_warehouses(buyer.market)
    wanted = _meanings(draft)
    _add_lines(draft, wanted)
    draft_tax(draft)
    _cover(draft)
    for line in draft.lines:
        draft.problems += line_problems(draft, line)
    _freight(draft)
    draft.problems += payment_problems(draft)
    return draft


def _buyer(actor: Actor, request: OrderRequest) -> Company:
    if request.type == OrderType.INTERNAL and not actor.is_house:
        raise refusal(Code.NOT_ALLOWED, "type")
    if actor.is_house:
        actor.need(Role.SERVICE_DESK, Role.PARTS_MANAGER)
        if request.company_id is None and request.type != OrderType.INTERNAL:
            raise refusal(Code.INVALID, "company", "name_buyer")
    else:
        actor.need(Role.BUYER, Role.COMPANY_ADMIN)
        if request.company_id not in (None, actor.company_id):
            raise refusal(Code.NOT_FOUND, "company")
    buyer = Company.objects.select_related("contact").filter(pk=request.company_id or actor.company_id or 0).first()
    if buyer is None:
        raise refusal(Code.NOT_FOUND, "company")
    return buyer


def _as_buyer(actor: Actor, buyer: Company) -> Actor:
    """Machines and cards are judged with the buyer's eyes, so that staff cannot order free on a stranger's machine."""
    if not actor.is_house or buyer.kind == CompanyKind.HOUSE:
        return actor
    return replace(
        actor,
        company_id=buyer.pk,
        company_kind=buyer.kind,
        market=buyer.market,
        discount_class=buyer.discount_class,
        zone=buyer.zone,
        roles=frozenset({Role.BUYER}),
        is_system=False,
    )


def _meanings(draft: Draft) -> list[tuple[int, LineRequest, Meaning]]:
    """What was typed, as parts; an old number may become one or several lines."""
    request = draft.request
    found = parts_resolve({line.part_number for line in request.lines}, on=draft.day)
    old_free = _old_free(draft, found)
    wanted: list[tuple[int, LineRequest, Meaning]] = []
    for index, line in enumerate(request.lines):
        if index in draft.bad:
            continue
        answer = found[line.part_number]
        old = answer.asked_part.pk if answer.asked_part else 0
        asked, problem = meanings(
            f"lines[{index}].partNumber",
            answer=answer,
            quantity=line.quantity,
            allow_substitute=request.allow_substitute,
            old_is_free=old_free.get(old, 0) >= line.quantity,
        )
        if problem:
            draft.problems.append(problem)
        wanted += [(index, line, one) for one in asked]
        if any(one.part.pk == old for one in asked):  # what this line uses up the next one does not find
            old_free[old] = old_free.get(old, 0) - line.quantity
    return wanted


def _old_free(draft: Draft, found: dict[str, Resolution]) -> dict[int, int]:
    """Free pieces of superseded parts: what is to be used up is sold as it is while it lasts."""
    old = {one.asked_part.pk for one in found.values() if one.asked_part is not None and one.successors}
    if not old:
        return {}
    return {pk: one.free for pk, one in availability_for(old, warehouses=draft.warehouses).items()}


def _add_lines(draft: Draft, wanted: list[tuple[int, LineRequest, Meaning]]) -> None:
    cards = cards_named(
        actor=draft.buyer_actor, numbers={line.repair_card for _, line, _ in wanted if line.repair_card}
    )
    parts: set[int] = {one.part.pk for _, _, one in wanted} | {
        one.instead_of.pk for _, _, one in wanted if one.instead_of
    }
    prices = _prices(draft, parts)
    for index, line, meaning in wanted:
        price = _price(prices, meaning)
        if price is None:
            draft.problems.append(
                Problem(Code.INVALID, f"lines[{index}].partNumber", {"partNumber": meaning.part.number}, "no_price")
            )
            continue
        if line.repair_card and line.repair_card not in cards:
            draft.problems.append(
                Problem(Code.NOT_FOUND, f"lines[{index}].repairCard", {"repairCard": line.repair_card})
            )
        currency, tier = price
        draft.currency, draft.prices_include_tax = currency, prices[meaning.part.pk].includes_tax
        draft.lines.append(
            DraftLine(
                index=index,
                position=len(draft.lines) + 1,
                request=line,
                part=meaning.part,
                quantity=meaning.quantity,
                amount=tier.amount,
                per_quantity=tier.per_quantity,
                cover=None,
                card=cards.get(line.repair_card),
                expected_on=line.accept_expected_on,
                core_each=meaning.part.core_in(currency),
            )
        )


def _prices(draft: Draft, parts: set[int]) -> dict[int, PartPrice]:
    """Published prices of the buyer's own list; the house buys at its own list or, without one, at the customers'."""
    buyer = draft.buyer
    kinds = [buyer.kind, CompanyKind.CUSTOMER] if buyer.kind == CompanyKind.HOUSE else [buyer.kind]
    for kind in kinds:
        prices = prices_for(parts, market=buyer.market, kind=kind, discount_class=buyer.discount_class, on=draft.day)
        if prices:
            return prices
    return {}


def _price(prices: dict[int, PartPrice], meaning: Meaning) -> tuple[str, Tier] | None:
    """The tier that counts; where we substitute, the lower price (rules.md section 5): what stands for one old part costs no
    more than that did.
    """
    price = prices.get(meaning.part.pk)
    if price is None:
        return None
    found = [price.at(meaning.quantity)]
    if meaning.instead_of and (old := prices.get(meaning.instead_of.pk)):
        found.append(tier_for_one(old.at(meaning.quantity // meaning.for_one), meaning.for_one))
    return price.currency, min(found, key=lambda one: one.amount / one.per_quantity)


def _cover(draft: Draft) -> None:
    """Decide for all lines at once who pays."""
    requests = [
        CoverRequest(
            key=line.key,
            serial=line.serial or None,
            part_id=line.part.pk,
            quantity=line.quantity,
            failed_on=line.request.failed_on,
            hours=line.request.hours,
            value=line_total(
                line.published_net, per_quantity=line.per_quantity, quantity=line.quantity, currency=draft.currency
            ),
            currency=draft.currency,
            intent=draft.request.type,
            market=draft.buyer.market,
            buyer_kind=draft.buyer.kind,
            company_id=draft.buyer.pk,
            reported_on=_reported(draft, line),
        )
        for line in draft.lines
    ]
    given = Given(parts={line.part.pk: line.part for line in draft.lines})
    verdicts = coverage_decide_many(actor=draft.buyer_actor, requests=requests, now=draft.now, given=given)
    for line in draft.lines:
        line.cover = verdicts[line.key]


def _reported(draft: Draft, line: DraftLine) -> date | None:
    """The failure was told when the repair card was opened."""
    return line.card.opened_at.astimezone(ZoneInfo(draft.buyer.zone)).date() if line.card else None


def _freight(draft: Draft) -> None:
    weight = sum(line.part.weight_g * line.quantity for line in draft.lines)
    day, buyer = draft.day, draft.buyer
    rate = freight_for(market=buyer.market, currency=draft.currency, weight_g=weight, on=day) if draft.lines else None
    draft.freight_rate = rate or Decimal(0)
    draft_amounts(draft)
