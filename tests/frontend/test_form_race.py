"""The order form sent twice at the same moment, in two threads."""

from __future__ import annotations

from orders.models import CartLine, Order
from tests.frontend.conftest import browser
from tests.frontend.test_cart import _add, _form
from tests.orders.world import World
from tests.race.conftest import race
from tests.race.conftest import world as real_world

world = real_world  # real commits


def test_two_clicks_at_once_make_one_order(world: World):
    part = world.part(home=9)
    first, second = browser(world.people.customer), browser(world.people.customer)
    _add(first, part)
    form = _form(first)
    answers = race(lambda: first.post("/cart/", form), lambda: second.post("/cart/", form))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert (Order.objects.count(), CartLine.objects.count()) == (1, 0)
