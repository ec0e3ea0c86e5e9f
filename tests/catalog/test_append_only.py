"""The stock ledger takes rows and never gives one back."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.timezone import now

from catalog.models import StockLedger, Warehouse
from tests.factories import make_part

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> StockLedger:
    warehouse = Warehouse.objects.create(code="W1", name="W1", country="KR", zone="Asia/Seoul", calendar="KR")
    return StockLedger.objects.create(part=make_part(), warehouse=warehouse, change=5, reason="COUNT", at=now())


@pytest.mark.parametrize("statement", ["UPDATE catalog_stockledger SET change = 9", "DELETE FROM catalog_stockledger"])
def test_a_row_can_neither_be_changed_nor_deleted(row: StockLedger, statement: str):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    row.refresh_from_db()
    assert row.change == 5


def test_the_ledger_cannot_be_emptied(row: StockLedger):
    with pytest.raises(DatabaseError, match="TRUNCATE refused"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL portal.strict = 'on'")  # a test database is otherwise emptied between tests
        cursor.execute("TRUNCATE catalog_stockledger")
    assert StockLedger.objects.count() == 1
