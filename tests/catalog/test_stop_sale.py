"""A stop-sale is set by a parts manager, with a reason."""

import dataclasses

import pytest

from catalog.models import Part
from catalog.services.parts import stop_sale_lift, stop_sale_set
from portal.accounts.actor import SYSTEM, Actor
from portal.accounts.models import CompanyKind, Role
from portal.errors import Code, PortalError
from tests.factories import make_part

pytestmark = pytest.mark.django_db
MANAGER = dataclasses.replace(SYSTEM, is_system=False, roles=frozenset({Role.PARTS_MANAGER.value}))
BUYER = dataclasses.replace(MANAGER, company_kind=CompanyKind.CUSTOMER)
TECHNICIAN = dataclasses.replace(MANAGER, roles=frozenset({Role.TECHNICIAN.value}))


def test_a_parts_manager_stops_a_sale_and_lifts_the_stop():
    part = make_part()
    assert stop_sale_set(part=part, reason=" cracks found ", actor=MANAGER).stop_sale
    part.refresh_from_db()
    assert (part.stop_sale, part.stop_sale_reason) == (True, "cracks found")
    stop_sale_lift(part=part, actor=MANAGER)
    part.refresh_from_db()
    assert (part.stop_sale, part.stop_sale_reason) == (False, "")


def test_a_stop_needs_a_reason():
    with pytest.raises(PortalError) as refused:
        stop_sale_set(part=make_part(), reason="  ", actor=MANAGER)
    assert (refused.value.code, refused.value.problems[0].field) == (Code.INVALID, "reason")


@pytest.mark.parametrize("actor", [BUYER, TECHNICIAN])
def test_nobody_else_may_stop_a_sale(actor: Actor):
    part = make_part()
    with pytest.raises(PortalError) as refused:
        stop_sale_set(part=part, reason="x", actor=actor)
    assert refused.value.code == Code.NOT_ALLOWED
    with pytest.raises(PortalError) as refused:
        stop_sale_lift(part=part, actor=actor)
    assert refused.value.code == Code.NOT_ALLOWED
    assert not Part.objects.get(pk=part.pk).stop_sale
