from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_initial")]

    operations = [
        migrations.RunSQL(
            [
                (
                    "CREATE TRIGGER stock_ledger_append_only BEFORE UPDATE OR DELETE ON catalog_stockledger"
                    " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
                ),
                (
                    "CREATE TRIGGER stock_ledger_never_emptied BEFORE TRUNCATE ON catalog_stockledger"
                    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
                ),
            ],
            [
                "DROP TRIGGER stock_ledger_append_only ON catalog_stockledger",
                "DROP TRIGGER stock_ledger_never_emptied ON catalog_stockledger",
            ],
        )
    ]
