"""Finding a part and looking at a machine."""

from __future__ import annotations

from datetime import date

from catalog.models import CategoryName, Part, PartGroup, PartRelation
from catalog.search.words import terms_count
from portal.accounts.models import User
from portal.notices.models import Notice
from tests import factories as make
from tests.frontend.conftest import browser, text
from tests.orders.world import World, free, line
from warranty.models import Equipment, Reading, RepairCall


def test_a_part_is_found_by_number_in_any_dress_and_by_words(world: World):
    part = world.part(home=3, number="HX40-7713-B", name="Seal kit, boom cylinder")
    client = browser(world.people.customer)
    for query in ("hx 40 7713 b", "boom seal"):
        page = text(client.get("/search/", {"q": query}))
        assert f'href="/parts/{part.pk}/"' in page
        assert "₩10,000" in page


def test_what_is_being_typed_is_answered_with_numbers_and_words(world: World):
    part = world.part(number="HX40-7713-B", name="Boom cylinder")
    terms_count()
    client = browser(world.people.customer)
    assert client.get("/search/suggest/", {"q": "hx 407"}).json() == {
        "suggestions": [{"text": "HX40-7713-B", "part": part.pk}]
    }
    assert client.get("/search/suggest/", {"q": "boo"}).json() == {"suggestions": [{"text": "boom", "part": None}]}
    assert client.get("/search/suggest/").json() == {"suggestions": []}
    assert client.post("/search/suggest/").status_code == 405


def test_an_old_number_leads_to_its_successor_and_says_so(world: World):
    new = world.part(home=3, number="NEW-1")
    old = world.part(number="OLD-1")
    make.make_supersession(old, new)
    client = browser(world.people.customer)
    page = text(client.get("/search/", {"q": "old 1"}))
    assert f"/parts/{new.pk}/?asked=" in page
    assert "You asked for" in text(client.get(f"/parts/{new.pk}/", {"asked": "OLD-1"}))
    assert "NEW-1" in text(client.get(f"/parts/{old.pk}/"))


def test_a_part_names_all_it_replaced_over_steps_the_nearest_first(world: World):
    first, second, third = (world.part(number=number) for number in ("GEN-1", "GEN-2", "GEN-3"))
    make.make_supersession(first, second)
    make.make_supersession(second, third)
    page = text(browser(world.people.customer).get(f"/parts/{third.pk}/"))
    told = page[page.index("Replaces</dt>") :]
    assert 0 < told.index("GEN-2") < told.index("GEN-1")


def test_a_part_without_a_maker_whose_group_is_its_category_says_it_once(world: World):
    part = world.part(
        number="PLAIN-1", maker="", category="Seals", group=PartGroup.objects.create(code="S", name="Seals")
    )
    page = text(browser(world.people.customer).get(f"/parts/{part.pk}/"))
    assert '<p class="soft">Seals</p>' in page


def test_a_kit_names_what_it_holds_and_a_piece_its_kits_and_its_pair(world: World):
    kit, seal, ring = (world.part(number=number) for number in ("KIT-1", "SEAL-1", "RING-1"))
    PartRelation.objects.create(part=kit, other=seal, kind="COMPONENT", quantity=2)
    PartRelation.objects.create(part=ring, other=seal, kind="PAIR")
    PartRelation.objects.create(part=ring, other=kit, kind="VARIANT")
    client = browser(world.people.customer)
    of_kit, of_seal = (text(client.get(f"/parts/{part.pk}/")) for part in (kit, seal))
    assert f'2 × <a class="number" href="/parts/{seal.pk}/">SEAL-1</a>' in of_kit
    assert "RING-1" not in of_kit  # a variant names its plain part; the plain part does not name hundreds of variants
    assert f'Held in</dt><dd><a class="number" href="/parts/{kit.pk}/">' in of_seal
    assert f'Pair</dt><dd><a class="number" href="/parts/{ring.pk}/">' in of_seal


def test_a_machine_in_the_search_marks_fit_and_cover(world: World, part: Part):
    make.make_warranty_term(months=24)
    machine = world.machine(part)
    page = text(browser(world.people.customer).get("/search/", {"q": part.number, "serial": machine.serial}))
    assert ">fits</span>" in page
    assert ">free of charge</span>" in page
    assert "free under warranty to" in page


def test_a_part_that_does_not_fit_names_the_one_that_does(world: World):
    right, wrong = world.part(number="RIGHT-1"), world.part(number="WRONG-1")
    machine = world.machine()
    make.make_fitment(wrong, machine.model, fits=False, instead=right)
    page = text(browser(world.people.customer).get(f"/parts/{wrong.pk}/", {"serial": machine.serial}))
    assert "does not fit" in page
    assert "RIGHT-1" in page


def test_a_search_that_finds_nothing_offers_to_ask(world: World):
    assert "with a photo" in text(browser(world.people.customer).get("/search/", {"q": "zzqqxx"}))


def test_odd_addresses_are_answered_plainly(world: World):
    client = browser(world.people.customer)
    for address in (
        "/search/?page=-1",
        "/search/?page=9999999",
        "/search/?q=%00",
        "/search/?page=٣",
        "/orders/?page=x&state=NOPE",
        "/machines/?q=%25_",
        "/orders/?company=x",
    ):
        assert client.get(address).status_code == 200, address
    for address in ("/parts/999999/", "/machines/%20/", "/cards/x/", "/orders/%27/", "/parts/99999999999999999999/"):
        assert client.get(address).status_code == 404, address


def test_a_listing_of_24_parts_asks_few_times(world: World, django_assert_max_num_queries):
    from catalog.selectors.listing import Shopper, parts_listed

    parts = [world.part(home=1, name=f"Bolt {number}").pk for number in range(24)]
    with django_assert_max_num_queries(8):
        rows = parts_listed(parts, shopper=Shopper("KR", "CUSTOMER", "STANDARD", "en"), on=date(2026, 11, 23))
        assert all(row.price and row.stock.free == 1 and row.name for row in rows)


def test_pages_of_lists_do_not_ask_more_for_more_rows(world: World, part: Part, django_assert_max_num_queries):
    for _ in range(8):
        world.machine(part)
        world.paid(line(part))
    client = browser(world.people.customer)
    for address, most in (("/", 25), ("/orders/", 20), ("/machines/", 20), ("/search/", 25)):
        with django_assert_max_num_queries(most):
            client.get(address)


def test_a_machine_shows_warranty_book_and_what_was_ordered_by_whom(world: World, part: Part):
    make.make_warranty_term(months=24, max_hours=2000)
    machine = world.machine(part)
    make.make_dealer_link(machine, _dealer(world))
    order = world.place(free(part, machine, world.card(machine)), by=world.people.dealer)
    page = text(browser(world.people.customer).get(f"/machines/{machine.normalised}/"))
    assert "in warranty" in page
    assert part.number in page
    assert "Dealer" in page
    assert f"/orders/{order.number}/" not in page
    assert "₩" not in page


def _dealer(world: World):
    from tests.people import company_of

    return company_of(world.people.dealer)


def test_an_owner_asks_for_a_repair_and_reads_the_meter(world: World, part: Part):
    machine = world.machine(part)
    client = browser(world.people.customer)
    base = f"/machines/{machine.normalised}/"
    assert (
        client.post(
            f"{base}call/", {"call-fault": "leaks", "call-contact": "Lee 010", "call-reference": "k-1"}
        ).status_code
        == 302
    )
    assert RepairCall.objects.get().fault == "leaks"
    assert client.post(f"{base}reading/", {"reading-hours": "120", "reading-reference": "k-2"}).status_code == 302
    lower = client.post(f"{base}reading/", {"reading-hours": "90", "reading-reference": "k-3"})
    assert lower.status_code == 422
    assert 'value="90"' in text(lower)
    assert Reading.objects.get().hours == 120


def test_an_owner_registers_a_machine(world: World):
    model = make.make_model("TX5")
    client = browser(world.people.customer)
    typed = {"serial": "TX5 00077", "model_code": model.code, "reference": "k-1"}
    assert client.post("/machines/register/", typed).status_code == 302
    assert Equipment.objects.get(normalised="TX500077").owner_id == world.people.customer.company_id
    refused = client.post("/machines/register/", typed | {"model_code": "NOPE", "reference": "k-2", "serial": "TX5 2"})
    assert refused.status_code == 422
    assert 'value="NOPE"' in text(refused)


def test_a_notice_is_read_and_leads_to_its_order(world: World, part: Part):
    order = world.paid(line(part))
    client = browser(world.people.customer)
    notice = Notice.objects.filter(company=world.people.customer.company_id).latest("pk")
    assert order.number in text(client.get("/notices/"))
    assert client.post(f"/notices/{notice.pk}/", {"open": "1"})["Location"] == f"/orders/{order.number}/"
    notice.refresh_from_db()
    assert notice.read_at == world.now


def test_categories_figures_warehouses_and_models_are_named_in_the_readers_language(world: World):
    part = world.part(home=3, name="Seal kit", category="Cylinders", group=PartGroup.objects.create(code="S", name="Seals", names={"ko": "씰"}))  # fmt: skip
    CategoryName.objects.create(category="Cylinders", language="ko", name="실린더")
    machine = world.machine(part)
    for thing, name in (
        (world.home, "인천 창고"),
        (machine.model, "굴착기"),
        (machine.model.assemblies.get(), "유압 계통"),
    ):
        thing.names = {"ko": name}
        thing.save()
    client = browser(world.people.customer)
    User.objects.filter(pk=world.people.customer.user_id).update(language="ko")
    shown = text(client.get(f"/parts/{part.pk}/"))
    assert all(name in shown for name in ("실린더", "씰", "인천 창고", "굴착기"))
    assert world.home.name not in shown
    search = text(client.get("/search/", {"q": "seal"}))
    assert "실린더 1" in search
    assert "category=Cylinders" in search  # the address is the same in every language
    assert "유압 계통" in text(client.get(f"/machines/{machine.normalised}/"))
    assert "유압 계통" in text(client.get(f"/machines/{machine.normalised}/", {"book": "유압"}))
