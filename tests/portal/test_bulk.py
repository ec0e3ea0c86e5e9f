"""Many rows in one statement: as if each had been saved."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from catalog.models import Part, StockLevel, StorePart
from portal.bulk import rows_insert
from tests.factories import make_part, make_warehouse

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 4, 9, 0, 0, 123456, tzinfo=UTC)


def test_rows_have_what_was_given_and_the_fields_defaults_and_keys_come_in_order():
    told = [
        {"number": f'N{place} "x" \\ é', "normalised": f"N{place}", "core_charge": Decimal("1.005"), "changed_at": NOW}
        for place in range(300)
    ]
    keys = rows_insert(Part, told)
    assert list(Part.objects.filter(pk__in=keys).order_by("pk").values_list("number", flat=True)) == [
        one["number"] for one in told
    ]
    made, usual = Part.objects.get(pk=keys[7]), Part(number=told[7]["number"], normalised="N7")
    assert Part.objects.in_bulk(keys)[keys[299]].normalised == "N299"
    assert (made.core_charge, made.changed_at) == (Decimal("1.005"), NOW)
    same = [
        field.attname for field in Part._meta.concrete_fields if field.name not in ("id", "core_charge", "changed_at")
    ]
    assert [getattr(made, name) for name in same] == [getattr(usual, name) for name in same]


def test_lists_and_objects_stay_what_they_are():
    part = make_part()
    told = {
        "part_id": part.pk,
        "product_id": "P",
        "variant_id": "V",
        "facts": {"prices": {"a": "1"}},
        "warehouses": ["A,B", '"C"'],
    }
    assert rows_insert(StorePart, [told]) == [part.pk]
    row = StorePart.objects.get(part=part)
    assert (row.facts, row.warehouses, row.gone_at) == ({"prices": {"a": "1"}}, ["A,B", '"C"'], None)


def test_a_conflict_is_what_it_was_said_to_be_and_constraints_hold():
    part, place = make_part(), make_warehouse()
    told = {"part_id": part.pk, "warehouse_id": place.pk, "on_hand": 3}
    assert len(rows_insert(StockLevel, [told])) == 1
    assert rows_insert(StockLevel, [told], conflict="ON CONFLICT DO NOTHING") == []
    with pytest.raises(IntegrityError), transaction.atomic():
        rows_insert(StockLevel, [told])
    with pytest.raises(IntegrityError), transaction.atomic():
        rows_insert(StockLevel, [{**told, "warehouse_id": make_warehouse().pk, "on_hand": -1}])
    assert rows_insert(StockLevel, []) == []
