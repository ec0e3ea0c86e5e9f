"""The public link of an order: goods and days for whoever has it, nothing for who guesses, nothing after it was withdrawn."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from catalog.models import Part
from frontend.views import tracking
from orders.models import Order, TrackingLink
from orders.selectors.tracking import tracking_token
from tests.frontend.conftest import browser, text
from tests.orders.world import World, free, line
from tests.people import ADDRESS


@pytest.fixture
def order(world: World, part: Part) -> Order:
    """Paid, two of five pieces on their way."""
    order = world.paid(line(part, 5), po_number="PO-SECRET")
    row = order.lines.get()
    world.ship(order, (row, 2), tracking_number="TRK-7")
    return order


def link(world: World, order: Order) -> str:
    customer = browser(world.people.customer)
    assert customer.post(f"/orders/{order.number}/link/").status_code == 302
    address = f"/t/{tracking_token(TrackingLink.objects.get(withdrawn_at=None))}/"
    assert address in text(customer.get(f"/orders/{order.number}/"))
    return address


def test_a_receiver_sees_goods_parcels_and_days_and_nothing_else(world: World, order: Order, part: Part) -> None:
    answer = Client().get(link(world, order))
    page = text(answer)
    assert all(
        word in page for word in (order.number, part.number, "Seal kit", "TRK-7", "Post", "2 on the way", "ships by")
    )
    told = [
        str(word)
        for word in ("₩", "PO-SECRET", "50,000", "10,000", "Customer", "Person", "transfer", "paid", *ADDRESS.values())
        if word != "KR"
    ]
    assert [word for word in told if word in page] == []
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
    assert "no-store" in answer["Cache-Control"]


def test_who_pays_and_for_which_machine_is_not_told(world: World, part: Part) -> None:
    machine = world.machine(part)
    order = world.place(free(part, machine, world.card(machine)))
    page = text(Client().get(link(world, order)))
    assert machine.serial not in page
    assert "warranty" not in page.lower()
    assert "waiting for" not in page


def test_a_link_withdrawn_opens_nothing_and_a_new_one_has_another_address(world: World, order: Order) -> None:
    old = link(world, order)
    customer = browser(world.people.customer)
    assert customer.post(f"/orders/{order.number}/unlink/").status_code == 302
    assert Client().get(old).status_code == 404
    new = link(world, order)
    assert new != old
    assert Client().get(new).status_code == 200
    assert customer.post(f"/orders/{order.number}/link/").status_code == 302
    assert TrackingLink.objects.filter(withdrawn_at=None).count() == 1


def test_nobody_guesses_a_link(world: World, order: Order) -> None:
    good = link(world, order)
    key, seal = good.strip("/").split("/")[1].split("-")
    for guess in (
        f"{key}-",
        f"{key}-{'0' * 40}",
        f"{key}-{seal[:-1]}",
        f"{int(key) + 1}-{seal}",
        f"-{seal}",
        f"{'9' * 30}-{seal}",
        "x",
        f"{key}-{seal}x",
    ):
        assert Client().get(f"/t/{guess}/").status_code == 404, guess


def test_who_looks_too_often_waits_a_minute(world: World, order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setitem(tracking.RATE, "look", "3/m/ip")
    address, reader = link(world, order), Client(REMOTE_ADDR="203.0.113.9")
    assert [reader.get(address).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert Client(REMOTE_ADDR="203.0.113.10").get(address).status_code == 200
    cache.clear()


def test_a_strangers_order_gets_no_link(world: World, order: Order) -> None:
    assert browser(world.people.other).post(f"/orders/{order.number}/link/").status_code == 404
    assert not TrackingLink.objects.exists()
