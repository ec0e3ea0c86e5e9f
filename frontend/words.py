"""Words of the pages for what services record as codes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from frontend.formats import money
from orders.selectors.choices import HOLD_REASONS, PAYMENT_METHODS, RETURN_REASONS

Words = Mapping[str, Promise | str]

EVENTS: Words = {
    "placed": _("Ordered"),
    "cleared": _("Cleared to ship"),
    "paid": _("Payment received"),
    "card.authorised": _("Card accepted, the sum is reserved"),
    "card.captured": _("Card charged"),
    "card.refund": _("Refund to the card wanted"),
    "card.released": _("Card released, not charged"),
    "card.refunded": _("Given back to the card"),
    "card.foreign": _("A card payment that is not this order's was refused"),
    "card.disputed": _("Charge disputed at the bank"),
    "method": _("Way of paying changed"),
    "link.made": _("Tracking link made"),
    "link.withdrawn": _("Tracking link withdrawn"),
    "approved": _("Credit approved"),
    "company.approved": _("Approved by a colleague of the buyer"),
    "held": _("Held back"),
    "released": _("Released"),
    "shipped": _("Handed to the carrier"),
    "unshipped": _("Hand-over undone: the goods are here"),
    "tracked": _("Tracking number recorded"),
    "delivered": _("Delivered"),
    "corrected": _("Times corrected by proof"),
    "cancelled": _("Cancelled"),
    "reviewed": _("Cover decided"),
    "filled": _("Awaited pieces arrived"),
    "return.announced": _("Return announced"),
    "return.received": _("Return received"),
    "core.reminded": _("Asked for the old units"),
    "core.kept": _("Core deposit kept: not come in time"),
    "credit": _("Credit for late days"),
    "credit.used": _("Paid with credit"),
    "refunded": _("Money paid back"),
    "transfer.reminded": _("Asked for the transfer"),
    "card.reminded": _("Asked for the card"),
    "transfer.partly": _("Paid in part, a person decides"),
    "dunned": _("Reminded of what is due"),
    "credit_stop": _("Overdue beyond the account's grace"),
    "credits.reversed": _("Credit taken back by proof"),
    "engine.accepted": _("Confirmed by the store"),
    "engine.refused": _("Refused by the store"),
    "refusal.settled": _("What the store refused was settled"),
    "readdressed": _("Delivery address corrected"),
}
# Of the page about the store: what looks through it, what waits for it, where the books differ.
SWEEPS: Words = {"catalogue": _("Parts, prices and stock"), "orders": _("Orders")}
MESSAGES: Words = {
    "order.submit": _("orders to confirm"),
    "order.mirror": _("orders of which something happened here"),
    "order.look": _("orders of which something happened there"),
    "stock.tell": _("movements of stock to tell"),
    "store.check": _("a look how it is"),
    "variant.look": _("parts that changed there"),
}
DIFFERENCES: Words = {
    "order": _("Order"),
    "order.missed": _("Order, missed and mended"),
    "part.gone": _("Part deleted there"),
    "part.push": _("Part refused there"),
    "part.stopped": _("Part stopped here, sold there"),
    "part.unknown": _("Part nobody knows here"),
    "price.currency": _("Price in another currency"),
    "price.decimals": _("Price with too many decimals"),
    "price.nothing": _("Price of nothing"),
    "stock.doubt": _("Stock in doubt"),
    "stock.held": _("Stock below what orders hold"),
}
# Why an order is not handed over yet, on the page of what the store refused.
TROUBLES: Words = {
    "STORE_AWAY": _("The store does not answer. Nothing is to be done here: the order goes by itself when it does."),
    "STORE_DENIED": _("The store does not let us in, or not do this. Whoever looks after it runs saleor_check."),
    "STORE_BROKEN": _("The store broke down over this order. Somebody must look at the store; then it goes by itself."),
    "STORE_REFUSED": _(
        "The store did not accept what it was told. Somebody must look at it; then the order goes by itself."
    ),
    "STORE_NOT_CONNECTED": _("No store is connected, or its key is lost. Whoever looks after it runs saleor_connect."),
    "STORE_BEHIND": _("The store lacks pieces that came in here, and is told of them first. Then the order goes."),
    "ORDER_BUSY": _("Somebody else was at this order in that moment. It goes with the next attempt."),
    "PORTAL_FAULT": _("The portal itself failed over this order. Somebody must look at its log."),
}
STORE_FACTS: Words = {
    "SHIPPED": _("Handed over there"),
    "UNSHIPPED": _("Hand-over undone there"),
    "TRACKED": _("Tracking number changed there"),
    "RETURNED": _("Returned there"),
    "CANCELLED": _("Cancelled there"),
    "PAID": _("Paid there"),
    "REFUNDED": _("Given back there"),
}
KNOCKS: Words = {"webhook": _("event"), "registration": _("registration")}
PAYERS: Words = {
    "PAID": pgettext_lazy("who pays", "paid"),
    "CONTRACT": _("under contract"),
    "WARRANTY": pgettext_lazy("who pays", "free of charge"),
    "INTERNAL": _("internal"),
}
PAYER_TONES = {"PAID": "", "CONTRACT": "accent", "WARRANTY": "ok", "INTERNAL": "accent"}
FITS: Words = {"FITS": _("fits"), "DOES_NOT_FIT": _("does not fit"), "UNKNOWN": _("fit not known")}
FIT_TONES = {"FITS": "ok", "DOES_NOT_FIT": "bad", "UNKNOWN": ""}
FOUND_AS: Words = {
    "OLD": _("replaces"),
    "FOREIGN": _("other maker's number"),
    "NEAR": _("similar number"),
    "AMBIGUOUS": _("one of several"),
}
WARRANTY: Words = {
    "ACTIVE": _("in warranty"),
    "EXPIRED": _("warranty ended"),
    "NOT_STARTED": _("not in service yet"),
    "NONE": _("no warranty"),
}
WARRANTY_TONES = {"ACTIVE": "ok", "EXPIRED": "", "NOT_STARTED": "accent", "NONE": ""}
ORDER_TONES = {
    "AWAITING_REVIEW": "warn",
    "AWAITING_APPROVAL": "warn",
    "AWAITING_PAYMENT": "warn",
    "READY": "accent",
    "PARTLY_SHIPPED": "accent",
    "SHIPPED": "ok",
    "DELIVERED": "ok",
    "CANCELLED": "",
}
FOUND_BY: Words = {
    "NUMBER": _("order"),
    "PO": _("the buyer’s order number"),
    "STORE": _("the store’s number"),
    "TRACKING": _("tracking number"),
    "SHIPMENT": _("shipment"),
}
HOLD_FREES: Words = {
    "BAD_ADDRESS": _("Ask the buyer for the right address; lift the hold when it is settled."),
    "CREDIT_STOP": _("The account goes on when what is overdue is paid; accounting lifts the hold then."),
    "PAYMENT_LAPSED": _(
        "It ends by itself when the buyer’s card covers the order again, or the order is paid by transfer."
    ),
    "CUSTOMER_ASKED": _("The buyer says when; lift it then. The promise goes on with the days it had left."),
    "OUT_OF_STOCK": _(
        "Goods in fill the order in its turn; lift the hold when they lie on the shelf. The promise runs on."
    ),
    "PICKING_ERROR": _("Count the shelf and correct the level, pick anew, then lift the hold. The promise runs on."),
    "CUSTOMS": _("Lift it when customs let the goods go; keep their paper as evidence."),
    "FORCE_MAJEURE": _("Lift it when the way is open again."),
}
HOLD_CAUSES: Words = {
    "CUSTOMER": _("the buyer’s cause: the promise is paused"),
    "OURS": _("our cause: the promise runs on"),
    "NEITHER": _("nobody’s cause: the promise is paused, by the evidence"),
}
BREAKS: Words = {
    **dict(HOLD_REASONS),
    "MOVED": _("awaited goods came later than expected"),
    "REFUSED": _("the store refused the order first"),
    "NONE": _("no reason was recorded"),
}
LEVELS: Words = {
    "reorder": _("at the reorder point"),
    "safety": _("below safety stock"),
    "none": _("none free"),
    "coming": _("on their way"),
}
REORDER: Words = {
    "WAITING": _("buyers wait, and nothing is on its way for them"),
    "SAFETY": _("less is free than the safety stock"),
    "POINT": _("what is free and on its way has come down to the reorder point"),
}
REORDER_TONES = {"WAITING": "bad", "SAFETY": "warn", "POINT": ""}
REQUEST_TONES = {"WAITING": "warn", "APPROVED": "ok", "SENT_BACK": "bad", "WITHDRAWN": ""}
CARD_TONES = {"OPEN": "accent", "WORKING": "accent", "CONFIRMED": "warn", "CLOSED": "ok", "VOID": ""}
TAX_NOTES: Words = {
    "REVERSE_CHARGE": _(
        "No tax: delivery to a company of another member state, which accounts for it (reverse charge)."
    ),
    "EXPORT": _("No tax: the goods leave the tax area (export)."),
    "NUMBER_FAILED": _("Your tax number is not one of its country, so tax is charged. Ask your contact to correct it."),
    "NUMBER_UNCONFIRMED": _("Your tax number is not confirmed yet, so tax is charged. Ask your contact to confirm it."),
}
# An order as its receiver follows it: what waits for money or a decision is between buyer and house.
TRACKED_STATES: Words = {
    "AWAITING_REVIEW": _("being prepared"),
    "AWAITING_APPROVAL": _("being prepared"),
    "AWAITING_PAYMENT": _("being prepared"),
    "READY": _("being prepared"),
    "PARTLY_SHIPPED": _("partly on its way"),
    "SHIPPED": _("on its way"),
    "DELIVERED": _("delivered"),
    "CANCELLED": _("cancelled"),
}
MEMBER_ROLES: Words = {"BUYER": _("orders"), "COMPANY_ADMIN": _("keeps people and limits")}
SUPERSESSION_MODES: Words = {
    "USE_UP": _("use up the old part first"),
    "RUN_IN": _("both may be used"),
    "NEVER_MIX": _("never mix both on one machine"),
}

IMPORT_TONES = {
    "PREPARING": "",
    "PREPARED": "accent",
    "APPLYING": "warn",
    "APPLIED": "ok",
    "REVERTING": "warn",
    "REVERTED": "",
    "DISCARDED": "",
}
IMPORT_PHASES: Words = {
    "": _("Starting"),
    "READING": _("Reading"),
    "JUDGING": _("Comparing with the catalogue"),
    "APPLYING": _("Applying"),
    "COUNTING": _("Counting words for search"),
    "REVERTING": _("Taking back"),
}
ENCODINGS: Words = {
    "cp949": _("Korean (cp949)"),
    "cp932": _("Japanese (cp932)"),
    "euc_jp": _("Japanese (euc_jp)"),
    "cp1252": _("Western (cp1252)"),
    "cp1250": _("Central European (cp1250)"),
    "cp1251": _("Cyrillic (cp1251)"),
    "gb18030": _("Simplified Chinese (gb18030)"),
    "big5": _("Traditional Chinese (big5)"),
}

_TOLD = {
    "shipped": ("carrier", "shipment"),
    "delivered": ("shipment",),
    "unshipped": ("shipment", "reason"),
    "tracked": ("shipment", "trackingNumber"),
    "paid": ("method", "amount"),
    "method": ("method",),
    "card.authorised": ("amount",),
    "card.captured": ("amount",),
    "card.refund": ("amount", "reason"),
    "card.released": ("amount",),
    "card.refunded": ("amount",),
    "card.disputed": ("amount", "status"),
    "credit": ("amount",),
    "credit.used": ("amount",),
    "refunded": ("amount",),
    "cancelled": ("reason",),
    "corrected": ("evidence",),
    "approved": ("note",),
    "company.approved": ("note",),
    "held": ("reason",),
    "return.announced": ("reason",),
}


# What the program itself writes as the reason of an entry; of a core deposit the kind says all.
_ENTRY_REASONS: Words = {
    **dict(RETURN_REASONS),
    "core": "",
    "rounding": _("The last decimal, which no card takes"),
    "card REFUNDED": EVENTS["card.refunded"],
    "card REFUND_FAILED": _("The bank could not give it back to the card"),
    "card DISPUTED": EVENTS["card.disputed"],
    "card DISPUTE_WON": _("The dispute at the bank was won"),
    "card DISPUTE_LOST": _("The dispute at the bank was lost"),
}


def entry_reason(reason: str) -> str:
    """Why an entry was written: a code in words, or what somebody typed."""
    return str(_ENTRY_REASONS.get(reason, reason))


_CHOICES = {
    "method": dict(PAYMENT_METHODS),
    "reason": dict([*HOLD_REASONS, *RETURN_REASONS, ("NOT_PAID", _("the transfer did not come"))]),
}


def event_note(kind: str, data: Mapping[str, Any], currency: str) -> str:
    """What a history row adds to its kind."""
    return " · ".join(_told(name, data[name], currency) for name in _TOLD.get(kind, ()) if data.get(name))


def _told(name: str, value: Any, currency: str) -> str:
    if name == "amount":
        return money(Decimal(str(value)), currency)
    return str(_CHOICES.get(name, {}).get(value, value))
