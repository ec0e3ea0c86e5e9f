"""Master data is kept in the admin; stock is only looked at there."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from catalog.models import Part, StockLedger, Warehouse
from portal.accounts.models import User
from tests.factories import make_cross_reference, make_part

pytestmark = pytest.mark.django_db

OURS = sorted(model._meta.model_name or "" for model in admin.site._registry if model._meta.app_label == "catalog")
INLINES = ("names", "cross_references", "superseded_by", "relations", "documents")
PART = {
    "maker": "",
    "category": "",
    "status": "ACTIVE",
    "pack_quantity": 1,
    "minimum_quantity": 1,
    "unit": "PCE",
    "weight_g": 0,
    "core_charge": 0,
    "tax_class": "STANDARD",
}
PART |= {f"{inline}-{count}_FORMS": 0 for inline in INLINES for count in ("TOTAL", "INITIAL")}


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("root@house.example", "x"))
    return client


@pytest.mark.parametrize("model", OURS)
def test_every_list_opens_and_can_be_searched(staff: Client, model: str):
    make_part("HS-1", name="seal")
    answer = staff.get(reverse(f"admin:catalog_{model}_changelist"), {"q": "hs1"})
    assert answer.status_code in (200, 302)


def test_a_part_written_by_hand_is_found_in_any_dress(staff: Client):
    answer = staff.post(reverse("admin:catalog_part_add"), {**PART, "number": "Hs-77 / B"})
    assert (answer.status_code, Part.objects.get().normalised) == (302, "HS77B")
    found = staff.get(reverse("admin:catalog_part_changelist"), {"q": "hs 77b"})
    assert "Hs-77 / B" in found.content.decode()


def test_a_number_without_letters_and_a_stop_without_reason_are_refused(staff: Client):
    answer = staff.post(reverse("admin:catalog_part_add"), {**PART, "number": "--", "stop_sale": "on"})
    assert set(answer.context["adminform"].form.errors) == {"number", "stop_sale_reason"}
    assert not Part.objects.exists()


def test_a_part_with_all_its_relations_opens(staff: Client):
    part = make_part("HS-1", name="seal")
    make_cross_reference(part, "X-1")
    page = staff.get(reverse("admin:catalog_part_change", args=[part.pk])).content.decode()
    assert "X-1" in page


def test_the_ledger_can_neither_be_changed_nor_deleted_by_hand(staff: Client):
    warehouse = Warehouse.objects.create(code="W1", name="W1", country="KR", zone="Asia/Seoul", calendar="KR")
    row = StockLedger.objects.create(part=make_part(), warehouse=warehouse, change=5, reason="COUNT", at=now())
    assert staff.get(reverse("admin:catalog_stockledger_add")).status_code == 403
    assert staff.post(reverse("admin:catalog_stockledger_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert staff.post(reverse("admin:catalog_stockledger_change", args=[row.pk]), {"change": 9}).status_code == 403
