"""The store knows us by our token, and not by another."""

from __future__ import annotations

import pytest

from portal.saleor import services
from portal.saleor.client import SaleorClient
from portal.saleor.errors import SaleorBroken, SaleorDenied
from portal.saleor.manifest import PERMISSIONS
from tests import store


def test_the_token_is_ours_with_the_permissions_we_need(connected: SaleorClient):
    found = services.app_of(services.client())
    assert {row["code"] for row in found["permissions"]} == set(PERMISSIONS)


def test_a_wrong_token_is_denied():
    with pytest.raises(SaleorDenied):
        services.app_of(SaleorClient(store.API_URL, "wrong"))


def test_what_is_no_graphql_is_broken():
    with pytest.raises(SaleorBroken):
        services.app_of(SaleorClient(store.API_URL.replace("graphql/", "nowhere/"), "wrong"))
