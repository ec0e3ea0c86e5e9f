"""A program that calls the API over HTTP as somebody."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.test import Client

from portal.accounts.actor import Actor
from portal.accounts.models import Membership
from portal.accounts.tokens import token_create

ERRORS = "errors { field code message details }"


@dataclass(frozen=True)
class Api:
    """`token` empty: a stranger."""

    token: str = ""

    def post(self, document: str, **variables: Any) -> dict[str, Any]:
        """The whole answer; it must be JSON with 200 or 400, and never our own failure."""
        answer = self.raw(json.dumps({"query": document, "variables": variables}))
        told: dict[str, Any] = json.loads(answer.content)
        assert answer.status_code in (200, 400), (answer.status_code, told)
        assert "INTERNAL" not in codes(told), told
        return told

    def raw(self, body: str | bytes, **extra: Any) -> Any:
        """The HTTP answer to this very body."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return Client().post("/graphql/", body, content_type="application/json", headers=headers | extra)

    def data(self, document: str, **variables: Any) -> dict[str, Any]:
        """What was asked for; nothing may be wrong with the document."""
        told = self.post(document, **variables)
        assert "errors" not in told, told
        found: dict[str, Any] = told["data"]
        return found


def api(actor: Actor | None) -> Api:
    """The API as this actor calls it."""
    if actor is None:
        return Api()
    membership = Membership.objects.get(pk=actor.membership_id)
    return Api(token_create(membership=membership, name="test", now=datetime(2026, 1, 1, tzinfo=UTC))[1])


def codes(told: dict[str, Any]) -> set[str]:
    """Every code of refusal in an answer: of the document, and of each mutation."""
    found = {one.get("extensions", {}).get("code", "") for one in told.get("errors") or ()}
    for payload in (told.get("data") or {}).values():
        if isinstance(payload, dict):
            found |= {one["code"] for one in payload.get("errors") or ()}
    return found
