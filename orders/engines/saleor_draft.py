"""An order of ours as a draft of Saleor, and back. Words of Saleor, no calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from orders.rules.addresses import address_judge
from orders.rules.store_order import alike, content_mark, piece_price
from portal.engine import EngineLine, EngineOrder

DRAFT = "DRAFT"  # the status of an order that is none yet
AT_ONCE = 3  # lines spoken of in one request: Saleor takes four mutations, the last one is more than words
PREFIX = "portal."
POSITION = f"{PREFIX}position"  # of a line: where it stands in our order
CONTENT = f"{PREFIX}content"  # of an order, private: which content the draft was made of
TRYING = f"{PREFIX}completing-until"  # of an order, private: somebody may be completing it until then
ROUNDING = "Rounding: the portal rounds once a line"
DECIMALS = "{:f}"
Said = tuple[str, list[dict[str, str]]]  # a line's id there, and the metadata it is to have


@dataclass(frozen=True)
class Ids:
    """What things of ours are called in the store: parts by their key."""

    channel: str
    method: str
    variants: Mapping[str, str]


def draft_input(order: EngineOrder, ids: Ids, until: datetime) -> dict[str, Any]:
    """`DraftOrderCreateInput` of the order, which somebody may be completing `until` then."""
    address = address_input(order)
    return {
        "channelId": ids.channel,
        "externalReference": order.key,
        "userEmail": order.email,
        "shippingAddress": address,
        "billingAddress": address,
        "shippingMethod": ids.method,
        "metadata": metadata(order_facts(order)),
        "privateMetadata": metadata({CONTENT: content_mark(order), TRYING: until.isoformat()}),
        "lines": [
            {
                "variantId": ids.variants[line.part],
                "quantity": line.quantity,
                "price": price(order, line),
                "forceNewLine": True,  # else the last price counts for all lines of the part
            }
            for line in order.lines
        ],
    }


def address_input(order: EngineOrder) -> dict[str, Any]:
    """The buyer's address as its country writes it; what does not fit the country's lists is sent unchecked (docs/adr/0071)."""
    given = order.deliver_to
    found, _ = address_judge(given)
    if found is None:  # of an order older than the check: as it is
        names = {"street": "streetAddress1", "city": "city", "postalCode": "postalCode", "region": "countryArea", "country": "country"}  # fmt: skip
        fields = {theirs: given.get(ours, "") for ours, theirs in names.items()}
    else:
        fields = {
            "streetAddress1": found.street, "streetAddress2": found.city_typed, "city": found.city,
            "postalCode": found.postal_code, "countryArea": found.region, "country": found.country,
        }  # fmt: skip
    checked = found is not None and found.exact
    return {"firstName": given.get("name", ""), "companyName": order.company[:256], "skipValidation": not checked, **fields}  # fmt: skip


def price(order: EngineOrder, line: EngineLine) -> str:
    """What one piece costs there."""
    return DECIMALS.format(piece_price(line.gross, line.quantity, order.currency)[0])


def rounding(order: EngineOrder) -> Decimal:
    """By how much the prices per piece add up to too much."""
    return sum((piece_price(one.gross, one.quantity, order.currency)[1] for one in order.lines), Decimal(0))


def order_facts(order: EngineOrder) -> dict[str, str]:
    """What Saleor has no field for: whose order it is, and the tax that is in its prices."""
    phone, note = order.deliver_to.get("phone", ""), order.deliver_to.get("note", "")
    net = order.total - order.tax
    told = {
        "order": order.number, "company": order.company, "net": DECIMALS.format(net), "tax": DECIMALS.format(order.tax),
        "total": DECIMALS.format(order.total), "phone": phone, "delivery-note": note, **order.facts,
    }  # fmt: skip
    return {f"{PREFIX}{key}": value for key, value in told.items() if value}


def line_facts(line: EngineLine) -> dict[str, str]:
    """What Saleor has no field for: position, who pays, repair card, serial, tax, and the shelves we hold the pieces on."""
    holds = ", ".join(f"{warehouse} {pieces}" for warehouse, pieces in sorted(line.holds.items()))
    told = {
        "net": DECIMALS.format(line.net), "tax": DECIMALS.format(line.tax), "tax-rate": DECIMALS.format(line.tax_rate),
        "holds": holds, "waiting": str(line.waiting) if line.waiting else "", **line.facts,
    }  # fmt: skip
    return {POSITION: str(line.position), **{f"{PREFIX}{key}": value for key, value in told.items() if value}}


def metadata(facts: Mapping[str, str]) -> list[dict[str, str]]:
    """`[MetadataInput!]`."""
    return [{"key": key, "value": value} for key, value in facts.items()]


def at_once(said: Sequence[Said], spare: str) -> dict[str, Any]:
    """Variables of a document that speaks of up to three lines; `spare` is an id that stands where there are fewer."""
    asked: dict[str, Any] = {}
    for place, letter in enumerate("abc"):
        line_id, facts = said[place] if place < len(said) else (spare, [])
        asked |= {letter: line_id, f"{letter}Facts": facts, f"has{letter.upper()}": place < len(said)}
    return asked


def values(rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Metadata as it is read."""
    return {row["key"]: row["value"] for row in rows}


def lines_there(order: EngineOrder, ids: Ids, draft: Mapping[str, Any]) -> dict[int, Mapping[str, Any]] | None:
    """Our position to the draft's line. None: not our lines, or not they alone."""
    found = lines_known(order, ids, draft)
    return found if len(found) == len(order.lines) == len(draft["lines"]) else None


def lines_known(order: EngineOrder, ids: Ids, draft: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
    """Our position to the store's line, as far as they are known; those that say their position are taken at their word."""
    rows = {line["id"]: line for line in draft["lines"]}
    said = {values(line["metadata"]).get(POSITION): line["id"] for line in draft["lines"]}
    known = {line.position: said[str(line.position)] for line in order.lines if str(line.position) in said}
    ours = [
        (line.position, (ids.variants[line.part], line.quantity, Decimal(price(order, line))))
        for line in order.lines
        if line.position not in known
    ]
    taken = set(known.values())
    theirs = [
        (line["id"], ((line["variant"] or {}).get("id"), line["quantity"], Decimal(str(line["unitPrice"]["gross"]["amount"]))))
        for line in draft["lines"]
        if line["id"] not in taken
    ]  # fmt: skip
    return {position: rows[store_id] for position, store_id in {**known, **alike(ours, theirs)}.items()}
