"""Which parts are sent to the store, and what of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from catalog.models import Part
from catalog.rules.store_sheet import Facts, Known, Sheet, facts_read, sending
from catalog.selectors.store import store_channels
from catalog.selectors.store_sheets import sheets_of
from tests.factories import (
    make_assembly,
    make_callout,
    make_fitment,
    make_model,
    make_part,
    make_price,
    make_price_list,
    make_stock,
    make_supersession,
    make_warehouse,
)

NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
SHEET = Sheet(1, "Acme/1", "1", "1-x", Facts("Seal", {"kr-dealer": Decimal("12.50")}), stock={"ICN": 3})
KNOWN = Known("P1", "V1", SHEET.facts, SHEET.own_sum, frozenset({"ICN"}))


def test_a_part_the_store_has_as_it_is_is_not_sent():
    assert not sending(SHEET, KNOWN)
    assert sending(SHEET, None)


def test_only_what_changed_is_sent():
    dearer = sending(replace(SHEET, facts=Facts("Seal", {"kr-dealer": Decimal(13)})), KNOWN)
    assert (dearer.describes, dearer.offer, dearer.withdraw) == (False, {"kr-dealer": Decimal(13)}, frozenset())
    renamed = sending(replace(SHEET, facts=replace(SHEET.facts, name="Ring")), KNOWN)
    assert (renamed.describes, renamed.offer) == (True, {})
    assert sending(replace(SHEET, weight_g=5), KNOWN).describes


def test_what_is_sold_no_more_is_withdrawn_and_its_stock_stays():
    gone = sending(replace(SHEET, facts=Facts("Seal", {}), stock={"ICN": 0}), KNOWN)
    assert (gone.withdraw, gone.stock) == (frozenset({"kr-dealer"}), {})


def test_stock_is_sent_once_to_a_warehouse_that_has_none():
    assert sending(replace(SHEET, stock={"ICN": 9, "CHW": 4}), KNOWN).stock == {"CHW": 4}


def test_facts_are_kept_as_they_are_told():
    assert facts_read(SHEET.facts.told()) == SHEET.facts


def sheet(part: Part, **more: object) -> Sheet:
    channels = list(store_channels(NOW).values())
    return sheets_of([part.pk], channels=channels, cover=lambda codes: {})[0]


@pytest.mark.django_db
def test_a_sheet_says_name_shown_prices_stock_fit_and_successors():
    part, new = make_part("123-4", name="Seal", maker="Acme", pack_quantity=5), make_part("123-5")
    prices = make_price_list(market="KR", kind="DEALER", currency="KRW")
    make_price(prices, part, "12.4", per_quantity=10)
    make_price(prices, part, "9", from_quantity=10)
    make_stock(part, make_warehouse("ICN"), 7)
    make_callout(make_assembly(make_model("HX35")), part)
    make_fitment(part, make_model("HX40"))
    make_supersession(part, new, quantity=2)
    found = sheet(part)
    assert (found.key, found.sku, found.facts) == ("Acme/123-4", "123-4", Facts("Seal", {"kr-dealer": Decimal(1)}))
    assert (found.stock, found.attributes) == ({"ICN": 7}, {"part-maker": "Acme"})
    told = {key: value for key, value in found.metadata.items() if value}
    assert told == {
        "portal.number": "123-4",
        "portal.maker": "Acme",
        "portal.fits": "HX35, HX40",
        "portal.replaced-by": "2 x 123-5 (2020-01-01)",
        "portal.pack": "5",
        "portal.unit": "PCE",
    }


@pytest.mark.django_db
def test_makers_who_share_a_number_have_numbers_of_their_own_there():
    first, second = make_part("123", maker="Acme"), make_part("123", maker="Bolt")
    assert (sheet(first).sku, sheet(second).sku) == ("123", "123 (Bolt)")
    assert sheet(first).slug != sheet(second).slug


@pytest.mark.django_db
def test_a_retired_part_is_offered_until_it_is_used_up_and_a_stopped_one_never():
    part = make_part(status="RETIRED")
    make_price(make_price_list(market="KR", kind="DEALER"), part, "10")
    warehouse = make_warehouse()
    assert sheet(part).facts.prices == {}
    make_stock(part, warehouse, 1)
    assert sheet(part).facts.prices == {"kr-dealer": Decimal(10)}
    Part.objects.filter(pk=part.pk).update(stop_sale=True)
    assert sheet(part).facts.prices == {}
