"""A market of the tests' own in a real Saleor: parts pushed there, changed there, looked at."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

from catalog.engines.saleor_pull import SaleorCatalogue
from catalog.engines.saleor_push import SaleorPush
from catalog.models import Part, StorePart
from catalog.selectors.prices import prices_for
from catalog.selectors.stock import market_day
from catalog.selectors.store import store_channels
from catalog.services.store_pull import Looked, Ours
from catalog.services.store_push import Pushed, store_push
from catalog.services.store_stock import Claims
from catalog.services.store_sweep import store_look
from portal import clock
from portal.management.store_plan import shop_plan
from portal.saleor.client import SaleorClient
from portal.saleor.models import StoreLink
from portal.saleor.provisioning import provision, provision_plan
from portal.saleor.services import link_get
from tests import store
from tests.factories import make_part, make_price, make_price_list, make_stock, make_warehouse

DELETE = "mutation($id: ID!) { productDelete(id: $id) { errors { code } } }"
UNPUBLISH = """mutation($id: ID!, $c: ID!) { productChannelListingUpdate(id: $id, input: {updateChannels: [
  {channelId: $c, isPublished: false}]}) { errors { code message } } }"""
_CATEGORY = (
    """mutation($n: String!) { categoryCreate(input: {name: $n}) { category { id } errors { code message } } }"""
)
_PRODUCT = """mutation($p: [ProductBulkCreateInput!]!) { productBulkCreate(products: $p) {
  results { product { variants { id } } errors { path message } } errors { path message } } }"""
_SEEN = """query($id: ID!) { productVariant(id: $id) { name sku externalReference stocks { quantity warehouse { name } }
  channelListings { channel { slug } price { amount } }
  product { name slug category { name } weight { value unit } metadata { key value } channelListings { isPublished channel { slug } } } } }"""


class PartsShop:
    """A market of the tests' own in the real store, with new parts each time."""

    def __init__(self, asked: SaleorClient) -> None:
        self.asked, self.now = asked, clock.now()
        self.warehouse = make_warehouse("T2A", name="Test A", country="DE", market="T2", zone="Europe/Berlin")
        self.prices = make_price_list(market="T2", kind="DEALER", currency="EUR")
        plan = shop_plan(now=self.now, storefront_open=True)
        list(provision(asked, plan, provision_plan(asked, plan)))
        self.parts = [self.part() for _ in range(3)]

    def part(self, **more: str) -> Part:
        """A part at 12.50 with ten pieces."""
        part = make_part(f"T-{uuid4().hex[:12]}", name="Seal", **more)
        make_price(self.prices, part, "12.50")
        make_stock(part, self.warehouse, 10)
        return part

    def push(self, *, again: bool = False) -> Pushed:
        """Everything that differs."""
        channels = list(store_channels(self.now).values())
        return store_push(
            push=SaleorPush(self.asked), channels=channels, cover=lambda codes: {}, now=self.now, again=again
        )

    def made_there(self, category: str, *, offered: bool) -> tuple[str, str]:
        """A spare part that the store's people make; answers its number and the variant's id."""
        number = f"T-{uuid4().hex[:12]}"
        variant: dict[str, Any] = {"sku": number, "name": "Their size", "attributes": [], "stocks": [
            {"warehouse": StoreLink.objects.get(kind="warehouse", key="T2A").store_id, "quantity": 6}]}  # fmt: skip
        row: dict[str, Any] = {
            "name": "Their filter",
            "weight": 1.25,
            "productType": link_get("producttype", "spare-part"),
        }
        if category:
            made = store.staff_ask(_CATEGORY, n=f"{category} {number}")["categoryCreate"]
            row["category"] = made["category"]["id"]
        if offered:
            row["channelListings"] = [{"channelId": self.channel(), "isPublished": True}]
            variant["channelListings"] = [{"channelId": self.channel(), "price": "7.50"}]
        answer = store.staff_ask(_PRODUCT, p=[{**row, "variants": [variant]}])["productBulkCreate"]["results"][0]
        assert not answer["errors"], answer["errors"]
        return number, answer["product"]["variants"][0]["id"]

    def seen(self, store_id: str) -> dict[str, Any]:
        """A part as the store's people see it, but what we alone write: our key and our metadata."""
        found: dict[str, Any] = store.staff_ask(_SEEN, id=store_id)["productVariant"]
        found.pop("externalReference")
        found["product"]["metadata"] = [
            one for one in found["product"]["metadata"] if not one["key"].startswith("portal.")
        ]
        return found

    def look(self, *parts: Part) -> Looked:
        """These parts as the store has them now."""
        return self.look_at([self.row(part).variant_id for part in parts or self.parts])

    def look_at(self, ids: list[str]) -> Looked:
        """The same by the store's ids, known here or not."""
        ours = Ours(
            store_channels(self.now),
            {"T2A": self.warehouse.pk},
            lambda ids, since: Claims(),
            lambda ids, now: None,
        )
        return store_look(catalogue=SaleorCatalogue(self.asked), ours=ours, store_ids=ids)

    def row(self, part: Part) -> StorePart:
        """What we know the store has of it."""
        return StorePart.objects.get(part=part)

    def price(self, part: Part) -> Decimal:
        """What it costs here today."""
        on = market_day("T2", self.now)
        return prices_for([part.pk], market="T2", kind="DEALER", discount_class="STANDARD", on=on)[part.pk].at(1).amount

    def channel(self) -> str:
        """The channel's id there."""
        return StoreLink.objects.get(kind="channel", key="t2-dealer").store_id

    def gone(self) -> None:
        """Take its parts out of the store again."""
        for row in StorePart.objects.all():
            store.ask(DELETE, self.asked._token, id=row.product_id)
