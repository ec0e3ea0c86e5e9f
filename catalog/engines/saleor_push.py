"""Parts written to Saleor: new ones a hundred at a time, changed ones by what changed. Calls, no tables but the ids of things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from catalog.engines.saleor_rows import NO_CATEGORY, Ids, described, listing, product_row
from catalog.rules.store import store_slug
from catalog.rules.store_sheet import Facts, Known, Sending, Sheet
from portal.saleor.client import SaleorClient
from portal.saleor.documents import problem_read
from portal.saleor.errors import NotConnected, Problem, SaleorRefused
from portal.saleor.plan import PRODUCT_TYPE
from portal.saleor.services import link_get, link_set, links_of

BATCH = 100  # one call is one transaction there, and takes some seconds of it
TIMEOUT = 180.0


@dataclass(frozen=True)
class Sent:
    """What came of a sheet: what the store has now, or why it would not."""

    sheet: Sheet
    known: Known | None = None
    problems: tuple[Problem, ...] = ()


class SaleorPush:
    """One push. Safe for threads once the categories are there. Raises NotConnected when the store was not set up."""

    def __init__(self, asked: SaleorClient) -> None:
        self.asked = asked.within(TIMEOUT)
        product_type = link_get("producttype", PRODUCT_TYPE)
        if product_type is None:
            raise NotConnected("The store is not set up: python -m portal saleor_provision")
        self.ids = Ids(
            product_type, links_of("channel"), links_of("warehouse"), links_of("attribute"), links_of("category")
        )

    def categories_make(self, sheets: Iterable[Sheet]) -> None:
        """Make the categories these parts need, known by their address there. Raises SaleorError."""
        for name in sorted({one.category or NO_CATEGORY for one in sheets} - self.ids.categories.keys()):
            slug = f"parts-{store_slug('', name)}"
            found = self.asked.call("categories_by_slug", slugs=[slug])["edges"]
            made = found[0]["node"] if found else self._category(name, slug)
            self.ids.categories[name] = made["id"]
            link_set("category", name, made["id"])

    def _category(self, name: str, slug: str) -> dict[str, Any]:
        made: dict[str, Any] = self.asked.call("category_create", input={"name": name, "slug": slug})["category"]
        return made

    def create(self, sheets: Sequence[Sheet]) -> list[Sent]:
        """Make at most `BATCH` parts. One that is there already, made by a push that was cut short, is brought up to date.

        Raises SaleorError when the whole call failed; a row that is refused comes back with its problems.
        """
        answer = self.asked.call("products_create", products=[product_row(sheet, self.ids) for sheet in sheets])
        sent = [self._made(sheet, row) for sheet, row in zip(sheets, answer["results"], strict=True)]
        there = [one.sheet for one in sent if any(problem.code == "UNIQUE" for problem in one.problems)]
        taken = self._adopted(there)
        return [taken.get(one.sheet.key, one) for one in sent]

    def _made(self, sheet: Sheet, row: Mapping[str, Any]) -> Sent:
        if row["product"] is None:
            return Sent(sheet, problems=tuple(problem_read(error) for error in row["errors"] or ()))
        return Sent(sheet, self._known(sheet, row["product"]))

    def _known(self, sheet: Sheet, product: Mapping[str, Any]) -> Known:
        """As the store has it after our write; a channel or warehouse it lacks is not counted as there."""
        places = frozenset(sheet.stock.keys() & self.ids.warehouses.keys())
        variant = product["productVariants"]["edges"][0]["node"]["id"]
        return Known(product["id"], variant, self._facts(sheet), sheet.own_sum, places)

    def _adopted(self, sheets: Sequence[Sheet]) -> dict[str, Sent]:
        """Parts found by their address: taken as they are when they are what we would make now, else written anew as a whole.

        Those that are not there stay refused.
        """
        if not sheets:
            return {}
        of_slug = {sheet.slug: sheet for sheet in sheets}
        found = self.asked.call("products_by_slug", slugs=list(of_slug))["edges"]
        sent = {}
        for node in (edge["node"] for edge in found if edge["node"]["productVariants"]["edges"]):
            sheet = of_slug[node["slug"]]
            if node["sum"] == sheet.whole_sum:
                sent[sheet.key] = Sent(sheet, self._known(sheet, node))
                continue
            known = replace(self._known(sheet, node), facts=Facts("", {}), own_sum="", warehouses=frozenset())
            sent[sheet.key] = self.update(Sending(sheet, known, True, sheet.facts.prices, frozenset(), sheet.stock))
        return sent

    def update(self, one: Sending) -> Sent:
        """Send what changed of a part the store has. What it refuses comes back with its problems. Raises other SaleorErrors."""
        sheet, known = one.sheet, one.known
        if known is None:
            raise ValueError(f"{sheet.key} is not in the store")
        try:
            if one.describes:
                product, variant = described(sheet, self.ids)
                self.asked.call("product_update", id=known.product_id, input=product)
                self.asked.call("variant_update", id=known.variant_id, input=variant)
            self._offer(known, self._ours(one.offer), one.withdraw & self.ids.channels.keys())
            self._stock(known, one.stock)
        except SaleorRefused as error:
            return Sent(sheet, problems=error.problems)
        places = known.warehouses | (one.stock.keys() & self.ids.warehouses.keys())
        return Sent(
            sheet, replace(known, facts=self._facts(sheet), own_sum=sheet.own_sum, warehouses=frozenset(places))
        )

    def _offer(self, known: Known, offer: Mapping[str, Decimal], withdraw: frozenset[str]) -> None:
        """Publish before pricing: the store prices nothing in a channel it does not offer it in. Withdrawn is unpublished, never deleted."""
        fresh = offer.keys() - known.facts.prices.keys()
        if fresh or withdraw:
            rows = [listing(self.ids.channels[slug], offered=slug in fresh) for slug in sorted(fresh | withdraw)]
            self._publish(known, {"updateChannels": rows})
        if offer:
            prices = [{"channelId": self.ids.channels[slug], "price": str(price)} for slug, price in offer.items()]
            self.asked.call("variant_listing", id=known.variant_id, input=prices)

    def _publish(self, known: Known, listings: Mapping[str, Any]) -> None:
        """A part that was made there may have no category; then it gets ours, for without one nothing is published."""
        try:
            self.asked.call("product_listing", id=known.product_id, input=listings)
        except SaleorRefused as refused:
            if not refused.has("PRODUCT_WITHOUT_CATEGORY"):
                raise
            given = {"category": self.ids.categories[NO_CATEGORY]}
            self.asked.call("product_update", id=known.product_id, input=given)
            self.asked.call("product_listing", id=known.product_id, input=listings)

    def _stock(self, known: Known, stock: Mapping[str, int]) -> None:
        rows = [
            {"warehouse": self.ids.warehouses[code], "quantity": pieces}
            for code, pieces in stock.items()
            if code in self.ids.warehouses
        ]
        if rows:
            self.asked.call("variant_stocks_put", variant=known.variant_id, stocks=rows)

    def _facts(self, sheet: Sheet) -> Facts:
        return replace(sheet.facts, prices=self._ours(sheet.facts.prices))

    def _ours(self, prices: Mapping[str, Decimal]) -> dict[str, Decimal]:
        """Prices in channels that are set up there."""
        return {slug: price for slug, price in prices.items() if slug in self.ids.channels}
