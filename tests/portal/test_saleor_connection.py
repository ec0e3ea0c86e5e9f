"""One store, its token sealed; what its things are called there; what differs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from catalog.models import StorePart
from portal import clock
from portal.saleor import services
from portal.saleor.errors import NotConnected
from portal.saleor.models import Connection, Difference, StoreLink
from portal.saleor.secrets import reseal, seal, unseal
from tests import store
from tests.factories import make_part

pytestmark = pytest.mark.django_db


def test_without_a_store_we_are_told_how_to_connect():
    with pytest.raises(NotConnected, match="saleor_connect"):
        services.client()


def test_the_token_is_not_in_the_database():
    store.connect("http://store.test/graphql/", "a very secret token")
    assert "secret" not in str(Connection.objects.values().get())
    assert services.client().api_url == "http://store.test/graphql/"


def test_there_is_no_second_store():
    store.connect("http://store.test/graphql/", "t")
    with pytest.raises(IntegrityError), transaction.atomic():
        Connection.objects.create(pk=2, api_url="http://other.test/graphql/", public_url="http://other.test/graphql/")


def test_keys_change_without_connecting_again(settings):
    settings.SALEOR_TOKEN_KEYS = []
    sealed = seal("the token")
    settings.SALEOR_TOKEN_KEYS = ["the first key of its own"]
    assert unseal(sealed) == "the token"
    sealed = reseal(sealed)
    settings.SECRET_KEY = "quite another " * 5
    settings.SALEOR_TOKEN_KEYS = ["the next key", "the first key of its own"]
    assert unseal(sealed) == "the token"
    settings.SALEOR_TOKEN_KEYS = ["the next key"]
    with pytest.raises(NotConnected, match="SALEOR_TOKEN_KEYS"):
        unseal(sealed)


def test_a_link_is_remembered_both_ways_and_may_move():
    services.link_set("channel", "kr-dealer", "Q2hhbm5lbDox")
    services.link_set("channel", "kr-dealer", "Q2hhbm5lbDoy")
    services.links_set("channel", [("kr-retail", "Q2hhbm5lbDoz"), ("eu-dealer", "Q2hhbm5lbDo0")])
    assert services.link_get("channel", "kr-dealer") == "Q2hhbm5lbDoy"
    assert services.link_get("channel", "nowhere") is None
    assert services.key_of("channel", "Q2hhbm5lbDoz") == "kr-retail"
    assert services.links_of("channel", ["eu-dealer", "nowhere"]) == {"eu-dealer": "Q2hhbm5lbDo0"}
    assert len(services.links_of("channel")) == 3


def test_two_things_are_never_one_in_the_store():
    services.link_set("order", "10001", "T3JkZXI6MQ==")
    with pytest.raises(IntegrityError), transaction.atomic():
        services.link_set("order", "10002", "T3JkZXI6MQ==")


def test_a_difference_is_open_once_and_keeps_the_day_it_was_found():
    now = clock.now()
    services.difference_note(kind="stock", subject="A 1 @ SEOUL", ours="3", theirs="4", now=now)
    services.difference_note(kind="stock", subject="A 1 @ SEOUL", ours="3", theirs="5", now=now + timedelta(hours=1))
    found = Difference.objects.get()
    assert (found.theirs, found.found_at) == ("5", now)
    assert services.difference_mended(kind="stock", subject="A 1 @ SEOUL", now=now)
    assert not services.difference_mended(kind="stock", subject="A 1 @ SEOUL", now=now)
    services.difference_note(kind="stock", subject="A 1 @ SEOUL", ours="1", theirs="2", now=now)
    assert Difference.objects.count() == 2


def test_forgotten_a_store_takes_along_what_it_had_of_our_parts_so_that_another_one_is_not_taken_for_it():
    store.connect("http://store.test/graphql/", "t")
    part = make_part()
    StorePart.objects.create(part=part, product_id="P1", variant_id="V1", own_sum="as it was")
    for kind, key in (("part", f"/{part.number}"), ("channel", "kr-dealer"), ("shipment", "10001-1")):
        services.link_set(kind, key, f"{kind} there")
    call_command("saleor_connect", "--forget")
    assert not Connection.objects.exists()
    assert not StorePart.objects.exists()
    assert list(StoreLink.objects.values_list("kind", flat=True)) == ["shipment"]
