"""API tokens: made once, shown once, stored as a digest, acting for one membership, revocable."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Q

from portal.accounts.actor import Actor, actor_for
from portal.accounts.models import ApiToken, Membership, Role
from portal.errors import Code, refusal

_USED_EVERY = timedelta(minutes=5)  # `last_used_at` is for people; one write a call would make the row hot


def token_digest(secret: str) -> str:
    """The stored form of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def token_create(*, membership: Membership, name: str, now: datetime) -> tuple[ApiToken, str]:
    """A new token and its secret; the secret is not kept."""
    secret = f"pp_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        membership=membership, name=name[:100], prefix=secret[:9], digest=token_digest(secret), created_at=now
    )
    return token, secret


MOST_TOKENS = 50


def token_create_own(*, actor: Actor, name: str, now: datetime) -> tuple[ApiToken, str]:
    """A new token for the actor's own membership. Raises INVALID without a name or beyond `MOST_TOKENS` living ones."""
    if not name.strip() or len(name) > 100:
        raise refusal(Code.INVALID, "name", "too_long", limit=100)
    membership = Membership.objects.select_related("user", "company").get(pk=actor.membership_id or 0)
    if membership.tokens.filter(revoked_at=None).count() >= MOST_TOKENS:
        raise refusal(Code.INVALID, "name", "too_many_tokens", limit=MOST_TOKENS)
    return token_create(membership=membership, name=name.strip(), now=now)


def token_actor(secret: str, *, now: datetime) -> Actor | None:
    """The actor of a living token, or None: unknown, revoked, or its person or membership is switched off."""
    token = (
        ApiToken.objects.select_related("membership__user", "membership__company")
        .filter(
            digest=token_digest(secret), revoked_at=None, membership__is_active=True, membership__user__is_active=True
        )
        .first()
    )
    if token is None:
        return None
    ApiToken.objects.filter(Q(last_used_at=None) | Q(last_used_at__lt=now - _USED_EVERY), pk=token.pk).update(
        last_used_at=now
    )
    return actor_for(token.membership)


def tokens_of(actor: Actor) -> list[ApiToken]:
    """The living tokens the actor may see: its own; a company administrator sees the company's."""
    tokens = ApiToken.objects.select_related("membership__user").filter(
        membership__company_id=actor.company_id or 0, revoked_at=None
    )
    if not actor.has(Role.COMPANY_ADMIN):
        tokens = tokens.filter(membership_id=actor.membership_id or 0)
    return list(tokens.order_by("-pk"))


def token_revoke(*, actor: Actor, token_id: int, now: datetime) -> ApiToken:
    """End a token at once. Raises NOT_FOUND for one the actor may not see."""
    for token in tokens_of(actor):
        if token.pk == token_id:
            token.revoked_at = now
            token.save(update_fields=["revoked_at"])
            return token
    raise refusal(Code.NOT_FOUND, "token")
