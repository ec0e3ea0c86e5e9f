"""The GraphQL the stories speak: what they read of each type, and the signature of each mutation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

MONEY = "{ amount currency }"
PRICE = "{ amount currency perQuantity }"
COVER = "{ payer customerShare needsReview rulesVersion reasons { code message decisive } }"
PROMISE = f"""{{ id policy state offeredAt startedAt promisedAt dueAt warnedAt stoppedAt daysLate
    zone pauses {{ reason cause since until }} lines {{ line {{ id }} quantity }} credits {{ id day amount {MONEY} reversed }} }}"""
ORDER = f"""{{ id number reference storeNumber type state paymentState engineState placedAt paidAt poNumber
    company {{ id name }} hold {{ reason note since }} total {MONEY} creditBalance {MONEY}
    lines {{ id position part {{ number }} quantity publishedPrice {PRICE} unitPrice {MONEY} lineTotal {MONEY}
      fit {{ verdict callout quantity caution }} coverage {COVER} repairCard {{ number }} serial
      holds {{ warehouse quantity expectedOn }} shipped delivered cancelled returned }}
    promises {PROMISE} expectedReturns {{ id line {{ id }} dueOn state }}
    shipments {{ id lines {{ line {{ id }} quantity units }} warehouse carrier trackingNumber shippedAt deliveredAt }}
    payments {{ id method amount {MONEY} receivedAt state }}
    credits {{ id amount {MONEY} reason line {{ id }} day on at reversed }}
    events {{ id at kind actor data }} notices {{ id at kind subject }} }}"""
CARD = """{ id number state fault equipment { serial } call { id } voucher
    lines { part { number } ordered used sentBack payer } orders { number promises { policy state } }
    orderLines { orderNumber company partNumber quantity shipped payer promise { policy state } } }"""
EQUIPMENT = """{ id serial model modelName owner { id name } dealers { id name }
    warranty { status startsOn endsOn hoursLimit } contract { number startsOn endsOn customerShare groups } hours }"""
PART = """{ id number name group genuine stopSale packQuantity minimumQuantity foundAs supersedes { number } supersededBy { number }
    price { amount currency perQuantity kind validFrom } availability { warehouse available expected { date quantity } } }"""
QUOTE = f"""{{ id total {MONEY} expiresAt problems {{ field code message details }}
    promises {{ policy days day }}
    lines {{ position part {{ number }} quantity publishedPrice {PRICE} unitPrice {MONEY} lineTotal {MONEY}
      fit {{ verdict }} coverage {COVER} }} }}"""
STOCK = "{ warehouse onHand held allocatedElsewhere available safetyStock expected { date quantity free } }"
SHIPMENT = "{ id warehouse carrier trackingNumber shippedAt deliveredAt lines { line { id } quantity units } }"
ERRORS = "errors { field code message details }"

# name: (variables, what is read of the object, the object's name in the payload)
MUTATIONS: dict[str, tuple[str, str, str]] = {
    "orderPlace": ("$input: OrderInput!", ORDER, "order"),
    "orderPay": (
        "$order: ID!, $method: PaymentMethod!, $amount: Decimal, $receivedAt: DateTime, $reference: String, $note: String",
        f"{{ id method amount {MONEY} receivedAt state }}",
        "payment",
    ),
    "orderApprove": ("$order: ID!, $note: String", ORDER, "order"),
    "orderCancel": ("$order: ID!, $lines: [ID!], $reason: String!", ORDER, "order"),
    "orderHold": ("$order: ID!, $reason: HoldReason!, $note: String!", ORDER, "order"),
    "orderRelease": ("$order: ID!", ORDER, "order"),
    "shipmentCreate": (
        "$order: ID!, $lines: [ShipmentLineInput!], $carrier: String!, $trackingNumber: String, $warehouse: String, $shippedAt: DateTime, $reference: String",
        SHIPMENT,
        "shipment",
    ),
    "shipmentDeliver": ("$shipment: ID!, $deliveredAt: DateTime, $receivedBy: String", SHIPMENT, "shipment"),
    "shipmentCorrect": (
        "$shipment: ID!, $shippedAt: DateTime, $deliveredAt: DateTime, $evidence: String!",
        SHIPMENT,
        "shipment",
    ),
    "returnCreate": (
        "$order: ID!, $lines: [ReturnLineInput!]!, $reason: ReturnReason!, $reference: String",
        "{ id state }",
        "return",
    ),
    "returnReceive": ("$return: ID!, $quantity: Int, $condition: String", "{ id state dueOn }", "return"),
    "stockAdjust": (
        "$partNumber: String!, $warehouse: String!, $change: Int!, $reason: StockReason!, $note: String, $reference: String",
        STOCK,
        "stockLevel",
    ),
    "stockExpect": (
        "$partNumber: String!, $warehouse: String!, $quantity: Int!, $on: Date!, $reference: String",
        STOCK,
        "stockLevel",
    ),
    "stockReceive": (
        "$partNumber: String!, $warehouse: String!, $quantity: Int!, $reference: String",
        STOCK,
        "stockLevel",
    ),
    "equipmentRegister": (
        "$serial: String!, $model: String!, $soldOn: Date, $inServiceOn: Date, $owner: ID, $reference: String",
        EQUIPMENT,
        "equipment",
    ),
    "readingRecord": (
        "$serial: String!, $hours: Int!, $readAt: DateTime, $reference: String",
        "{ id hours }",
        "reading",
    ),
    "repairCallOpen": (
        "$serial: String!, $fault: String!, $contact: String!, $reference: String",
        "{ id }",
        "repairCall",
    ),
    "repairCardOpen": ("$serial: String!, $fault: String!, $call: ID, $reference: String", CARD, "repairCard"),
    "repairCardUse": ("$card: ID!, $parts: [UsedPartInput!]!", CARD, "repairCard"),
    "repairCardConfirm": ("$card: ID!", CARD, "repairCard"),
    "repairCardClose": ("$card: ID!, $minutes: Int!, $note: String", CARD, "repairCard"),
    "coverageReview": ("$line: ID!, $payer: Payer!, $customerShare: Decimal, $note: String!", "{ id }", "line"),
    "noticeRead": ("$notice: ID!", "{ id }", "notice"),
    "clockAdvance": ("$hours: Int!", "", "now"),
}


def mutation(name: str, given: Mapping[str, Any]) -> str:
    """The document of a mutation, with the arguments that are given."""
    signature, selection, key = MUTATIONS[name]
    kinds = dict(re.findall(r"\$(\w+): ([^,]+)", signature))
    head = ", ".join(f"${one}: {kinds[one]}" for one in given)
    arguments = ", ".join(f"{one}: ${one}" for one in given)
    return f"mutation ({head}) {{ {name}({arguments}) {{ {key} {selection} {ERRORS} }} }}"


COVERAGE = f"query ($serial: String!, $partNumber: String!, $quantity: Int, $failedOn: Date, $hours: Int) {{ coverage(serial: $serial, partNumber: $partNumber, quantity: $quantity, failedOn: $failedOn, hours: $hours) {COVER} }}"
ORDER_OF = f"query ($number: String, $reference: String) {{ order(number: $number, reference: $reference) {ORDER} }}"
CARD_OF = f"query ($number: String!) {{ repairCard(number: $number) {CARD} }}"
EQUIPMENT_OF = f"query ($serial: String!) {{ equipment(serial: $serial) {EQUIPMENT} }}"
EQUIPMENTS = f"query ($after: String) {{ equipments(first: 100, after: $after) {{ edges {{ node {EQUIPMENT} }} pageInfo {{ hasNextPage endCursor }} totalCount }} }}"
PART_OF = f"query ($number: String!) {{ part(number: $number) {PART} }}"
FIT_OF = "query ($number: String!, $serial: String!) { part(number: $number) { number fits(serial: $serial) { verdict callout quantity insteadUse { number } caution } } }"
PARTS = f"query ($search: String, $serial: String, $model: String, $category: String, $inStock: Boolean, $first: Int, $after: String) {{ parts(search: $search, serial: $serial, model: $model, category: $category, inStock: $inStock, first: $first, after: $after) {{ edges {{ node {PART} }} pageInfo {{ hasNextPage endCursor }} totalCount }} }}"
QUOTE_OF = f"query ($input: OrderInput!) {{ quote(input: $input) {QUOTE} }}"
STOCK_OF = f"query ($partNumber: String!) {{ stock(partNumber: $partNumber) {STOCK} }}"
