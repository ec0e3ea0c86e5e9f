"""What we are as an app: no secret in it, no permission too many, webhooks that ask little."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from django.test import Client
from graphql import build_schema

from portal.saleor.addresses import Addresses, api_url_read
from portal.saleor.check import webhooks_judge
from portal.saleor.manifest import PERMISSIONS, events_of, manifest_make, version_supported, webhook_plan, webhooks
from tests.portal.test_saleor_documents import SCHEMAS

WHERE = Addresses("https://parts.test", "http://web:8000")


def there() -> list[dict[str, Any]]:
    """Webhooks as the store has them after an install, with ids of its own."""
    made = manifest_make(WHERE)["webhooks"]
    return [
        {
            "id": str(index), "identifier": one["identifier"], "name": one["name"], "isActive": True,
            "targetUrl": one["targetUrl"], "subscriptionQuery": one["query"],
            "asyncEvents": [{"eventType": event} for event in one.get("asyncEvents", ())],
            "syncEvents": [{"eventType": event} for event in one.get("syncEvents", ())],
        }
        for index, one in enumerate(made)
    ]  # fmt: skip


def test_a_stranger_who_fetches_it_learns_no_secret(settings: Any):
    settings.PORTAL_URL, settings.PORTAL_INTERNAL_URL = WHERE.people, WHERE.store
    answer = Client().get("/saleor/manifest/")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert settings.SECRET_KEY not in text
    assert "ticket" not in text
    assert answer.json() == json.loads(json.dumps(manifest_make(WHERE)))


def test_it_names_both_addresses_each_for_whom_it_is():
    made = manifest_make(WHERE, ticket="t")
    assert made["tokenTargetUrl"] == "http://web:8000/saleor/register/?ticket=t"
    assert {one["targetUrl"] for one in made["webhooks"]} == {"http://web:8000/webhooks/saleor/"}
    assert all(one["url"].startswith("https://parts.test/") for one in made["extensions"])


@pytest.mark.skipif(not SCHEMAS, reason="the store's schemas are not on this machine")
@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_the_store_knows_every_event_and_permission(path: Any):
    schema = build_schema(gzip.decompress(path.read_bytes()).decode(), assume_valid=True)
    known = {
        name: set(schema.type_map[name].values)
        for name in ("WebhookEventTypeAsyncEnum", "WebhookEventTypeSyncEnum", "PermissionEnum")
    }
    for one in webhooks():
        assert one.events
        assert set(one.events) <= known["WebhookEventTypeSyncEnum" if one.is_sync else "WebhookEventTypeAsyncEnum"]
    assert set(PERMISSIONS) <= known["PermissionEnum"]


def test_events_are_those_the_query_asks_about():
    query = "subscription { event { ... on OrderCreated { order { id } } ... on FulfillmentTrackingNumberUpdated { order { id } } issuingPrincipal { ... on App { id } } } }"
    assert events_of(query) == ("FULFILLMENT_TRACKING_NUMBER_UPDATED", "ORDER_CREATED")


def test_webhooks_in_order_need_nothing():
    assert webhook_plan(there(), WHERE) == []


@pytest.mark.parametrize(
    "change",
    [{"isActive": False}, {"targetUrl": "http://old.test/"}, {"subscriptionQuery": "subscription { event { issuedAt } }"}, {"asyncEvents": []}, {"subscriptionQuery": None}],
)  # fmt: skip
def test_one_that_differs_is_updated(change: dict[str, Any]):
    found = there()
    found[0] |= change
    ((act, store_id, values),) = webhook_plan(found, WHERE)
    assert (act, store_id, values["isActive"]) == ("update", "0", True)


def test_webhooks_that_go_elsewhere_say_where_and_what_we_call_ourselves():
    found = there()
    for one in found:
        one["targetUrl"] = "http://old.test/webhooks/saleor/"
    (told,) = webhooks_judge(found, WHERE)
    assert (told.code, told.well) == ("webhooks.astray", False)
    assert all(one in told.words for one in ("http://old.test/", "http://web:8000/webhooks/saleor/", "PORTAL_URL"))
    assert [one.code for one in webhooks_judge(there(), WHERE)] == ["webhooks"]


def test_one_that_is_missing_is_made_and_one_too_many_goes():
    found = there()
    found[1]["identifier"] = "of an old version"
    assert [(act, store_id) for act, store_id, _ in webhook_plan(found, WHERE)] == [("create", ""), ("delete", "1")]


@pytest.mark.parametrize(
    ("version", "good"),
    [("3.23.0", True), ("3.23.28", True), ("3.24.0-a.1", True), ("3.22.9", False), ("3.25.0", False), ("4.0", False), ("", False), ("dev", False)],
)  # fmt: skip
def test_versions(version: str, good: bool):
    assert version_supported(version) is good


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("https://Store.test/graphql/", "https://store.test/graphql/"),
        ("https://store.test/graphql", "https://store.test/graphql/"),
        (" http://store.test:8000 ", "http://store.test:8000/graphql/"),
    ],
)
def test_addresses_are_read_as_the_store_writes_them(text: str, read: str):
    assert api_url_read(text) == read


@pytest.mark.parametrize(
    "text",
    ["", "store.test", "ftp://store.test/", "https://", "https://a:b@store.test/graphql/", "javascript:alert(1)"],
)
def test_what_is_no_address_is_none(text: str):
    with pytest.raises(ValueError):  # noqa: PT011  the text is the message
        api_url_read(text)
