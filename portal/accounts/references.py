"""Idempotency by the caller's own reference (architecture.md, "Decided once")."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from portal.accounts.models import CallReference
from portal.errors import Code, refusal


@dataclass(frozen=True)
class Claim:
    """The reference is ours in this transaction; `made` is the id of what an earlier call with the same body made."""

    pk: int | None
    made: int | None

    def bind(self, object_id: int) -> None:
        """Remember what this call made; in the same transaction, so that a refused call uses no key."""
        if self.pk is not None:
            CallReference.objects.filter(pk=self.pk).update(object_id=object_id)


def body_digest(body: Mapping[str, Any]) -> str:
    """SHA-256 of the normalised input; the order of keys does not matter."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()


def given(**optional: Any) -> dict[str, Any]:
    """Of what need not be told, what is: a body without it keeps the digest it had before there was such a thing to tell."""
    return {name: value for name, value in optional.items() if value not in (None, "")}


def reference_claim(*, company_id: int | None, operation: str, reference: str | None, body: Mapping[str, Any]) -> Claim:
    """Claim `reference` for one call of `operation`, inside the caller's transaction; a concurrent twin waits for our end.

    Without a reference (or a company: the system itself) nothing is remembered. Raises REFERENCE_REUSED for another body.
    """
    if not reference or company_id is None:
        return Claim(None, None)
    if len(reference) > 120 or "\x00" in reference:
        raise refusal(Code.INVALID, "reference", "too_long", limit=120)
    digest = body_digest(body)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_callreference (company_id, operation, reference, digest) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (company_id, operation, reference) DO NOTHING RETURNING id",
            [company_id, operation, reference, digest],
        )
        row = cursor.fetchone()
    if row:
        return Claim(row[0], None)
    known = CallReference.objects.get(company_id=company_id, operation=operation, reference=reference)
    if known.digest != digest:
        raise refusal(Code.REFERENCE_REUSED, "reference", reference=reference)
    return Claim(None, known.object_id)
