"""What the portal is as an app of the store: permissions, webhooks, places in its Dashboard. The one list of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from graphql import InlineFragmentNode, Visitor, parse, visit

from portal.saleor.addresses import Addresses
from portal.saleor.documents import document

IDENTIFIER = "portal.spare-parts"
VERSION = "1.0.0"  # of what we ask the store for: changes with this file, not with the portal
OLDEST, NEXT = (3, 23), (3, 25)  # versions from OLDEST on, below NEXT
# What we need, and why; nothing more.
PERMISSIONS: Mapping[str, Promise | str] = {
    "MANAGE_ORDERS": _("orders, fulfilments and returns; reading stock"),
    "HANDLE_PAYMENTS": _("payments as transactions"),
    "MANAGE_PRODUCTS": _("parts, prices, stock and warehouses"),
    "MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES": _("the product type of parts and its attributes"),
    "MANAGE_CHANNELS": _("a channel per market and kind of buyer"),
    "MANAGE_SHIPPING": _("zones and methods of shipping"),
    "MANAGE_TAXES": _("tax switched off per channel: the portal taxes"),
    "MANAGE_SETTINGS": _("the shop's settings, its storefront closed"),
    "MANAGE_USERS": _("a customer per company"),
}


@dataclass(frozen=True)
class Webhook:
    """A webhook: its events are those its query asks about, so the two cannot disagree."""

    identifier: str
    name: str
    query: str
    is_sync: bool = False

    @property
    def events(self) -> tuple[str, ...]:
        """The store's names of the events, in alphabetical order."""
        return events_of(self.query)


def told(name: str) -> str:
    """The query of a webhook, `operations/<name>.graphql`."""
    return document(name).text


def webhooks() -> tuple[Webhook, ...]:
    """All of them. Small queries: of an order or a part just which one it is; we look for ourselves (docs/adr/0060)."""
    return (
        Webhook("orders", "Orders and fulfilments", told("told_orders")),
        Webhook("parts", "Parts, prices and stock", told("told_parts")),
        Webhook("refund", "A refund asked for in the Dashboard", told("told_refund"), is_sync=True),
        Webhook("ping", "Does a webhook arrive?", told("told_ping")),
    )


@cache
def events_of(query: str) -> tuple[str, ...]:
    """Names of the events a subscription asks about: `OrderCreated` -> `ORDER_CREATED`."""
    found: set[str] = set()

    class Names(Visitor):
        depth = 0

        def enter_inline_fragment(self, node: InlineFragmentNode, *args: Any) -> None:
            self.depth += 1
            if self.depth == 1 and node.type_condition:
                found.add(re.sub(r"(?<!^)(?=[A-Z])", "_", node.type_condition.name.value).upper())

        def leave_inline_fragment(self, *args: Any) -> None:
            self.depth -= 1

    visit(parse(query), Names())
    return tuple(sorted(found - {"APP", "USER"}))


def manifest_make(where: Addresses, *, ticket: str = "") -> dict[str, Any]:
    """The manifest. `ticket`: comes back with the registration it was made for."""
    return {
        "id": IDENTIFIER,
        "name": "Parts portal",
        "version": VERSION,
        "audience": IDENTIFIER,  # stands in the tokens of its Dashboard that are meant for us
        "about": "Genuine spare parts: fit, cover, prices and promises are kept in the portal; this app keeps it and the store alike.",
        "author": "Parts portal",
        "requiredSaleorVersion": f">={_dotted(OLDEST)} <{_dotted(NEXT)}",
        "permissions": list(PERMISSIONS),
        "homepageUrl": where.people,
        "tokenTargetUrl": f"{where.store}/saleor/register/" + (f"?ticket={ticket}" if ticket else ""),
        "webhooks": [_webhook(one, where) for one in webhooks()],
        "extensions": extensions(where),
    }


def extensions(where: Addresses) -> list[dict[str, Any]]:
    """Places in the store's Dashboard."""
    return [
        {
            "identifier": "order",
            "label": "Parts portal",
            "mount": "ORDER_DETAILS_WIDGETS",
            "target": "WIDGET",
            "permissions": ["MANAGE_ORDERS"],
            "url": f"{where.people}/store/widget/",
            "options": {"widgetTarget": {"method": "POST"}},
        },
        {
            "identifier": "link",
            "label": "Parts portal",
            "mount": "NAVIGATION_ORDERS",
            "target": "NEW_TAB",
            "permissions": ["MANAGE_ORDERS"],
            "url": f"{where.people}/store/",
            "options": {"newTabTarget": {"method": "GET"}},
        },
    ]


def _webhook(one: Webhook, where: Addresses) -> dict[str, Any]:
    kind = "syncEvents" if one.is_sync else "asyncEvents"
    values = {"name": one.name, "identifier": one.identifier, "targetUrl": where.webhook, "query": one.query}
    return {**values, kind: list(one.events), "isActive": True}


def version_supported(version: str) -> bool:
    """Whether we work with a store of this version ("3.23.28", "3.24.0-a.1")."""
    read = re.match(r"(\d+)\.(\d+)", version)
    return read is not None and OLDEST <= (int(read[1]), int(read[2])) < NEXT


def _dotted(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))


def webhook_plan(there: Sequence[Mapping[str, Any]], where: Addresses) -> list[tuple[str, str, dict[str, Any]]]:
    """What makes the store's webhooks of our app as the manifest has them: (create | update | delete, id, input). None: in order."""
    steps: list[tuple[str, str, dict[str, Any]]] = []
    known = {one["identifier"]: one for one in there}
    for one in webhooks():
        wanted = _webhook(one, where)
        if (found := known.get(one.identifier)) is None:
            steps.append(("create", "", wanted))
        elif _differs(found, wanted):
            steps.append(("update", found["id"], wanted))
    ours = {one.identifier for one in webhooks()}
    return steps + [("delete", one["id"], {}) for one in there if one["identifier"] not in ours]


def _differs(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    same = (
        found["isActive"]
        and found["targetUrl"] == wanted["targetUrl"]
        and "".join((found["subscriptionQuery"] or "").split()) == "".join(wanted["query"].split())
    )
    return not same or any(
        {event["eventType"] for event in found[kind]} != set(wanted.get(kind, ()))
        for kind in ("asyncEvents", "syncEvents")
    )
