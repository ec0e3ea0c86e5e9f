"""A company's people: who may order, up to how much; kept by its own administrators."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import QuerySet

from portal.accounts.actor import BUYER_ROLES, Actor
from portal.accounts.models import Company, Membership, Role, User
from portal.errors import Code, refusal
from portal.locks import lock_rows

MOST_MEMBERS = 500
_HIGHEST = Decimal(10) ** 11


def members_of(actor: Actor) -> QuerySet[Membership]:
    """The people of the actor's company, who is active first; of the house none here: its people are kept in the administration."""
    company = 0 if actor.is_house else actor.company_id or 0
    rows = Membership.objects.filter(company_id=company).select_related("user", "company")
    return rows.order_by("-is_active", "user__name", "user__email", "pk")


def keeps_members(actor: Actor) -> bool:
    """May the actor change its company's people?"""
    return not actor.is_house and actor.has(Role.COMPANY_ADMIN)


@transaction.atomic
def member_add(
    *, actor: Actor, email: str, name: str, roles: Collection[str], order_limit: Decimal | None
) -> Membership:
    """Let a person act for the actor's company; who has no account yet gets one without a password.

    Raises NOT_ALLOWED, INVALID (email, name, roles, orderLimit), also for who is in the company already.
    """
    _need(actor)
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise refusal(Code.INVALID, "email", "email") from None
    checked = _checked(roles, order_limit)
    lock_rows(Company.objects.filter(pk=actor.company_id or 0))
    if members_of(actor).filter(user__email__iexact=email).exists():
        raise refusal(Code.INVALID, "email", "member_there")
    if members_of(actor).count() >= MOST_MEMBERS:
        raise refusal(Code.INVALID, "email", "member_count", limit=MOST_MEMBERS)
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email, name=" ".join(name.split())[:200], language=actor.language)
    return Membership.objects.create(
        user=user, company_id=actor.company_id or 0, roles=checked, order_limit=order_limit
    )


@transaction.atomic
def member_change(
    *, actor: Actor, member_id: int, roles: Collection[str], order_limit: Decimal | None, is_active: bool
) -> Membership:
    """Give a colleague other roles or another limit, or end the membership (`is_active` false): its tokens end with it.

    Raises NOT_ALLOWED, NOT_FOUND, INVALID; WRONG_STATE when the company would be left without an administrator.
    """
    _need(actor)
    checked = _checked(roles, order_limit) if is_active else list(roles)
    rows = lock_rows(Membership.objects.filter(company_id=actor.company_id or 0))  # all: the last administrator stays
    found = next((one for one in rows if one.pk == member_id), None)
    if found is None:
        raise refusal(Code.NOT_FOUND, "member")
    found.is_active, found.order_limit = is_active, order_limit
    if is_active:
        found.roles = checked
    if not any(one.is_active and Role.COMPANY_ADMIN in one.roles for one in rows):
        raise refusal(Code.WRONG_STATE, "roles", "last_admin")
    found.save(update_fields=["is_active", "order_limit", "roles"])
    return found


def _need(actor: Actor) -> None:
    if not keeps_members(actor):
        raise refusal(Code.NOT_ALLOWED)


def _checked(roles: Collection[str], order_limit: Decimal | None) -> list[str]:
    """Roles a buyer's company has, in the order they are named."""
    known = [role for role in Role.values if role in BUYER_ROLES]
    if not roles or not set(roles) <= set(known):
        raise refusal(Code.INVALID, "roles", "member_roles")
    if order_limit is not None and not (order_limit.is_finite() and 0 <= order_limit < _HIGHEST):
        raise refusal(Code.INVALID, "orderLimit", "member_limit")
    return [role for role in known if role in roles]
