"""What the store changes comes here: names, prices, offers, stock; what cannot be taken is told, and nothing is deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Event

import pytest

from catalog.models import Part, PartName, Price, PriceList, StockLedger, StockLevel, StorePart, StoreSweep
from catalog.rules.stock import Want
from catalog.rules.store_sheet import sending
from catalog.selectors.prices import prices_for
from catalog.selectors.store import store_channels
from catalog.selectors.store_sheets import known_of, sheets_of
from catalog.services.stock import stock_hold
from catalog.services.store_pull import NOT_OFFERED
from catalog.services.store_stock import Claims
from catalog.services.store_sweep import store_look, store_sweep
from portal import ending
from portal.engine import ListPrice, ShelfStock
from portal.saleor.models import Difference, Sweep
from tests.catalog.store_world import CHANNEL, NOW, Catalogue, World
from tests.factories import make_part, make_price, make_price_list

pytestmark = pytest.mark.django_db
DAY = NOW.date()


@pytest.fixture
def world() -> World:
    return World()


def price(part: Part, on=DAY) -> Decimal | None:
    found = prices_for([part.pk], market="KR", kind="DEALER", discount_class="STANDARD", on=on)
    return found[part.pk].at(1).amount if part.pk in found else None


def told() -> list[tuple[str, str]]:
    return list(Difference.objects.filter(mended_at=None).order_by("kind").values_list("kind", "subject"))


def test_what_is_as_we_know_it_changes_nothing(world: World):
    part = world.part()
    looked = world.look(world.item(part))
    assert (looked.parts, looked.changed, told()) == (1, set(), [])
    assert PriceList.objects.count() == 1


def test_a_renamed_part_has_its_new_name_here(world: World):
    part = world.part()
    world.look(world.item(part, name="Shaft seal"))
    assert PartName.objects.get(part=part, language="en").name == "Shaft seal"


def test_a_name_we_changed_since_the_last_push_is_not_taken_back(world: World):
    part = world.part()
    PartName.objects.filter(part=part).update(name="Ours, newer")
    world.look(world.item(part))
    assert PartName.objects.get(part=part, language="en").name == "Ours, newer"


def test_a_new_price_holds_from_today_and_yesterdays_stays(world: World):
    part, other = world.part(), world.part()
    world.look(world.item(part, price="1200"), world.item(other))
    assert (price(part), price(other)) == (Decimal(1200), Decimal(1000))
    assert price(part, DAY - timedelta(days=1)) == Decimal(1000)


def test_a_price_changed_after_midnight_there_is_shown_and_not_sent_back_while_it_is_yesterday_elsewhere(world: World):
    """In Seoul it is the next day from 15:00 UTC on: the list that begins there is the one that counts."""
    part, late = world.part(), NOW.replace(hour=20)
    world.look(world.item(part, price="1200"), now=late)
    tomorrow = DAY + timedelta(days=1)
    assert (price(part), price(part, tomorrow)) == (Decimal(1000), Decimal(1200))
    [sheet] = sheets_of([part.pk], channels=list(store_channels(late).values()), cover=lambda codes: {})
    assert not sending(sheet, replace(known_of([part.pk])[part.pk], own_sum=sheet.own_sum))
    assert world.look(world.item(part, price="1200"), now=late).changed == set()


def test_several_new_prices_of_a_day_share_one_list(world: World):
    part, other = world.part(), world.part()
    world.look(world.item(part, price="1200"))
    world.look(world.item(other, price="900"))
    assert (PriceList.objects.count(), price(other)) == (2, Decimal(900))


def test_tiers_for_more_pieces_stay_unless_they_are_dearer_now(world: World):
    part = world.part()
    for many, amount in ((10, "950"), (100, "700")):
        make_price(world.prices, part, amount, from_quantity=many)
    world.look(world.item(part, price="800"))
    latest = PriceList.objects.latest("valid")
    assert list(
        Price.objects.filter(price_list=latest, part=part)
        .order_by("from_quantity")
        .values_list("from_quantity", "amount")
    ) == [(1, Decimal(800)), (100, Decimal(700))]


def test_a_price_the_store_only_shows_rounded_is_not_news(world: World):
    part = world.part()
    Price.objects.filter(part=part).update(amount=Decimal("0.4"), per_quantity=1000)
    world.look(world.item(part, price="1"))  # what it was sent: never nothing
    assert Price.objects.get(part=part).per_quantity == 1000


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"price": "9.99", "currency": "EUR"}, "price.currency"),
        ({"price": "1000.5"}, "price.decimals"),
        ({"price": "0"}, "price.nothing"),
    ],
)
def test_a_price_that_cannot_be_is_told_until_it_is_right_and_ours_stays(world: World, change: dict, kind: str):
    part = world.part()
    world.look(world.item(part, **change))
    assert told() == [(kind, f"/{part.number} {CHANNEL}")]
    assert price(part) == Decimal(1000)
    assert not Part.objects.get(pk=part.pk).stop_sale
    world.look(world.item(part))
    assert told() == []


def test_offered_nowhere_it_is_stopped_and_offered_again_it_is_sold_again(world: World):
    part = world.part()
    world.look(world.item(part, price=None))
    stopped = Part.objects.get(pk=part.pk)
    assert (stopped.stop_sale, stopped.stop_sale_reason, price(part)) == (True, NOT_OFFERED, Decimal(1000))
    world.look(world.item(part))
    assert not Part.objects.get(pk=part.pk).stop_sale


def test_a_stop_of_the_house_is_not_lifted_by_the_store(world: World):
    part = world.part()
    Part.objects.filter(pk=part.pk).update(stop_sale=True, stop_sale_reason="Recall")
    StorePart.objects.filter(part=part).update(facts={"name": "Seal", "prices": {}})
    world.look(world.item(part))
    assert Part.objects.get(pk=part.pk).stop_sale
    assert told() == [("part.stopped", f"/{part.number}")]


def test_offered_in_one_channel_less_it_has_no_price_there(world: World):
    make_price_list(market="KR", kind="CUSTOMER", currency="KRW")
    part = world.part()
    both = {CHANNEL: "1000", "kr-customer": "1100"}
    StorePart.objects.filter(part=part).update(facts={"name": "Seal", "prices": both})
    world.look(world.item(part, prices={"kr-customer": ListPrice(Decimal(1100), "KRW")}))
    assert price(part) is None
    assert price(part, DAY - timedelta(days=1)) == Decimal(1000)
    assert not Part.objects.get(pk=part.pk).stop_sale


def test_a_part_made_in_the_store_appears_here_with_price_and_stock(world: World):
    made = make_part("STRANGER")
    item = world.item(made, name="Bracket", price="500", pieces=3)
    made.delete()
    world.look(replace(item, store_id="V-new", key="", number="NEW-1"))
    part = Part.objects.get(number="NEW-1")
    assert (part.normalised, PartName.objects.get(part=part).name, price(part)) == ("NEW1", "Bracket", Decimal(500))
    assert StockLevel.objects.get(part=part).on_hand == 3
    assert world.look(replace(item, store_id="V-new", key="", number="NEW-1")).changed == set()


def test_goods_that_are_no_parts_are_nobodys_and_parts_without_number_are_told(world: World):
    made = make_part("STRANGER")
    item = replace(world.item(made), key="", store_id="V-x")
    made.delete()
    world.look(replace(item, number="MUG-1", is_part=False))
    assert told() == [("part.unknown", "V-x")]
    world.look(replace(item, number="", is_part=True))
    assert (told(), Part.objects.count()) == ([("part.unknown", "V-x")], 0)


def test_a_number_of_two_makers_is_told_and_not_guessed(world: World):
    make_part("123", maker="A")
    other = make_part("123", maker="B")
    world.look(replace(world.item(other), key="", store_id="V-x"))
    assert told() == [("part.unknown", "V-x")]


def test_a_part_without_a_row_is_known_by_its_key(world: World):
    part = world.part(known=False)
    assert world.look(world.item(part)).changed == set()
    assert StorePart.objects.get(part=part).variant_id == f"V{part.pk}"


# --- stock ---------------------------------------------------------------------------------------------------------


def test_more_and_fewer_pieces_come_here_through_the_ledger(world: World):
    part = world.part()
    world.look(world.item(part, pieces=13))
    world.look(world.item(part, pieces=4))
    assert StockLevel.objects.get(part=part).on_hand == 4
    assert list(StockLedger.objects.filter(part=part).order_by("pk").values_list("change", "actor"))[1:] == [
        (3, "store"),
        (-9, "store"),
    ]


def test_what_others_were_given_is_not_ours_to_promise(world: World):
    part = world.part()
    world.claims = Claims(held={(part.pk, "ICN"): 2})
    world.look(world.item(part, allocated=5))
    level = StockLevel.objects.get(part=part)
    assert (level.allocated_elsewhere, level.available) == (3, 7)
    world.look(world.item(part, allocated=2))
    assert StockLevel.objects.get(part=part).allocated_elsewhere == 0
    world.look(world.item(part, allocated=0))
    assert world.look(world.item(part, allocated=0)).changed == set()


def test_a_part_with_movements_on_their_way_waits_for_the_next_look(world: World):
    part = world.part()
    world.claims = Claims(moving=frozenset({part.pk}))
    assert world.look(world.item(part, pieces=8)).waiting == {part.pk}
    assert StockLevel.objects.get(part=part).on_hand == 10
    world.claims = Claims()
    world.look(world.item(part, pieces=8))
    assert StockLevel.objects.get(part=part).on_hand == 8


def test_fewer_pieces_than_our_orders_hold_are_told_and_nothing_crashes(world: World):
    part = world.part()
    stock_hold(wants=[Want("line", part.pk, 6)], warehouses=[world.warehouse.pk])
    world.look(world.item(part, pieces=4))
    level = StockLevel.objects.get(part=part)
    assert (level.on_hand, level.held, level.available) == (6, 6, 0)
    assert told() == [("stock.held", f"/{part.number} ICN")]
    world.look(world.item(part, pieces=9))
    assert (told(), StockLevel.objects.get(part=part).on_hand) == ([], 9)


def test_a_warehouse_the_store_has_no_row_for_says_nothing(world: World):
    part = world.part()
    world.look(replace(world.item(part), stock={}))
    assert StockLevel.objects.get(part=part).on_hand == 10
    world.look(replace(world.item(part), stock={"ELSEWHERE": ShelfStock(5, 5)}))
    assert StockLevel.objects.get(part=part).available == 10


# --- the whole store -----------------------------------------------------------------------------------------------


def test_a_sweep_that_was_cut_short_goes_on_where_it_stood(world: World):
    parts = [world.part() for _ in range(5)]
    store = Catalogue([world.item(part, name=f"Seal {part.pk}") for part in parts], breaks_after=2)
    with pytest.raises(ConnectionError):
        store_sweep(catalogue=store, ours=world.ours, now=NOW)
    store.breaks_after = None
    sweep = store_sweep(catalogue=store, ours=world.ours, now=NOW)
    assert (sweep.parts, sweep.changes, store.asked) == (5, 5, ["0", "2", "4"])
    assert StoreSweep.objects.count() == 1
    again = store_sweep(catalogue=store, ours=world.ours, now=NOW)
    assert (again.pk != sweep.pk, again.changes) == (True, 0)


def test_a_sweep_whose_process_is_told_to_end_stops_behind_the_page_and_the_next_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    store = Catalogue([world.item(world.part()) for _ in range(5)])
    told = Event()
    monkeypatch.setattr(ending, "_told", told)
    with pytest.raises(ending.EndingError):
        store_sweep(catalogue=store, ours=world.ours, now=NOW, progress=lambda parts: told.set() if parts else None)
    assert (store.asked, Sweep.objects.get(kind="catalogue").broken_by) == (["0"], "ENDING")
    told.clear()
    assert store_sweep(catalogue=store, ours=world.ours, now=NOW).parts == 5
    assert store.asked == ["0", "2", "4"]


def test_what_the_store_forgot_is_told_and_stays_here(world: World):
    here, gone = world.part(), world.part()
    store = Catalogue([world.item(here)])
    store_sweep(catalogue=store, ours=world.ours, now=NOW)
    assert told() == [("part.gone", f"/{gone.number}")]
    assert Part.objects.filter(pk=gone.pk).exists()
    assert price(gone) == Decimal(1000)
    store.items.append(world.item(gone))
    store_look(catalogue=store, ours=world.ours, store_ids=[f"V{gone.pk}"])
    assert (told(), StorePart.objects.get(part=gone).gone_at) == ([], None)


def test_a_part_the_pages_passed_over_is_looked_at_by_itself(world: World):
    part = world.part()

    class Hidden(Catalogue):
        def catalogue_pages(self, after: str = ""):
            yield from Catalogue([]).catalogue_pages()

    store_sweep(catalogue=Hidden([world.item(part, name="Found")]), ours=world.ours, now=NOW)
    assert (told(), PartName.objects.get(part=part).name) == ([], "Found")
