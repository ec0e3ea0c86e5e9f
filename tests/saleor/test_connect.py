"""From the terminal to a living connection with a real store, again and again, and what the check says of each trouble."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from portal.saleor.addresses import portal_addresses
from portal.saleor.check import check, ping
from portal.saleor.models import Connection
from portal.saleor.services import client, connection_get
from portal.webhooks.models import Delivery
from portal.webhooks.saleor import ping_arrived
from tests import store
from tests.saleor.conftest import app_remove


def connect(capsys: pytest.CaptureFixture[str], *more: str) -> str:
    """`saleor_connect`, and what it said."""
    call_command("saleor_connect", store.API_URL, *more)
    return " ".join(capsys.readouterr().out.split())


def findings() -> dict[str, str]:
    """What the check finds wrong."""
    found = check(client(), portal_addresses(), connection_get().public_url)
    return {one.code: one.words for one in found if not one.well and not one.code.startswith("shop.")}


def test_connected_twice_checked_and_mended(portal: Any, capsys: pytest.CaptureFixture[str]):
    assert "Connected to Saleor 3.2" in connect(capsys)
    assert "nothing was changed" in connect(capsys)
    assert findings() == {}
    Connection.objects.update(public_url="http://before.test/graphql/")
    assert set(findings()) == {"address"}
    said = connect(capsys)
    assert ("calls itself" in said, "nothing was changed" in said) == (True, False)
    assert findings() == {}
    assert ping(client(), ping_arrived).well
    assert Delivery.objects.get(kind="ShopMetadataUpdated").happened_at

    app = client().call("app_state")
    hook = next(one for one in app["webhooks"] if one["identifier"] == "orders")
    client().call("webhook_update", id=hook["id"], input={"isActive": False})
    store.staff_ask(
        "mutation($id: ID!) { appUpdate(id: $id, input: {permissions: [MANAGE_ORDERS, MANAGE_GIFT_CARD, MANAGE_SETTINGS, MANAGE_PRODUCTS]}) { errors { message } } }",
        id=app["id"],
    )
    assert set(findings()) == {"webhooks.off", "permissions.missing", "permissions.over"}
    said = connect(capsys)
    assert "1 webhooks brought up to date" in said
    assert "MANAGE_GIFT_CARD taken back" in said
    assert findings() == {}

    store.staff_ask("mutation($id: ID!) { appDeactivate(id: $id) { errors { message } } }", id=app["id"])
    said = connect(capsys)
    assert ("it is on again" in said, "nothing was changed" in said) == (True, False)
    assert findings() == {}


def test_an_app_that_may_hardly_do_anything_is_told_what_is_missing(portal: Any, capsys: pytest.CaptureFixture[str]):
    connect(capsys)
    rights = "mutation($id: ID!) { appUpdate(id: $id, input: {permissions: [MANAGE_PRODUCTS]}) { errors { message } } }"
    store.staff_ask(rights, id=connection_get().app_id)
    (code,) = findings()
    assert (code, "MANAGE_ORDERS" in findings()[code], "MANAGE_SETTINGS" in findings()[code]) == (
        "permissions.missing",
        True,
        True,
    )
    assert "MANAGE_SETTINGS" in connect(capsys)
    assert findings() == {}


def test_an_app_whose_token_is_lost_is_replaced_only_when_asked(portal: Any, capsys: pytest.CaptureFixture[str]):
    connect(capsys)
    old = connection_get().app_id
    call_command("saleor_connect", "--forget")
    with pytest.raises(CommandError, match="--replace"):
        connect(capsys)
    assert "Connected" in connect(capsys, "--replace")
    assert connection_get().app_id != old


def test_an_app_is_not_replaced_by_one_that_the_store_cannot_reach(
    portal: Any, settings: Any, capsys: pytest.CaptureFixture[str]
):
    connect(capsys)
    right, settings.PORTAL_INTERNAL_URL = settings.PORTAL_INTERNAL_URL, "http://127.0.0.1:1"
    with pytest.raises(CommandError, match="cannot fetch"):
        connect(capsys, "--replace")
    settings.PORTAL_INTERNAL_URL = right
    assert findings() == {}
    assert ping(client(), ping_arrived).well


def test_a_removed_app_is_installed_anew(portal: Any, capsys: pytest.CaptureFixture[str]):
    connect(capsys)
    app_remove()
    assert "does not know our token any more" in connect(capsys)
    assert findings() == {}


def test_a_portal_that_cannot_be_reached_is_told_what_to_look_at(portal: Any, settings: Any):
    settings.PORTAL_INTERNAL_URL = "http://10.1.2.3:8000"
    with pytest.raises(CommandError, match="HTTP_IP_FILTER_ENABLED"):
        call_command("saleor_connect", store.API_URL)
    assert not Connection.objects.exclude(token_sealed="").exists()


def test_a_delivery_that_fails_is_found_with_its_reason(portal: Any, capsys: pytest.CaptureFixture[str], settings: Any):
    connect(capsys)
    hook = next(one for one in client().call("app_state")["webhooks"] if one["identifier"] == "ping")
    client().call("webhook_update", id=hook["id"], input={"targetUrl": f"{settings.PORTAL_URL}/nowhere/"})
    told = ping(client(), ping_arrived)
    assert (told.well, "HTTP 404: there is no such address" in told.words) == (False, True)
    assert "HTTP 404: there is no such address" in findings()["deliveries.failed"]


def test_a_wrong_password_is_told(portal: Any, settings: Any):
    settings.SALEOR_STAFF_PASSWORD = "wrong"
    with pytest.raises(CommandError, match="STORE_REFUSED"):
        call_command("saleor_connect", store.API_URL)
    store.staff_awaited()  # whoever comes next
