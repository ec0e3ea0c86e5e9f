"""The actor: for whom a service or selector works. What an actor may not see does not exist for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from portal.accounts.models import CompanyKind, Membership, Role
from portal.errors import Code, refusal

BUYER_ROLES = frozenset({Role.BUYER, Role.COMPANY_ADMIN})


@dataclass(frozen=True)
class Actor:
    """One membership at work, or the system itself (no user, every role)."""

    user_id: int | None
    membership_id: int | None
    company_id: int | None
    company_kind: str
    market: str
    discount_class: str
    name: str
    language: str = "en"
    zone: str = "UTC"
    roles: frozenset[str] = field(default_factory=frozenset)
    is_system: bool = False
    order_limit: Decimal | None = None  # of one order, with tax; None: no limit

    @property
    def is_house(self) -> bool:
        """Does the actor work for the seller?"""
        return self.is_system or self.company_kind == CompanyKind.HOUSE

    @property
    def is_dealer(self) -> bool:
        """Does the actor work for a dealer?"""
        return self.company_kind == CompanyKind.DEALER

    def has(self, *roles: str) -> bool:
        """Has the actor one of these roles? House administrators have all of them."""
        if self.is_system:
            return True
        if not self.is_house:  # roles of the house mean nothing in a buyer's company
            return bool(self.roles.intersection(roles) & BUYER_ROLES)
        return Role.ADMIN in self.roles or bool(self.roles.intersection(roles))

    def need(self, *roles: str) -> None:
        """Raise NOT_ALLOWED unless the actor has one of these roles."""
        if not self.has(*roles):
            raise refusal(Code.NOT_ALLOWED)


SYSTEM = Actor(None, None, None, CompanyKind.HOUSE, "", "", "system", is_system=True)


def actor_for(membership: Membership) -> Actor:
    """The actor of a membership; `user` and `company` should be selected with it."""
    user, company = membership.user, membership.company
    return Actor(
        user_id=user.pk,
        membership_id=membership.pk,
        company_id=company.pk,
        company_kind=company.kind,
        market=company.market,
        discount_class=company.discount_class,
        name=str(user),
        language=user.language,
        zone=company.zone,
        roles=frozenset(membership.roles),
        order_limit=None if company.kind == CompanyKind.HOUSE else membership.order_limit,
    )
