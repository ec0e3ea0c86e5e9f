"""The house keeps master data of cover in Django's admin; evidence and papers can be read there, not changed."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import models
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from tests import factories as make
from tests.warranty.conftest import World
from warranty.models import Equipment

pytestmark = pytest.mark.django_db
OURS = [model for model in apps.get_app_config("warranty").get_models() if admin.site.is_registered(model)]
WRITTEN_BY_SERVICES = {"decision", "repaircard", "repaircall", "replacement"}


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root@example.org", "x"))
    return client


def url(model: type[models.Model], page: str, *args: int) -> str:
    return reverse(f"admin:warranty_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", OURS)
def test_every_list_opens_and_finds(staff: Client, world: World, model: type[models.Model]) -> None:
    assert (
        staff.get(
            url(model, "changelist"), {"q": "x"} if admin.site.get_model_admin(model).search_fields else {}
        ).status_code
        == 200
    )


@pytest.mark.parametrize("model", OURS)
def test_master_data_can_be_added_and_evidence_cannot(staff: Client, model: type[models.Model]) -> None:
    expected = 403 if model._meta.model_name in WRITTEN_BY_SERVICES else 200
    assert staff.get(url(model, "add")).status_code == expected


def test_a_serial_typed_in_the_admin_can_be_found_in_any_dress(staff: Client, world: World) -> None:
    form = {
        "serial": "ab-77 12",
        "model": world.model.pk,
        "registered_at_0": "2026-11-22",
        "registered_at_1": "09:00",
        **{
            f"{inline}-{name}": 0
            for inline in ("dealer_links", "notes", "readings")
            for name in ("TOTAL_FORMS", "INITIAL_FORMS")
        },
    }
    assert staff.post(url(Equipment, "add"), form).status_code == 302
    machine = Equipment.objects.get(normalised="AB7712")
    assert machine.sequence == 12


def test_a_machines_page_opens_with_its_story(staff: Client, world: World) -> None:
    make.make_dealer_link(world.machine, world.dealer)
    assert world.machine.serial in staff.get(url(Equipment, "change", world.machine.pk)).content.decode()
