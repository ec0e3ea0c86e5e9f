"""Stripe, as far as orders need it: the only module that imports its library.

Answers are frozen values in major units; failures are two: `StripeAway` (ask again later, nothing is known) and
`StripeRefused` (asking again changes nothing). Every write carries an idempotency key, and money moves only on intents
whose id is known, so that after any doubt the truth can be asked for (docs/adr/0045).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from types import ModuleType
from typing import Any

from django.conf import settings

from orders.rules.card_amounts import from_minor, to_minor
from portal import clock

TIMEOUT = 10  # seconds; a page waits for this
HOLDS = timedelta(days=7)  # how long a bank keeps a reservation when Stripe does not say
ORDER, COMPANY, REFUND = "portal_order", "portal_company", "portal_refund"  # what we write on Stripe's objects
LET_GO = "partial_capture_reversal"  # how its books call what a partial capture lets go


class StripeAway(Exception):  # noqa: N818  not an error of ours
    """Stripe cannot be asked now, or did not say what became of it."""


class StripeRefused(Exception):  # noqa: N818
    """Stripe will not do it; `code` says why, in Stripe's words or the bank's."""

    def __init__(self, code: str, message: str = "") -> None:
        self.code = code
        super().__init__(f"{code}: {message}")


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
    reason: str
    status: str
    opened_at: datetime
    evidence_by: datetime | None


@dataclass(frozen=True)
class EventTold:
    """Something that happened at Stripe: its kind, and the object it is about."""

    id: str
    kind: str
    at: datetime
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def intent_id(self) -> str:
        """The PaymentIntent it is about, empty when none."""
        found = (
            self.about.get("id") if self.about.get("object") == "payment_intent" else self.about.get("payment_intent")
        )
        return _id(found)

    @property
    def dispute_id(self) -> str:
        """The dispute it is about, empty when none."""
        return _id(self.about) if self.about.get("object") == "dispute" else ""


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
    return _intent(_asked(lambda: _v1().payment_intents.create(params, _key(key))))


def intent_get(intent_id: str, *, refunded: bool = False) -> IntentTold:
    """The truth about an intent, with its refunds. Raises StripeRefused when there is none of that id.

    `refunded`: we know of some, so they are asked for even where the charge counts none (any more): one that the bank undid
    is taken out of that count.
    """
    params = {"expand": ["latest_charge", "payment_method"]}
    told = _asked(lambda: _v1().payment_intents.retrieve(intent_id, params))
    charge = told.get("latest_charge")
    some = refunded or (isinstance(charge, Mapping) and charge.get("amount_refunded"))
    refunds = _refunds(told) if some else ()
    return _intent(told, refunds)


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
    due = (told.get("evidence_details") or {}).get("due_by")
    amount = from_minor(told["amount"], told["currency"].upper())
    return DisputeTold(
        told["id"], _id(told.get("payment_intent")), amount, told.get("reason") or "", told["status"],
        _time(told["created"]), _time(due) if due else None,
    )  # fmt: skip


def event_read(body: bytes, signature: str) -> EventTold:
    """An event from the raw body of a webhook. Raises StripeRefused (`signature`: not from Stripe, or too old; `malformed`)."""
    library = _library()
    try:
        library.WebhookSignature.verify_header(
            body, signature, settings.STRIPE_WEBHOOK_SECRET, settings.STRIPE_WEBHOOK_TOLERANCE
        )
    except (library.SignatureVerificationError, UnicodeDecodeError) as error:
        raise StripeRefused("signature", str(error)) from error
    try:
        return _event(library.Webhook.construct_event_without_verification(body).to_dict())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StripeRefused("malformed", str(error)) from error


def events_since(moment: datetime) -> Iterator[EventTold]:
    """What happened at Stripe since that moment of real time, newest first; it remembers thirty days."""
    params = {"created": {"gte": int(moment.timestamp())}, "limit": 100}
    for one in _asked_many(lambda: _v1().events.list(params)):
        yield _event(one)


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


def _intent(told: Mapping[str, Any], refunds: tuple[RefundTold, ...] = ()) -> IntentTold:
    currency = told["currency"].upper()
    charge = told["latest_charge"] if isinstance(told.get("latest_charge"), Mapping) else {}
    facts = (charge.get("payment_method_details") or {}).get("card") or {}
    method = told["payment_method"] if isinstance(told.get("payment_method"), Mapping) else {}
    shown = facts or method.get("card") or method
    granted = charge.get("status") == "succeeded"
    at = _time(charge["created"]) if granted else None
    before = facts.get("capture_before")
    return IntentTold(
        id=told["id"],
        secret=told.get("client_secret") or "",
        status=told["status"],
        currency=currency,
        amount=from_minor(told["amount"], currency),
        captured=_captured(told, charge, currency),
        order=str(told.get("metadata", {}).get(ORDER, "")),
        company=str(told.get("metadata", {}).get(COMPANY, "")),
        method_id=_id(told.get("payment_method")),
        brand=str(shown.get("brand") or "")[:30],
        last4=str(shown.get("last4") or "")[:4],
        decline=_decline(told.get("last_payment_error")),
        authorised_at=at,
        expires_at=_time(before) if before else (at + HOLDS if at else None),
        multicapture=(facts.get("multicapture") or {}).get("status") == "available",
        refunds=refunds,
    )


def _captured(told: Mapping[str, Any], charge: Mapping[str, Any], currency: str) -> Decimal:
    """`amount_received`; localstripe does not tell it, but books what a partial capture lets go as a refund of the charge alone."""
    if "amount_received" in told:
        return from_minor(told["amount_received"], currency)
    if not charge.get("captured"):
        return Decimal(0)
    let_go = sum(one["amount"] for one in charge["refunds"]["data"] if one["payment_intent"] is None)
    return from_minor(told["amount"] - let_go, currency)


def _refunds(told: Mapping[str, Any]) -> tuple[RefundTold, ...]:
    """Refunds of an intent, oldest first, without the one by which a partial capture lets the rest go: no money came back with it."""
    params: dict[str, Any] = {"payment_intent": told["id"], "limit": 100}
    if not settings.STRIPE_TEST_SERVER:  # localstripe books no balance, and names no intent on what a capture lets go
        params["expand"] = ["data.balance_transaction"]
    rows = sorted(_asked_many(lambda: _v1().refunds.list(params)), key=lambda one: one["created"])
    found = []
    for one in rows:
        booked = one.get("balance_transaction")
        kind = booked.get("reporting_category") if isinstance(booked, Mapping) else ""
        if one.get("payment_intent") is None or kind == LET_GO:
            continue
        ours = (one.get("metadata") or {}).get(REFUND, "")
        amount = from_minor(one["amount"], told["currency"].upper())
        found.append(RefundTold(one["id"], amount, one["status"], int(ours) if ours.isdigit() else None))
    return tuple(found)


def _event(told: Mapping[str, Any]) -> EventTold:
    about = told["data"]["object"]
    if not isinstance(about, Mapping):
        raise TypeError("an event about nothing")
    return EventTold(str(told["id"]), str(told["type"]), datetime.fromtimestamp(int(told["created"]), UTC), dict(about))


def _decline(error: Any) -> str:
    """The bank's own reason, or else what Stripe made of it."""
    said = error.to_dict() if hasattr(error, "to_dict") else dict(error or {})
    return str(said.get("decline_code") or said.get("code") or "")[:60]


def _id(found: Any) -> str:
    return str(found["id"] if isinstance(found, Mapping) else found or "")


def _time(seconds: int) -> datetime:
    """Stripe's time as business has it: a demo's clock may be ahead of the world's."""
    return clock.business(datetime.fromtimestamp(int(seconds), UTC))
