"""Stripe's side at the HTTP layer: what localstripe lacks (idempotency keys, several captures, disputes, lost answers, being away).

The real library speaks to it; only the socket is replaced. It keeps state, so that it can refuse what Stripe refuses.
"""

from __future__ import annotations

import itertools
import json
import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import stripe

Thing = dict[str, Any]


class RefusedError(Exception):
    """An error answer."""

    def __init__(self, status: int, **error: Any) -> None:
        self.status, self.error = status, {"type": "invalid_request_error", **error}


class StripeAnswers(stripe.HTTPClient):
    """`away`: nothing gets through. `lose`: so many answers get lost after the work was done. `multicapture`: what the bank offers."""

    name = "answers"

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        super().__init__()
        self.now = now
        self.away, self.lose, self.multicapture, self.days = False, 0, False, 7.0
        self.refuse: dict[str, str] = {}  # saved card -> the bank's reason
        self.things: dict[str, Thing] = {}
        self.keys: dict[str, tuple[str, tuple[str, int]]] = {}
        self.events: list[Thing] = []
        self.calls: list[str] = []
        self._ids = itertools.count(1)

    # --- the socket --------------------------------------------------------------------------------------------------

    def request(
        self, method: str, url: str, headers: Any, post_data: Any = None, **_: Any
    ) -> tuple[str, int, dict[str, str]]:
        """One request; the same idempotency key again answers the same."""
        if self.away:
            raise stripe.APIConnectionError("no route to host", should_retry=False)
        path, given = urlsplit(url).path, _tree(post_data or urlsplit(url).query)
        self.calls.append(f"{method.upper()} {path}")
        key, asked = headers.get("Idempotency-Key") if method == "post" else None, f"{path} {post_data}"
        if key in self.keys:
            known, answer = self.keys[key]
            if known != asked:
                answer = (json.dumps({"error": {"type": "idempotency_error", "message": key}}), 400)
        else:
            answer = self._answer(method, path, given)
            if key and answer[1] != 500:
                self.keys[key] = (asked, answer)
        if self.lose and method == "post":
            self.lose -= 1
            raise stripe.APIConnectionError("read timed out", should_retry=False)
        return answer[0], answer[1], {}

    def _answer(self, method: str, path: str, given: Thing) -> tuple[str, int]:
        parts = path.removeprefix("/v1/").split("/")
        try:
            name = (
                f"_{method}_{parts[0]}" + ("" if len(parts) == 1 else "_one") + "".join(f"_{one}" for one in parts[2:])
            )
            done = getattr(self, name)(*parts[1:2], **given)
        except RefusedError as refused:
            return json.dumps({"error": refused.error}), refused.status
        return json.dumps(done), 200

    # --- what it keeps -----------------------------------------------------------------------------------------------

    def _make(self, prefix: str, kind: str, **facts: Any) -> Thing:
        thing = {
            "id": f"{prefix}_{next(self._ids)}",
            "object": kind,
            "created": int(self.now()),
            "livemode": False,
            **facts,
        }
        self.things[thing["id"]] = thing
        return thing

    def _get(self, ident: str) -> Thing:
        if ident not in self.things:
            raise RefusedError(404, code="resource_missing", message=f"No such thing: {ident}")
        return self.things[ident]

    def tell(self, kind: str, about: Thing) -> Thing:
        """An event of it."""
        event = self._make("evt", "event", type=kind, data={"object": json.loads(json.dumps(about))})
        self.events.insert(0, event)
        return event

    def intents(self, **facts: Any) -> list[Thing]:
        """The intents with these facts, oldest first."""
        found = [one for one in self.things.values() if one["object"] == "payment_intent"]
        return [one for one in found if all(one[key] == value for key, value in facts.items())]

    # --- requests ----------------------------------------------------------------------------------------------------

    def _post_customers(self, **given: Any) -> Thing:
        return self._make("cus", "customer", **given)

    def _post_payment_intents(self, amount: str, currency: str, metadata: Thing, **given: Any) -> Thing:
        if currency == "kwd" and int(amount) % 10:
            raise RefusedError(400, code="amount_invalid", message="must be a multiple of 10")
        facts = {"amount": int(amount), "currency": currency, "metadata": metadata, "customer": given["customer"]}
        empty = {"amount_received": 0, "latest_charge": None, "payment_method": None, "last_payment_error": None}
        intent = self._make("pi", "payment_intent", **facts, **empty, status="requires_payment_method")
        intent["client_secret"] = f"{intent['id']}_secret_1"
        return intent

    def _get_payment_intents_one(self, ident: str, **given: Any) -> Thing:
        return self._get(ident)

    def _post_payment_intents_one(self, ident: str, payment_method: str, **given: Any) -> Thing:
        self._get(ident)["payment_method"] = payment_method
        return self._get(ident)

    def _post_payment_intents_one_confirm(self, ident: str, **given: Any) -> Thing:
        intent = self._get(ident)
        if intent["status"] != "requires_payment_method":
            raise RefusedError(400, code="payment_intent_unexpected_state", message=intent["status"])
        reason = self.refuse.get(intent["payment_method"], "")
        self.buyer(ident, refuse=reason, card=intent["payment_method"])
        if reason:
            raise RefusedError(402, type="card_error", code="card_declined", decline_code=reason, message="declined")
        return intent

    def _post_payment_intents_one_capture(
        self, ident: str, amount_to_capture: str, final_capture: str = "true", **_: Any
    ) -> Thing:
        intent, amount = self._get(ident), int(amount_to_capture)
        charge = intent["latest_charge"]
        if intent["status"] != "requires_capture":
            raise RefusedError(400, code="payment_intent_unexpected_state", message=intent["status"])
        if not 0 < amount <= intent["amount"] - intent["amount_received"]:
            raise RefusedError(400, code="amount_too_large", message="more than reserved")
        if final_capture == "false" and not self.multicapture:
            raise RefusedError(400, code="parameter_invalid", message="multicapture is not available")
        intent["amount_received"] += amount
        if final_capture != "false":
            intent["status"], charge["captured"] = "succeeded", True
            let_go = intent["amount"] - intent["amount_received"]
            if let_go and not self.multicapture:
                self._refund(intent, let_go, {}, "partial_capture_reversal")
            self.tell("payment_intent.succeeded", intent)
        return intent

    def _post_payment_intents_one_cancel(self, ident: str, **_: Any) -> Thing:
        intent = self._get(ident)
        if intent["status"] in ("succeeded", "canceled"):
            raise RefusedError(400, code="payment_intent_unexpected_state", message=intent["status"])
        intent["status"] = "succeeded" if intent["amount_received"] else "canceled"
        self.tell("payment_intent.canceled", intent)
        return intent

    def _post_refunds(self, payment_intent: str, amount: str, metadata: Thing | None = None, **_: Any) -> Thing:
        intent = self._get(payment_intent)
        given = sum(one["amount"] for one in self.refunds(payment_intent) if one["metadata"])
        if int(amount) > intent["amount_received"] - given:
            raise RefusedError(400, code="charge_already_refunded", message="more than charged")
        return self._refund(intent, int(amount), metadata or {})

    def _refund(self, intent: Thing, amount: int, metadata: Thing, category: str = "refund") -> Thing:
        facts = {"amount": amount, "currency": intent["currency"], "payment_intent": intent["id"]}
        booked = {"object": "balance_transaction", "type": "refund", "reporting_category": category}
        refund = self._make("re", "refund", **facts, status="succeeded", metadata=metadata, balance_transaction=booked)
        intent["latest_charge"]["amount_refunded"] += amount
        self.tell("refund.created", refund)
        return refund

    def refunds(self, intent_id: str) -> list[Thing]:
        """Newest first, as Stripe lists them."""
        found = [
            one for one in self.things.values() if one["object"] == "refund" and one["payment_intent"] == intent_id
        ]
        return found[::-1]

    def _get_refunds(self, payment_intent: str, expand: Thing | None = None, **_: Any) -> Thing:
        told = self.refunds(payment_intent)
        if "data.balance_transaction" not in (expand or {}).values():  # only its id, unless asked for more
            told = [{**one, "balance_transaction": f"txn_{one['id']}"} for one in told]
        return {"object": "list", "data": told, "has_more": False, "url": "/v1/refunds"}

    def _get_disputes_one(self, ident: str, **_: Any) -> Thing:
        return self._get(ident)

    def _get_events(self, created: Thing, **_: Any) -> Thing:
        found = [one for one in self.events if one["created"] >= int(created["gte"])]
        return {"object": "list", "data": found, "has_more": False, "url": "/v1/events"}

    # --- what others do ----------------------------------------------------------------------------------------------

    def buyer(self, ident: str, *, refuse: str = "", card: str = "pm_good", action: bool = False) -> Thing:
        """The buyer gives a card in the browser: the bank reserves, refuses with its reason, or wants 3-D Secure first."""
        intent = self._get(ident)
        assert intent["status"] in ("requires_payment_method", "requires_action"), intent["status"]
        intent["payment_method"] = card
        if action:
            intent["status"] = "requires_action"
            return intent
        facts = {"brand": "visa", "last4": "4242", "capture_before": int(self.now() + self.days * 86400)}
        facts["multicapture"] = {"status": "available" if self.multicapture else "unavailable"}
        charge = self._make(
            "ch", "charge", status="failed" if refuse else "succeeded", amount=intent["amount"], captured=False,
            amount_refunded=0, payment_method_details={"card": facts},
        )  # fmt: skip
        intent["latest_charge"] = charge
        if refuse:
            intent["status"] = "requires_payment_method"
            intent["last_payment_error"] = {"code": "card_declined", "decline_code": refuse}
            self.tell("payment_intent.payment_failed", intent)
        else:
            intent["status"], intent["last_payment_error"] = "requires_capture", None
            self.tell("payment_intent.amount_capturable_updated", intent)
        return intent

    def lapse(self, ident: str) -> Thing:
        """The bank lets a reservation go."""
        return self._post_payment_intents_one_cancel(ident)

    def dashboard_refund(self, ident: str, amount: int) -> Thing:
        """Somebody gives money back in Stripe's dashboard."""
        return self._post_refunds(ident, str(amount), {"by": "hand"})

    def refund_fails(self, ident: str) -> Thing:
        """The bank cannot give it back after all: the money is ours again, and the charge counts it no more."""
        refund = self._get(ident)
        refund["status"] = "failed"
        self._get(refund["payment_intent"])["latest_charge"]["amount_refunded"] -= refund["amount"]
        self.tell("refund.failed", refund)
        return refund

    def dispute(self, ident: str, amount: int, status: str = "needs_response") -> Thing:
        """The card's owner disputes the charge."""
        facts = {
            "amount": amount,
            "currency": self._get(ident)["currency"],
            "payment_intent": ident,
            "reason": "fraudulent",
        }
        made = self._make("dp", "dispute", **facts, status=status, evidence_details={"due_by": int(self.now()) + 86400})
        self.tell("charge.dispute.created", made)
        return made


def _tree(text: Any) -> Thing:
    """`a[b][c]=1` as nested values."""
    found: Thing = {}
    for name, value in parse_qsl(text if isinstance(text, str) else "", keep_blank_values=True):
        first, *rest = re.findall(r"[^\[\]]+", name)
        place, key = found, first
        for one in rest:
            place, key = place.setdefault(key, {}), one
        place[key] = value
    return found


Buyer = Callable[..., Thing]
