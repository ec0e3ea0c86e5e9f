"""Order numbers from a sequence; history and the credit ledger refuse change."""

from django.db import migrations

SQL = """
CREATE SEQUENCE orders_order_number START 100001;
"""
TABLES = ("orders_orderevent", "orders_creditledger")


def _triggers(table: str) -> str:
    name = table.removeprefix("orders_")
    return (
        f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();"
        f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();"
    )


def _undo(table: str) -> str:
    name = table.removeprefix("orders_")
    return f"DROP TRIGGER {name}_append_only ON {table}; DROP TRIGGER {name}_no_truncate ON {table};"


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial"), ("catalog", "0001_extensions")]
    operations = [
        migrations.RunSQL(SQL, "DROP SEQUENCE orders_order_number"),
        *[migrations.RunSQL(_triggers(table), _undo(table)) for table in TABLES],
    ]
