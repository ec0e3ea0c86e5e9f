"""What the bench sells in a real Saleor, set up as in a house; and Saleor asked bare, without the portal's engine."""

from __future__ import annotations

import time
from typing import Any

import httpx2
from django.db import connection

from bench.world import PIECES, Shop
from catalog.engines.saleor_push import SaleorPush
from catalog.selectors.store import store_channels
from catalog.selectors.store_sheets import sheets_of
from orders.engines.saleor_draft import at_once, draft_input
from orders.engines.saleor_lookup import ids_of
from orders.models import Order
from orders.services.handing_over import engine_order
from portal import clock
from portal.engine import LineRefusal
from portal.management.store_plan import shop_plan
from portal.saleor.client import SaleorClient
from portal.saleor.documents import document
from portal.saleor.provisioning import provision, provision_plan
from portal.saleor.secrets import unseal
from portal.saleor.services import client, connection_get, links_set

EMBEDDED, SALEOR = "orders.engines.embedded.EmbeddedEngine", "orders.engines.saleor.SaleorEngine"


def furnish(asked: SaleorClient, shop: Shop) -> None:
    """Channels, warehouses, delivery, and the three parts that are ordered, with pieces in plenty. A second run finds them."""
    set_up(asked)
    push = SaleorPush(asked)
    channels = list(store_channels(clock.now()).values())
    sheets = sheets_of([part.pk for part in shop.parts], channels=channels, cover=lambda codes: {})
    push.categories_make(sheets)
    for sent in push.create(sheets):
        if sent.known is None:
            raise RuntimeError(f"{sent.sheet.key}: {sent.problems}")
        links_set("part", [(sent.sheet.key, sent.known.variant_id)])
        stocks = [{"warehouse": push.ids.warehouses[shop.world.home.code], "quantity": PIECES}]
        asked.call("variant_stocks_put", variant=sent.known.variant_id, stocks=stocks)
    with connection.cursor() as cursor:  # a number stands in Saleor for ever
        cursor.execute("SELECT setval('orders_order_number', %s)", [time.time_ns() // 10**8])


def set_up(asked: SaleorClient) -> None:
    """As `saleor_provision` does; the storefront stays open, for staff sign in with a password here."""
    plan = shop_plan(now=clock.now(), storefront_open=True)
    for _ in provision(asked, plan, provision_plan(asked, plan)):
        pass


def draft_of(order: Order) -> dict[str, Any]:
    """The draft the portal would make of the order, under a name of its own."""
    told = engine_order(Order.objects.select_related("company__contact", "placed_by__user").get(pk=order.pk))
    ids = ids_of(client(), told)
    if isinstance(ids, LineRefusal):
        raise RuntimeError(ids.words)
    return {**draft_input(told, ids, clock.real_now()), "externalReference": f"bare:{time.time_ns()}"}


class Bare:
    """One connection kept open, the same documents, nothing done with the answers."""

    def __init__(self) -> None:
        found = connection_get()
        headers = {"Authorization": f"Bearer {unseal(found.token_sealed)}"}
        limits = httpx2.Limits(keepalive_expiry=4.0)  # Saleor closes after five
        self._url, self._http = found.api_url, httpx2.Client(timeout=60, headers=headers, limits=limits)

    def ask(self, name: str, **variables: Any) -> Any:
        """The answer's `data`."""
        said = self._http.post(self._url, json={"query": document(name).text, "variables": variables}).json()
        if said.get("errors"):
            raise RuntimeError(said["errors"])
        return said["data"]

    def order(self, draft: dict[str, Any]) -> None:
        """Make the draft, complete it."""
        made = self.ask("draft_create", input=draft)["draftOrderCreate"]
        if made["errors"]:
            raise RuntimeError(made["errors"])
        name = made["order"]["id"]
        done = self.ask("draft_finish", id=name, **at_once((), name))["done"]
        if done["errors"]:
            raise RuntimeError(done["errors"])
