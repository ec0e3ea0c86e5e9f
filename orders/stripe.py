"""Stripe, as far as orders need it: the only module that imports its library.

Answers are frozen values in major units; failures are two: `StripeAway` (ask again later, nothing is known) and
`StripeRefused` (asking again changes nothing). Every write carries an idempotency key, and money moves only on intents
whose id is known, so that after any doubt the truth can be asked for (docs/adr/0045).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from types import ModuleType
from typing import Any

from django.conf import settings

from orders.rules.card_amounts import to_minor
from orders.rules.card_answers import (
    EventTold,
    EventUnread,
    UnreadableError,
    amount_read,
    clean,
    currency_read,
    event_of,
    key_read,
    moment_read,
    name_read,
    part_of,
    word_read,
)
from portal import clock

TIMEOUT = 10  # seconds; a page waits for this
HOLDS = timedelta(days=7)  # how long a bank keeps a reservation when Stripe does not say
ORDER, COMPANY, REFUND = "portal_order", "portal_company", "portal_refund"  # what we write on Stripe's objects
UNDONE = ("failed", "canceled")  # refunds that moved nothing
LET_GO = "partial_capture_reversal"  # how its books call what a partial capture lets go


class StripeAway(Exception):  # noqa: N818  not an error of ours
    """Stripe cannot be asked now, or did not say what became of it."""


class StripeRefused(Exception):  # noqa: N818
    """Stripe will not do it; `code` says why, in Stripe's words or the bank's."""

    def __init__(self, code: str, message: str = "") -> None:
        self.code = code
        super().__init__(f"{code}: {message}")


class StripeUnread(StripeRefused):
    """What it said cannot be read, and will not be the next time: `code` is `unread:` and the part (portal/webhooks/words.py)."""


@dataclass(frozen=True)
class RefundTold:
    """Money given back; `ours` is the key of our own row, None when it was made elsewhere."""

    id: str
    amount: Decimal
    status: str
    ours: int | None


@dataclass(frozen=True)
class IntentTold:
    """A PaymentIntent as Stripe has it at this moment; `order` and `company` are what it was bound to."""

    id: str
    secret: str
    status: str
    currency: str
    amount: Decimal
    captured: Decimal
    order: str
    company: str
    method_id: str = ""
    brand: str = ""
    last4: str = ""
    decline: str = ""
    authorised_at: datetime | None = None
    expires_at: datetime | None = None
    multicapture: bool = False
    refunds: tuple[RefundTold, ...] = ()


@dataclass(frozen=True)
class DisputeTold:
    """A charge disputed by the card's owner."""

    id: str
    intent_id: str
    amount: Decimal
    currency: str
    reason: str
    status: str
    opened_at: datetime
    evidence_by: datetime | None


def cards_offered() -> bool:
    """Is there a Stripe to pay at?"""
    return bool(settings.STRIPE_SECRET_KEY)


def cards_are_test() -> bool:
    """Is it a demo's own fake? Never outside a demo, whatever the environment says."""
    return settings.DEMO and bool(settings.STRIPE_TEST_SERVER)


def customer_create(*, company_id: int, name: str) -> str:
    """Stripe's name for a company."""
    params = {"name": name, "metadata": {COMPANY: str(company_id)}}
    return _asked(lambda: _v1().customers.create(params, _key(f"company:{company_id}:{name}")))["id"]


def intent_create(
    *, amount: Decimal, currency: str, order: str, company_id: int, customer_id: str, renewal: bool, key: str
) -> IntentTold:
    """An intent of that sum, bound to the order and its buyer; it holds no money until a card is given.

    The card is saved for a `renewal` of this order's reservation, which the payment page says.
    """
    options = {"request_multicapture": "if_available", "request_extended_authorization": "if_available"}
    options |= {} if renewal else {"setup_future_usage": "off_session"}
    params = {
        "amount": to_minor(amount, currency),
        "currency": currency.lower(),
        "customer": customer_id,
        "capture_method": "manual",
        "payment_method_types": ["card"],
        "payment_method_options": {"card": options},
        "metadata": {ORDER: order, COMPANY: str(company_id)},
    }
    told = _asked(lambda: _v1().payment_intents.create(params, _key(key)))
    with _reading():
        return _intent(told)


def intent_get(intent_id: str, *, refunded: bool = False) -> IntentTold:
    """The truth about an intent, with its refunds. Raises StripeRefused when there is none of that id.

    `refunded`: we know of some, so they are asked for even where the charge counts none (any more): one that the bank undid
    is taken out of that count.
    """
    params = {"expand": ["latest_charge", "payment_method"]}
    told = _asked(lambda: _v1().payment_intents.retrieve(intent_id, params))
    with _reading():
        some = refunded or part_of(told.get("latest_charge")).get("amount_refunded")
        return _intent(told, _refunds(told) if some else ())


def intent_confirm(intent_id: str, *, method_id: str, key: str) -> None:
    """Reserve the sum on a saved card without the buyer. What came of it is to be asked: a refusal says no more than that."""
    _asked(lambda: _v1().payment_intents.update(intent_id, {"payment_method": method_id}, _key(f"{key}:card")))
    # localstripe knows no parameters here; they matter to the bank alone, which then asks the buyer for nothing
    params = {} if settings.STRIPE_TEST_SERVER else {"off_session": True}
    _asked(lambda: _v1().payment_intents.confirm(intent_id, params, _key(f"{key}:confirm")))


def intent_capture(intent_id: str, *, amount: Decimal, currency: str, final: bool, key: str) -> None:
    """Take `amount` of what is reserved; unless `final` the rest stays reserved."""
    params: dict[str, Any] = {"amount_to_capture": to_minor(amount, currency)}
    if not final:
        params["final_capture"] = False
    _asked(lambda: _v1().payment_intents.capture(intent_id, params, _key(key)))


def intent_cancel(intent_id: str, *, key: str) -> None:
    """Let go what is reserved and not taken."""
    _asked(lambda: _v1().payment_intents.cancel(intent_id, {}, _key(key)))


def refund_create(intent_id: str, *, amount: Decimal, currency: str, ours: int) -> None:
    """Give money back to the card; `ours` is the key of our row, by which it is known again."""
    params = {"payment_intent": intent_id, "amount": to_minor(amount, currency), "metadata": {REFUND: str(ours)}}
    _asked(lambda: _v1().refunds.create(params, _key(f"refund:{ours}")))


def dispute_get(dispute_id: str) -> DisputeTold:
    """The truth about a dispute."""
    told = _asked(lambda: _v1().disputes.retrieve(dispute_id))
    with _reading():
        due, currency = part_of(told.get("evidence_details")).get("due_by"), currency_read(told["currency"])
        return DisputeTold(
            id=name_read(told["id"]),
            intent_id=name_read(told.get("payment_intent"), needed=False),
            amount=amount_read(told["amount"], currency, least=1),
            currency=currency,
            reason=word_read(told.get("reason") or "", most=60),
            status=word_read(told["status"], most=40),
            opened_at=_time(told["created"]),
            evidence_by=_time(due) if due else None,
        )


def event_read(body: bytes, signature: str) -> EventTold:
    """An event from the raw body of a webhook. Raises StripeRefused (`signature`: not from Stripe, or too old), StripeUnread."""
    library = _library()
    try:
        library.WebhookSignature.verify_header(
            body, signature, settings.STRIPE_WEBHOOK_SECRET, settings.STRIPE_WEBHOOK_TOLERANCE
        )
    except (library.SignatureVerificationError, UnicodeDecodeError) as error:
        raise StripeRefused("signature", str(error)) from error
    with _reading():
        return event_of(library.Webhook.construct_event_without_verification(body).to_dict())


def events_since(moment: datetime) -> Iterator[EventTold | EventUnread]:
    """What happened at Stripe since that moment of real time, newest first; it remembers thirty days.

    One that cannot be read keeps nobody from those behind it.
    """
    params = {"created": {"gte": int(moment.timestamp())}, "limit": 100}
    for one in _asked_many(lambda: _v1().events.list(params)):
        try:
            with _reading():
                told: EventTold | EventUnread = event_of(one)
        except StripeUnread as unread:
            told = EventUnread(unread.code, json.dumps(one, sort_keys=True, default=str).encode())
        yield told


def card_of_token(token: str) -> str:
    """The card behind a token of a demo's own form. Raises StripeRefused outside a demo: nobody else's card data comes here."""
    if not cards_are_test():
        raise StripeRefused("test_only")
    return str(_asked(lambda: _v1().tokens.retrieve(token))["card"]["id"])


# --- the library -----------------------------------------------------------------------------------------------------


@cache
def _library() -> ModuleType:
    """Loaded when it is needed first: it takes most of a second, and many processes never need it."""
    import stripe  # noqa: PLC0415

    stripe.enable_telemetry = (
        False  # it would keep a mark in the home folder and tell of this machine with every question
    )
    return stripe


def http_client() -> Any:
    """How Stripe is reached; tests put answers here."""
    return _library().RequestsClient(timeout=TIMEOUT)


@cache
def client(secret: str, server: str) -> Any:
    """Stripe's client with our API version, whatever the account's own is."""
    given: dict[str, Any] = {"base_addresses": {"api": server}} if server else {}
    return _library().StripeClient(
        secret, stripe_version=settings.STRIPE_API_VERSION, http_client=http_client(), max_network_retries=0, **given
    )


def _v1() -> Any:
    return client(settings.STRIPE_SECRET_KEY, settings.STRIPE_TEST_SERVER).v1


def _key(key: str) -> dict[str, str]:
    return {"idempotency_key": f"portal:{key}"}


def _asked(call: Callable[[], Any]) -> dict[str, Any]:
    """The answer as plain data, or one of our two failures."""
    library = _library()
    try:
        answer: dict[str, Any] = call().to_dict()
    except library.CardError as error:
        raise StripeRefused(_decline(error.error) or error.code or "card_declined", str(error)) from error
    except (library.InvalidRequestError, library.IdempotencyError) as error:
        raise StripeRefused(error.code or "invalid", str(error)) from error
    except library.StripeError as error:
        raise StripeAway(str(error)) from error
    return answer


def _asked_many(call: Callable[[], Any]) -> Iterator[dict[str, Any]]:
    library = _library()
    try:
        for one in call().auto_paging_iter():
            yield one.to_dict()
    except library.StripeError as error:
        raise StripeAway(str(error)) from error


# --- what it says ----------------------------------------------------------------------------------------------------


@contextmanager
def _reading() -> Iterator[None]:
    """Whatever is not as it should be is one failure, which asking again does not mend."""
    try:
        yield
    except UnreadableError as error:
        raise StripeUnread(f"unread:{error.what}", str(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        raise StripeUnread("unread:body", repr(error)[:200]) from error


def _intent(told: Mapping[str, Any], refunds: tuple[RefundTold, ...] = ()) -> IntentTold:
    currency, about = currency_read(told["currency"]), part_of(told.get("metadata"))
    charge, method = part_of(told.get("latest_charge")), part_of(told.get("payment_method"))
    facts = part_of(part_of(charge.get("payment_method_details")).get("card"))
    shown = facts or part_of(method.get("card")) or method
    granted = charge.get("status") == "succeeded"
    at = _time(charge["created"]) if granted else None
    before, company = facts.get("capture_before"), about.get(COMPANY, "")
    amount, captured = amount_read(told["amount"], currency), _captured(told, charge, currency)
    if sum(one.amount for one in refunds if one.status not in UNDONE) > captured:
        raise UnreadableError("amount", (amount, captured, refunds))
    return IntentTold(
        id=name_read(told["id"]),
        secret=str(told.get("client_secret") or ""),
        status=word_read(told["status"], most=40),
        currency=currency,
        amount=amount,
        captured=captured,
        order=clean(str(about.get(ORDER, "")))[:80],
        company=company if key_read(company) is not None else "",
        method_id=name_read(told.get("payment_method"), needed=False),
        brand=clean(str(shown.get("brand") or ""))[:30],
        last4=clean(str(shown.get("last4") or ""))[:4],
        decline=_decline(told.get("last_payment_error")),
        authorised_at=at,
        expires_at=_time(before) if before else (at + HOLDS if at else None),
        multicapture=part_of(facts.get("multicapture")).get("status") == "available",
        refunds=refunds,
    )


def _captured(told: Mapping[str, Any], charge: Mapping[str, Any], currency: str) -> Decimal:
    """`amount_received`; localstripe does not tell it, but books what a partial capture lets go as a refund of the charge alone."""
    if "amount_received" in told:
        return amount_read(told["amount_received"], currency)
    if not charge.get("captured"):
        return Decimal(0)
    let_go = sum(one["amount"] for one in charge["refunds"]["data"] if one["payment_intent"] is None)
    return amount_read(told["amount"] - let_go, currency)


def _refunds(told: Mapping[str, Any]) -> tuple[RefundTold, ...]:
    """Refunds of an intent, oldest first, without the one by which a partial capture lets the rest go: no money came back with it."""
    params: dict[str, Any] = {"payment_intent": told["id"], "limit": 100}
    if not settings.STRIPE_TEST_SERVER:  # localstripe books no balance, and names no intent on what a capture lets go
        params["expand"] = ["data.balance_transaction"]
    rows = sorted(_asked_many(lambda: _v1().refunds.list(params)), key=lambda one: moment_read(one["created"]))
    found, currency = [], currency_read(told["currency"])
    for one in rows:
        booked = one.get("balance_transaction")
        kind = booked.get("reporting_category") if isinstance(booked, Mapping) else ""
        if one.get("payment_intent") is None or kind == LET_GO:
            continue
        ours = key_read(part_of(one.get("metadata")).get(REFUND))
        amount = amount_read(one["amount"], currency, least=1)
        found.append(RefundTold(name_read(one["id"]), amount, word_read(one["status"], most=40), ours))
    return tuple(found)


def _decline(error: Any) -> str:
    """The bank's own reason, or else what Stripe made of it."""
    said = part_of(error.to_dict() if hasattr(error, "to_dict") else error)
    return clean(str(said.get("decline_code") or said.get("code") or ""))[:60]


def _time(seconds: Any) -> datetime:
    """Stripe's time as business has it: a demo's clock may be ahead of the world's."""
    return clock.business(moment_read(seconds))
