"""A market of the tests' own in a real Saleor: parts pushed there, changed there, looked at."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

from catalog.engines.saleor_pull import SaleorCatalogue
from catalog.engines.saleor_push import SaleorPush
from catalog.models import Part, StorePart
from catalog.selectors.prices import prices_for
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
from tests import store
from tests.factories import make_part, make_price, make_price_list, make_stock, make_warehouse

DELETE = "mutation($id: ID!) { productDelete(id: $id) { errors { code } } }"
UNPUBLISH = """mutation($id: ID!, $c: ID!) { productChannelListingUpdate(id: $id, input: {updateChannels: [
  {channelId: $c, isPublished: false}]}) { errors { code message } } }"""


class PartsShop:
    """A market of the tests' own in the real store, with new parts each time."""

    def __init__(self, asked: SaleorClient) -> None:
        self.asked, self.now = asked, clock.now()
        self.warehouse = make_warehouse("T2A", name="Test A", country="DE", market="T2", zone="Europe/Berlin")
        self.prices = make_price_list(market="T2", kind="DEALER", currency="EUR")
        plan = shop_plan(on=self.now.date(), storefront_open=True)
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
        channels = list(store_channels(self.now.date()).values())
        return store_push(
            push=SaleorPush(self.asked), channels=channels, cover=lambda codes: {}, now=self.now, again=again
        )

    def look(self, *parts: Part) -> Looked:
        """These parts as the store has them now."""
        ours = Ours(
            store_channels(self.now.date()),
            {"T2A": self.warehouse.pk},
            lambda ids, since: Claims(),
            lambda ids, now: None,
        )
        ids = [self.row(part).variant_id for part in parts or self.parts]
        return store_look(catalogue=SaleorCatalogue(self.asked), ours=ours, store_ids=ids)

    def row(self, part: Part) -> StorePart:
        """What we know the store has of it."""
        return StorePart.objects.get(part=part)

    def price(self, part: Part) -> Decimal:
        """What it costs here today."""
        on = self.now.date()
        return prices_for([part.pk], market="T2", kind="DEALER", discount_class="STANDARD", on=on)[part.pk].at(1).amount

    def channel(self) -> str:
        """The channel's id there."""
        return StoreLink.objects.get(kind="channel", key="t2-dealer").store_id

    def gone(self) -> None:
        """Take its parts out of the store again."""
        for row in StorePart.objects.all():
            store.ask(DELETE, self.asked._token, id=row.product_id)
