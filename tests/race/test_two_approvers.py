"""Two colleagues press approve at one moment: without the lock both decide, with it one orders and the other is told who was first."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from orders.models import Order, PurchaseRequest
from orders.services.requesting import purchase_request_approve, purchase_request_make, purchase_request_send_back
from portal.accounts.actor import actor_for
from portal.accounts.models import Membership
from tests import factories as make
from tests.orders.world import World, line, request
from tests.people import company_of
from tests.race.conftest import codes, race, unlocked


def approvers(world: World) -> list[Callable[[], Any]]:
    """One colleague approves what another sends back."""
    company = company_of(world.people.customer)
    Membership.objects.filter(pk=world.people.customer.membership_id).update(order_limit=Decimal(1))
    buyer = actor_for(Membership.objects.select_related("user", "company").get(pk=world.people.customer.membership_id))
    made = purchase_request_make(actor=buyer, request=request(line(world.part(home=9), 2)), now=world.now)
    yes, no = make.make_actors((company, ("BUYER",)), (company, ("BUYER",)))
    given: dict[str, Any] = {"request_id": made.pk, "now": world.now}
    return [
        partial(purchase_request_approve, actor=yes, **given),
        partial(purchase_request_send_back, actor=no, note="no", **given),
    ]


def test_without_the_lock_both_decide(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    acts = approvers(world)
    with unlocked(monkeypatch, 2, at=PurchaseRequest):
        results = race(*acts)
    assert codes(results) != ["WRONG_STATE", "done"], (
        "the control did not race: the test of the lock would prove nothing"
    )


def test_with_the_lock_one_is_told_that_the_other_was_first(world: World) -> None:
    results = race(*approvers(world))
    assert codes(results) == ["WRONG_STATE", "done"]
    made = PurchaseRequest.objects.get()
    assert (made.state, Order.objects.count()) in (("APPROVED", 1), ("SENT_BACK", 0))
