"""Two thousand real parts go into a real Saleor, are found there as they are, and nothing of them is sent twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from catalog.models import Part, PartName, Price, StockLevel, StorePart, Supersession
from portal.saleor.client import SaleorClient
from portal.saleor.models import Difference
from tests import store
from tests.catalog.folder import bring_in
from tests.catalog.real import needs_catalogue, slice_write
from tests.saleor.parts_shop import PartsShop

PARTS = 2000
_DELETE = "mutation($ids: [ID!]!) { productBulkDelete(ids: $ids) { count errors { message } } }"
_SEEN = """query($e: String!) { productVariant(externalReference: $e) { sku channelListings { price { amount } } stocks { quantity }
  product { name fits: metafield(key: "portal.fits") replaced: metafield(key: "portal.replaced-by") number: metafield(key: "portal.number") } } }"""

pytestmark = [needs_catalogue, pytest.mark.timeout(3000)]


def hundreds(ids: Iterable[str]) -> Iterator[list[str]]:
    """A call's worth at a time."""
    known = list(ids)
    return (known[at : at + 100] for at in range(0, len(known), 100))


@pytest.fixture
def shop(connected: SaleorClient, tmp_path: Path) -> Iterator[PartsShop]:
    """A market with real parts, each with a price and pieces."""
    made = PartsShop(connected)
    slice_write(tmp_path, seed=20261128, parts=PARTS, models=3)
    bring_in(tmp_path)
    chance = Random(20261128)
    parts = list(Part.objects.exclude(pk__in=[one.pk for one in made.parts]))
    Price.objects.bulk_create(
        Price(price_list=made.prices, part=part, amount=Decimal(chance.randint(1, 99999)) / 1000) for part in parts
    )
    StockLevel.objects.bulk_create(
        StockLevel(part=part, warehouse=made.warehouse, on_hand=chance.randint(0, 50)) for part in parts
    )
    yield made
    for ids in hundreds(StorePart.objects.values_list("product_id", flat=True)):
        store.ask(_DELETE, connected._token, ids=ids)


def test_they_are_pushed_once_and_stand_there_as_they_are_here(shop: PartsShop, capsys: pytest.CaptureFixture[str]):
    pushed = shop.push()
    refused = Difference.objects.filter(kind="part.push", mended_at=None)
    assert (pushed.refused, list(refused.values_list("subject", "theirs"))) == (0, [])
    assert pushed.made == Part.objects.count() >= PARTS
    assert shop.push().sent == 0
    changed = set[int]()
    for ids in hundreds(StorePart.objects.order_by("pk").values_list("variant_id", flat=True)):
        changed |= shop.look_at(ids).changed
    assert (changed, list(Difference.objects.filter(mended_at=None).values_list("kind", "subject"))) == (set(), [])
    for row in StorePart.objects.order_by("?")[:40]:
        _same(row.part, shop)
    with_history = Supersession.objects.select_related("old").first()
    assert with_history is not None
    assert _seen(with_history.old)["product"]["replaced"]
    with capsys.disabled():
        print(f"\n{pushed.made} real parts pushed, {len(changed)} changed by the look after it")


def _seen(part: Part) -> dict[str, Any]:
    found: dict[str, Any] = store.staff_ask(_SEEN, e=f"{part.maker}/{part.number}")["productVariant"]
    return found


def _same(part: Part, shop: PartsShop) -> None:
    """The store shows it as we have it; a price below half a cent is one cent there."""
    seen = _seen(part)
    assert seen["product"]["number"] == part.number
    assert seen["product"]["name"] == PartName.objects.get(part=part, language="en").name[:250]
    assert [one["quantity"] for one in seen["stocks"]] == [StockLevel.objects.get(part=part).on_hand]
    shown = [Decimal(str(one["price"]["amount"])) for one in seen["channelListings"] if one["price"]]
    stopped = part.stop_sale or (part.status != "ACTIVE" and not StockLevel.objects.get(part=part).on_hand)
    exact = shop.price(part)
    assert stopped or all(abs(one - exact) <= Decimal("0.005") or one == Decimal("0.01") for one in shown)
    assert bool(shown) or stopped
