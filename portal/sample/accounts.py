"""The accounts `make demo` shows: one a role, with a password and a token drawn at random."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import transaction

from portal import clock
from portal.accounts.models import ApiToken, Membership
from portal.accounts.tokens import token_create
from portal.sample.people import PEOPLE, SamplePerson

TOKEN_NAME = "demo"  # noqa: S105  a label, no secret
# Buyers first: most who try the portal begin as one of them.
_BUYERS = ("customer", "limited_buyer", "other_customer", "dealer", "other_dealer")


def demo_accounts() -> list[dict[str, Any]]:
    """Draw a password and a token for each role's account; answer {role, email, password, token, company}.

    Only hashes stay in the database: whoever calls keeps the answer. Called again (its answer was lost) it draws anew,
    and what it drew before no longer opens anything.
    """
    with transaction.atomic():
        shown = sorted((person for person in PEOPLE if person.demo), key=lambda person: person.demo not in _BUYERS)
        return [_account(person) for person in shown]


def _account(person: SamplePerson) -> dict[str, Any]:
    now = clock.now()
    membership = Membership.objects.select_related("user", "company").get(user__email=person.email)
    password = secrets.token_urlsafe(12)
    membership.user.set_password(password)
    membership.user.save(update_fields=["password"])
    ApiToken.objects.filter(membership=membership, name=TOKEN_NAME, revoked_at=None).update(revoked_at=now)
    _, token = token_create(membership=membership, name=TOKEN_NAME, now=now)
    return {
        "role": person.demo,
        "email": person.email,
        "password": password,
        "token": token,
        "company": membership.company.name,
    }
