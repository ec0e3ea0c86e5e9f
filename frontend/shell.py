"""What stands around every page: who is signed in, where to go, whom to call. A context processor, read only when a template asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import LazyObject, Promise, SimpleLazyObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from frontend.typed import keeper_of
from orders.services.carts import cart_lines
from portal.accounts.actor import Actor
from portal.accounts.requests import request_actor
from portal.accounts.selectors import company_get, house_get, memberships_of
from portal.notices.selectors import notices_for

if TYPE_CHECKING:
    from portal.accounts.models import Company, Membership

# Address name, words, and the house's roles that see it (empty: buyers).
_NAV: tuple[tuple[str, Promise | str, tuple[str, ...]], ...] = (
    ("machines", _("Machines"), ()),
    ("orders", _("Orders"), ()),
    ("cards", _("Repairs"), ()),
    ("invoices", _("Invoices"), ()),
    ("account", _("Account"), ()),
    ("queue", _("Shipping"), ("PARTS_MANAGER",)),
    ("holds", _("Held back"), ("PARTS_MANAGER", "SERVICE_DESK", "ACCOUNTANT")),
    ("refusals", _("Refused"), ("PARTS_MANAGER",)),
    ("enquiries", _("Enquiries"), ("PARTS_MANAGER", "SERVICE_DESK")),
    ("reviews", _("Reviews"), ("APPROVER",)),
    ("desk", _("Callers"), ("SERVICE_DESK", "TECHNICIAN")),
    ("cards", _("Repair cards"), ("SERVICE_DESK", "TECHNICIAN")),
    ("orders", _("Orders"), ("PARTS_MANAGER", "SERVICE_DESK", "APPROVER", "ACCOUNTANT", "TECHNICIAN")),
    ("machines", _("Machines"), ("SERVICE_DESK", "TECHNICIAN", "PARTS_MANAGER")),
    ("stock", _("Stock"), ("PARTS_MANAGER",)),
    ("promises", _("Promises"), ("PARTS_MANAGER",)),
    ("imports", _("Imports"), ("PARTS_MANAGER",)),
    ("store", _("Store"), ("PARTS_MANAGER",)),
    ("invoices", _("Invoices"), ("ACCOUNTANT",)),
    ("money", _("Money"), ("ACCOUNTANT",)),
    ("accounts", _("Accounts"), ("ACCOUNTANT", "APPROVER")),
)


@dataclass(frozen=True)
class Link:
    """A way to go; `here`: the reader is there."""

    url: str
    words: Promise | str
    here: bool


class Shell:
    """The frame of a page; everything is read once, and only if shown."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def actor(self) -> Actor | None:
        """Who is signed in, None for a stranger."""
        return request_actor(self.request)

    @cached_property
    def company(self) -> Company | None:
        """For whom, with the named contact."""
        known: Company | None = getattr(self.request, "company", None)
        if known is None and self.actor:
            known = company_get(actor=self.actor, company_id=self.actor.company_id)
        return known

    @cached_property
    def memberships(self) -> list[Membership]:
        """The companies a person may act for."""
        return list(memberships_of(self.request.user)) if self.request.user.is_authenticated else []

    @property
    def keeper(self) -> str:
        """Whose a form is that keeps what is typed, sealed."""
        return keeper_of(self.actor)

    @property
    def is_house(self) -> bool:
        """Is the reader one of ours?"""
        return self.actor is not None and self.actor.is_house

    @property
    def keeps_accounts(self) -> bool:
        """Does the reader decide on buyers' accounts?"""
        return self.actor is not None and _sees(self.actor, ("ACCOUNTANT", "APPROVER"))

    @property
    def buys(self) -> bool:
        """May the reader fill a cart?"""
        actor = self.actor
        if actor is None:
            return False
        return actor.has("SERVICE_DESK", "PARTS_MANAGER") if actor.is_house else actor.has("BUYER", "COMPANY_ADMIN")

    @cached_property
    def cart_count(self) -> int:
        """Lines in the cart."""
        return len(cart_lines(self.actor)) if self.actor and self.actor.membership_id else 0

    @cached_property
    def news(self) -> int:
        """Notices not read yet."""
        return notices_for(self.actor).filter(read_at=None).count() if self.actor else 0

    @property
    def links(self) -> list[Link]:
        """Where the reader may go."""
        actor = self.actor
        if actor is None:
            return []
        path = self.request.path
        return [
            Link(url := reverse(name), words, path.startswith(url))
            for name, words, roles in _NAV
            if _sees(actor, roles)
        ]

    @cached_property
    def house(self) -> Company | None:
        """The seller."""
        return house_get()

    @property
    def site_name(self) -> str:
        """The seller's name."""
        return self.house.name if self.house else gettext("After-sales portal")

    @property
    def hotline(self) -> str:
        """A telephone number for questions."""
        return str(self.house.address.get("phone", "")) if self.house else ""


def _sees(actor: Actor, roles: tuple[str, ...]) -> bool:
    return actor.is_house == bool(roles) and (not roles or actor.has(*roles))


def shell(request: HttpRequest) -> dict[str, Any]:
    """`shell` for templates."""
    lazy: LazyObject = SimpleLazyObject(lambda: Shell(request))
    return {"shell": lazy}
